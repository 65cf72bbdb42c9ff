"""Processes and tasks as pages show them: on a lead's page, and in a list of tasks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.leads.queries import visible as visible_leads
from custode.postsales import queries, sight, templates
from custode.postsales.models import Process, State, Task
from custode.postsales.queries import Progress
from custode.web.shell.requests import actor_of, user_of


@dataclass(frozen=True, slots=True)
class ShownTask:
    """A task with what the person may do.

    Args:
        may_set: whether the person may set its status.
        may_edit: whether the person may change and delete it, unless a rule forbids that.
        lead: its lead, if the person sees it and the page is not the lead's own.
    """

    it: Task
    may_set: bool
    may_edit: bool
    lead: Lead | None = None

    @property
    def is_done(self) -> bool:
        """Tell whether it is done."""
        return self.it.status == State.DONE

    @property
    def is_overdue(self) -> bool:
        """Tell whether it is overdue, in the person's time zone."""
        due = self.it.due_date
        return self.it.status == State.TODO and due is not None and due < today()


@dataclass(frozen=True, slots=True)
class ShownProcess:
    """A process with its tasks."""

    it: Process
    tasks: list[ShownTask]
    progress: Progress


def on_lead(actor: Actor, lead: Lead, edits: bool) -> dict[str, Any]:
    """Return what a lead's page shows of post-sales, in a constant number of queries.

    Args:
        edits: whether the actor may edit the lead.
    """
    found = []
    for process, tasks in queries.of_lead(lead):
        done = sum(task.status == State.DONE for task in tasks)
        shown = [ShownTask(one, edits or _has(actor, one), edits) for one in tasks]
        found.append(ShownProcess(process, shown, Progress(done, len(tasks))))
    return {
        "processes": found,
        "may_start": edits and not lead.is_open,
        "may_delete_tasks": policy.may(actor, Verb.DELETE, Task.kind.name),
    }


def in_list(actor: Actor, tasks: Iterable[Task]) -> list[ShownTask]:
    """Return tasks of many leads, with what the actor may do, in two more queries."""
    rows = list(tasks)
    ids = [one.process.lead_id for one in rows]
    leads = {one.pk: one for one in visible_leads(actor).filter(pk__in=ids).only("pk", "title")}
    mine = Task.objects.filter(sight.edits_tasks(actor), pk__in=[one.pk for one in rows])
    edited = set(mine.values_list("pk", flat=True))
    return [
        ShownTask(
            one, one.pk in edited or _has(actor, one), one.pk in edited,
            leads.get(one.process.lead_id),
        )
        for one in rows
    ]  # fmt: skip


def offer(request: HttpRequest, lead: Lead, was: str) -> dict[str, Any]:
    """Return the context of the question after Won; empty if the person is not to be asked.

    Args:
        was: the lead's former status.
    """
    won = lead.status == Status.WON and was != lead.status
    if not won or not user_of(request).asks_post_sales or queries.of_lead(lead):
        return {}
    return {"offered_for": lead, "templates": templates.offered_after(lead.status)}


def process_or_404(request: HttpRequest, pk: int) -> Process:
    """Return the process with this number; raise 404 if the person cannot see its lead."""
    found = queries.processes(actor_of(request)).filter(pk=pk)
    process = found.select_related("lead__owner", "lead__step__pipeline").first()
    if process is None or process.lead.trash_id is not None:
        raise Http404
    return process


def task_or_404(request: HttpRequest, pk: int) -> Task:
    """Return the task with this number; raise 404 unless the person sees it or is its assignee."""
    found = queries.tasks(actor_of(request)).filter(pk=pk).select_related(
        "assignee", "process__lead__owner", "process__lead__step__pipeline"
    )  # fmt: skip
    task = found.first()
    if task is None or task.process.trash_id or task.process.lead.trash_id:
        raise Http404
    return task


def url_of(request: HttpRequest, lead: Lead) -> str:
    """Return where a page about a lead's tasks links back to: the lead, if the person sees it."""
    seen = visible_leads(actor_of(request)).filter(pk=lead.pk).exists()
    return f"{reverse('lead', args=[lead.pk])}#lead-processes" if seen else reverse("tasks")


def _has(actor: Actor, task: Task) -> bool:
    return actor.user_id is not None and task.assignee_id == actor.user_id
