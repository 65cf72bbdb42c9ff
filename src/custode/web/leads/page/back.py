"""The undo of an edit of where a lead stands, beside the words that tell of it."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from custode.guard.history import Changed
from custode.leads import takeback
from custode.leads.models import Lead
from custode.web.shell.requests import actor_of, next_of
from custode.web.shell.toasts import tell


def tell_edited(request: HttpRequest, lead: Lead, words: str, changed: Changed) -> None:
    """Tell of an edit that the person just made, with its undo beside it if it changed a thing."""
    tell(request, words, back=takeback.offered(actor_of(request), lead) if changed else 0)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Take an edit back, and return to where the person is."""
    actor = actor_of(request)
    lead = takeback.lead_of(actor, pk)
    if lead is None:
        raise Http404
    takeback.take_back(actor, lead, pk)
    tell(request, _("Undone: “%(lead)s” stands as before.") % {"lead": lead.title})
    return redirect(next_of(request, default=reverse("lead", args=[lead.pk])))
