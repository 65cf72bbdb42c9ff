"""Treats reading large amounts through the API within an hour as exporting.

A program may read the same objects again and again at no cost. What it receives for the first time
in a full hour is counted, per actor and kind. Reading more than the account calls many is subject
to the rule on exports; where no rule forbids it, it becomes an act with a log entry, once an hour,
and appears in the objects' histories.

Each process notes in memory what it sent, and shares it with the others when some have accumulated:
a read costs no write. So each process may send slightly more than the account's limit.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log, policy, ports, refusals
from custode.guard.kinds import Verb
from custode.guard.models import ReadWindow
from custode.guard.refusals import Attempt
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused

FACT: Final = "read"
"""The key in the entry of such an act; its value is the limit that was exceeded."""
FURTHER: Final = "further"
"""The key in the entry of what was read after that act within the hour; its value is its number."""
SHARED: Final = 50
"""How many objects a process sends before it shares them; near the limit, it shares each one."""


@dataclass(slots=True)
class _Hour:
    """What this process knows about an hour of an actor's reading of a kind.

    Args:
        told: the objects that were sent to the actor.
        own: those among them that no other process knows yet.
        many: the account's limit when it was last read; None before.
    """

    opened_at: datetime
    told: set[int] = field(default_factory=set)
    own: set[int] = field(default_factory=set)
    many: int | None = None


_Whose = tuple[int, str, int, str]
_hours: dict[_Whose, _Hour] = {}
_lock = threading.Lock()
_told: ContextVar[dict[str, set[int]] | None] = ContextVar("custode_told", default=None)


@contextmanager
def watching(actor: Actor) -> Iterator[None]:
    """Count what an answer sends to a program, before it goes out.

    Raises:
        Refused: it would send more than may be read in an hour, and only admins may export that.
    """
    token = _told.set({})
    try:
        yield
        found = _told.get() or {}
    finally:
        _told.reset(token)
    for kind, ids in found.items():
        hour = _hour_of(actor, kind)
        try:
            _count(actor, kind, ids, hour)
        except Refused as no:
            many = ports.many_read(actor.account_id)
            tried = Attempt(len(hour.told.union(ids)), {FACT: many})
            refusals.refused(actor, Verb.EXPORT, kind, no, tried)
            raise


def tell(kind: str, ids: Iterable[int]) -> None:
    """Note that objects of a kind are about to be sent; does nothing outside `watching`."""
    found = _told.get()
    if found is not None:
        found.setdefault(kind, set()).update(ids)


def forget() -> None:
    """Clear this process's counts; for tests."""
    with _lock:
        _hours.clear()


def _count(actor: Actor, kind: str, ids: Collection[int], hour: _Hour) -> None:
    with _lock:
        new = set(ids) - hour.told
        own = hour.own | new
        is_near = hour.many is not None and len(hour.told) + len(new) > hour.many
    if not new:
        return
    if is_near or len(own) >= SHARED:
        _share(actor, kind, hour, own)
    else:
        with _lock:
            hour.told |= new
            hour.own |= new


def _hour_of(actor: Actor, kind: str) -> _Hour:
    now = clock.now().replace(minute=0, second=0, microsecond=0)
    whose = _whose(actor, kind)
    with _lock:
        hour = _hours.get(whose)
        if hour is None or hour.opened_at != now:
            for over in [one for one, other in _hours.items() if other.opened_at != now]:
                del _hours[over]
            hour = _hours[whose] = _Hour(now)
        return hour


def _whose(actor: Actor, kind: str) -> _Whose:
    actor_kind, pk = actor.counted_as
    return actor.account_id, actor_kind.value, pk or 0, kind


