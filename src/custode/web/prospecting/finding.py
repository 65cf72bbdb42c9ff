"""Look up a list or a prospect by number, as far as the person sees it."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from custode.prospecting import queries
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.shell.requests import actor_of


def list_or_404(request: HttpRequest, pk: int) -> ProspectingList:
    """Return the list with this number; raise 404 if the person cannot see it."""
    found = queries.visible(actor_of(request)).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def prospect_or_404(request: HttpRequest, pk: int) -> Prospect:
    """Return the prospect with this number; raise 404 if the person cannot see it."""
    rows = queries.prospects(actor_of(request)).select_related("in_list__owner", "lead")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
