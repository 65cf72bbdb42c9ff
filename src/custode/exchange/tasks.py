"""The jobs of files in and out; each can safely run again after its process was killed."""

from __future__ import annotations

from django_tasks import task

from custode.exchange import claims, making
from custode.exchange.evidence import checking
from custode.exchange.importing import job
from custode.kernel import clock


@task()
def make_export(account_id: int, pk: int) -> None:
    """Make the file of an export, or check later whether another job has succeeded."""
    if not making.make(account_id, pk):
        later = make_export.using(run_after=clock.now() + claims.LEASE)
        later.enqueue(account_id, pk)


@task()
def work_on_import(account_id: int, pk: int) -> None:
    """Read, try or import the file of a run, whatever is next."""
    job.work(account_id, pk)


@task()
def check_log(account_id: int, pk: int) -> None:
    """Check the log, or look again later whether another job has succeeded."""
    if not checking.work(account_id, pk):
        later = check_log.using(run_after=clock.now() + checking.LEASE)
        later.enqueue(account_id, pk)
