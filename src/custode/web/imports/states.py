"""What the page of one import shows in each of its states."""

from __future__ import annotations

from collections import Counter
from typing import Any

from custode.exchange.importing import runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.owners import question
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.guard import policy
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import queries
from custode.leads.models import Lead, Status
from custode.web.imports import leftovers
from custode.web.shell import words

_SHOWN = 50

_STEPS = {
    RunState.READING: 1, RunState.MAPPING: 2, RunState.CHECKING: 3, RunState.CHECKED: 3,
    RunState.RUNNING: 4, RunState.STOPPING: 4, RunState.DONE: 4, RunState.FAILED: 4,
    RunState.ABANDONED: 4,
}  # fmt: skip


def context(actor: Actor, run: ImportRun) -> dict[str, Any]:
    """The words of the page."""
    told: dict[str, Any] = {
        "run": run,
        "states": RunState,
        "step": _STEPS[RunState(run.state)],
        "is_mine": run.user_id == actor.user_id,
    }
    if run.state == RunState.CHECKED:
        told |= _checked(actor, run)
    if run.refused and run.state == RunState.DONE:
        told["refused"] = list(RefusedRow.objects.filter(run=run).order_by("pk")[:_SHOWN])
    if run.seq is not None:
        told["undone"] = LogEntry.objects.filter(about=run.seq, verb=Verb.UNDO).exists()
        told["may_undo"] = policy.may(actor, Verb.DELETE, Lead.kind.name)
        told["left"] = queries.visible(actor).filter(arrived=run.entry_id).count()
    if told.get("undone") or run.state in {RunState.FAILED, RunState.ABANDONED}:
        told["made"] = leftovers.of(run)
    return told


def _checked(actor: Actor, run: ImportRun) -> dict[str, Any]:
    told = Forecast.from_dict(run.forecast)
    statuses, counts = dict(Status.choices), Counter[str]()
    for code, rows in told.statuses.items():
        counts[code or Status.TODO] += rows
    found: dict[str, Any] = {
        "told": told,
        "statuses": [(statuses[code], rows) for code, rows in counts.most_common()],
        "totals": [words.money(minor, code) for code, minor in told.totals.most_common(5)],
        "refusals": [
            {"line": line, "column": column, "value": value, "reason": reason}
            for line, column, value, reason in told.refusals
        ],
        "before": runs.same_before(run),
    }
    try:
        needed = needs(told, Names.load(actor), Choices(**run.choices))
    except Invalid as error:
        return {**found, "mistake": str(error)}
    return {
        **found,
        "needed": needed,
        "unassigned": sum(needed.unassigned.values()),
        "elsewhere": sum(needed.elsewhere.values()),
        "mistake": question(needed.asked) if needed.asked else "",
        "not_allowed": needed.of_admins and not actor.is_admin,
    }
