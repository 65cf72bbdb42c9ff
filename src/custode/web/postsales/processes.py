"""Views of processes on a lead: start, rename, delete; and whether to ask about one after Won."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.people import moves as people_moves
from custode.postsales import moves, reading, templates
from custode.postsales.models import Process, ProcessTemplate
from custode.web.leads import choices
from custode.web.postsales import answers, presentation
from custode.web.shell.requests import actor_of, next_of, user_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """Start a process on a lead: with a template's tasks, or without any."""
    lead = choices.lead_or_404(request, pk)
    lead_moves.require_edit(actor_of(request), lead)
    if request.method == "GET":
        return _form(request, lead)
    form = request.POST
    try:
        template = _template(form.get("template", ""))
        process = moves.start(actor_of(request), lead, form.get("title", ""), template)
    except Invalid as error:
        return _form(request, lead, error)
    tell(request, _("“%(process)s” has begun.") % {"process": process})
    return answers.done(request, lead)


def _template(text: str) -> ProcessTemplate | None:
    """Return the template that a form chose; raise `Invalid` if it is not offered."""
    if not text:
        return None
    one = next((one for one in templates.offered() if one.pk == whole(text)), None)
    if one is None:
        raise Invalid(_("Choose a template from the list."), field="template")
    return one


def _form(request: HttpRequest, lead: Lead, error: Invalid | None = None) -> HttpResponse:
    words: dict[str, object] = {
        "lead": lead,
        "heading": _("Start a post-sales process"),
        "send": _("Start"),
        "templates": templates.offered(),
        "chosen": whole(request.POST.get("template", "")),
        "typed": {"title": request.POST.get("title", "")},
        "longest": reading.LONGEST_TITLE,
    }
    return answers.asked(request, "start", words, error)


@require_http_methods(["GET", "POST"])
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a process."""
    process = presentation.process_or_404(request, pk)
    lead_moves.require_edit(actor_of(request), process.lead)
    if request.method == "GET":
        return _title(request, process, process.title)
    typed = request.POST.get("title", "")
    try:
        moves.rename(actor_of(request), process, typed)
    except Invalid as error:
        return _title(request, process, typed, error)
    return answers.done(request, process.lead)


def _title(
    request: HttpRequest, process: Process, typed: str, error: Invalid | None = None
) -> HttpResponse:
    words: dict[str, object] = {
        "lead": process.lead,
        "heading": _("Rename the process"),
        "send": _("Save"),
        "typed": {"title": typed},
        "longest": reading.LONGEST_TITLE,
    }
    return answers.asked(request, "title", words, error)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a process to the trash, together with its tasks."""
    process = presentation.process_or_404(request, pk)
    act = door.delete(actor_of(request), [process])
    said = _("“%(process)s” was moved to the trash, with its tasks.")
    tell(request, said % {"process": process.title}, undo=act.seq)
    return answers.done(request, process.lead)


@require_POST
def asking(request: HttpRequest) -> HttpResponse:
    """Set whether the person is asked about post-sales when a lead is won (`on` is 1)."""
    on = request.POST.get("on") == "1"
    people_moves.set_habits(user_of(request), asks_post_sales="yes" if on else "no")
    if on:
        tell(request, _("You will be asked when a lead is won."))
    else:
        tell(request, _("You will not be asked any more. Your profile can change that."))
    return redirect(next_of(request, default=reverse("profile")))
