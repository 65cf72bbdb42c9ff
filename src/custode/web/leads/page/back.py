"""Undo an edit of a lead's or a task's state, offered beside the message that reports it."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from custode.guard.history import Changed
from custode.kernel.errors import Gone, Invalid
from custode.leads import takeback
from custode.leads.models import Lead
from custode.postsales import takeback as ticked
from custode.postsales.models import Task
from custode.web.postsales.presentation import task_or_404, url_of
from custode.web.shell.requests import actor_of, next_of
from custode.web.shell.toasts import tell


def tell_edited(request: HttpRequest, lead: Lead, words: str, changed: Changed) -> None:
    """Report an edit that the person just made, offering its undo if anything changed."""
    tell(request, words, back=takeback.offered(actor_of(request), lead) if changed else 0)


def tell_moved(request: HttpRequest, lead: Lead, changed: Changed) -> None:
    """Report that a lead was moved to another step, offering its undo."""
    words = _("“%(lead)s” is now in “%(step)s”.")
    tell_edited(request, lead, words % {"lead": lead.title, "step": lead.step.name}, changed)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Undo an edit, and return to the person's page."""
    actor = actor_of(request)
    if task := ticked.task_of(actor, pk):
        return _take_tick_back(request, task_or_404(request, task), pk)
    lead = takeback.lead_of(actor, pk)
    if lead is None:
        raise Http404
    try:
        takeback.take_back(actor, lead, pk)
    except (Gone, Invalid) as error:
        tell(request, str(error), level=messages.WARNING)
        return redirect("lead", lead.pk)
    tell(request, _("Undone: “%(lead)s” stands as before.") % {"lead": lead.title})
    return redirect(next_of(request, default=reverse("lead", args=[lead.pk])))


def _take_tick_back(request: HttpRequest, task: Task, number: int) -> HttpResponse:
    there = url_of(request, task.process.lead)
    try:
        ticked.take_back(actor_of(request), task, number)
    except Invalid as error:
        tell(request, str(error), level=messages.WARNING)
        return redirect(there)
    tell(request, _("Undone: “%(task)s” is to do again.") % {"task": task.text})
    return redirect(next_of(request, default=there))
