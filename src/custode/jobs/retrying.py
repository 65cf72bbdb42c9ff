"""Retry a failed job a little later, unless it was refused."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks_db.models import DBTaskResult

PAUSES: Final = (timedelta(seconds=10), timedelta(minutes=2))
"""The delays before the second and the third attempt."""

FINAL: Final = "custode.kernel.errors."
"""The module of errors that a retry would not change: refused, not valid, gone."""

log = logging.getLogger("custode.jobs")


def again(task_result: TaskResult[Any], **_: Any) -> None:
    """Requeue a failed job for later; a receiver of the signal `task_finished`."""
    if task_result.status != TaskResultStatus.FAILED:
        return
    job = DBTaskResult.objects.get(pk=task_result.id)
    tries = len(job.worker_ids)
    if tries > len(PAUSES) or job.exception_class_path.startswith(FINAL):
        log.error("Job %s (%s) failed: %s", job.pk, job.task_path, job.traceback)
        return
    pause = PAUSES[tries - 1]
    log.warning("Job %s (%s) failed; again in %s.", job.pk, job.task_path, pause)
    DBTaskResult.objects.filter(pk=job.pk, status=TaskResultStatus.FAILED).update(
        status=TaskResultStatus.READY, finished_at=None, run_after=timezone.now() + pause
    )
