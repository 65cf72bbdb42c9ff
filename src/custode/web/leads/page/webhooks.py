"""The buttons on a lead that send it to a program."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from custode.exchange.webhooks import moves
from custode.kernel.address import whole
from custode.leads.moves import require_edit
from custode.web.leads import choices
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell


@require_POST
def trigger(request: HttpRequest, pk: int) -> HttpResponse:
    """Send the lead by one of the webhooks that are offered for it."""
    actor, found = actor_of(request), choices.lead_or_404(request, pk)
    require_edit(actor, found)
    number = whole(request.POST.get("webhook", ""))
    one = get_object_or_404(moves.offered_on_leads(), pk=number)
    moves.trigger(actor, found, one)
    tell(request, _("“%(lead)s” is sent to “%(webhook)s”.") % {"lead": found, "webhook": one})
    return redirect("lead", pk)
