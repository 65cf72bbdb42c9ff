"""A job that failed is tried again a little later, unless it was told no."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any, Final

from django.utils import timezone
from django_tasks.base import TaskResult, TaskResultStatus
from django_tasks_db.models import DBTaskResult

PAUSES: Final = (timedelta(seconds=10), timedelta(minutes=2))
"""How long to wait before the second and the third try."""

FINAL: Final = "custode.kernel.errors."
"""What these errors say does not change by trying again: refused, not valid, gone."""

log = logging.getLogger("custode.jobs")


def again(task_result: TaskResult[Any], **_: Any) -> None:
    """For the signal `task_finished`: put a failed job back, to be done later."""
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
