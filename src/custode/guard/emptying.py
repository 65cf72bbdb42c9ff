"""Emptying one by one is deleting by another name, once there are many within an hour.

An edit that leaves next to nothing of what a field said is an ordinary one, and costs no more than
to be counted. More of them within an hour than the account calls many, whatever the fields and the
kinds, go by the rule on deleting; where no rule forbids it they are one act of each kind, with an
entry and a way back (`door.emptied`), and what follows within the hour belongs to it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from typing import Final

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from custode.guard import gathering, kinds, log, policy, refusals, stepwise
from custode.guard.gathering import WAY, Limits, by
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.guard.refusals import Tried
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused

MOST_OF_ONE: Final = 100
"""So many fields belong to an act that goes on; what follows begins another."""


@dataclass(slots=True)
class _Watch:
    """An edit under way.

    Args:
        limits: those of the account, where they were read already.
        is_inside: whether it is within a transaction of somebody else's, whose end nobody sees.
        is_due: whether what was emptied is to become an act when it is over.
        refused: what was tried, and of which kind, once it is refused.
    """

    actor: Actor
    limits: Limits | None = None
    is_inside: bool = False
    is_due: bool = False
    refused: tuple[str, Tried] | None = None


_open: ContextVar[_Watch | None] = ContextVar("custode_emptying", default=None)


@contextmanager
def watching(actor: Actor, limits: Limits | None = None) -> Iterator[None]:
    """One transaction of ordinary edits; those that empty too much are refused, or made an act.

    Where the account's `limits` have been read already, they are not read again.

    Raises:
        Refused: many fields were emptied within an hour, and only admins may delete these.
        RuntimeError: that is so, and the caller is already inside a transaction of its own.
    """
    with around(actor, limits), transaction.atomic():
        yield


@contextmanager
def around(actor: Actor, limits: Limits | None = None) -> Iterator[None]:
    """What `watching` does, for an act of the door in whose transaction ordinary edits are made.

    Raises:
        Refused, RuntimeError: as `watching`.
    """
    if _open.get() is not None:
        yield
        return
    watch = _Watch(actor, limits, is_inside=_is_inside())
    token = _open.set(watch)
    try:
        yield
    except Refused as no:
        if watch.refused is not None:
            kind, tried = watch.refused
            refusals.refused(actor, Verb.DELETE, kind, no, tried)
            settle_stopped(actor)
        raise
    finally:
        _open.reset(token)
    if watch.is_due:
        settle(actor)


def look(lines: Sequence[Change]) -> None:
    """Judge ordinary edits that are about to be saved; what belongs to an act is judged elsewhere.

    Raises:
        Refused: they empty more than may be emptied within an hour.
        RuntimeError: they empty something, and nobody is `watching`.
    """
    found = [line for line in lines if line.emptied and line.seq is None]
    if not found:
        return
    watch = _open.get()
    if watch is None:
        raise RuntimeError("What may empty a field is an edit for `guard.emptying.watching`.")
    if watch.is_inside:
        # Said at once, not only when there are many: a refusal could not be kept.
        raise RuntimeError("`guard.emptying.watching` is the outermost transaction.")
    one_after_the_other(watch.actor)
    limits = watch.limits or Limits.of(watch.actor)
    if not is_many(watch.actor, len(found), limits):
        return
    for name, some in groupby(sorted(found, key=attrgetter("kind")), key=attrgetter("kind")):
        mine = list(some)
        ids = {line.object_id for line in mine}
        tried = Tried(len(ids), {"emptied": len(mine)}, gathering.names(name, mine))
        watch.refused = name, tried
        require(watch.actor, name, limits)
        watch.refused = None
        running = _running(watch.actor, name, limits)
        if running is not None:
            _join(watch.actor, running, mine, lines, limits)
    watch.is_due = any(line.seq is None for line in found)


def _join(
    actor: Actor, seq: int, mine: Sequence[Change], lines: Sequence[Change], limits: Limits
) -> None:
    """Let an edit belong to an act, with what came before it and what goes along with it.

    Args:
        mine: its lines that empty something.
        lines: all of them, not saved yet.
    """
    kind = mine[0].kind
    before = gathering.along(actor, kind, mine, limits)
    if before:
        gathering.join(actor.account_id, seq, before)
    plans = kinds.named(kind).plans
    for line in [*mine, *stepwise.along(mine, lines, limits.lately, plans)]:
        line.seq = seq


def _is_inside() -> bool:
    """Whether a transaction is open already; that of Django's own test case is none."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not blocks[-1]._from_testcase  # type: ignore[attr-defined]  # noqa: SLF001 (as `durable` asks)


