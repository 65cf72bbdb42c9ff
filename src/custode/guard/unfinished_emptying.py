"""Makes acts of emptied fields where a process died before it could do so.

An edit that empties the field which makes it many is saved first, and then the act is written
(`emptying.settle`). Where that did not happen, this job does it, on behalf of the actor in the
history. The same holds for what was emptied before a refusal (`emptying.settle_stopped`).
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Final

from django.db import transaction
from django.db.models import Q

from custode.guard import gathering, log
from custode.guard.gathering import Limits
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, Outcome
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind, Entrance

UNDER_WAY: Final = timedelta(minutes=1)
"""How long the edit's own process is given to write the act: it knows from where it came."""
LOOKED_BACK: Final = timedelta(days=2)
"""How far back is searched: how long all workers may be down before an act is lost."""


def settle_left(system: Actor) -> int:
    """Make acts of what was emptied in the account in scope without belonging to one; for the job.

    Returns:
        The number of history lines that now belong to an act.
    """
    limits, now = Limits.of(system), clock.now()
    since = now - LOOKED_BACK - limits.lately
    loose = Change.objects.filter(
        emptied=True, seq=None, at__gte=since, at__lt=now - UNDER_WAY
    ).order_by("-pk")
    done, refused = 0, _refused(since) if loose.exists() else {}
    for actor in _actors(loose):
        with transaction.atomic(durable=True):
            log.hold(actor.account_id)
            lines = Change.objects.filter(gathering.by(actor), emptied=True, at__gte=since)
            every = list(lines.order_by("at", "pk"))
            left = _left(every, limits, now - UNDER_WAY)
            gathering.gather(actor, left, limits)
            few = _stopped(every, left, limits, refused.get(actor.counted_as, ()))
            gathering.gather(actor, few, limits, is_stopped=True)
            done += len(left) + len(few)
    return done


def _refused(since: datetime) -> Mapping[object, Sequence[datetime]]:
    """Return when emptying was refused, by actor; recent ones are left to their own process."""
    entries = LogEntry.objects.filter(
        Q(details__contains='"emptied":') | Q(details__contains='"cells":'),
        verb=Verb.DELETE, outcome=Outcome.REFUSED, at__gte=since, at__lt=clock.now() - UNDER_WAY,
    )  # fmt: skip
    found = defaultdict[object, list[datetime]](list)
    for entry in entries.order_by("seq"):
        key = json.loads(entry.details).get("as_key")
        kind, pk = ActorKind(entry.actor_kind), entry.actor_id
        found[(kind, pk) if key is None else (ActorKind.KEY, key)].append(entry.at)
    return found


def _stopped(
    lines: Sequence[Change], left: Sequence[Change], limits: Limits, refused: Iterable[datetime]
) -> list[Change]:
    """Return the loose lines before a refusal, which were not many (`settle_stopped`)."""
    taken = {line.pk for line in left}
    moments = list(refused)
    return [
        line for line in lines
        if line.seq is None and line.pk not in taken
        and any(line.at <= moment <= line.at + limits.lately for moment in moments)
    ]  # fmt: skip


def _actors(lines: Iterable[Change]) -> list[Actor]:
    """Return the actors of lines of history, each once; of an application the first name."""
    found: dict[tuple[ActorKind, int | None], Actor] = {}
    for line in lines:
        actor = doer(line)
        found.setdefault(actor.counted_as, actor)
    return list(found.values())


def doer(line: Change) -> Actor:
    """Return who wrote a line of history, for the entry that a job makes of it."""
    kind = ActorKind(line.actor_kind)
    return Actor(
        line.account_id, kind, line.actor_id, line.actor_name, is_admin=False,
        entrance=Entrance.JOB, as_key=line.by_key if kind is ActorKind.USER else None,
    )  # fmt: skip


def _left(lines: Sequence[Change], limits: Limits, until: datetime) -> list[Change]:
    """Return, in order, the loose lines that were many within the time.

    Args:
        lines: all that an actor emptied, in order of time.
        until: later lines do not make it many: their own process is still at work.
    """
    return many_within(
        lines, limits, attrgetter("pk"), lambda line: line.seq is None and line.at < until
    )


def many_within(
    lines: Sequence[Change],
    limits: Limits,
    of: Callable[[Change], Hashable],
    counts: Callable[[Change], bool] = lambda line: True,
) -> list[Change]:
    """Return, in order, the loose lines of any time span that contains more than the limit.

    Args:
        lines: the lines of one actor, in order of time.
        of: what is counted: lines with the same value count once.
        counts: whether a line can be the one that exceeds the limit.
    """
    found: list[Change] = []
    within = Counter[Hashable]()
    first = taken = 0
    for place, line in enumerate(lines):
        within[of(line)] += 1
        while lines[first].at < line.at - limits.lately:
            over = of(lines[first])
            within[over] -= 1
            if not within[over]:
                del within[over]
            first += 1
        if len(within) > limits.many and counts(line):
            # What was taken before is not looked at again: this runs while the log is held.
            found += [one for one in lines[max(first, taken) : place + 1] if one.seq is None]
            taken = place + 1
    return found
