"""When a session is over by its account's limits, determined without writing anything."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

from django.db.models import Q
from django.utils.crypto import constant_time_compare

from custode.accounts.models import Account
from custode.kernel import clock
from custode.signin.models import AS_KEY, BY_TOKEN, Ended, Session

SEEN_EVERY: Final = timedelta(minutes=1)
"""The minimum time between two updates of a session's last use."""
TOKEN: Final = timedelta(days=30)
"""How long a program's token lives, used or not, unless the account's limit is shorter."""
PROVED_FOR: Final = timedelta(minutes=10)
"""How long a proof of identity is valid; a fresh sign-in is one."""


def over(row: Session) -> tuple[datetime, Ended] | None:
    """Return when and why a session ran out; None while it may be used.

    Args:
        row: with its account.
    """
    idle, longest = _limits(row.account)
    end, why = min((row.seen_at + idle, Ended.IDLE), (row.started_at + longest, Ended.EXPIRED))
    if row.is_token:
        end, why = row.started_at + min(longest, TOKEN), Ended.EXPIRED
    return (end, why) if clock.now() >= end else None


def is_theirs(row: Session, password: str) -> bool:
    """Return whether its user may still use it: not disabled, and with an unchanged password.

    Args:
        row: with its user.
        password: the digest of the password, as the session has it (`HASH_SESSION_KEY`).
    """
    return row.user.is_active and constant_time_compare(password, row.user.get_session_auth_hash())


def running(account: Account) -> Q:
    """Return the condition on an account's usable sessions: neither ended nor run out."""
    idle, longest = _limits(account)
    now = clock.now()
    token = Q(way=BY_TOKEN) | Q(way__startswith=AS_KEY)
    browser = ~token & Q(seen_at__gt=now - idle)
    young = token & Q(started_at__gt=now - TOKEN)
    return Q(ended_at=None, started_at__gt=now - longest) & (browser | young)


def _limits(account: Account) -> tuple[timedelta, timedelta]:
    """Return how long a session may be unused, and how long it may live."""
    return timedelta(hours=account.idle_hours), timedelta(days=account.session_days)


def is_proved(row: Session) -> bool:
    """Return whether the user has proved their identity recently."""
    return row.proved_at is not None and clock.now() - row.proved_at < PROVED_FOR
