"""Finds where a series of edits of one field by the same actor began.

Whoever cuts a text down by halves has overwritten all of it; an undo of the last edit alone would
bring back what the first one left.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta

from custode.guard.content_loss import only_adds
from custode.guard.models import Change


def before(line: Change, steps: Sequence[Change], lately: timedelta) -> list[Change]:
    """Return the edits that led to the value that a line replaced, as an undo takes them back.

    They start where the same actor first removed something: what they only added before is work
    that an undo keeps.

    Args: as for `leading_to`.
    """
    found = leading_to(line, steps, lately)
    while found and only_adds(found[0].old, found[0].new):
        found.pop(0)
    return found


def leading_to(line: Change, steps: Sequence[Change], lately: timedelta) -> list[Change]:
    """Return the edits within the hour that led to the value that a line replaced.

    If somebody else wrote in between, they start after that.

    Args:
        line: the latest edit, which is not part of the result.
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
    return found


def along(
    lines: Iterable[Change],
    others: Sequence[Change],
    lately: timedelta,
    plans: Mapping[str, Collection[str]],
) -> list[Change]:
    """Return the lines that become part of an act with its own, so that its undo restores it all.

    These are the steps before them, and what the same edit removed along with them (the time of a
    reminder, `Kind.plans`).

    Args:
        others: the lines of the same actor on the same objects that belong to no act, in order.
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
