"""Views of tasks: add, change, tick, put on standby, delete; on a lead's page and in a list."""

from __future__ import annotations

from datetime import date, time
from typing import Final

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import formats
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door, history
from custode.guard.models import Change
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, Overtaken
from custode.leads import moves as lead_moves
from custode.leads import queries as lead_queries
from custode.people.models import User
from custode.postsales import moves, ordering, queries, reading
from custode.postsales.models import Process, State, Task
from custode.postsales.moves import Wanted
from custode.web.leads import moving
from custode.web.postsales import answers, presentation
from custode.web.shell import overtaken
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell

_BY: Final = {"up": -1, "down": 1}
"""The direction in which a task is moved, by the words of its menu."""
_NAMES: Final = {"text": "text", "due_date": "due", "assignee": "assignee"}
"""The names of a task's fields in its form."""


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

    def look(now: Task) -> None:
        """Raise `Overtaken` if the task has changed since its form was opened."""
        if request.POST.get("was") not in {None, _was(now)}:
            raise Overtaken(overtaken.by(_written(now)), field="text")

    try:
        moves.change_task(actor_of(request), task, _sent(request, task.assignee), look=look)
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
    # Ticked, or unticked again: the row in a list of tasks is drawn anew, not the lead's page.
    if wanted == State.DONE or form.get("untick"):
        return answers.one_in_list(request, task)
    return answers.done(request, task.process.lead)


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


def _until(request: HttpRequest) -> tuple[date | None, time | moves.Kept | None]:
    form = request.POST
    day = moving.day_of(form.get("quick") or form.get("remind_date", ""), "remind_date")
    if "remind_time" not in form:
        return day, moves.KEPT
    return day, moving.hour_of(form["remind_time"], "remind_time")


def _form(
    request: HttpRequest, process: Process, task: Task | None, error: Invalid | None = None
) -> HttpResponse:
    form = request.POST
    people = list(queries.assignable())
    if task is not None and task.assignee is not None and task.assignee not in people:
        people.append(task.assignee)
    kept = _typed(task or Task())
    typed = {name: form.get(_NAMES[name], "") for name in kept} if error else kept
    wrong = {error.field: str(error)} if error else {}
    if task and isinstance(error, Overtaken):
        wrong = overtaken.beside(error, typed, kept, _shown_as(task))
    was = _was(task) if task and task.pk else ""
    if error and not isinstance(error, Overtaken):
        # Another mistake comes first: what has changed in the meantime was not shown yet.
        was = form.get("was", "")
    words: dict[str, object] = {
        "lead": process.lead,
        "heading": _("Edit the task") if task and task.pk else _("New task"),
        "under": process.title,
        "send": _("Save"),
        "typed": typed,
        "wrong": wrong,
        "was": was,
        "people": [(str(one.pk), one) for one in people],
        "longest": reading.LONGEST_TEXT,
    }
    return answers.asked(request, "task", words, error)


def _typed(task: Task) -> dict[str, str]:
    """Return what stands in the form of a task, by the task's fields."""
    return {
        "text": task.text,
        "due_date": task.due_date.isoformat() if task.due_date else "",
        "assignee": str(task.assignee_id or ""),
    }


def _shown_as(task: Task) -> dict[str, str]:
    """What stands in the fields, where people read something else than the form sends."""
    day = task.due_date
    return {
        "due_date": formats.date_format(day, "SHORT_DATE_FORMAT") if day else "",
        "assignee": str(task.assignee) if task.assignee else _("Nobody"),
    }


def _was(task: Task) -> str:
    """Return a fingerprint that shows whether a task has changed since its form was opened."""
    return overtaken.fingerprint(_typed(task))


def _written(task: Task) -> QuerySet[Change]:
    """What the history tells of what the form holds, the latest first."""
    return history.of(task).filter(field__in=moves.FIELDS)


def _standby(request: HttpRequest, task: Task, error: Invalid | None = None) -> HttpResponse:
    held = {"remind_date": "", "remind_time": ""}
    if task.remind_time:
        held["remind_time"] = f"{task.remind_time:%H:%M}"
    if task.status == State.STANDBY and task.remind_date:
        held["remind_date"] = task.remind_date.isoformat()
    words: dict[str, object] = {
        "lead": task.process.lead,
        "heading": _("Standby: until when?"),
        "under": task.text,
        "send": _("Set standby"),
        "days": moving.standby_days(),
        "typed": {name: request.POST.get(name, "") for name in held} if error else held,
    }
    return answers.asked(request, "standby", words, error)
