"""How much programs may ask for in an hour: each, an account's together, in several processes."""

from __future__ import annotations

import multiprocessing

import pytest
from django.conf import settings as django_settings
from django.db import connection, connections
from django.test import override_settings

from custode.kernel import clock
from custode.signin.api_keys import budgets

LIMIT = 1000
needs_processes = pytest.mark.skipif(
    "sqlite" in django_settings.DATABASES["default"]["ENGINE"],
    reason="A test's SQLite database is of one process.",
)


@override_settings(API_HOURLY=4, API_HOURLY_ACCOUNT=6)
def test_keys_use_up_the_accounts_hour_together(app, people):
    one, other, third = app(), app(name="Other"), app(name="Third")
    with clock.at(clock.now().replace(minute=10)):
        assert [one.get("/ping").status for _ in range(5)] == [200] * 4 + [429]
        left = other.get("/ping")
        assert (left.headers["RateLimit-Limit"], left.headers["RateLimit-Remaining"]) == ("6", "1")
        assert [other.get("/ping").status for _ in range(2)] == [200, 429]
        refused = third.get("/ping")
        assert (refused.status, refused.kind) == (429, "too_many_requests")
        assert app(where="lodi").get("/ping").status == 200


@override_settings(API_HOURLY=6, API_HOURLY_ACCOUNT=2)
def test_a_refused_key_uses_up_nothing_of_the_accounts_next_hour(app):
    one = app()
    now = clock.now().replace(minute=59, second=50)
    with clock.at(now):
        assert [one.get("/ping").status for _ in range(4)] == [200, 200, 429, 429]
    with clock.at(now + budgets.WINDOW):
        assert [one.get("/ping").status for _ in range(3)] == [200, 200, 429]


def spending(account_id: int, who: str, done: multiprocessing.Queue[int]) -> None:
    """What a process of its own does: it asks until it is refused."""
    budgets.forget()
    count = 0
    while budgets.spend(account_id, who).ok:
        count += 1
    connection.close()
    done.put(count)


@needs_processes
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("names", "each", "together"),
    [(("key:1", "key:1"), LIMIT, 10 * LIMIT), (("key:1", "key:2"), 10 * LIMIT, LIMIT)],
    ids=["one key", "two keys of an account"],
)
def test_two_processes_answer_no_more_than_the_limit_and_hardly_less(people, names, each, together):
    forking = multiprocessing.get_context("fork")
    done = forking.Queue()
    account_id = people.ferri.account.pk
    with (
        override_settings(API_HOURLY=each, API_HOURLY_ACCOUNT=together),
        clock.at(clock.now().replace(minute=10)),
    ):
        connections.close_all()
        both = [forking.Process(target=spending, args=(account_id, who, done)) for who in names]
        for one in both:
            one.start()
        counts = [done.get(timeout=120) for _one in both]
        for one in both:
            one.join()
    assert sum(counts) <= LIMIT * 1.01
    assert sum(counts) >= LIMIT * 0.99
