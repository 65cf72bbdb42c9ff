"""The pages of the account's post-sales templates: name them, fill them with tasks, retire them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.postsales import queries, templates
from custode.postsales.models import ProcessTemplate, TemplateTask, Who
from custode.postsales.reading import LONGEST_TEXT, LONGEST_TITLE
from custode.web.account.ordering import asked_order, panel_admin
from custode.web.shell.requests import admit
from custode.web.shell.toasts import tell


@dataclass(slots=True)
class Line:
    """A task of a template as the page shows it; `one` is None in the form of a new one.

    Args:
        where: the form that contains it.
        typed: the contents of the fields: `text`, `days`, `assignee`.
        mistakes: what is wrong with each field.
        focus: the control that the person has just used: `up`, `down`, `text`, or "".
    """

    one: TemplateTask | None
    where: str
    typed: Mapping[str, str]
    mistakes: Mapping[str, str] = field(default_factory=dict)
    is_first: bool = False
    is_last: bool = False
    focus: str = ""


@require_http_methods(["GET", "POST"])
def templates_page(request: HttpRequest) -> HttpResponse:
    """Show all templates and the form of a new one; a POST creates it, without tasks."""
    actor = panel_admin(request)
    mistake, name = "", request.POST.get("name", "")
    if request.method == "POST":
        try:
            made = templates.create(actor, name)
        except Invalid as error:
            mistake = str(error)
        else:
            return redirect("process_template", made.pk)
    rows = ProcessTemplate.objects.annotate(n=Count("tasks")).order_by("name", "pk")
    words = {
        "tab": "post-sales",
        "lines": sorted(rows, key=lambda one: one.retired_at is not None),
        "name": name,
        "mistake": mistake,
        "longest": LONGEST_TITLE,
    }
    return render(request, "postsales/templates.html", words, status=422 if mistake else 200)


@require_http_methods(["GET", "POST"])
def template(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a template with its tasks; a POST renames it."""
    actor, one = panel_admin(request), get_object_or_404(ProcessTemplate, pk=pk)
    if request.method == "GET":
        return _page(request, one)
    name = request.POST.get("name", "")
    try:
        templates.rename(actor, one, name)
    except Invalid as error:
        one.refresh_from_db()
        return _page(request, one, name=name, mistake=str(error))
    tell(request, _("Saved."))
    return redirect("process_template", pk)


@require_POST
def retire(request: HttpRequest, pk: int) -> HttpResponse:
    """Stop offering a template, or offer it again."""
    off = request.POST.get("on") != "1"
    found = ProcessTemplate.objects.filter(pk=pk).first()
    tried = Attempt(
        0, {"field": templates.TEMPLATE, "back": not off}, [found.name] if found else []
    )
    actor, one = admit(request, Verb.RETIRE, tried), get_object_or_404(ProcessTemplate, pk=pk)
    act = templates.retire(actor, one, off)
    said = _("“%(name)s” is no longer available.") if off else _("“%(name)s” is available again.")
    tell(request, said % {"name": one}, undo=act.seq)
    return redirect("process_templates")


@require_POST
def add_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a task at the end of a template."""
    panel_admin(request)
    one = get_object_or_404(ProcessTemplate, pk=pk)
    return _save(request, TemplateTask(template=one), "new")


@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a task's text, day or assignee."""
    panel_admin(request)
    found = get_object_or_404(TemplateTask.objects.select_related("template"), pk=pk)
    return _save(request, found, f"task-{pk}")


