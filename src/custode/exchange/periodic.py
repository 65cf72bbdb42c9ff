"""What the exchange layer does again and again in every account."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from custode.exchange import exporting, folders, tasks
from custode.exchange.importing import runs
from custode.exchange.models import ExportFile, FileState
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic

_FORGOTTEN: Final = timedelta(minutes=15)


def add() -> None:
    """Have it done from now on."""
    schedule.add(Periodic("removal of expired files", timedelta(hours=1), remove_expired))
    schedule.add(Periodic("exports that wait", timedelta(minutes=5), resume_exports))


def remove_expired(_system: Actor) -> None:
    """Remove exported files whose days are over, uploads that nobody went on with, and halves."""
    exporting.expire()
    runs.forget_unused()
    for folder in (folders.EXPORTS, folders.IMPORTS):
        folders.sweep(folder)


def resume_exports(_system: Actor) -> None:
    """Ask again for files that were never begun: a process died before it enqueued the job."""
    waiting = ExportFile.objects.filter(
        state=FileState.WAITING, created_at__lt=clock.now() - _FORGOTTEN
    )
    for file in waiting:
        tasks.make_export.enqueue(file.account_id, file.pk)
