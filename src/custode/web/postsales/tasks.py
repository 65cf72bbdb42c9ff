"""Views of tasks: add, change, tick, put on standby, delete; on a lead's page and in a list."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.leads import queries as lead_queries
from custode.people.models import User
from custode.postsales import moves, ordering, queries
from custode.postsales.models import Process, State, Task
from custode.postsales.moves import Wanted
from custode.web.leads import moving
from custode.web.postsales import answers, presentation
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell

_BY: Final = {"up": -1, "down": 1}
"""The direction in which a task is moved, by the words of its menu."""


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a task to a process."""
    process = presentation.process_or_404(request, pk)
    lead_moves.require_edit(actor_of(request), process.lead)
    if request.method == "GET":
        owner = process.lead.owner
        return _form(request, process, Task(assignee=owner if owner and owner.is_active else None))
    try:
        moves.add_task(actor_of(request), process, _sent(request, None))
    except Invalid as error:
        return _form(request, process, None, error)
    return answers.done(request, process.lead)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task's text, day, assignee or position."""
    task = presentation.task_or_404(request, pk)
    lead = task.process.lead
    if not lead_queries.visible(actor_of(request)).filter(pk=lead.pk).exists():
        # A refusal would name the lead's owner, whom an assignee need not know.
        raise Http404
    lead_moves.require_edit(actor_of(request), lead)
    if request.method == "GET":
        return _form(request, task.process, task)
    if by := _BY.get(request.POST.get("move", "")):
        ordering.move_task(actor_of(request), task, by)
        return answers.done(request, lead)
    try:
        moves.change_task(actor_of(request), task, _sent(request, task.assignee))
    except Invalid as error:
        return _form(request, task.process, task, error)
    return answers.done(request, task.process.lead)


@require_http_methods(["GET", "POST"])
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a task's status; ask when its standby ends."""
    task = presentation.task_or_404(request, pk)
    if request.method == "GET":
        return _standby(request, task)
    actor, form = actor_of(request), request.POST
    wanted = form.get("status", "")
    try:
        until = _until(request) if wanted == State.STANDBY else (None, None)
        moves.set_state(actor, task, wanted, *until)
    except Invalid as error:
        if wanted != State.STANDBY:
            raise
        return _standby(request, task, error)
    return answers.one_in_list(request, task) if wanted == State.DONE or (
        form.get("untick")
    ) else answers.done(request, task.process.lead)  # fmt: skip


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a task to the trash."""
    task = presentation.task_or_404(request, pk)
    act = door.delete(actor_of(request), [task])
    tell(request, _("“%(task)s” was moved to the trash.") % {"task": task.text}, undo=act.seq)
    return answers.done(request, task.process.lead)


def _sent(request: HttpRequest, now: User | None) -> Wanted:
    """Return a task's values from a form.

    Args:
        now: the present assignee, who may stay even if they have left.

    Raises:
        Invalid: the day is not a date, or the assignee is not in the list.
    """
    form = request.POST
    chosen: User | None = None
    if who := form.get("assignee", ""):
        chosen = now if now and who == str(now.pk) else (
            queries.assignable().filter(pk=whole(who)).first()
        )  # fmt: skip
        if chosen is None:
            raise Invalid(_("Choose somebody from the list."), field="assignee")
    return Wanted(form.get("text", ""), moving.day_of(form.get("due", ""), "due_date"), chosen)


def _until(request: HttpRequest) -> tuple[date | None, time | None]:
    form = request.POST
    day = moving.day_of(form.get("quick") or form.get("remind_date", ""), "remind_date")
    return day, moving.hour_of(form.get("remind_time", ""), "remind_time")


def _form(
    request: HttpRequest, process: Process, task: Task | None, error: Invalid | None = None
) -> HttpResponse:
    form = request.POST
    people = list(queries.assignable())
    if task is not None and task.assignee is not None and task.assignee not in people:
        people.append(task.assignee)
    typed = {
        "text": form.get("text", "") if error else task.text if task else "",
        "due": form.get("due", "") if error else _iso(task),
        "assignee": form.get("assignee", "") if error else _number(task),
    }
    words: dict[str, object] = {
        "lead": process.lead,
        "heading": _("Edit the task") if task and task.pk else _("New task"),
        "under": process.title,
        "send": _("Save"),
        "typed": typed,
        "people": [(str(one.pk), one) for one in people],
        "longest": moves.LONGEST_TEXT,
    }
    return answers.asked(request, "task", words, error)


def _iso(task: Task | None) -> str:
    return task.due_date.isoformat() if task and task.due_date else ""


def _number(task: Task | None) -> str:
    return str(task.assignee_id) if task and task.assignee_id else ""


def _standby(request: HttpRequest, task: Task, error: Invalid | None = None) -> HttpResponse:
    words: dict[str, object] = {
        "lead": task.process.lead,
        "heading": _("Standby: until when?"),
        "under": task.text,
        "send": _("Set standby"),
        "days": moving.standby_days(),
        "typed": {name: request.POST.get(name, "") for name in ("remind_date", "remind_time")},
    }
    return answers.asked(request, "standby", words, error)
