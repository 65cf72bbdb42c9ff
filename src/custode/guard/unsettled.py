"""Makes acts of what was emptied by edits after which nothing came: a process died in between.

An edit that empties the field which makes it many is saved, and then the act is written
(`emptying.settle`). Where that did not happen, this does it, in the name of whom the history tells.
So it does for what was emptied before a refusal (`emptying.settle_stopped`).
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
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
"""So long the edit's own process is left to write the act: it knows from where it came."""
LOOKED_BACK: Final = timedelta(days=2)
"""So long no worker may have run before an act is lost."""


def settle_left(system: Actor) -> int:
    """For the job: make acts of what was emptied in the account in scope and belongs to none.

    Returns:
        how many lines of history belong to an act now.
    """
    limits, now = Limits.of(system), clock.now()
    since = now - LOOKED_BACK - limits.lately
    loose = Change.objects.filter(
        emptied=True, seq=None, at__gte=since, at__lt=now - UNDER_WAY
    ).order_by("-pk")
    done, refused = 0, _refused(since) if loose.exists() else {}
    for actor in _hands(loose):
        with transaction.atomic(durable=True):
            log.hold(actor.account_id)
            lines = Change.objects.filter(gathering.by(actor), emptied=True, at__gte=since)
            every = list(lines.order_by("at", "pk"))
            left = _left(every, limits, now - UNDER_WAY)
            gathering.gather(actor, left, limits)
            few = _stopped(every, left, limits, refused.get(actor.hand, ()))
            gathering.gather(actor, few, limits, is_stopped=True)
            done += len(left) + len(few)
    return done


def _refused(since: datetime) -> Mapping[object, Sequence[datetime]]:
    """Whose emptying was refused, and when; the latest is left to its own process."""
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
    """The loose lines of the time before a refusal, which were not many (`settle_stopped`)."""
    taken = {line.pk for line in left}
    moments = list(refused)
    return [
        line for line in lines
        if line.seq is None and line.pk not in taken
        and any(line.at <= moment <= line.at + limits.lately for moment in moments)
    ]  # fmt: skip


def _hands(lines: Iterable[Change]) -> list[Actor]:
    """Who wrote lines of history, each once; of an application the name that comes first."""
    found: dict[tuple[ActorKind, int | None], Actor] = {}
    for line in lines:
        actor = doer(line)
        found.setdefault(actor.hand, actor)
    return list(found.values())


def doer(line: Change) -> Actor:
    """Who wrote a line of history, for what a job notes of it."""
    kind = ActorKind(line.actor_kind)
    return Actor(
        line.account_id, kind, line.actor_id, line.actor_name, is_admin=False,
        entrance=Entrance.JOB, as_key=line.by_key if kind is ActorKind.USER else None,
    )  # fmt: skip


def _left(lines: Sequence[Change], limits: Limits, until: datetime) -> list[Change]:
    """The loose lines that were many within the time, as they came.

    Args:
        lines: all that somebody emptied, in the order of time.
        until: what was emptied since does not make it many: its own process is at it.
    """
    found: dict[int, Change] = {}
    first = 0
    for place, line in enumerate(lines):
        while lines[first].at < line.at - limits.lately:
            first += 1
        is_many = place - first + 1 > limits.many
        if is_many and line.seq is None and line.at < until:
            found |= {one.pk: one for one in lines[first : place + 1] if one.seq is None}
    return list(found.values())
