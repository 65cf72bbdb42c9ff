"""Routes of post-sales processes on closed leads, and of their tasks."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import AliasChoices, Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import not_found, or_404
from custode.api.v2 import params
from custode.api.v2.leads import seen
from custode.api.v2.shapes import follow_ups as shapes
from custode.guard import emptying, reach
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.postsales import moves, queries, templates
from custode.postsales.models import State, Task

router = Router(tags=["Post-sales"])

_FIELDS: Final = {"title": "text", "due_date": "due_date", "user_id": "assignee"}
"""The fields that `moves.change_task` changes, by their names here."""


class FollowUpsAsked(params.Directed):
    """The filter of processes."""

    lead_id: params.MaybeNumber = Field(None, description="Only processes of this lead.")


class PostSalesTemplate(params.Given):
    """The template of a new process."""

    post_sales_template_id: params.Text = Field(description="A template's number or name.")


class TaskEdit(params.Given):
    """Changes to a task; fields left out stay unchanged."""

    status: params.Text | None = Field(None, description="`todo`, `standby` or `done`.")
    remind_date: params.Text | None = Field(
        None,
        description="When its standby ends; a task that has an hour keeps it. `reminder_date` and "
        "`reminder` are accepted too.",
        validation_alias=AliasChoices("remind_date", "reminder_date", "reminder"),
    )
    title: params.Text | None = Field(
        None, validation_alias=AliasChoices("title", "name", "content")
    )
    due_date: params.Text | None = None
    user_id: params.Who | None = Field(
        None, description="Who is to do it: a user's number or e-mail address."
    )


@router.get("/follow_ups", response=list[shapes.FollowUp], summary="List post-sales processes")
def find(request: HttpRequest, wanted: Query[FollowUpsAsked]) -> HttpResponse:
    """Return the processes on leads that the caller can see, in the order in which they began."""
    rows = queries.processes(actor_of(request))
    if wanted.lead_id is not None:
        rows = rows.filter(lead=wanted.lead_id)
    ordered = rows.select_related("lead").order_by("-pk" if wanted.direction == "desc" else "pk")
    page = wanted.page(ordered)
    return answer(shapes.many(page), total=rows.count())


@router.put(
    "/follow_ups/{id:pk}/tasks/{id:tid}", response=shapes.TaskShape, summary="Change a task"
)
def change_task(request: HttpRequest, pk: int, tid: int, given: TaskEdit) -> HttpResponse:
    """Change a task. Its assignee may set its status; the rest needs the right to edit the lead.

    Whoever cannot see the lead is answered 404 to the rest, as if the task were not there.
    """
    actor = actor_of(request)
    task = _task(actor, pk, tid)
    changes = bool(_FIELDS.keys() & given.model_fields_set)
    if changes and not reach.sees(actor, task.process.lead):
        # A refusal would name the lead's owner, whom an assignee need not know.
        raise not_found()
    with emptying.watching(actor):
        # The status first: it locks the lead before the task, as deleting does.
        _set_state(actor, task, given)
        if changes:
            _change(actor, task, given)
    return answer(shapes.task_shape(_fresh(tid)))


@router.post(
    "/leads/{id:pk}/follow_ups/create_from_template",
    response={201: shapes.FollowUp},
    summary="Start a post-sales process",
)
def create_from_template(request: HttpRequest, pk: int, given: PostSalesTemplate) -> HttpResponse:
    """Start a post-sales process on a closed lead, with the template's tasks."""
    actor = actor_of(request)
    lead, told = seen(actor, pk), given.post_sales_template_id
    template = params.template_named(templates.offered(), told, "post_sales_template_id")
    made = moves.start(actor, lead, template=template)
    return answer(shapes.many([made])[0], status=201)


def _task(actor: Actor, process: int, pk: int) -> Task:
    rows = queries.tasks(actor).select_related("process__lead", "assignee")
    return or_404(rows.filter(pk=pk, process=process).first())


def _fresh(pk: int) -> Task:
    """Reload a task for the caller who has just changed it, even if they can no longer see it."""
    return Task.objects.get(pk=pk)


def _set_state(actor: Actor, task: Task, given: TaskEdit) -> None:
    until = params.day(given.remind_date, "remind_date")
    state = (given.status or "").strip().lower()
    if not state and until is not None:
        state = State.STANDBY.value
    if state:
        moves.set_state(actor, task, state, until or moves.KEPT)


def _change(actor: Actor, task: Task, given: TaskEdit) -> None:
    """Change the fields that are given, and none that somebody else may be changing."""
    named = {_FIELDS[name] for name in given.model_fields_set if name in _FIELDS}
    if given.title is None:
        named.discard("text")
    due, who = params.day(given.due_date, "due_date"), _assignee(given.user_id)
    moves.change_task(actor, task, moves.Wanted(given.title or "", due, who), only=named)


def _assignee(who: str | None) -> User | None:
    if who is None or not who.strip():
        return None
    found = params.user_named(who)
    if found is None:
        raise params.no_user(who)
    return found
