"""The context of an import's page in each of its states."""

from __future__ import annotations

from typing import Any

from custode.exchange.importing import runs
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.web.imports import leftovers
from custode.web.imports.another import another
from custode.web.imports.screens import screen_of

_SHOWN = 50

_STEPS = {
    RunState.READING: 1, RunState.MAPPING: 2, RunState.CHECKING: 3, RunState.CHECKED: 3,
    RunState.RUNNING: 4, RunState.STOPPING: 4, RunState.DONE: 4,
}  # fmt: skip


def context(actor: Actor, run: ImportRun) -> dict[str, Any]:
    """Return the page's context."""
    screen = screen_of(run)
    told: dict[str, Any] = {
        "run": run,
        "states": RunState,
        "screen": screen,
        "step": _step(run),
        "another": another(run),
        "is_mine": run.user_id == actor.user_id,
    }
    if run.state == RunState.CHECKED:
        told |= {"before": runs.same_before(run), **screen.tried(actor, run)}
    if run.refused and run.state == RunState.DONE:
        told["refused"] = list(RefusedRow.objects.filter(run=run).order_by("pk")[:_SHOWN])
    if run.seq is not None:
        told["may_undo"] = policy.may(actor, Verb.DELETE, screen.kind.name)
        told |= screen.came(actor, run)
        # If all that was undone has been restored since, the page is as after the import.
        undone = LogEntry.objects.filter(about=run.seq, verb=Verb.UNDO).exists()
        told["undone"] = undone and told["left"] < run.imported
    if told.get("undone") or run.state in {RunState.FAILED, RunState.ABANDONED}:
        told["made"] = leftovers.of(run)
    return told


def _step(run: ImportRun) -> int:
    """Return the step that the import is at, or the one at which it ended."""
    if run.state not in {RunState.FAILED, RunState.ABANDONED}:
        return _STEPS[RunState(run.state)]
    if run.started_at is not None:
        return _STEPS[RunState.RUNNING]
    return _STEPS[RunState.CHECKING if run.study else RunState.READING]
