"""The responses after a change to a process or a task, wherever it was made."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.leads import queries as lead_queries
from custode.leads.models import Lead
from custode.postsales.models import Task
from custode.web.postsales import overview, presentation
from custode.web.shell.requests import actor_of, is_htmx, next_of
from custode.web.talk import timeline


def is_in_list(request: HttpRequest) -> bool:
    """Tell whether it was made in a list of tasks, not on a lead's page."""
    return request.GET.get("at") == "list"


def done(request: HttpRequest, lead: Lead) -> HttpResponse:
    """Render the changed part of the page: of the lead's page, or of the list of tasks."""
    if not is_htmx(request):
        return redirect(next_of(request, default=presentation.url_of(request, lead)))
    if is_in_list(request):
        response, target = overview.part(request), "#tasks"
    else:
        response, target = _section(request, lead), "#lead-processes"
    response["HX-Retarget"], response["HX-Reswap"] = target, "outerHTML"
    response["HX-Trigger"] = "closeDialog"
    return response


def one_in_list(request: HttpRequest, task: Task) -> HttpResponse:
    """Render a task of a list in place, so that the change can be undone there."""
    if not is_htmx(request) or not is_in_list(request):
        return done(request, task.process.lead)
    (one,) = presentation.in_list(actor_of(request), [task])
    words = {"task": one, **overview.heads(request)}
    return render(request, "postsales/changed.html", words)


def asked(
    request: HttpRequest, name: str, words: dict[str, object], error: Invalid | None = None
) -> HttpResponse:
    """Render a form in a dialog, or without scripts on a page of its own."""
    words = {"wrong": {error.field or "": str(error)} if error else {}} | words
    words |= {
        "url": request.get_full_path(),
        "form_name": f"postsales/{name}_fields.html",
    }
    page = "postsales/dialog.html" if is_htmx(request) else "postsales/page.html"
    return render(request, page, words, status=422 if error else 200)


def _section(request: HttpRequest, lead: Lead) -> HttpResponse:
    actor = actor_of(request)
    if not lead_queries.visible(actor).filter(pk=lead.pk).exists():
        return render(request, "postsales/unseen.html")
    edits = lead_moves.may_edit(actor, lead)
    words = {
        "lead": lead,
        "may_edit": edits,
        **timeline.words(actor, lead),
        **presentation.on_lead(actor, lead, edits),
    }
    return render(request, "postsales/section_done.html", words)