def _share(actor: Actor, kind: str, hour: _Hour, own: Collection[int]) -> None:
    """Add what this process sent to what all others did, and see whether it is many."""
    many = ports.many_read(actor.account_id)
    _close(_windows_of(actor, kind).exclude(opened_at=hour.opened_at))
    with transaction.atomic(durable=True), lock.opened(log.word(actor.account_id)):
        window = _window(actor, kind, hour.opened_at)
        told = {*window.ids, *own}
        # A rule that was ticked since the act applies from now on.
        if is_many := len(told) > many:
            _require(actor, kind, many)
        if window.seq is not None:
            window.further = sorted({*window.further, *told.difference(window.ids)})
        window.ids = sorted(told)
        window.save(update_fields=["opened_at", "ids", "seq", "further"])
    if is_many and (window.seq is None or len(window.further) >= many):
        _make_an_act(actor, kind, hour.opened_at, many)
    with _lock:
        hour.told |= told
        hour.own -= set(own)
        hour.many = many


def _windows_of(actor: Actor, kind: str) -> QuerySet[ReadWindow]:
    account_id, actor_kind, pk, _kind = _whose(actor, kind)
    return ReadWindow.objects.filter(
        account_id=account_id, actor_kind=actor_kind, actor_id=pk, kind=kind
    )


def _window(actor: Actor, kind: str, opened_at: datetime) -> ReadWindow:
    """Return the row that all processes share, locked; reset if it is of an earlier hour."""
    account_id, actor_kind, pk, _kind = _whose(actor, kind)
    window, _made = ReadWindow.objects.select_for_update().get_or_create(
        account_id=account_id, actor_kind=actor_kind, actor_id=pk, kind=kind,
        defaults={"opened_at": opened_at},
    )  # fmt: skip
    if window.opened_at != opened_at:
        window.opened_at, window.ids, window.seq, window.further = opened_at, [], None, []
    return window


def _make_an_act(actor: Actor, kind: str, opened_at: datetime, many: int) -> None:
    """Write the entry of what was read, or of what was read since; locks the log before the row."""
    with transaction.atomic(durable=True):
        log.hold(actor.account_id)
        with lock.opened(log.word(actor.account_id)):
            window = _window(actor, kind, opened_at)
            if window.seq is None:
                window.seq = log.write(
                    actor, Verb.EXPORT, kind=kind, count=len(window.ids), details={FACT: many},
                    objects=window.ids,
                ).seq  # fmt: skip
                window.save(update_fields=["seq"])
            elif len(window.further) >= many:
                _write_further(actor, window, many)


def _write_further(actor: Actor, window: ReadWindow, many: int) -> None:
    """Write the entry of what was read after the act, and has no entry yet."""
    log.write(
        actor, Verb.EXPORT, kind=window.kind, count=len(window.further),
        details={FACT: many, FURTHER: window.seq}, objects=window.further,
    )  # fmt: skip
    window.further = []
    window.save(update_fields=["further"])


def _close(windows: QuerySet[ReadWindow]) -> int:
    """Write the entries of what was read after the acts of hours that are over."""
    closed = 0
    for pk, account_id in windows.exclude(seq=None).values_list("pk", "account_id"):
        with transaction.atomic(durable=True):
            log.hold(account_id)
            with lock.opened(log.word(account_id)):
                window = ReadWindow.objects.select_for_update().get(pk=pk)
                if window.further and window.seq is not None:
                    reader = refusals.actor_of(account_id, window.seq)
                    _write_further(reader, window, ports.many_read(account_id))
                    closed += 1
    return closed


def close_hours(system: Actor) -> int:
    """Write what was read after the acts of an account's hours that are over; for the job.

    Returns:
        The number of entries written.
    """
    this = clock.now().replace(minute=0, second=0, microsecond=0)
    return _close(ReadWindow.objects.filter(account_id=system.account_id).exclude(opened_at=this))


def _require(actor: Actor, kind: str, many: int) -> None:
    """Raise `Refused` when only admins may export this: reading more than the limit is that."""
    decision = policy.by_rule(actor, Verb.EXPORT, kind)
    if not decision.ok:
        words = {"n": many, "many": kinds.named(kind).plural}
        why = _("Reading more than %(n)s %(many)s within an hour is exporting.") % words
        raise Refused(f"{why} {decision.why}", decision.rule)
