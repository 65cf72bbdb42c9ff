"""When a session is over: by its account's limits, told without writing anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.utils.crypto import constant_time_compare

from custode.kernel import clock
from custode.signin.models import Ended, Session

SEEN_EVERY: Final = timedelta(minutes=1)
"""A session's last use is written at most so often."""
PROVED_FOR: Final = timedelta(minutes=10)
"""How long a proof of identity holds; a fresh sign-in is one."""


def over(row: Session) -> tuple[datetime, Ended] | None:
    """When and why a session ran out; None while it may be used.

    Args:
        row: with its account.
    """
    idle = row.seen_at + timedelta(hours=row.account.idle_hours)
    longest = row.started_at + timedelta(days=row.account.session_days)
    end, why = min((idle, Ended.IDLE), (longest, Ended.EXPIRED))
    return (end, why) if clock.now() >= end else None


def is_theirs(row: Session, password: str) -> bool:
    """Whether its user may still be in: not disabled, and with the password it began with.

    Args:
        row: with its user.
        password: the digest of the password, as the session has it (`HASH_SESSION_KEY`).
    """
    return row.user.is_active and constant_time_compare(password, row.user.get_session_auth_hash())


def is_proved(row: Session) -> bool:
    """Whether the user has proved lately who they are."""
    return row.proved_at is not None and clock.now() - row.proved_at < PROVED_FOR
