"""Hourly request limits of applications, leased in batches, so that not every read needs a write.

Each process leases a batch from a shared row, by compare-and-set, and counts it down in memory.
Never more than the limit is leased; what a process has leased and not used is lost to the others
until the hour is over, so batches are small, and single near the end.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import IntegrityError, transaction

from custode.kernel import clock, scope
from custode.signin.api_keys.models import Budget

WINDOW: Final = timedelta(hours=1)
_BATCHES: Final = 500
"""The number of batches of a limit: what one process leaves unused is at most 0.2 % of it."""
_TRIES: Final = 50
ACCOUNT: Final = "account"
"""Identifies the hourly limit that all keys and users of an account share."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What remains after a request.

    Args:
        ok: whether the request may be answered.
        left: how many more requests are known to remain.
        reset: seconds until the limit is reset.
    """

    ok: bool
    limit: int
    left: int
    reset: int


@dataclass(slots=True)
class _Lease:
    begun_at: datetime
    left: int
    beyond: int
    """How many the shared row had left after this lease."""


_leases: dict[tuple[int, str], _Lease] = {}
_lock = threading.Lock()


def spend(account_id: int, who: str) -> Spent:
    """Use up one request of somebody's hour, and one of their account's hour.

    Args:
        who: `key:7` or `user:3`.

    Returns:
        The smaller remainder: of their own hour, or of the account's.
    """
    mine = _spend(account_id, who, settings.API_HOURLY)
    if not mine.ok:
        return mine
    together = _spend(account_id, ACCOUNT, settings.API_HOURLY_ACCOUNT)
    return together if together.left < mine.left or not together.ok else mine


def _spend(account_id: int, who: str, limit: int) -> Spent:
    now = clock.now()
    begun_at = now.replace(minute=0, second=0, microsecond=0)
    reset = int((begun_at + WINDOW - now).total_seconds()) + 1
    with _lock:
        lease = _leases.get((account_id, who))
        if lease is not None and lease.begun_at == begun_at and lease.left:
            lease.left -= 1
            return Spent(True, limit, lease.left + lease.beyond, reset)
    taken, beyond = _lease(account_id, who, begun_at, limit)
    if not taken:
        return Spent(False, limit, 0, reset)
    with _lock:
        there = _leases.get((account_id, who))
        kept = there.left if there is not None and there.begun_at == begun_at else 0
        _leases[account_id, who] = _Lease(begun_at, kept + taken - 1, beyond)
    return Spent(True, limit, kept + taken - 1 + beyond, reset)


def forget() -> None:
    """Clear what this process has leased; for tests."""
    with _lock:
        _leases.clear()


def _lease(account_id: int, who: str, begun_at: datetime, limit: int) -> tuple[int, int]:
    """Lease a batch of the hour; return its size and how many the row has left then."""
    with scope.account(account_id):
        for _try in range(_TRIES):
            row = Budget.objects.filter(who=who).first()
            if row is None:
                _begin(account_id, who, begun_at)
                continue
            used = row.leased if row.begun_at >= begun_at else 0
            batch = max(1, min(limit // _BATCHES, (limit - used) // 20))
            if used + batch > limit:
                return 0, 0
            mine = Budget.objects.filter(pk=row.pk, begun_at=row.begun_at, leased=row.leased)
            if mine.update(begun_at=max(row.begun_at, begun_at), leased=used + batch):
                return batch, limit - used - batch
    return 0, 0


def _begin(account_id: int, who: str, begun_at: datetime) -> None:
    try:
        with transaction.atomic():
            Budget.objects.create(account_id=account_id, who=who, begun_at=begun_at)
    except IntegrityError:
        return
