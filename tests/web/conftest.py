"""Requests to the web entrance, as somebody of the cast or as a visitor."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from django.utils import timezone

from custode.kernel import scope
from custode.people.models import User

HTMX = {"HX-Request": "true"}


@pytest.fixture
def come_in(db: None) -> Callable[..., Client]:
    """A client signed in as somebody; `come_in()` is a visitor, `strict=True` checks the tokens."""

    def client(who: User | None = None, *, strict: bool = False) -> Client:
        made = Client(enforce_csrf_checks=strict)
        if who is not None:
            with scope.everywhere("a test's session"):
                made.force_login(who)
        return made

    return client


@pytest.fixture(autouse=True)
def _where_the_cast_is() -> Iterator[None]:
    """Days are counted as the cast's pages count them, also after midnight in Rome."""
    with timezone.override("Europe/Rome"):
        yield
