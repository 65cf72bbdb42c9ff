"""Treats emptying many fields one by one within an hour as deleting.

An edit that leaves next to nothing of a field's value is an ordinary edit, and is only counted.
Once more fields are emptied within an hour than the account calls many, whatever the fields and the
kinds, the rule on deleting applies; where no rule forbids it, they become one act per kind, with a
log entry and an undo (`door.emptied`), and what follows within the hour joins it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log, policy, ports, refusals
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.guard.refusals import Tried
from custode.guard.running import running
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.errors import Refused

WAY: Final = "emptied"
"""The name of such an act in the log."""
LATELY: Final = timedelta(hours=1)
"""How long what an actor has emptied or overwritten counts, at least, with what they do next."""

Facts = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The facts of an act's entry: those without personal data, and those with it."""
Teller = Callable[[Sequence[Change], "Limits"], Facts]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits above which editing counts as more than editing, as set for deletions too.

    Args:
        many: emptying more fields than this is subject to the rule on deleting; overwriting more
            cells, or adding more rows, is an act.
        lately: how long what an actor has emptied or overwritten counts with what they do next.
    """

    many: int
    lately: timedelta

    @classmethod
    def of(cls, actor: Actor) -> Limits:
        """Return the limits of the actor's account."""
        many, minutes = ports.many_at_once(actor.account_id)
        return cls(many, max(LATELY, timedelta(minutes=minutes)))


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
    refused: tuple[str, Tried] | None = None


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
        tried = Tried(len(ids), {"emptied": len(mine)}, _names(name, mine))
        watch.refused = name, tried
        require(watch.actor, name, limits)
        watch.refused = None
        seq = _running(watch.actor, name, limits)
        for line in mine:
            line.seq = seq
    watch.is_due = any(line.seq is None for line in found)


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
        kind, pk = actor.hand
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


def by(actor: Actor) -> Q:
    """Return the condition on history lines that count as emptied or overwritten by an actor.

    For an application that is everything it did, as itself and on any user's behalf: it does not
    start anew with each user. For a person it is what they did themselves.
    """
    if actor.key is None:
        return Q(actor_kind=actor.kind.value, actor_id=actor.id, by_key=None)
    # The second condition is there for the index.
    return Q(by_key=actor.key, old__isnull=False)


def _lately(actor: Actor, limits: Limits) -> QuerySet[Change]:
    """Return the history of what an actor has emptied within the last hour, of any kind."""
    return Change.objects.filter(by(actor), emptied=True, at__gte=clock.now() - limits.lately)


def _running(actor: Actor, kind: str, limits: Limits) -> int | None:
    """Return the number of the actor's act of the last hour that further emptied fields join."""
    mine = _lately(actor, limits).filter(kind=kind, actor_kind=actor.kind.value, actor_id=actor.id)
    return running(mine, kind, f'"way":"{WAY}"', clock.now() - limits.lately)


def settle(actor: Actor) -> None:
    """Make acts of what an actor has emptied that belongs to no act yet: one for each kind.

    For an application it is one for each user on whose behalf it acted. Nothing happens unless the
    limit is exceeded. If the process stops before this, a job does it later (`guard.unsettled`).
    """
    with scope.account(actor.account_id), transaction.atomic(durable=True):
        log.hold(actor.account_id)
        limits = Limits.of(actor)
        lines = list(_lately(actor, limits))
        if len(lines) > limits.many:
            gather(actor, [line for line in lines if line.seq is None], limits)


def gather(
    actor: Actor, loose: Sequence[Change], limits: Limits, teller: Teller | None = None
) -> None:
    """Make acts of loose history lines, of emptying or as `teller` describes; the log is held."""
    lines = sorted(
        loose, key=lambda line: (line.kind, line.actor_kind, line.actor_id or 0, line.pk)
    )
    for (kind, *_who), some in groupby(lines, attrgetter("kind", "actor_kind", "actor_id")):
        mine = list(some)
        told = teller or _tellers.get(kind, _told)
        _note(_in_the_name_of(actor, mine[-1]), kind, mine, told(mine, limits))


def _in_the_name_of(actor: Actor, line: Change) -> Actor:
    """Return the same actor, on behalf of the user whom a line of history names."""
    kind = ActorKind(line.actor_kind)
    as_key = actor.key if kind is ActorKind.USER else None
    return replace(actor, kind=kind, id=line.actor_id, name=line.actor_name, as_key=as_key)


def _note(actor: Actor, kind: str, lines: Sequence[Change], facts: Facts) -> None:
    ids = list({line.object_id for line in lines})
    details, personal = facts
    entry = log.write(
        actor, Verb.CHANGE, kind=kind, count=len(ids), labels=_names(kind, lines),
        details=details, personal=personal,
    )  # fmt: skip
    with lock.opened(f"change:{actor.account_id}:{entry.seq}"):
        Change.objects.filter(pk__in=[line.pk for line in lines], seq=None).update(seq=entry.seq)


def _names(kind: str, lines: Sequence[Change]) -> list[str]:
    """Return the names of the first few objects, as they were before being emptied."""
    model = kinds.model_of(kind)
    ids = list(dict.fromkeys(line.object_id for line in lines))[:5]
    label = kinds.named(kind).label
    names = dict(model.with_trashed.filter(pk__in=ids).values_list("pk", label))
    # Not the name that a refused actor wanted to give it.
    names |= {line.object_id: line.named for line in reversed(lines) if line.named}
    names |= {line.object_id: line.old for line in reversed(lines) if line.field == label}
    return [str(names[pk])[:120] for pk in ids if pk in names]


def _told(lines: Sequence[Change], limits: Limits) -> Facts:
    return {"emptied": len(lines), "many": limits.many, "way": WAY}, {}


_tellers: dict[str, Teller] = {}


def told_by(kind: str, teller: Teller) -> None:
    """Declare what the entry of such an act contains, for a kind that has an undo of its own."""
    _tellers[kind] = teller


def has_a_way_of_its_own(kind: str) -> bool:
    """Return whether emptying or overwriting a kind is logged and undone in its own way."""
    return kind in _tellers
