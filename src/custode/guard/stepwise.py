"""What somebody did to a field in several edits, one after the other: where it began.

Who cuts a text down by halves has written over all of it; an undo of the last half alone would
bring back the first one's work.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from custode.guard.content_loss import only_adds
from custode.guard.models import Change


def before(line: Change, steps: Sequence[Change], lately: timedelta) -> list[Change]:
    """The edits within the hour by which a field came to what a line found there.

    They begin where the same hand first took something away: what it only wrote on before is work
    that an undo leaves. Where somebody else wrote in between, they begin after that.

    Args:
        line: the latest of them, which is not among the answer.
        steps: what the same hand did to the same field before, in the order of time.
        lately: how long before the line an edit counts with it.
    """
    found: list[Change] = []
    stood = line.old
    for step in reversed(steps):
        if step.seq is not None or step.new != stood or step.at < line.at - lately:
            break
        found.insert(0, step)
        stood = step.old
    while found and only_adds(found[0].old, found[0].new):
        found.pop(0)
    return found


def along(
    lines: Iterable[Change],
    others: Sequence[Change],
    lately: timedelta,
    plans: Mapping[str, Collection[str]],
) -> list[Change]:
    """What becomes part of an act with its lines, so that its undo gives back all of it.

    These are the steps before them, and what went in the same edit because they went (the hour of a
    reminder, `Kind.plans`).

    Args:
        others: what the same hand did to the same objects and belongs to no act, as it came.
    """
    of_object = defaultdict[int, list[Change]](list)
    for one in others:
        of_object[one.object_id].append(one)
    found = list[Change]()
    for line in lines:
        theirs = of_object[line.object_id]
        steps = [
            one for one in theirs
            if one.field == line.field and one is not line and (not line.pk or one.pk < line.pk)
        ]  # fmt: skip
        found += before(line, steps, lately)
        found += [
            one for one in theirs if one.at == line.at and line.field in plans.get(one.field, ())
        ]
    return found
