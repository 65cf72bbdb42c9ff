"""The folders that an address names: what one may not see does not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from custode.clients import queries
from custode.clients.models import ClientFolder
from custode.web.shell.requests import actor_of


def folder_or_404(request: HttpRequest, pk: int) -> ClientFolder:
    """The folder of this number that the person sees; others do not exist."""
    rows = queries.visible(actor_of(request)).select_related("owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
