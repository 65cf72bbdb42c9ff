"""Enqueue periodic work when it is due: once, however many workers check."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from django.db import transaction
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from custode.jobs import tasks
from custode.jobs.models import Round
from custode.kernel import clock, schedule
from custode.kernel.schedule import Periodic

KEPT_ROUNDS: Final = timedelta(hours=1)
KEPT_JOBS: Final = timedelta(days=14)
"""The time for which finished jobs stay listed."""
KEPT_PERSONAL: Final = timedelta(minutes=1)
"""The same for jobs that carry personal data: enough to put a failed one back."""


def tick() -> int:
    """Enqueue periodic work that is due; return how many."""
    return sum(_tick(periodic) for periodic in schedule.everything())


def _tick(periodic: Periodic) -> bool:
    now = clock.now()
    found = Round.objects.filter(name=periodic.name).first()
    if found is None:
        Round.objects.bulk_create([Round(name=periodic.name, due_at=now)], ignore_conflicts=True)
        return False
    return found.due_at <= now and move_on(found, periodic)


def move_on(found: Round, periodic: Periodic) -> bool:
    """Enqueue the work and set its next time.

    Return False if another worker has already done so.
    """
    with transaction.atomic():
        # Compare and set: of several workers who see that it is due, only one moves it on.
        mine = Round.objects.filter(pk=found.pk, due_at=found.due_at)
        if not mine.update(due_at=clock.now() + periodic.every):
            return False
        tasks.go_round.enqueue(periodic.name)
    return True


def forget_old() -> None:
    """Remove finished jobs from the list: rounds soon, others after two weeks.

    Those that name people go at once: no erasure reaches them.
    """
    done = DBTaskResult.objects.filter(
        status__in=[TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED]
    )
    rounds = done.filter(task_path=tasks.go_round.module_path)
    rounds.filter(finished_at__lt=clock.now() - KEPT_ROUNDS).delete()
    personal = done.filter(task_path__in=schedule.forgotten_soon())
    personal.filter(finished_at__lt=clock.now() - KEPT_PERSONAL).delete()
    done.filter(finished_at__lt=clock.now() - KEPT_JOBS).delete()
