"""Writing over many objects one by one becomes one act, once whoever does it rests.

To put something else in the place of what a field said is ordinary work. Who does so to more
objects within an hour than the account calls many may be at work too: it is forbidden to nobody,
and costs an edit nothing. A job reads the history afterwards, and what was many has an entry then
and a way back (`door.emptied`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from operator import attrgetter
from typing import Final

from django.db import transaction
from django.db.models import Q

from custode.guard import emptying, kinds, log, unsettled
from custode.guard.emptying import Facts, Limits
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
            emptying.gather(actor, lines, Limits.of(system), _told)
            done += len(lines)
    return done


def _found(system: Actor, rests: timedelta) -> Iterator[tuple[Actor, list[Change]]]:
    """What belongs to no act yet and is many, with who did it."""
    limits, now = Limits.of(system), clock.now()
    by_hand: dict[object, list[Change]] = {}
    for line in _lately(limits):
        by_hand.setdefault(unsettled.doer(line).hand, []).append(line)
    for lines in by_hand.values():
        many = unsettled.many_within(lines, limits, attrgetter("kind", "object_id"))
        if many and (many[-1].at <= now - rests or many[0].at < now - AT_LATEST):
            yield unsettled.doer(many[-1]), many


def _lately(limits: Limits) -> list[Change]:
    """What was written over lately, in the order of time; that of such acts too."""
    since = clock.now() - 2 * limits.lately
    acts = LogEntry.objects.filter(details__contains=f'"way":"{WAY}"', at__gte=since)
    free = Q(seq=None) | Q(seq__in=acts.values("seq"))
    found: list[Change] = []
    for model in kinds.all_models():
        kind = model.kind
        if not kind.says or emptying.has_a_way_of_its_own(kind.name):
            continue
        lines = Change.objects.filter(free, kind=kind.name, old__isnull=False, emptied=False)
        found += (
            line
            for line in lines.order_by("-pk")[:MOST]
            if line.at >= since and is_written_over(kind, line.field, line.old, line.new)
        )
    return sorted(found, key=lambda line: (line.at, line.pk))


def _told(lines: Sequence[Change], limits: Limits) -> Facts:
    return {"written": len(lines), "many": limits.many, "way": WAY}, {}
