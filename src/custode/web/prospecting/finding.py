"""The list or the prospect of a number, as far as the person sees it; others do not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from custode.prospecting import queries
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.shell.requests import actor_of


def list_or_404(request: HttpRequest, pk: int) -> ProspectingList:
    """The list of this number that the person sees."""
    found = queries.visible(actor_of(request)).select_related("owner").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def prospect_or_404(request: HttpRequest, pk: int) -> Prospect:
    """The prospect of this number that the person sees."""
    rows = queries.prospects(actor_of(request)).select_related("in_list__owner", "lead")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
