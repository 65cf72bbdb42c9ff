"""What all tests share: the cast, and a database whose locks let it be emptied."""

from __future__ import annotations

import time
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction
from django.test import TransactionTestCase

from custode.exchange import exporting
from custode.exchange.seats import Seats
from custode.guard import scraping
from custode.kernel import scope
from custode.leads import figures
from tests.cast import Cast, leave, standing
from tests.house.tally import kills, matrix, mutants, pytest_terminal_summary

__all__ = ["kills", "matrix", "mutants", "pytest_terminal_summary"]


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_the_locks() -> Iterator[None]:
    """Tests with real transactions empty the database, which the locks rightly refuse.

    Django would also write anew what stands there after a migration, and nothing of ours asks for.
    """
    case: Any = TransactionTestCase
    emptied = case._fixture_teardown
    case._fixture_teardown = lambda _self: leave()
    yield
    case._fixture_teardown = emptied


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The cast stands in the database before the first test: making it anew takes longest."""
    with django_db_blocker.unblock():
        standing()


@pytest.fixture(autouse=True)
def _no_export_is_left_open(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Every test has all seats for itself, and gives back those that it took."""
    many = 2
    seats = Seats(many)
    monkeypatch.setattr(exporting, "SEATS", seats)
    yield
    until = time.monotonic() + 1
    # A live server's thread may be at the end of one.
    while (free := sum(seats.take() for _ in range(many))) < many and time.monotonic() < until:
        for _ in range(free):
            seats.free()
        time.sleep(0.02)
    assert free == many, "This test left a streamed export open: read or close it."


@pytest.fixture(scope="module")
def ground(django_db_setup: None, django_db_blocker: Any) -> Iterator[Cast]:
    """The cast, for what all tests of a module begin with: it is made once, and stays to the end.

    Each test is rolled back to it. Not for modules that have tests with real transactions, nor
    tests that shall find an empty account. Things that are not numbers are copied for each test.
    """
    with django_db_blocker.unblock():
        held: Any = transaction.atomic()
        held._from_testcase = True  # what must be outermost may begin within
        with held:
            cast = standing()
            with scope.account(cast.ferri.account.pk):
                yield cast
            transaction.set_rollback(True)


@pytest.fixture
def people(request: pytest.FixtureRequest, db: None) -> Cast:
    """The cast, with nobody's account in scope."""
    if "ground" not in request.fixturenames:
        return standing()
    figures.forget()
    scraping.forget()
    stands: Cast = request.getfixturevalue("ground")
    return deepcopy(stands)


@pytest.fixture
def ferri(people: Cast) -> Iterator[Cast]:
    """The cast, with Ferri's account in scope."""
    with scope.account(people.ferri.account.pk):
        yield people
