"""Counts and sums of leads: exact, and cheap even for a hundred thousand leads.

A figure is cached in the process together with a token of the account's last change. Every ordinary
edit adds a row of history and every act of the door a row of the log, so that a figure with the
same token is still exact. If only few rows of history were added since, only the steps of their
leads are counted again: no other step's figure can have changed. On PostgreSQL a transaction that
started early may commit late, with a number already passed; so nothing is cached longer than
`LONGEST` after a full count.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final, TypeVar

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Count, QuerySet, Sum

from custode.activities.models import CommentWords
from custode.guard.models import Change, LogHead
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.leads.queries import Leads

LONGEST: Final = timedelta(seconds=30)
MOST_EDITS: Final = 100
"""With more lines of history than this everything is counted again."""
MOST_KEPT: Final = 2000
"""The maximum number of figures cached in a process; the least recently used goes first."""

_CHANGED_BY_COMMENTS: Final = (CommentWords._meta.db_table, '"updated_at"')
"""The names in a condition whose result a new comment or e-mail changes, although it adds neither
to the leads' history nor to the log."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Figure:
    """The number and value of the leads of one step, status and currency.

    `amount` is in minor units of `currency`; leads without an amount count nothing.
    """

    step: int
    status: str
    currency: str
    count: int
    amount: int


@dataclass(frozen=True, slots=True)
class _Token:
    """Identifies the state of the account's leads; times and hash distinguish databases.

    Args:
        last: number and time of the last line of history.
        head: number and hash of the last entry of the log.
    """

    database: str
    last: tuple[int, datetime] | None
    head: tuple[int, str] | None


@dataclass(frozen=True, slots=True)
class _Kept:
    """A cached figure, its token, and the time of its last full count."""

    token: _Token
    counted_at: datetime
    value: Any


_kept: OrderedDict[Hashable, _Kept] = OrderedDict()
_guard = Lock()


def count(actor: Actor, leads: Leads) -> int:
    """Return how many leads a query has."""
    return _kept_or(actor, "count", leads, leads.order_by().count)


def by_step(actor: Actor, leads: Leads) -> tuple[Figure, ...]:
    """Return counts and sums by step, status and currency: of one pipeline, or of a list."""

    def again(known: tuple[Figure, ...], steps: frozenset[int]) -> tuple[Figure, ...]:
        """Count these steps again, and keep the other figures."""
        others = tuple(one for one in known if one.step not in steps)
        return others + _by_step(leads.filter(step__in=steps))

    return _kept_or(actor, "by_step", leads, lambda: _by_step(leads), again)


def _by_step(leads: Leads) -> tuple[Figure, ...]:
    groups = (
        leads.order_by()
        .values("step_id", "status", "currency")
        .annotate(n=Count("*"), total=Sum("amount_minor"))
        .values_list("step_id", "status", "currency", "n", "total")
    )
    return tuple(Figure(*row[:4], int(row[4] or 0)) for row in groups)


def totals(figures: tuple[Figure, ...]) -> dict[str, int]:
    """Return the total value of some figures by currency, in minor units, by number of leads.

    Not by value: a thousand yen are worth less than a hundred euros.
    """
    sums: dict[str, int] = {}
    counts: dict[str, int] = {}
    for one in figures:
        if one.amount:
            sums[one.currency] = sums.get(one.currency, 0) + one.amount
            counts[one.currency] = counts.get(one.currency, 0) + one.count
    return {one: sums[one] for one in sorted(sums, key=lambda one: (-counts[one], one))}


def usual_currency(figures: tuple[Figure, ...]) -> str:
    """Return the currency of most leads in some figures; "" when there is none."""
    counts: dict[str, int] = {}
    for one in figures:
        counts[one.currency] = counts.get(one.currency, 0) + one.count
    return max(counts, key=lambda currency: (counts[currency], currency), default="")


def forget() -> None:
    """Clear the cache (for measurements)."""
    with _guard:
        _kept.clear()


def _kept_or(
    actor: Actor,
    what: str,
    leads: Leads,
    read: Callable[[], T],
    again: Callable[[T, frozenset[int]], T] | None = None,
) -> T:
    """Return the cached figure if it is still exact; otherwise read and cache it.

    Args:
        again: updates a known figure for some steps.
    """
    try:
        sql, params = leads.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return read()
    if any(name in sql for name in _CHANGED_BY_COMMENTS):
        return read()
    key = (actor.account_id, what, hashlib.sha256(f"{sql}\n{params}".encode()).digest())
    # The token is read before the figure: a change in between makes the figure newer, not older.
    token, now = _token(actor), clock.now()
    known = _known(key, now)
    if known is not None and known.token == token:
        value: T = known.value
        return value
    steps = None if known is None or again is None else _steps_since(actor, known.token, token)
    if known is not None and again is not None and steps is not None:
        value = again(known.value, steps)
        # A lead that moved while only some steps were counted may have been counted twice, or
        # never.
        if _token(actor) == token:
            _keep(key, _Kept(token, known.counted_at, value))
            return value
        token = _token(actor)
    value = read()
    _keep(key, _Kept(token, now, value))
    return value


def _known(key: Hashable, now: datetime) -> _Kept | None:
    with _guard:
        known = _kept.get(key)
        if known is None or abs(now - known.counted_at) >= LONGEST:
            return None
        _kept.move_to_end(key)
        return known


def _keep(key: Hashable, kept: _Kept) -> None:
    with _guard:
        _kept[key] = kept
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)


def _token(actor: Actor) -> _Token:
    last = _changes(actor).order_by("-id").values_list("id", "at").first()
    head = LogHead.objects.filter(account_id=actor.account_id).values_list("seq", "hash").first()
    return _Token(connection.alias, last, head)


def _changes(actor: Actor) -> QuerySet[Change, Change]:
    return Change.objects.filter(account_id=actor.account_id, kind=Lead.kind.name)


def _steps_since(actor: Actor, before: _Token, now: _Token) -> frozenset[int] | None:
    """Return the steps of leads edited between two tokens; None if all must be counted.

    Whatever an edit changes, it moves a lead between groups of its present step, and of the steps
    between which its history says that it moved.
    """
    if before.last is None or now.last is None:
        return None
    if (before.database, before.head) != (now.database, now.head):
        return None
    lines = _changes(actor).filter(id__gt=before.last[0], id__lte=now.last[0])
    told = list(lines.values_list("object_id", "field", "old", "new")[: MOST_EDITS + 1])
    if len(told) > MOST_EDITS:
        return None
    moved = {int(v) for _pk, field, *ends in told if field == "step" for v in ends if v}
    edited = Lead.with_trashed.filter(pk__anyof=list({pk for pk, *_line in told}))
    return frozenset(moved | set(edited.values_list("step_id", flat=True)))
