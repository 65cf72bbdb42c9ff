"""Treats emptying many fields one by one within an hour as deleting.

An edit that leaves next to nothing of a field's value is an ordinary edit, and is only counted.
Once more fields are emptied within an hour than the account calls many, whatever the fields and the
kinds, the rule on deleting applies; where no rule forbids it, they become one act per kind, with a
log entry and an undo (`door.undo_emptying`), and what follows within the hour joins it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard import gathering, kinds, log, policy, refusals, stepwise
from custode.guard.gathering import WAY, Limits, by
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.guard.refusals import Attempt
from custode.guard.running import running
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


@dataclass(slots=True)
class _Watch:
    """The state of an edit in progress.

    Args:
        limits: the account's limits, if already read.
        is_inside: whether it runs within a caller's transaction, whose end is not visible here.
        is_due: whether what was emptied becomes an act at the end.
        refused: what was tried, and the kind, once it is refused.
    """

    actor: Actor
    limits: Limits | None = None
    is_inside: bool = False
    is_due: bool = False
    refused: tuple[str, Attempt] | None = None


_open: ContextVar[_Watch | None] = ContextVar("custode_emptying", default=None)


@contextmanager
def watching(actor: Actor, limits: Limits | None = None) -> Iterator[None]:
    """Open a transaction for ordinary edits; too much emptying is refused or becomes an act.

    If the account's `limits` have been read already, they are not read again.

    Raises:
        Refused: many fields were emptied within an hour, and only admins may delete these objects.
        RuntimeError: that is so, and the caller is already inside a transaction of its own.
    """
    with around(actor, limits), transaction.atomic():
        yield


@contextmanager
def around(actor: Actor, limits: Limits | None = None) -> Iterator[None]:
    """Do what `watching` does, for an act of the door that makes ordinary edits in its transaction.

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
    """Judge ordinary edits that are about to be saved; edits within an act are judged elsewhere.

    Raises:
        Refused: they empty more than may be emptied within an hour.
        RuntimeError: they empty something outside `watching`.
    """
    found = [line for line in lines if line.emptied and line.seq is None]
    if not found:
        return
    watch = _open.get()
    if watch is None:
        raise RuntimeError("What may empty a field is an edit for `guard.emptying.watching`.")
    if watch.is_inside:
        # Raised at once, not only when there are many: a refusal could not be logged otherwise.
        raise RuntimeError("`guard.emptying.watching` is the outermost transaction.")
    one_after_the_other(watch.actor)
    limits = watch.limits or Limits.of(watch.actor)
    if not is_many(watch.actor, len(found), limits):
        return
    for name, some in groupby(sorted(found, key=attrgetter("kind")), key=attrgetter("kind")):
        mine = list(some)
        ids = {line.object_id for line in mine}
        tried = Attempt(len(ids), {"emptied": len(mine)}, gathering.names(name, mine))
        watch.refused = name, tried
        require(watch.actor, name, limits)
        watch.refused = None
        seq = _running(watch.actor, name, limits)
        if seq is not None:
            _join(watch.actor, seq, mine, lines, limits)
    watch.is_due = any(line.seq is None for line in found)


def _join(
    actor: Actor, seq: int, mine: Sequence[Change], lines: Sequence[Change], limits: Limits
) -> None:
    """Add an edit to an act, with the steps before it and what the edit removed along with it.

    Args:
        mine: the lines of the edit that empty something.
        lines: all its lines, not saved yet.
    """
    kind = mine[0].kind
    before = gathering.along(actor, kind, mine, limits)
    if before:
        gathering.join(actor.account_id, seq, before)
    plans = kinds.named(kind).plans
    for line in [*mine, *stepwise.along(mine, lines, limits.lately, plans)]:
        line.seq = seq


def _is_inside() -> bool:
    """Return whether a transaction is open already, not counting that of Django's test case."""
    blocks = connection.atomic_blocks
    return bool(blocks) and not blocks[-1]._from_testcase  # type: ignore[attr-defined]  # noqa: SLF001 (as `durable` asks)


def one_after_the_other(actor: Actor) -> None:
    """Serialise an actor's edits that empty something, so that they are counted one by one.

    Such an edit takes this lock last, after its rows, so that no deadlock can arise. SQLite has
    only one writer at a time anyway.
    """
    if connection.vendor == "postgresql":
        kind, pk = actor.counted_as
        name = f"emptying:{actor.account_id}:{kind.value}:{pk}"
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def is_many(actor: Actor, more: int, limits: Limits) -> bool:
    """Return whether this many more, with what the actor emptied lately, exceed the limit."""
    return more > 0 and more + _lately(actor, limits).count() > limits.many


def require(actor: Actor, kind: str, limits: Limits) -> None:
    """Raise `Refused` when the actor may not empty many fields of a kind: that is deleting."""
    try:
        policy.require(actor, Verb.DELETE, kind)
    except Refused as no:
        raise refusal(no, limits) from no


def refusal(no: Refused, limits: Limits) -> Refused:
    """Return the same refusal, with an explanation why a rule on deleting applies."""
    why = _("Emptying more than %(n)s fields within an hour is deleting.") % {"n": limits.many}
    return Refused(f"{why} {no.why}", no.rule, **no.facts)


def _lately(actor: Actor, limits: Limits) -> QuerySet[Change]:
    """Return the history of what an actor has emptied within the last hour, of any kind."""
    return Change.objects.filter(by(actor), emptied=True, at__gte=clock.now() - limits.lately)


def _running(actor: Actor, kind: str, limits: Limits) -> int | None:
    """Return the number of the actor's act of the last hour that further emptied fields join."""
    mine = _lately(actor, limits).filter(kind=kind, actor_kind=actor.kind.value, actor_id=actor.id)
    return running(mine, kind, [f'"way":"{WAY}"'], clock.now() - limits.lately)


def settle(actor: Actor) -> None:
    """Make acts of what an actor has emptied that belongs to no act yet: one for each kind.

    For an application it is one for each user on whose behalf it acted. Nothing happens unless the
    limit is exceeded. If the process stops before this, a job does it later
    (`guard.unfinished_emptying`).
    """
    _gather(actor, is_stopped=False)


def settle_stopped(actor: Actor) -> None:
    """Make acts of what an actor had emptied when they were refused to empty more, however little.

    Whoever reads about the refusal can then find what is gone and bring it back. It still counts
    for the hour. This happens after the refusal, in a transaction of its own.
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
