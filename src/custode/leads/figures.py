"""Counts and sums of leads: exact, and cheap where a hundred thousand leads are counted.

A figure is kept in the process together with a token of the account's last change. Every ordinary
edit adds a row of history and every act of the door a row of the log, so that a figure of the same
token is still exact. On PostgreSQL a transaction that began early may commit late, under a number
already passed; so no figure lives longer than `LONGEST`.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, Sum

from custode.guard.models import Change, LogHead
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.leads.queries import Leads

LONGEST: Final = timedelta(seconds=30)
MOST_KEPT: Final = 2000
"""The most figures kept in a process; the longest unused goes first."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """How many leads of one step, status and currency there are, and what they are worth.

    `amount` is in minor units of `currency`; leads without an amount count nothing.
    """

    step: int
    status: str
    currency: str
    count: int
    amount: int


_kept: OrderedDict[Hashable, tuple[Hashable, Any, Any]] = OrderedDict()
_guard = Lock()


def count(actor: Actor, leads: Leads) -> int:
    """How many leads a query has."""
    return _kept_or(actor, "count", leads, leads.order_by().count)


def by_step(actor: Actor, leads: Leads) -> tuple[Figure, ...]:
    """Counts and sums by step, status and currency: those of one pipeline, or of a whole list."""
    groups = (
        leads.order_by()
        .values("step_id", "status", "currency")
        .annotate(n=Count("pk"), total=Sum("amount_minor"))
        .values_list("step_id", "status", "currency", "n", "total")
    )

    def read() -> tuple[Figure, ...]:
        return tuple(Figure(*row[:4], int(row[4] or 0)) for row in groups)

    return _kept_or(actor, "by_step", leads, read)


def totals(figures: tuple[Figure, ...]) -> dict[str, int]:
    """What the leads of some figures are worth: currency -> minor units, the largest first."""
    sums: dict[str, int] = {}
    for one in figures:
        if one.amount:
            sums[one.currency] = sums.get(one.currency, 0) + one.amount
    return dict(sorted(sums.items(), key=lambda pair: -pair[1]))


def usual_currency(figures: tuple[Figure, ...]) -> str:
    """The currency of most leads of some figures; "" when there is none."""
    counts: dict[str, int] = {}
    for one in figures:
        counts[one.currency] = counts.get(one.currency, 0) + one.count
    return max(counts, key=lambda currency: (counts[currency], currency), default="")


def forget() -> None:
    """Empty the store (for measurements)."""
    with _guard:
        _kept.clear()


def _kept_or(actor: Actor, what: str, leads: Leads, read: Callable[[], T]) -> T:
    try:
        sql, params = leads.order_by().query.sql_with_params()
    except EmptyResultSet:
        return read()
    key = (actor.account_id, what, hashlib.sha256(f"{sql}\n{params}".encode()).digest())
    # The token is read before the figure: a change in between makes the figure newer, not older.
    token, now = _token(actor), clock.now()
    with _guard:
        known = _kept.get(key)
        if known is not None and known[0] == token and abs(now - known[1]) < LONGEST:
            _kept.move_to_end(key)
            value: T = known[2]
            return value
    value = read()
    with _guard:
        _kept[key] = (token, now, value)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return value


def _token(actor: Actor) -> Hashable:
    """What differs after any change of the account's leads; times and hash tell databases apart."""
    changes = Change.objects.filter(account_id=actor.account_id, kind=Lead.kind.name)
    last = changes.order_by("-id").values_list("id", "at").first()
    head = LogHead.objects.filter(account_id=actor.account_id).values_list("seq", "hash").first()
    return connection.alias, last, head
