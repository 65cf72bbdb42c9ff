"""A job belongs to its worker only as long as the worker proves that it is alive.

The idea is the visibility timeout of message queues. All times are the database's, so that hosts
with different clocks agree.
"""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from django.db.models.functions import Now
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.jobs.models import Beat

MOST_DEATHS: Final = 10
"""The number of workers that may die while running a job before it is given up."""

log = logging.getLogger("custode.jobs")


def beat(worker: str) -> None:
    """Record that this worker is alive."""
    if not Beat.objects.filter(worker=worker).update(at=Now()):
        Beat.objects.create(worker=worker, at=Now())


def leave(worker: str) -> None:
    """Record that this worker ends; its unfinished jobs are requeued at once."""
    Beat.objects.filter(worker=worker).delete()


def bring_back(lease: timedelta) -> int:
    """Requeue the jobs of dead workers.

    Args:
        lease: how long a worker may be silent before it counts as dead.

    Returns:
        How many jobs were requeued (or given up).
    """
    Beat.objects.filter(at__lt=Now() - 20 * lease).delete()
    # First the jobs, then the workers: a worker that comes up in between has none of these jobs.
    running = list(DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING))
    alive = set(Beat.objects.filter(at__gte=Now() - lease).values_list("worker", flat=True))
    returned = 0
    for job in running:
        if job.worker_ids and job.worker_ids[-1] in alive:
            continue
        # Compare and set: whoever took it up in the meantime has written another start time.
        mine = DBTaskResult.objects.filter(
            pk=job.pk, status=TaskResultStatus.RUNNING, started_at=job.started_at
        )
        returned += mine.update(**_next(job))
    return returned


def _next(job: DBTaskResult[..., object]) -> dict[str, object]:
    if len(job.worker_ids) < MOST_DEATHS:
        log.warning("The worker of job %s (%s) died: it begins again.", job.pk, job.task_path)
        return {"status": TaskResultStatus.READY, "started_at": None}
    log.error("Job %s (%s) is given up: its workers died.", job.pk, job.task_path)
    return {
        "status": TaskResultStatus.FAILED,
        "finished_at": timezone.now(),
        "exception_class_path": "custode.jobs.lease.WorkerDied",
        "traceback": f"Its worker died {len(job.worker_ids)} times.",
    }


class WorkerDied(Exception):
    """The reason why a job was given up that no worker could finish."""
