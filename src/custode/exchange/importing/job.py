"""The job for an incoming file: reads it, tries it, and imports it.

Importing goes chunk by chunk. The progress is saved in the same transaction as the rows of each
chunk, so that a run that continues after a crash neither duplicates nor loses a row.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Final
from zoneinfo import ZoneInfo

from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.exchange import folders
from custode.exchange.importing import arrival
from custode.exchange.importing.studies import Study
from custode.exchange.importing.targets import target_of
from custode.exchange.models import ImportRun, RunState
from custode.exchange.reading import Table, open_table
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance, Origin
from custode.kernel.errors import CustodeError, Gone, Invalid

TRIES: Final = 3
"""How often the work may be interrupted without progress before it is given up."""

logger = logging.getLogger(__name__)
Progress = Callable[[ImportRun], None]


def _untold(_run: ImportRun) -> None:
    """Ignore the progress."""


def work(account_id: int, pk: int, *, progress: Progress = _untold) -> None:
    """Do what the run's state requires; nothing when a person has to act.

    Args:
        progress: called after each chunk.
    """
    with scope.account(account_id):
        run = ImportRun.objects.select_related("user").filter(pk=pk).first()
        if run is None or not run.is_under_way or arrival.note_end(run):
            return
        actor = actor_of(run)
        zone = ZoneInfo(run.user.time_zone)
        with translation.override(run.user.language), timezone.override(zone):
            _work(run, actor, progress)


def actor_of(run: ImportRun) -> Actor:
    """Return the user who uploaded the file as an actor, with their present rights."""
    return run.user.actor(Entrance(run.entrance), Origin(**run.origin))


def _work(run: ImportRun, actor: Actor, progress: Progress) -> None:
    run.tries += 1
    run.save(update_fields=["tries"])
    try:
        if run.tries > TRIES:
            raise Gone(
                _(
                    "The work was cut off several times. Upload the file again, or ask your"
                    " operator."
                )
            )
        if run.state == RunState.READING:
            read(run, actor)
        elif run.state == RunState.CHECKING:
            check(run, actor)
        elif run.state == RunState.STOPPING:
            arrival.give_up(run, actor, RunState.ABANDONED, _("It was stopped."))
        else:
            arrival.let_in(run, actor, table_of(run), progress)
    except arrival.Stopped:
        run.refresh_from_db()
        if run.state == RunState.STOPPING:
            arrival.give_up(run, actor, RunState.ABANDONED, _("It was stopped."))
    except CustodeError as no:
        arrival.give_up(run, actor, RunState.FAILED, str(no))
    except Exception:
        if run.tries < TRIES:
            raise
        logger.exception("Import %s failed for the last time", run.pk)
        why = _("The file could not be taken in. Upload it again, or ask your operator.")
        arrival.give_up(run, actor, RunState.FAILED, why)


def table_of(run: ImportRun) -> Table:
    """Return the file as a table; raise `Gone` when it no longer exists."""
    path = folders.path_of(folders.IMPORTS, run.token) if run.token else None
    if path is None or not path.is_file():
        raise Gone(_("The file is no longer here. Upload it again."))
    return open_table(path)


def read(run: ImportRun, actor: Actor) -> None:
    """Study the file and propose a mapping of its columns."""
    table = table_of(run)
    told = Study.of(table)
    run.study, run.expected = told.as_dict(), told.expected
    target_of(run).propose(run, actor, table, told)
    _to(run, RunState.MAPPING, "study", "expected", "mapping", "choices")


def check(run: ImportRun, actor: Actor) -> None:
    """Try the whole file; questions for a person send it back to be mapped."""
    try:
        run.why = target_of(run).try_whole(run, actor, table_of(run))
    except Invalid as no:
        run.why = str(no)
        _to(run, RunState.MAPPING, "why")
        return
    state = RunState.MAPPING if run.why else RunState.CHECKED
    _to(run, state, "forecast", "expected", "why")


def _to(run: ImportRun, state: RunState, *changed: str) -> None:
    """Hand the run to the person, unless it has moved on in the meantime."""
    before, run.state, run.tries = run.state, state, 0
    told = {name: getattr(run, name) for name in ("state", "tries", *changed)}
    if not ImportRun.objects.filter(pk=run.pk, state=before).update(**told):
        run.refresh_from_db()
