"""The periodic jobs of the exchange layer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any, Final

from django.db.models import QuerySet
from django.db.models.functions import Now

from custode.exchange import claims, exporting, folders, tasks
from custode.exchange.evidence import mailing
from custode.exchange.importing import runs, strays
from custode.exchange.models import ExportFile, FileState, ImportRun
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic

_FORGOTTEN: Final = timedelta(minutes=15)


def add() -> None:
    """Register the jobs."""
    schedule.add(Periodic("removal of expired files", timedelta(hours=1), remove_expired))
    schedule.add(Periodic("exports that wait", timedelta(minutes=5), resume_exports))
    schedule.add(Periodic("checkpoints of the log", timedelta(hours=1), mailing.mail_due))


def remove_expired(system: Actor) -> None:
    """Remove expired exports, abandoned uploads, and what was left half done.

    That is files that no row names, and rows that arrived for an import that no longer exists.
    """
    exporting.expire()
    runs.forget_unused()
    strays.end(system)
    with scope.everywhere("the folders of files are everybody's"):
        for folder, model in ((folders.EXPORTS, ExportFile), (folders.IMPORTS, ImportRun)):
            folders.clear(folder, partial(_named, model))


def _named(model: type[ExportFile | ImportRun], tokens: Sequence[str]) -> set[str]:
    found: QuerySet[Any] = model._base_manager.filter(token__in=tokens)
    return set(found.values_list("token", flat=True))


def resume_exports(_system: Actor) -> None:
    """Request again files that nobody works on: a process died before it enqueued the job.

    Or the job was given up with its workers.
    """
    forgotten = ExportFile.objects.filter(
        claims.silent_for(_FORGOTTEN),
        state__in=[FileState.WAITING, FileState.WRITING],
        created_at__lt=clock.now() - _FORGOTTEN,
    )
    for file in forgotten:
        waits = ExportFile.objects.filter(
            pk=file.pk, state=FileState.WAITING, alive_at=file.alive_at
        )
        # However long the queue is, this adds one more job, not one more in every round.
        if waits.update(alive_at=Now()) or file.state == FileState.WRITING:
            tasks.make_export.enqueue(file.account_id, file.pk)
