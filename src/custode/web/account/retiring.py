"""Deleting a step or a pipeline: where shall its leads go?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from custode.guard.door import Act, Tried
from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid
from custode.leads import pipelines
from custode.leads.models import Lead, Pipeline, Step
from custode.web.leads import choices
from custode.web.shell.requests import admit, is_htmx
from custode.web.shell.toasts import tell
from custode.web.shell.words import number


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where the leads of a step shall go, and delete it."""
    found = Step.offered.select_related("pipeline").filter(pk=pk).first()
    actor = admit(request, Verb.RETIRE, _tried(found, along=False))
    one = get_object_or_404(Step.offered.select_related("pipeline"), pk=pk)
    before = Step.offered.filter(pipeline=one.pipeline, position__lt=one.position)
    near = before.order_by("-position").first()
    words = {
        "heading": _("Delete the step “%(name)s”?") % {"name": one},
        "button": _("Delete the step"),
        "near": near.pk if near else 0,
    }
    return _answer(
        request, words, [one], lambda into: pipelines.delete_step(actor, one, into),
        _("The step “%(name)s” is deleted.") % {"name": one},
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def pipeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where the leads of a pipeline shall go, and delete it with its steps."""
    found = Pipeline.offered.filter(pk=pk).first()
    actor = admit(request, Verb.RETIRE, _tried(found, along=True))
    one = get_object_or_404(Pipeline.offered, pk=pk)
    words = {
        "heading": _("Delete the pipeline “%(name)s”?") % {"name": one},
        "button": _("Delete the pipeline"),
        "steps": pipelines.steps_of(one),
    }
    return _answer(
        request, words, pipelines.steps_of(one),
        lambda into: pipelines.delete_pipeline(actor, one, into),
        _("The pipeline “%(name)s” is deleted.") % {"name": one},
    )  # fmt: skip


def _tried(found: Step | Pipeline | None, *, along: bool) -> Tried:
    """What is told of it when it is refused; no name of something that is not there."""
    return Tried(0, {"field": "step", "along": along}, [str(found)] if found else [])


def _answer(
    request: HttpRequest, words: dict[str, Any], gone: Sequence[Step],
    do: Callable[[Step], Act], said: str,
) -> HttpResponse:  # fmt: skip
    """The question, or its answer carried out."""
    if request.method != "POST":
        return _ask(request, words, gone)
    try:
        into = choices.step_of(request.POST.get("into", ""), _("Choose where the leads shall go."))
        act = do(into)
    except Invalid as error:
        return _ask(request, words, gone, str(error))
    if act.count:
        moved = ngettext(
            "%(n)s lead went to “%(step)s”.", "%(n)s leads went to “%(step)s”.", act.count
        )
        said = f"{said} {moved % {'n': number(act.count), 'step': into.name}}"
    tell(request, said, undo=act.seq)
    return redirect("pipelines")


def _ask(
    request: HttpRequest, words: dict[str, Any], gone: Sequence[Step], mistake: str = ""
) -> HttpResponse:
    ids = {one.pk for one in gone}
    leads = Lead.with_trashed.filter(step__in=ids)
    targets = [
        (one.pipeline, [step for step in one.steps if step.pk not in ids])
        for one in choices.pipelines()
    ]
    words |= {
        "tab": "pipelines",
        "living": leads.filter(trash=None).count(),
        "trashed": leads.exclude(trash=None).count(),
        "targets": [(pipeline, steps) for pipeline, steps in targets if steps],
        "chosen": choices.number(request.POST.get("into", "")) or words.get("near", 0),
        "mistake": mistake,
        "url": request.path,
    }
    dialog = is_htmx(request)
    template = "pipelines/delete_dialog.html" if dialog else "pipelines/delete.html"
    return render(request, template, words, status=422 if mistake else 200)
