"""Look up the folder that an address names; one that the person may not see does not exist."""

from __future__ import annotations

from django.http import Http404, HttpRequest

from custode.clients import queries
from custode.clients.models import ClientFolder
from custode.web.shell.requests import actor_of


def folder_or_404(request: HttpRequest, pk: int) -> ClientFolder:
    """Return the folder with this number; raise 404 if the person cannot see it."""
    rows = queries.visible(actor_of(request)).select_related("owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found
