"""Writing over many objects one by one becomes one act, once whoever does it rests.

To put something else in the place of what a field said, at once or in steps, is ordinary work. Who
does so to more objects within an hour than the account calls many may be at work too: it is
forbidden to nobody, and costs an edit nothing. A job reads the history afterwards, and what was
many has an entry then and a way back (`door.emptied`).
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from custode.guard import gathering, kinds, log, stepwise, unsettled
from custode.guard.gathering import Facts, Limits
from custode.guard.kinds import Kind
from custode.guard.models import Change, LogEntry
from custode.guard.remains import is_written_over
from custode.kernel import clock
from custode.kernel.actor import Actor

WAY: Final = "written_over"
"""What the log calls such an act."""
RESTS: Final = timedelta(minutes=3)
"""Who has written nothing over for so long is done for now: one entry tells of all of it."""
AT_LATEST: Final = timedelta(minutes=10)
"""Who never rests has an entry of what they wrote over so long after the first of it."""
MOST: Final = 2_000
"""So many lines of history of a kind are read, the latest."""


def gather_left(system: Actor, rests: timedelta = RESTS) -> int:
    """For the job: make acts of what was written over in the account in scope, and is many.

    Args:
        rests: how long who wrote over must have rested; nothing for who is to see all of it now.

    Returns:
        how many lines of history belong to an act now.
    """
    if not list(_found(system, rests)):
        return 0
    with transaction.atomic(durable=True):
        log.hold(system.account_id)
        done = 0
        for actor, lines in _found(system, rests):
            gathering.gather(actor, lines, Limits.of(system), _told)
            done += len(lines)
    return done


def _found(system: Actor, rests: timedelta) -> Iterator[tuple[Actor, list[Change]]]:
    """What belongs to no act yet and is many, with who did it."""
    limits, now = Limits.of(system), clock.now()
    by_hand: dict[object, list[Change]] = {}
    for line in _lately(limits):
        by_hand.setdefault(unsettled.doer(line).hand, []).append(line)
    for lines in by_hand.values():
        many = _many(lines, limits)
        if many and (many[-1].at <= now - rests or many[0].at < now - AT_LATEST):
            yield unsettled.doer(many[-1]), many


def _lately(limits: Limits) -> list[Change]:
    """What was written over lately, in the order of time; that of such acts too.

    A line counts by what it did, and by what was done step by step up to it.
    """
    since = clock.now() - 2 * limits.lately
    acts = LogEntry.objects.filter(details__contains=f'"way":"{WAY}"', at__gte=since)
    free = Q(seq=None) | Q(seq__in=acts.values("seq"))
    found: list[Change] = []
    for model in kinds.all_models():
        kind = model.kind
        if not kind.says or gathering.has_a_way_of_its_own(kind.name):
            continue
        lines = Change.objects.filter(free, kind=kind.name, old__isnull=False, emptied=False)
        steps = defaultdict[object, list[Change]](list)
        for line in reversed(lines.order_by("-pk")[:MOST]):
            if line.at < since or not re.fullmatch(kind.says, line.field):
                continue
            before = steps[unsettled.doer(line).hand, line.object_id, line.field]
            if _is_over(kind, line, before, limits):
                found.append(line)
            before.append(line)
    return sorted(found, key=lambda line: (line.at, line.pk))


def _is_over(kind: Kind, line: Change, before: Sequence[Change], limits: Limits) -> bool:
    if is_written_over(kind, line.field, line.old, line.new):
        return True
    steps = stepwise.before(line, before, limits.lately)
    return bool(steps) and is_written_over(kind, line.field, steps[0].old, line.new)


def _whom(line: Change) -> tuple[str, int, str]:
    """What a line is about: an object, or a part of it that is somebody (`contact:12.phone`)."""
    return line.kind, line.object_id, line.field.rpartition(".")[0]


def _many(lines: Sequence[Change], limits: Limits) -> list[Change]:
    """The loose lines that wrote over many objects within the time, as they came."""
    found: dict[int, Change] = {}
    objects, first = Counter[tuple[str, int, str]](), 0
    for place, line in enumerate(lines):
        objects[_whom(line)] += 1
        while lines[first].at < line.at - limits.lately:
            objects[_whom(lines[first])] -= 1
            first += 1
        if len(+objects) > limits.many:
            found |= {one.pk: one for one in lines[first : place + 1] if one.seq is None}
    return list(found.values())


def _told(lines: Sequence[Change], limits: Limits) -> Facts:
    told = {"written": len(lines), "many": limits.many, "way": WAY}
    parts = len({whom for line in lines if (whom := _whom(line))[-1]})
    return (told | {"parts": parts} if parts else told), {}
