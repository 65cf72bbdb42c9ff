"""What tests of the sign-in share: mail that is set up, and somebody who is signed in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance, Origin
from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions.store import digest


@pytest.fixture
def mailing(settings) -> None:
    """An installation with mail set up."""
    settings.HAS_MAIL = True


@pytest.fixture
def begin(db: None) -> Callable[..., Session]:
    """Somebody signs in: `begin(people.ugo, mark="home")`, on the device with that mark."""

    def session(user: User, mark: str = "office") -> Session:
        with scope.account(user.account_id):
            return Session.objects.create(
                user=user, digest=digest(f"{user.pk}-{mark}-{Session.objects.count()}"),
                device=digest(mark), browser="Firefox", system="Linux", ip="192.0.2.7",
                started_ip="192.0.2.7",
            )  # fmt: skip

    return session


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


def acting(user: User, row: Session | None = None, *, proved: bool = True) -> Actor:
    """The user at a screen, in this session."""
    origin = Origin(ip="192.0.2.7", session=str(row.pk) if row else "")
    return replace(user.actor(Entrance.WEB, origin), proved=proved)
