"""The shapes of a post-sales process and its tasks."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from typing import Any

from django.utils import timezone
from ninja import Schema
from pydantic import Field

from custode.guard import scraping
from custode.kernel.clock import iso
from custode.leads.models import Lead
from custode.leads.pages import tags_of
from custode.postsales.models import Process, State, Task


class TaskShape(Schema):
    """A task."""

    id: int
    follow_up_id: int
    title: str
    status: str = Field(description="`todo`, `standby` or `done`.")
    position: int
    user_id: int | None
    due_date: str | None
    remind_date: str | None = Field(description="When its standby ends.")
    done_at: str | None
    created_at: str
    updated_at: str


class FollowUp(Schema):
    """A post-sales process."""

    id: int
    title: str
    description: str
    status: str = Field(
        description="`done` if all tasks are, `standby` if the others are on standby, else `todo`."
    )
    lead_id: int
    user_id: int | None = Field(description="The lead's owner.")
    tags: list[str] = Field(description="The lead's tags.")
    next_action_at: str | None = Field(description="When the next task is due.")
    tasks_count: int
    tasks_done_count: int
    tasks: list[TaskShape]
    created_at: str
    updated_at: str


def many(processes: Iterable[Process]) -> list[dict[str, Any]]:
    """Return processes, read with their leads: one query for all tasks, one for the leads' tags."""
    found = list(processes)
    tasks: dict[int, list[Task]] = {one.pk: [] for one in found}
    if not found:
        return []
    for task in Task.objects.filter(process__in=list(tasks)).order_by("position", "pk"):
        tasks[task.process_id].append(task)
    leads = [one.lead_id for one in found]
    scraping.tell(Lead.kind.name, leads)
    tags = tags_of(leads)
    return [_shape(one, tasks[one.pk], tags.get(one.lead_id, [])) for one in found]


def _shape(one: Process, tasks: list[Task], tags: list[str]) -> dict[str, Any]:
    days = [task.due_date for task in tasks if task.status != State.DONE and task.due_date]
    return {
        "id": one.pk,
        "title": one.title,
        "description": "",
        "status": _status({task.status for task in tasks}),
        "lead_id": one.lead_id,
        "user_id": one.lead.owner_id,
        "tags": tags,
        "next_action_at": (
            iso(timezone.make_aware(datetime.combine(min(days), time()))) if days else None
        ),
        "tasks_count": len(tasks),
        "tasks_done_count": sum(task.status == State.DONE for task in tasks),
        "tasks": [task_shape(task) for task in tasks],
        "created_at": iso(one.created_at),
        "updated_at": iso(max([one.updated_at, *(task.updated_at for task in tasks)])),
    }


def _status(states: set[str]) -> str:
    if states == {State.DONE}:
        return State.DONE.value
    left = states - {State.DONE}
    return State.STANDBY.value if left == {State.STANDBY} else State.TODO.value


def task_shape(one: Task) -> dict[str, Any]:
    """Return a task."""
    return {
        "id": one.pk,
        "follow_up_id": one.process_id,
        "title": one.text,
        "status": one.status,
        "position": one.position,
        "user_id": one.assignee_id,
        "due_date": one.due_date,
        "remind_date": one.remind_date,
        "done_at": iso(one.done_at),
        "created_at": iso(one.created_at),
        "updated_at": iso(one.updated_at),
    }
