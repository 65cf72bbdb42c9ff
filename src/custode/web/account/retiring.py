"""The pages that delete a step, a pipeline or a tag: they ask what its leads get instead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from custode.guard.door import Act, Attempt
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import pipelines, tags
from custode.leads.models import Lead, Pipeline, Step, Tag
from custode.web.leads import choices
from custode.web.shell.requests import admit, is_htmx
from custode.web.shell.toasts import tell
from custode.web.shell.words import number


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where a step's leads should go, and delete it."""
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
def tag(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask whether another tag should replace a tag, and delete it."""
    found = Tag.offered.filter(pk=pk).first()
    tried = Attempt(0, {"field": "tag"}, [found.name] if found else [])
    actor = admit(request, Verb.RETIRE, tried)
    one = get_object_or_404(Tag.offered, pk=pk)
    if request.method != "POST":
        return _ask_of_tag(request, one)
    try:
        into = _into(request.POST.get("into", ""))
        act = tags.delete(actor, one, into)
    except Invalid as error:
        return _ask_of_tag(request, one, str(error))
    values = {"name": one.name, "into": into}
    if into is None:
        said = _("The tag “%(name)s” is deleted.") % values
    else:
        said = _("The tag “%(name)s” is merged into “%(into)s”.") % values
    tell(request, said, undo=act.seq)
    return redirect("tags")


def _into(text: str) -> Tag | None:
    """Return the replacing tag; None for none."""
    if not text:
        return None
    found = Tag.offered.filter(pk=whole(text)).first()
    if found is None:
        raise Invalid(_("Choose a tag from the list."), field="into")
    return found


def _ask_of_tag(request: HttpRequest, one: Tag, mistake: str = "") -> HttpResponse:
    leads = Lead.with_trashed.filter(tags=one)
    words: dict[str, Any] = {
        "heading": _("Delete the tag “%(name)s”, or merge it?") % {"name": one},
        "button": _("Delete the tag"),
        "living": leads.filter(trash=None).count(),
        "trashed": leads.exclude(trash=None).count(),
        "others": Tag.offered.exclude(pk=one.pk),
        "chosen": whole(request.POST.get("into", "")),
    }
    return question(request, words, "tags", _("Tags"), mistake)


@require_http_methods(["GET", "POST"])
def pipeline(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask where a pipeline's leads should go, and delete it with its steps."""
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


def _tried(found: Step | Pipeline | None, *, along: bool) -> Attempt:
    """Return the log's facts if the act is refused; without a name if the object does not exist."""
    return Attempt(0, {"field": "step", "along": along}, [str(found)] if found else [])


def _answer(
    request: HttpRequest, words: dict[str, Any], gone: Sequence[Step],
    do: Callable[[Step], Act], said: str,
) -> HttpResponse:  # fmt: skip
    """Show the question, or carry out its answer."""
    if request.method != "POST":
        return _ask(request, words, gone)
    try:
        into = choices.step_of(request.POST.get("into", ""), _("Choose where the leads go."))
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
        "living": leads.filter(trash=None).count(),
        "trashed": leads.exclude(trash=None).count(),
        "targets": [(pipeline, steps) for pipeline, steps in targets if steps],
        "chosen": whole(request.POST.get("into", "")) or words.get("near", 0),
    }
    return question(request, words, "pipelines", _("Pipelines"), mistake)


def question(
    request: HttpRequest, words: dict[str, Any], screen: str, place: str, mistake: str
) -> HttpResponse:
    """Ask a question before something is deleted, in the dialog or on a page of its own.

    Args:
        screen: the name of the page that asks, and of the folder of its template.
    """
    words |= {
        "tab": screen,
        "place": place,
        "back": reverse(screen),
        "body": f"{screen}/delete_words.html",
        "mistake": mistake,
        "url": request.path,
    }
    template = "account/retire_dialog.html" if is_htmx(request) else "account/retire.html"
    return render(request, template, words, status=422 if mistake else 200)
