"""Makes one act, with a log entry and an undo, of history lines that were written one by one.

When that happens is decided elsewhere: many fields emptied (`guard.emptying`), or many objects
overwritten (`guard.rewriting`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from typing import Any, Final

from django.db.models import Q

from custode.guard import kinds, lock, log, ports, stepwise
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel.actor import Actor, ActorKind

WAY: Final = "emptied"
"""The name of such an act in the log."""
LATELY: Final = timedelta(hours=1)
"""How long what an actor has emptied or overwritten counts, at least, with what they do next."""

Facts = tuple[Mapping[str, Any], Mapping[str, Any]]
"""The facts of an act's entry: those without personal data, and those with it."""
EMPTYING: Final = "emptying"
"""The key in the entry of an act by which many fields are emptied, perhaps among other changes."""
STOPPED: Final = "stopped"
"""The key in the entry of what was done before the actor was refused to do more."""
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


def by(actor: Actor) -> Q:
    """Return the condition on history lines that count as an actor's own.

    For an application that is everything it did, as itself and on any user's behalf: it does not
    start anew with each user. For a person it is what they did themselves.
    """
    if actor.key is None:
        return Q(actor_kind=actor.kind.value, actor_id=actor.id, by_key=None)
    # The second condition is there for the index.
    return Q(by_key=actor.key, old__isnull=False)


def gather(
    actor: Actor,
    loose: Sequence[Change],
    limits: Limits,
    teller: Teller | None = None,
    *,
    is_stopped: bool = False,
) -> None:
    """Make acts of loose history lines, of emptying or as `teller` describes; the log is held.

    Args:
        is_stopped: whether they are few, because the actor was refused to do more.
    """
    lines = sorted(
        loose, key=lambda line: (line.kind, line.actor_kind, line.actor_id or 0, line.pk)
    )
    for (kind, *_who), some in groupby(lines, attrgetter("kind", "actor_kind", "actor_id")):
        mine = list(some)
        told = teller or _tellers.get(kind, _told)
        details, personal = told(mine, limits)
        if is_stopped:
            # Nothing that follows joins it: it was refused.
            details = {**details, STOPPED: True}
            if "running" in details:
                details["running"] = False
        taken = along(actor, kind, mine, limits)
        _note(_in_the_name_of(actor, mine[-1]), kind, mine, taken, (details, personal))


def _in_the_name_of(actor: Actor, line: Change) -> Actor:
    """Return the same actor, on behalf of the user whom a line of history names."""
    kind = ActorKind(line.actor_kind)
    as_key = actor.key if kind is ActorKind.USER else None
    return replace(actor, kind=kind, id=line.actor_id, name=line.actor_name, as_key=as_key)


def along(actor: Actor, kind: str, lines: Sequence[Change], limits: Limits) -> list[Change]:
    """Return the saved lines that become part of an act with these (`stepwise.along`)."""
    if has_a_way_of_its_own(kind):
        return []
    others = Change.objects.filter(
        by(actor), kind=kind, object_id__anyof=list({line.object_id for line in lines}), seq=None,
        at__gte=min(line.at for line in lines) - limits.lately,
    )  # fmt: skip
    plans = kinds.named(kind).plans
    return stepwise.along(lines, list(others.order_by("pk")), limits.lately, plans)


def join(account_id: int, seq: int, lines: Iterable[Change]) -> None:
    """Add lines of history that belong to no act yet to the act with this number."""
    with lock.opened(f"change:{account_id}:{seq}"):
        Change.objects.filter(pk__anyof=[line.pk for line in lines], seq=None).update(seq=seq)


def _note(
    actor: Actor, kind: str, lines: Sequence[Change], taken: Sequence[Change], facts: Facts
) -> None:
    """Write the entry of an act.

    Args:
        lines: the lines that make it an act.
        taken: further lines that become part of it.
    """
    ids = list({line.object_id for line in lines})
    details, personal = facts
    entry = log.write(
        actor, Verb.CHANGE, kind=kind, count=len(ids), labels=names(kind, [*taken, *lines]),
        details=details, personal=personal,
    )  # fmt: skip
    join(actor.account_id, entry.seq, [*taken, *lines])


def names(kind: str, lines: Sequence[Change]) -> list[str]:
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
