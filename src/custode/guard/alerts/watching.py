"""What the guard looks for all the time, and which acts it marks for the rules itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from custode.guard import gathering, rewriting
from custode.guard.alerts import judging, marks, rules
from custode.guard.kinds import Verb
from custode.kernel import schedule


def _emptied(facts: Mapping[str, Any]) -> bool:
    """Whether an act of edits emptied many fields; one of cells may have emptied but a few.

    What was emptied before more of it was refused was to be many.
    """
    if facts.get("way") == gathering.WAY or facts.get(gathering.STOPPED):
        return True
    return int(facts.get("emptied") or 0) > int(facts.get("many") or 0)


def _written_over(facts: Mapping[str, Any]) -> bool:
    """Whether an act wrote over cells of prospects, or over fields one by one."""
    return bool(facts.get("cells")) or facts.get("way") == rewriting.WAY


def add() -> None:
    """Have it looked for from now on."""
    # Undoing an import, or a paste, takes objects away like any deletion.
    marks.declare(Verb.DELETE, Verb.UNDO, lambda facts: bool({"taken", "added"} & facts.keys()))
    # Locks put back say that some were out; who acted is not erased unseen.
    marks.declare(rules.WATCH, Verb.ACCOUNT, lambda facts: "locks" in facts)
    marks.declare(rules.WATCH, Verb.ERASE, lambda _facts: True)
    marks.declare(rules.EMPTIED, Verb.CHANGE, _emptied)
    marks.declare(rules.OVERWRITTEN, Verb.CHANGE, _written_over)
    schedule.watch("alerts", judging.look)
