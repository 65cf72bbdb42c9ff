"""Requests to the API, as an application, as a user's program, or as nobody."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from django.test import Client

from custode.guard import scraping
from custode.kernel import scope
from custode.prospecting.models import ProspectingList
from custode.signin.api_keys import budgets
from tests.api.calling import Caller, key_for, token_for
from tests.cast import Cast
from tests.prospecting.sheets import a_list

Calling = Callable[..., Caller]


@pytest.fixture(autouse=True)
def _nothing_is_leased_or_told() -> Iterator[None]:
    budgets.forget()
    scraping.forget()
    yield
    budgets.forget()
    scraping.forget()


@pytest.fixture
def app(people: Cast) -> Calling:
    """An application of Ferri's: `app("read", "write")`, all scopes without."""

    def made(*scopes: str, where: str = "ferri", name: str = "Zapp") -> Caller:
        company = getattr(people, where)
        return Caller(key=key_for(company.account, *scopes, name=name))

    return made


@pytest.fixture
def program(people: Cast) -> Calling:
    """A program of somebody's: `program(people.ugo)`."""

    def made(who: object) -> Caller:
        return Caller(token=token_for(who))

    return made


@pytest.fixture
def come_in_web(db: None) -> Callable[..., Client]:
    """A browser signed in as somebody."""

    def client(who: object) -> Client:
        made = Client()
        with scope.everywhere("a test's session"):
            made.force_login(who)  # type: ignore[arg-type]  # a user of ours
        return made

    return client


@pytest.fixture
def mailing(settings) -> None:
    """An installation with mail set up."""
    settings.HAS_MAIL = True


@pytest.fixture
def fair(people: Cast) -> Iterator[ProspectingList]:
    """A list of Ugo's with three rows."""
    with scope.account(people.ferri.account.pk):
        yield a_list(people.actor(people.ugo))
