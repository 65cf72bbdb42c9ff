"""Ordering the tasks of a process."""

from __future__ import annotations

from django.db import transaction

from custode.guard import history
from custode.kernel.actor import Actor
from custode.leads import moves as lead_moves
from custode.postsales.models import Task


def move_task(actor: Actor, task: Task, by: int) -> None:
    """Swap a task with the one before it (-1) or after it (1) in its process.

    At the end it stays where it is.

    Raises:
        Refused: the lead belongs to somebody else.
        Gone: the task has been moved to the trash in the meantime.
    """
    process = task.process
    with transaction.atomic():
        # The lead first, as when it is deleted, so that no deadlock can arise.
        history.hold(process.lead)
        history.hold(process)
        history.hold(task)
        lead_moves.require_edit(actor, process.lead)
        tasks = list(Task.objects.filter(process=process).order_by("position", "pk"))
        at = [one.pk for one in tasks].index(task.pk)
        to = at + by
        if not 0 <= to < len(tasks):
            return
        tasks[at], tasks[to] = tasks[to], tasks[at]
        for place, one in enumerate(tasks):
            one.position = place
        Task.objects.bulk_update(tasks, ["position"])