def one_after_the_other(actor: Actor) -> None:
    """Let somebody's edits that empty something be counted one after the other.

    It is the last that such an edit takes, after its rows; so no two wait for each other in a
    circle. SQLite has one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        kind, pk = actor.hand
        name = f"emptying:{actor.account_id}:{kind.value}:{pk}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def is_many(actor: Actor, more: int, limits: Limits) -> bool:
    """Whether so many more, with what somebody has emptied lately, are more than many."""
    return more > 0 and more + _lately(actor, limits).count() > limits.many


def require(actor: Actor, kind: str, limits: Limits) -> None:
    """Raise `Refused` when the actor may not empty many fields of a kind: it is deleting."""
    try:
        policy.require(actor, Verb.DELETE, kind)
    except Refused as no:
        raise refusal(no, limits) from no


def refusal(no: Refused, limits: Limits) -> Refused:
    """The same refusal, with why a rule on deleting holds here."""
    why = _("Emptying more than %(n)s fields within an hour is deleting.") % {"n": limits.many}
    return Refused(f"{why} {no.why}", no.rule, **no.facts)


def _lately(actor: Actor, limits: Limits) -> QuerySet[Change]:
    """The history of what somebody has emptied within the last hour, of whatever kind."""
    return Change.objects.filter(by(actor), emptied=True, at__gte=clock.now() - limits.lately)


def _running(actor: Actor, kind: str, limits: Limits) -> int | None:
    """The act of the last hour to which what somebody empties one by one belongs."""
    undone = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=Verb.UNDO
    )
    mine = _lately(actor, limits).filter(kind=kind, actor_kind=actor.kind.value, actor_id=actor.id)
    entries = LogEntry.objects.filter(
        seq__in=mine.exclude(seq=None).values("seq"),
        details__contains=f'"way":"{WAY}"',
        at__gte=clock.now() - limits.lately,
    )
    seq = entries.exclude(Exists(undone)).order_by("-seq").values_list("seq", flat=True).first()
    is_full = seq and Change.objects.filter(kind=kind, seq=seq).count() >= MOST_OF_ONE
    return None if is_full else seq


def settle(actor: Actor) -> None:
    """Make an act of what somebody has emptied and what belongs to none yet: one of each kind.

    What an application has emptied is one in each name in which it did. Nothing happens where it is
    not many. Whatever breaks off before this, a job brings it here again (`guard.unsettled`).
    """
    _gather(actor, is_stopped=False)


def settle_stopped(actor: Actor) -> None:
    """Make acts of what somebody had emptied when they were refused to empty more, few as it is.

    So that whoever reads of the refusal finds what is gone, and brings it back. It goes on
    counting for the hour. It comes after the refusal, in a transaction of its own.
    """
    limits = Limits.of(actor)
    if _lately(actor, limits).filter(seq=None).exists():
        _gather(actor, is_stopped=True)


def _gather(actor: Actor, *, is_stopped: bool) -> None:
    with scope.account(actor.account_id), transaction.atomic(durable=True):
        log.hold(actor.account_id)
        limits = Limits.of(actor)
        lines = list(_lately(actor, limits).order_by("pk"))
        if is_stopped or len(lines) > limits.many:
            loose = [line for line in lines if line.seq is None]
            gathering.gather(actor, loose, limits, is_stopped=is_stopped)
