"""Turns overwriting many objects one by one into one act, once the actor pauses.

Replacing the content of a field is ordinary work, and doing so to more objects within an hour than
the account calls many may be work too: it is forbidden to nobody, and costs an edit nothing. A job
reads the history afterwards; what was many then gets a log entry and an undo (`door.emptied`).
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
"""The name of such an act in the log."""
RESTS: Final = timedelta(minutes=3)
"""After this time without overwriting, an actor is done for now: one entry covers all of it."""
AT_LATEST: Final = timedelta(minutes=10)
"""An actor who never pauses gets an entry at the latest this long after the first overwriting."""
MOST: Final = 2_000
"""The maximum number of history lines read for each kind, the latest first."""


def gather_left(system: Actor, rests: timedelta = RESTS) -> int:
    """Make acts of what was overwritten in the account in scope and is many; for the job.

    Args:
        rests: how long the actor must have paused; zero to include everything now.

    Returns:
        The number of history lines that now belong to an act.
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
    """Yield what belongs to no act yet and is many, with the actor."""
    limits, now = Limits.of(system), clock.now()
    by_hand: dict[object, list[Change]] = {}
    for line in _lately(limits):
        by_hand.setdefault(unsettled.doer(line).hand, []).append(line)
    for lines in by_hand.values():
        many = unsettled.many_within(lines, limits, attrgetter("kind", "object_id"))
        if many and (many[-1].at <= now - rests or many[0].at < now - AT_LATEST):
            yield unsettled.doer(many[-1]), many


def _lately(limits: Limits) -> list[Change]:
    """Return what was overwritten recently, in order of time, including what is in such acts."""
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