@require_POST
def remove_task(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a task from its template."""
    actor = panel_admin(request)
    found = get_object_or_404(TemplateTask.objects.select_related("template"), pk=pk)
    templates.remove_task(actor, found)
    tell(request, _("“%(task)s” was taken out. Processes that have begun keep theirs.")
         % {"task": found})  # fmt: skip
    return redirect("process_template", found.template_id)


@require_POST
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the order of a template's tasks."""
    actor, one = panel_admin(request), get_object_or_404(ProcessTemplate, pk=pk)
    ids, moved = asked_order(request, "task")
    templates.order_tasks(actor, one, ids)
    return redirect(f"{reverse('process_template', args=[pk])}?at={moved}")


def _save(request: HttpRequest, found: TemplateTask, where: str) -> HttpResponse:
    form, actor, one = request.POST, panel_admin(request), found.template
    typed = {name: form.get(name, "") for name in ("text", "days", "assignee")}
    days = typed["days"].strip()
    who, person = _who(typed["assignee"], found.person)
    try:
        templates.save_task(
            actor, found, text=typed["text"], days=int(days) if _is_number(days) else None,
            who=who, person=person,
        )  # fmt: skip
    except Invalid as error:
        return _page(request, one, where=where, typed=typed, mistake=str(error), at=error.field)
    at = "?at=new" if where == "new" else f"?at=text-{where}"
    if where != "new":
        tell(request, _("Saved."))
    return redirect(f"{reverse('process_template', args=[one.pk])}{at}")


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 5


def _who(text: str, now: User | None) -> tuple[str, User | None]:
    """Return the assignee that a form names: the owner, the starter, or a user's number."""
    if text in {Who.OWNER, Who.STARTER}:
        return text, None
    if now is not None and text == str(now.pk):
        return Who.PERSON, now
    return Who.PERSON, queries.assignable().filter(pk=whole(text)).first()


def _page(
    request: HttpRequest, one: ProcessTemplate, *, name: str | None = None, where: str = "",
    typed: Mapping[str, str] | None = None, mistake: str = "", at: str = "name",
) -> HttpResponse:  # fmt: skip
    """Render the page; rejected input stays in its form."""
    tasks = list(one.tasks.select_related("person").order_by("position", "pk"))
    now = request.GET.get("at", "")[:40]
    lines = [_line(task, place, len(tasks), now) for place, task in enumerate(tasks)]
    new = Line(None, "new", {"text": "", "days": "0", "assignee": Who.OWNER.value})
    new.focus = "text" if now == "new" else ""
    for line in (*lines, new):
        if typed is not None and line.where == where:
            line.typed, line.mistakes, line.focus = typed, {at or "text": mistake}, at or "text"
    words: dict[str, Any] = {
        "tab": "post-sales",
        "template": one,
        "name": one.name if name is None else name,
        "mistake": mistake if typed is None else "",
        "lines": lines,
        "new": new,
        "people": _people(tasks),
        "most_days": templates.MOST_DAYS,
        "longest": LONGEST_TEXT,
        "longest_name": LONGEST_TITLE,
    }
    return render(request, "postsales/template.html", words, status=422 if mistake else 200)


def _people(tasks: list[TemplateTask]) -> list[tuple[str, object]]:
    """Return the possible assignees: first those by role, then people by name."""
    people = list(queries.assignable())
    there = {one.pk for one in people}
    people += [one.person for one in tasks if one.person and one.person.pk not in there]
    fixed: list[tuple[str, object]] = [(one.value, one.label) for one in (Who.OWNER, Who.STARTER)]
    return [*fixed, *((str(one.pk), one) for one in people)]


def _line(task: TemplateTask, place: int, count: int, at: str) -> Line:
    who = str(task.person_id) if task.person_id else task.who
    line = Line(
        task, f"task-{task.pk}", {"text": task.text, "days": str(task.days), "assignee": who},
        is_first=place == 0, is_last=place == count - 1,
    )  # fmt: skip
    way = next((way for way in ("up", "down", "text") if at == f"{way}-{line.where}"), "")
    # At the end of the list a button is disabled, so the focus moves to the other one.
    line.focus = {
        "up": "down" if line.is_first else "up",
        "down": "up" if line.is_last else "down",
    }.get(way, way)
    return line
