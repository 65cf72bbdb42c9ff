"""Somebody of the cast at the screens."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from custode.kernel import scope
from custode.people.models import User
from tests.cast import Cast

Enter = Callable[[User], Client]


@pytest.fixture
def enter() -> Enter:
    """A browser's stand-in, signed in as somebody."""

    def signed_in(who: User) -> Client:
        client = Client()
        with scope.everywhere("a test's session"):
            client.force_login(who)
        return client

    return signed_in


@pytest.fixture
def anna(ferri: Cast, enter: Enter) -> Client:
    """Anna, the admin of Ferri, at the screens; Ferri's account is in scope for the test."""
    return enter(ferri.anna)


@pytest.fixture
def ugo(ferri: Cast, enter: Enter) -> Client:
    """Ugo, who sells for Ferri."""
    return enter(ferri.ugo)


@pytest.fixture
def carla(ferri: Cast, enter: Enter) -> Client:
    """Carla, the admin of another company."""
    return enter(ferri.carla)
