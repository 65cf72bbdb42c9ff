"""The page of one's own devices: where one is and was signed in, and ending it."""

from __future__ import annotations

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from custode.kernel.address import whole
from custode.signin.middleware import session_of
from custode.signin.sessions import moves, queries
from custode.signin.sessions.queries import State
from custode.web.sessions.words import device, shown, unused
from custode.web.shell.requests import account_of, user_of
from custode.web.shell.toasts import tell

MOST: Final = 200
"""The maximum number of current devices shown; having more means a program keeps signing in."""


@never_cache
@require_GET
def devices_page(request: HttpRequest) -> HttpResponse:
    """Show the devices on which one is signed in, this one first, and past ones."""
    user, account, this = user_of(request), account_of(request), session_of(request).pk
    now = queries.own(user, account, State.CURRENT)[:MOST]
    before = whole(request.GET.get("before", ""))
    page = queries.page(queries.own(user, account, State.PAST), before)
    words = {
        "tab": "my_devices",
        "idle": unused(account),
        "now": sorted(
            (shown(row, this, is_own=True) for row in now), key=lambda one: not one.is_this
        ),
        "past": [shown(row, this, is_own=True) for row in page.rows],
        "before": before,
        "more": page.more,
    }
    return render(request, "sessions/mine.html", words)


@require_POST
def disconnect(request: HttpRequest, pk: int) -> HttpResponse:
    """End one of one's own sessions; ending this one means signing out."""
    user = user_of(request)
    row = get_object_or_404(queries.own(user, account_of(request), State.ALL), pk=pk)
    if moves.end_own(user, [row.pk]):
        tell(request, _("Disconnected: %(device)s") % {"device": device(row)})
    else:
        tell(request, _("This device was no longer signed in."))
    return redirect("my_devices")


@require_POST
def disconnect_others(request: HttpRequest) -> HttpResponse:
    """End all of one's own sessions except this one."""
    count = moves.end_own_others(user_of(request), session_of(request).pk)
    said = ngettext(
        "%(n)s other device was disconnected.", "%(n)s other devices were disconnected.", count
    )
    tell(request, said % {"n": count} if count else _("No other device was signed in."))
    return redirect("my_devices")
