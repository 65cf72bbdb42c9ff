"""The page of the account's pipelines and their steps: create, rename, reorder."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import pipelines
from custode.leads.models import Pipeline, Step
from custode.web.account.ordering import asked_order, panel_admin
from custode.web.leads import choices
from custode.web.shell.toasts import tell


@dataclass(slots=True)
class Typed:
    """The contents of one form of the page, and what is wrong with them.

    Args:
        where: which form: `new`, `pipeline-3`, `step-7`, `steps-3`.
    """

    where: str = ""
    name: str = ""
    steps: str = ""
    mistakes: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Line:
    """A pipeline or a step as the page shows it; None in the form of a new one.

    Args:
        where: the form that contains its name.
        focus: the control that the person has just used: `up`, `down`, `name`, or "".
    """

    one: Pipeline | Step | None
    where: str
    value: str
    mistake: str = ""
    is_first: bool = False
    is_last: bool = False
    may_go: bool = False
    focus: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """A pipeline with its steps, and the form of a new step."""

    head: Line
    steps: list[Line]
    new: Line


@require_http_methods(["GET", "POST"])
def pipelines_page(request: HttpRequest) -> HttpResponse:
    """Show all pipelines with their steps and the form of a new one; a POST creates it."""
    actor = panel_admin(request)
    if request.method != "POST":
        return _page(request)
    name, steps = request.POST.get("name", ""), request.POST.get("steps", "")
    try:
        made = pipelines.create_pipeline(actor, name, filter(str.strip, steps.splitlines()))
    except Invalid as error:
        return _page(request, Typed("new", name, steps, {error.field: str(error)}))
    tell(request, _("The pipeline “%(name)s” was made.") % {"name": made})
    return redirect("pipelines")


@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a pipeline."""
    actor = panel_admin(request)
    return _renamed(request, actor, get_object_or_404(Pipeline.offered, pk=pk), f"pipeline-{pk}")


@require_POST
def rename_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a step."""
    actor = panel_admin(request)
    return _renamed(request, actor, get_object_or_404(Step.offered, pk=pk), f"step-{pk}")


def _renamed(request: HttpRequest, actor: Actor, one: Pipeline | Step, where: str) -> HttpResponse:
    name = request.POST.get("name", "")
    try:
        pipelines.rename(actor, one, name)
    except Invalid as error:
        return _page(request, Typed(where, name, mistakes={"name": str(error)}))
    tell(request, _("Saved."))
    return redirect("pipelines")


@require_POST
def default(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a pipeline the default of new leads."""
    actor, one = panel_admin(request), get_object_or_404(Pipeline.offered, pk=pk)
    pipelines.make_default(actor, one)
    tell(request, _("New leads go to “%(name)s” now.") % {"name": one})
    return redirect("pipelines")


@require_POST
def add_step(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a step at the end of a pipeline."""
    actor, one = panel_admin(request), get_object_or_404(Pipeline.offered, pk=pk)
    name = request.POST.get("name", "")
    try:
        pipelines.add_steps(actor, one, [name])
    except Invalid as error:
        return _page(request, Typed(f"steps-{pk}", name, mistakes={"name": str(error)}))
    return redirect(f"{reverse('pipelines')}?at=steps-{pk}")


@require_POST
def order(request: HttpRequest) -> HttpResponse:
    """Change the order of the pipelines."""
    actor, (ids, moved) = panel_admin(request), asked_order(request, "pipeline")
    pipelines.order_pipelines(actor, ids)
    return redirect(f"{reverse('pipelines')}?at={moved}")


@require_POST
def order_steps(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the order of a pipeline's steps."""
    actor, one = panel_admin(request), get_object_or_404(Pipeline.offered, pk=pk)
    ids, moved = asked_order(request, "step")
    pipelines.order_steps(actor, one, ids)
    return redirect(f"{reverse('pipelines')}?at={moved}")


def _page(request: HttpRequest, typed: Typed | None = None) -> HttpResponse:
    """Render the page; rejected input stays in its form."""
    typed, at = typed or Typed(), request.GET.get("at", "")[:40]
    everything = choices.pipelines()
    groups = [
        Group(
            _line(one.pipeline, "pipeline", n, len(everything), typed, at),
            [
                _line(step, "step", place, len(one.steps), typed, at)
                for place, step in enumerate(one.steps)
            ],
            _new(f"steps-{one.pipeline.pk}", typed, at),
        )
        for n, one in enumerate(everything)
    ]
    new = typed if typed.where == "new" else Typed("new")
    words = {"tab": "pipelines", "lines": groups, "new": new}
    return render(request, "pipelines/pipelines.html", words, status=422 if typed.where else 200)


def _line(one: Pipeline | Step, kind: str, place: int, count: int, typed: Typed, at: str) -> Line:
    where = f"{kind}-{one.pk}"
    mine = typed if typed.where == where else Typed(where, one.name)
    is_default = isinstance(one, Pipeline) and one.is_default
    line = Line(
        one, where, mine.name, mine.mistakes.get("name", ""), is_first=place == 0,
        is_last=place == count - 1, may_go=count > 1 and not is_default,
    )  # fmt: skip
    way = next((way for way in ("up", "down") if at == f"{way}-{where}"), "")
    # At the end of the list a button is disabled, so the focus moves to the other one.
    line.focus = {
        "up": "down" if line.is_first else "up",
        "down": "up" if line.is_last else "down",
    }.get(way, "")
    return line


def _new(where: str, typed: Typed, at: str) -> Line:
    mine = typed if typed.where == where else Typed(where)
    focus = "name" if at == where else ""
    return Line(None, where, mine.name, mine.mistakes.get("name", ""), focus=focus)
