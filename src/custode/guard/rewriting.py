"""Turns overwriting many objects one by one into one act, once the actor pauses.

Replacing the content of a field, at once or in steps, is ordinary work, and doing so to more
objects within an hour than the account calls many may be work too: it is forbidden to nobody, and
costs an edit nothing. A job reads the history afterwards; what was many then gets a log entry and
an undo (`door.undo_emptying`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import Q

from custode.guard import gathering, joined, kinds, log, stepwise, unfinished_emptying
from custode.guard.content_loss import empties, is_written_over
from custode.guard.gathering import Facts, Limits
from custode.guard.kinds import Kind
from custode.guard.models import Change, LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor

WAY: Final = "written_over"
"""The name of such an act in the log."""
RESTS: Final = timedelta(minutes=3)
"""After this time without overwriting, an actor is done for now: one entry covers all of it."""
AT_LATEST: Final = timedelta(minutes=10)
"""An actor who never pauses gets an entry at the latest this long after the first overwriting."""


def look(system: Actor, rests: timedelta = RESTS) -> int:
    """Tell what joined acts that have their entry, and make acts of the rest; for the job.

    Args, Returns: as for `gather_left`.
    """
    joined.tell(system, rests, AT_LATEST)
    return gather_left(system, rests)


def gather_left(system: Actor, rests: timedelta = RESTS) -> int:
    """Make acts of what was overwritten in the account in scope and is many.

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
            gathering.gather(actor, lines, Limits.of(system), _told)
            done += len(lines)
    return done


def _found(system: Actor, rests: timedelta) -> Iterator[tuple[Actor, list[Change]]]:
    """Yield what belongs to no act yet and is many, with the actor."""
    limits, now = Limits.of(system), clock.now()
    by_actor: dict[object, list[Change]] = {}
    for line in _lately(limits):
        by_actor.setdefault(unfinished_emptying.doer(line).counted_as, []).append(line)
    for lines in by_actor.values():
        many = unfinished_emptying.many_within(lines, limits, _whom)
        if many and (many[-1].at <= now - rests or many[0].at < now - AT_LATEST):
            yield unfinished_emptying.doer(many[-1]), many


def _lately(limits: Limits) -> list[Change]:
    """Return what was overwritten recently, in order of time, including what is in such acts.

    A line counts by what it did, and by what was done step by step up to it.
    """
    since = clock.now() - 2 * limits.lately
    acts = LogEntry.objects.filter(details__contains=f'"way":"{WAY}"', at__gte=since)
    free = Q(seq=None) | Q(seq__in=acts.values("seq"))
    found: list[Change] = []
    for model in kinds.all_models():
        kind = model.kind
        if not kind.content_fields or gathering.has_a_way_of_its_own(kind.name):
            continue
        lines = Change.objects.filter(
            free, kind=kind.name, old__isnull=False, emptied=False,
            pk__gt=_last_before(kind, since),
            field__regex=rf"^({kind.content_fields})$",
        )  # fmt: skip
        steps = defaultdict[object, list[Change]](list)
        for line in lines.order_by("pk").iterator():
            before = steps[unfinished_emptying.doer(line).counted_as, line.object_id, line.field]
            if _is_over(kind, line, before, limits):
                found.append(line)
            before.append(line)
    return sorted(found, key=lambda line: (line.at, line.pk))


def _last_before(kind: Kind, since: datetime) -> int:
    """Return the number of the last line before a time: numbers have an index, times alone none."""
    long_ago = Change.objects.filter(kind=kind.name, at__lt=since).order_by("-pk")
    return long_ago.values_list("pk", flat=True).first() or 0


def _is_over(kind: Kind, line: Change, before: Sequence[Change], limits: Limits) -> bool:
    """Return whether a line overwrites what it replaced, or what stood there an hour ago.

    A value that was made long with noise first, of which only the noise is left, is compared with
    what it was before.
    """
    if is_written_over(kind, line.field, line.old, line.new):
        return True
    steps = stepwise.leading_to(line, before, limits.lately)
    if not steps:
        return False
    first = steps[0].old
    return any(lost(kind, line.field, first, line.new) for lost in (is_written_over, empties))


def _whom(line: Change) -> tuple[str, int, str]:
    """Return what a line is about: an object, or a part of it that is a person (`contact:12`)."""
    return line.kind, line.object_id, line.field.rpartition(".")[0]


def _told(lines: Sequence[Change], limits: Limits) -> Facts:
    told = {"written": len(lines), "many": limits.many, "way": WAY}
    parts = len({whom for line in lines if (whom := _whom(line))[-1]})
    return (told | {"parts": parts} if parts else told), {}
