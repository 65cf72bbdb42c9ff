"""Rows arrive in the trash under one entry, and are released or discarded together."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from itertools import islice
from typing import Any, Final

from django.db.models import F
from django.utils.translation import gettext as _

from custode.exchange import folders
from custode.exchange.importing.target import Intake
from custode.exchange.importing.targets import target_of
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.reading import Interpreted, Table
from custode.guard import door, history
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome, TrashEntry, TrashState
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone

CHUNK: Final = 500
"""The number of rows in one transaction, as in the door."""
KEPT_REFUSALS: Final = 10_000
"""The maximum number of refusal reasons stored for one import; all rows are counted."""


class Stopped(Exception):
    """Somebody asked to stop, or another process works on the run."""


def let_in(
    run: ImportRun, actor: Actor, table: Table, progress: Callable[[ImportRun], None]
) -> None:
    """Import the rows from where the run is, then release them all.

    Raises:
        Stopped: the run was stopped; the current chunk was not saved.
        Refused: the user may not import, or not create what the file needs, any more.
    """
    target = target_of(run)
    if not run.user.is_active:
        why = _("This user has been disabled.")
        door.refuse(actor, Verb.IMPORT, target.kind.name, why, because="disabled")
    intake = target.intake(run, actor, table)
    entry = _entry(run, actor, intake)
    if entry.state == TrashState.ARRIVING:
        rows = islice(intake.rows(), run.read, None)
        while chunk := list(islice(rows, CHUNK)):
            _arrive(run, actor, entry, chunk, intake)
            progress(run)
        door.finish_import(
            actor, entry, details={"run": run.pk, "rows": run.read, "refused": run.refused}
        )
    _done(run, entry)
    intake.is_over()


def _entry(run: ImportRun, actor: Actor, intake: Intake) -> TrashEntry:
    """Return the trash entry of the rows; that of an interrupted run is found again.

    If two processes start simultaneously, one entry remains: the later one's is given up.
    """
    if run.entry_id is not None:
        return TrashEntry.objects.get(pk=run.entry_id)
    found = _orphan(run, actor) or door.begin_import(
        actor,
        intake.root.name,
        details={"run": run.pk},
        labels=[run.name, *filter(None, [intake.into])],
    )
    if ImportRun.objects.filter(pk=run.pk, entry_id=None).update(entry_id=found.pk):
        run.entry_id = found.pk
        return found
    kept = TrashEntry.objects.get(pk__in=ImportRun.objects.filter(pk=run.pk).values("entry_id"))
    run.entry_id = kept.pk
    if kept != found:
        why = _("It was started twice, and the other one continues.")
        with suppress(Gone):
            door.abandon_import(Actor.system(run.account_id, "import"), found, reason=why)
    return kept


def _orphan(run: ImportRun, actor: Actor) -> TrashEntry | None:
    """Return an entry that was created for this run just before its process was killed."""
    begun = TrashEntry.objects.filter(
        state=TrashState.ARRIVING, actor_kind=actor.kind.value, actor_id=actor.id,
        at__gte=run.created_at,
    )  # fmt: skip
    for entry in begun:
        noted = LogEntry.objects.get(seq=entry.seq)
        if json.loads(noted.details).get("run") == run.pk:
            return entry
    return None


def _arrive(
    run: ImportRun, actor: Actor, entry: TrashEntry, chunk: list[Interpreted[Any]], intake: Intake
) -> None:
    """Save one chunk in one transaction: its rows, its refusals and the progress."""
    drafts = [row.draft for row in chunk if row.draft is not None]
    refusals = [
        RefusedRow(
            account_id=run.account_id, run=run, line=row.line, column=refusal.column[:200],
            value=refusal.value[:200].replace("\x00", ""),
            reason=refusal.reason.replace("\x00", ""),
        )
        for row in chunk
        for refusal in row.refusals
    ]  # fmt: skip
    room = max(0, KEPT_REFUSALS - run.refused)
    with door.import_chunk(actor, entry):
        _advance(run, len(chunk), len(drafts))
        things = intake.arrive(entry, drafts)
        history.write(
            history.line(actor, thing, history.CREATED, None, None, seq=entry.seq)
            for thing in things
        )
        RefusedRow.objects.bulk_create(refusals[:room])
    run.refresh_from_db(fields=["read", "imported", "refused", "tries"])


def _advance(run: ImportRun, rows: int, come: int) -> None:
    """Save the progress, unless somebody stopped the run or another process was faster."""
    here = ImportRun.objects.filter(pk=run.pk, state=RunState.RUNNING, read=run.read)
    moved = here.update(
        read=F("read") + rows, imported=F("imported") + come, refused=F("refused") + rows - come,
        tries=0,
    )  # fmt: skip
    if not moved:
        raise Stopped


def note_end(run: ImportRun) -> bool:
    """Record the end of a run, if the rows were released but the process was killed before this.

    Returns:
        Whether the rows were released; then nothing else is to be done.
    """
    out = TrashEntry.objects.filter(pk=run.entry_id or 0, state=TrashState.RESTORED).first()
    if out is not None:
        _done(run, out)
    return out is not None


def _done(run: ImportRun, entry: TrashEntry) -> None:
    end = LogEntry.objects.get(about=entry.seq, verb=Verb.IMPORT, outcome=Outcome.DONE)
    run.state, run.seq, run.finished_at = RunState.DONE, end.seq, clock.now()
    _close(run, "seq")


def give_up(run: ImportRun, actor: Actor, state: RunState, why: str) -> None:
    """End an unfinished run: remove what arrived, which nobody ever saw."""
    run.refresh_from_db()
    if not run.is_under_way:
        return
    entry = (
        TrashEntry.objects.get(pk=run.entry_id) if run.entry_id is not None else _orphan(run, actor)
    )
    if entry is not None and entry.state == TrashState.RESTORED:
        # Another process has just released the rows, and is about to record it.
        return
    system = Actor.system(run.account_id, "import")
    if entry is not None and entry.state == TrashState.ARRIVING:
        # Another process may have been here first: then it is gone already.
        with suppress(Gone):
            door.abandon_import(system, entry, reason=why)
    target_of(run).give_back(run, system)
    run.state, run.why, run.imported, run.finished_at = state, why, 0, clock.now()
    _close(run, "why", "imported")


def _close(run: ImportRun, *changed: str) -> None:
    folders.remove(folders.IMPORTS, run.token)
    run.token = ""
    run.save(update_fields=["state", "finished_at", "token", *changed])
