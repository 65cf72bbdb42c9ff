"""What all tests share: the cast, and a database whose locks let it be emptied."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import TransactionTestCase

from custode.guard import locksmith
from custode.kernel import scope
from tests.cast import Cast, standing


@pytest.fixture(scope="session", autouse=True)
def _emptying_lifts_the_locks() -> Iterator[None]:
    """Tests with real transactions empty the database, which the locks rightly refuse."""
    case: Any = TransactionTestCase
    emptied = case._fixture_teardown

    def with_locks_lifted(self: Any) -> None:
        with locksmith.lifted():
            emptied(self)

    case._fixture_teardown = with_locks_lifted
    yield
    case._fixture_teardown = emptied


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> None:
    """The cast stands in the database before the first test: making it anew takes longest."""
    with django_db_blocker.unblock():
        standing()


@pytest.fixture
def people(db: None) -> Cast:
    """The cast, with nobody's account in scope."""
    return standing()


@pytest.fixture
def ferri(people: Cast) -> Iterator[Cast]:
    """The cast, with Ferri's account in scope."""
    with scope.account(people.ferri.account.pk):
        yield people
