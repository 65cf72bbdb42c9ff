"""Pages with Custode's sessions, compared with the same pages without looking up a session."""

from __future__ import annotations

import json
import statistics
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from functools import partial
from typing import Any
from unittest import mock

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.kernel import scope
from custode.people import moves
from custode.signin.models import Session
from custode.signin.sessions import moves as session_moves
from custode.signin.sessions.store import SessionStore

LEADS = 1_000
PAGES = ("/profile/", "/leads/", "/board/")
ROUNDS, REQUESTS = 7, 40

How = Callable[[], AbstractContextManager[None]]


def main() -> None:
    """Judge the requests per second of each page relative to those without a lookup."""
    with database(), judging() as judge:
        browser, row = _signed_in()
        constant = partial(_constant, row)
        for path in PAGES:
            queries = [_queries(browser, path, how) for how in (nullcontext, constant)]
            rounds = [_both(browser, path, constant) for _round in range(ROUNDS)]
            rates = [statistics.median(1 / times[n] for times in rounds) for n in (0, 1)]
            ratios = sorted(without / found for found, without in rounds)
            print(
                f"{path}: {rates[0]:.1f} requests/s with sessions, {rates[1]:.1f} without;"
                f" ratio {ratios[0]:.2f} to {ratios[-1]:.2f};"
                f" queries {queries[0]} and {queries[1]}, for the session {queries[0] - queries[1]}"
            )
            judge.at_least(f"{path}, as part of the rate without", statistics.median(ratios), 0.8)


def _signed_in() -> tuple[Client, Session]:
    """Return an admin's browser in an account with some leads, and its session."""
    actor, _ = company(LEADS)
    user = moves.create(actor, first_name="Bench", email="bench@bench.example", role="admin")
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
        return browser, Session.objects.select_related("user", "account").get()


@contextmanager
def _constant(row: Session) -> Iterator[None]:
    """Make everybody `row`'s user within this block, without looking up or recording anything."""

    def load(store: SessionStore) -> dict[str, Any]:
        """Return the constant session."""
        store.row = row
        return dict(json.loads(row.data))

    with mock.patch.object(SessionStore, "_load", load), mock.patch.object(session_moves, "touch"):
        yield


def _ask(browser: Client, path: str) -> None:
    if browser.get(path).status_code != 200:
        raise RuntimeError(path)


def _queries(browser: Client, path: str, how: How) -> int:
    _ask(browser, path)
    with how(), CaptureQueriesContext(connection) as queries:
        _ask(browser, path)
    return len(queries)


def _both(browser: Client, path: str, constant: How) -> tuple[float, float]:
    """Return the median seconds of a request with and without lookup, called in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _request in range(REQUESTS):
        for how, kept in zip((nullcontext, constant), times, strict=True):
            with how():
                kept.append(seconds(partial(_ask, browser, path)))
    return statistics.median(times[0]), statistics.median(times[1])


if __name__ == "__main__":
    main()
