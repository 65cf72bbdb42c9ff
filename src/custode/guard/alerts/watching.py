"""Declares the guard's own marks for alert rules, and the work it does continuously."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custode.guard import gathering, rewriting
from custode.guard.alerts import judging, marks, rules
from custode.guard.kinds import Verb
from custode.kernel import schedule


def _emptied(facts: Mapping[str, Any]) -> bool:
    """Return whether an act of edits emptied many fields; one on cells may have emptied only a few.

    What was emptied before more of it was refused counts as many.
    """
    if facts.get("way") == gathering.WAY or facts.get(gathering.STOPPED):
        return True
    return int(facts.get("emptied") or 0) > int(facts.get("many") or 0)


def _written_over(facts: Mapping[str, Any]) -> bool:
    """Return whether an act overwrote cells of prospects, or fields one by one."""
    return bool(facts.get("cells")) or facts.get("way") == rewriting.WAY


def _emptied_by_undo(facts: Mapping[str, Any]) -> bool:
    """Return whether an undo emptied many fields, with what its actor had emptied within the hour.

    Its `emptied` are fields that it filled again.
    """
    return "empties" in facts


def _written_over_by_undo(facts: Mapping[str, Any]) -> bool:
    """Return whether an undo overwrote what somebody had written in cells or fields since."""
    return bool(facts.get("over")) and not facts.keys().isdisjoint({"cells", "emptied", "written"})


def add() -> None:
    """Register the continuous watches and the guard's marks."""
    # Undoing an import or a paste removes objects just as a deletion does.
    marks.declare(Verb.DELETE, Verb.UNDO, lambda facts: bool({"taken", "added"} & facts.keys()))
    # Repairing locks means that some were missing; erasing who acted must not go unnoticed.
    marks.declare(rules.WATCH, Verb.ACCOUNT, lambda facts: "locks" in facts)
    marks.declare(rules.WATCH, Verb.ERASE, lambda _facts: True)
    marks.declare(rules.EMPTIED, Verb.CHANGE, _emptied)
    # Many within the hour, of which this act may be the last one.
    marks.declare(rules.EMPTIED, Verb.CHANGE, lambda facts: bool(facts.get(gathering.EMPTYING)))
    marks.declare(rules.OVERWRITTEN, Verb.CHANGE, _written_over)
    marks.declare(rules.EMPTIED, Verb.UNDO, _emptied_by_undo)
    marks.declare(rules.OVERWRITTEN, Verb.UNDO, _written_over_by_undo)
    schedule.watch("alerts", judging.look)
