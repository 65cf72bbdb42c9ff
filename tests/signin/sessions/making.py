"""Sessions as they stand in the database, now and before, without anybody signing in."""

from __future__ import annotations

import itertools
from datetime import timedelta
from typing import Any

from custode.kernel import clock, scope
from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions.store import digest

_numbers = itertools.count()


def a_session(user: User, *, began: float = 1, seen: float = 0, **values: Any) -> Session:
    """A session of somebody's.

    Args:
        began, seen: how many days ago it began and was last used.
        values: further columns; with `ended_at` it is a past one.
    """
    now = clock.now()
    known = {
        "browser": "Chrome", "system": "Windows", "form": "desktop", "ip": "192.0.2.7",
        "started_ip": "192.0.2.7", "way": "password", "digest": digest(f"test {next(_numbers)}"),
        "started_at": now - timedelta(days=began), "seen_at": now - timedelta(days=seen),
    }  # fmt: skip
    with scope.account(user.account_id):
        return Session.objects.create(user=user, **(known | values))


def days_ago(days: float) -> Any:
    """A moment."""
    return clock.now() - timedelta(days=days)
