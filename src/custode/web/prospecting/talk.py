"""The comments on a list as a whole, and its history."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from custode.prospecting import queries
from custode.web.prospecting.finding import list_or_404
from custode.web.shell.requests import actor_of
from custode.web.talk import comments, timeline


@require_GET
def talk(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a list's comments and its history; the sheet shows the same beside itself."""
    one = list_or_404(request, pk)
    words = {
        "list": one,
        "tags": queries.tags([one]).get(one.pk, []),
        **timeline.words(actor_of(request), one, request.GET),
        **comments.form(),
    }
    return render(request, "prospecting/talk.html", words)
