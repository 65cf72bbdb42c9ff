"""Lines of history that were edits one by one become one act, with its entry and its way back.

What makes them one is told elsewhere: many fields emptied (`guard.emptying`), many objects written
over (`guard.rewriting`).
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
"""What the log calls such an act."""
LATELY: Final = timedelta(hours=1)
"""So long at least what somebody has emptied or written over counts with what they do next."""

Facts = tuple[Mapping[str, Any], Mapping[str, Any]]
"""What an entry tells of an act: without personal data, and with it."""
STOPPED: Final = "stopped"
"""In what an entry tells: it is of what was done before somebody was refused to do more."""
Teller = Callable[[Sequence[Change], "Limits"], Facts]


@dataclass(frozen=True, slots=True)
class Limits:
    """From when on writing is more than editing, as the account has set it for deletions too.

    Args:
        many: emptying more fields than these goes by the rule on deleting; writing over more cells,
            or adding more rows, is an act.
        lately: how long what somebody has emptied or written over counts with what they do next.
    """

    many: int
    lately: timedelta

    @classmethod
    def of(cls, actor: Actor) -> Limits:
        """Those of the actor's account."""
        many, minutes = ports.many_at_once(actor.account_id)
        return cls(many, max(LATELY, timedelta(minutes=minutes)))


def by(actor: Actor) -> Q:
    """The history of what somebody has written over or emptied, to count it.

    An application's is all that it did, as itself and in whose name ever: it does not begin anew
    with each user. A person's is what they did themselves.
    """
    if actor.key is None:
        return Q(actor_kind=actor.kind.value, actor_id=actor.id, by_key=None)
    # The second term is said for the index.
    return Q(by_key=actor.key, old__isnull=False)


def gather(
    actor: Actor,
    loose: Sequence[Change],
    limits: Limits,
    teller: Teller | None = None,
    *,
    is_stopped: bool = False,
) -> None:
    """Make acts of lines that belong to none, of emptying or of what `teller` tells; log held.

    Args:
        is_stopped: whether they are not many, and whoever did it was refused to do more.
    """
    lines = sorted(
        loose, key=lambda line: (line.kind, line.actor_kind, line.actor_id or 0, line.pk)
    )
    for (kind, *_who), some in groupby(lines, attrgetter("kind", "actor_kind", "actor_id")):
        mine = list(some)
        told = teller or _tellers.get(kind, _told)
        details, personal = told(mine, limits)
        if is_stopped:
            # Nothing that follows belongs to it: it was refused.
            details = {**details, STOPPED: True}
            if "running" in details:
                details["running"] = False
        taken = along(actor, kind, mine, limits)
        _note(_in_the_name_of(actor, mine[-1]), kind, mine, taken, (details, personal))


def _in_the_name_of(actor: Actor, line: Change) -> Actor:
    """The same who acts, in the name that a line of history tells."""
    kind = ActorKind(line.actor_kind)
    as_key = actor.key if kind is ActorKind.USER else None
    return replace(actor, kind=kind, id=line.actor_id, name=line.actor_name, as_key=as_key)


def along(actor: Actor, kind: str, lines: Sequence[Change], limits: Limits) -> list[Change]:
    """What becomes part of an act with these lines, of what is saved (`stepwise.along`)."""
    if has_a_way_of_its_own(kind):
        return []
    others = Change.objects.filter(
        by(actor), kind=kind, object_id__anyof=list({line.object_id for line in lines}), seq=None,
        at__gte=min(line.at for line in lines) - limits.lately,
    )  # fmt: skip
    plans = kinds.named(kind).plans
    return stepwise.along(lines, list(others.order_by("pk")), limits.lately, plans)


def join(account_id: int, seq: int, lines: Iterable[Change]) -> None:
    """Let lines of history that belong to no act yet be part of the one of this number."""
    with lock.opened(f"change:{account_id}:{seq}"):
        Change.objects.filter(pk__anyof=[line.pk for line in lines], seq=None).update(seq=seq)


def _note(
    actor: Actor, kind: str, lines: Sequence[Change], taken: Sequence[Change], facts: Facts
) -> None:
    """Write the entry of an act.

    Args:
        lines: what makes it one.
        taken: what becomes part of it besides.
    """
    ids = list({line.object_id for line in lines})
    details, personal = facts
    entry = log.write(
        actor, Verb.CHANGE, kind=kind, count=len(ids), labels=names(kind, [*taken, *lines]),
        details=details, personal=personal,
    )  # fmt: skip
    join(actor.account_id, entry.seq, [*taken, *lines])


def names(kind: str, lines: Sequence[Change]) -> list[str]:
    """The names of the first few objects, as they were before they were emptied."""
    model = kinds.model_of(kind)
    ids = list(dict.fromkeys(line.object_id for line in lines))[:5]
    label = kinds.named(kind).label
    names = dict(model.with_trashed.filter(pk__in=ids).values_list("pk", label))
    # Not what whoever is refused wanted it to be called.
    names |= {line.object_id: line.named for line in reversed(lines) if line.named}
    names |= {line.object_id: line.old for line in reversed(lines) if line.field == label}
    return [str(names[pk])[:120] for pk in ids if pk in names]


def _told(lines: Sequence[Change], limits: Limits) -> Facts:
    return {"emptied": len(lines), "many": limits.many, "way": WAY}, {}


_tellers: dict[str, Teller] = {}


def told_by(kind: str, teller: Teller) -> None:
    """Declare what the entry of such an act tells, of a kind that has a way back of its own."""
    _tellers[kind] = teller


def has_a_way_of_its_own(kind: str) -> bool:
    """Whether what is emptied or written over of a kind is told and undone in its own way."""
    return kind in _tellers
