"""The pages of the account's API keys: which applications have access, and to what."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from custode.accounts.editions import Feature, has
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Scope
from custode.kernel.address import day
from custode.kernel.errors import Invalid, read_all
from custode.kernel.text import line
from custode.signin.api_keys import moves
from custode.signin.api_keys.models import ApiKey
from custode.web.shell.requests import account_of, admit
from custode.web.shell.toasts import tell

SCOPES = {
    Scope.READ: gettext_lazy("See all that the account has, whoever it belongs to"),
    Scope.WRITE: gettext_lazy(
        "Add and change, whoever it belongs to: leads, comments, prospects, clients"
    ),
    Scope.DELETE: gettext_lazy("Delete, where the privacy settings allow it"),
    Scope.EXPORT: gettext_lazy("Export, where the privacy settings allow it"),
    Scope.ADMIN: gettext_lazy("All that only admins may, and act as any user"),
}
"""The meaning of each scope, in words."""
USUAL = (Scope.READ, Scope.WRITE)
"""The scopes preselected for a new key."""


@require_GET
def keys_page(request: HttpRequest) -> HttpResponse:
    """List the valid keys, and below them the expired and revoked ones."""
    admit(request, Verb.KEYS)
    rows = list(ApiKey.objects.order_by("-pk"))
    words = {
        "tab": "keys",
        "has_log": has(account_of(request).edition, Feature.SENSITIVE_ACTIONS),
        "keys": [one for one in rows if not one.is_over],
        "over": [one for one in rows if one.is_over],
    }
    return render(request, "keys/keys.html", words)


@never_cache
@require_http_methods(["GET", "POST"])
def new_key(request: HttpRequest) -> HttpResponse:
    """Make a key, which is shown only once."""
    chosen = [scope for scope in Scope if scope.value in request.POST.getlist("scopes")]
    told = ",".join(scope.value for scope in chosen)
    actor = admit(
        request, Verb.KEYS, Attempt(1, {"made": told}, [request.POST.get("name", "")[:80]])
    )
    if request.method != "POST":
        return _form(request, list(USUAL))
    name, description = (line(request.POST.get(one, "")) for one in ("name", "description"))
    try:
        values = read_all(
            {
                "form": lambda: moves.check(name, description, chosen),
                "expires": lambda: _end_of(request.POST.get("expires", "")),
            }
        )
        key, text = moves.make(
            actor,
            name,
            chosen,
            description=description,
            expires_at=values["expires"],
            recoverable=request.POST.get("recoverable") == "1",
        )
    except Invalid as error:
        return _form(request, chosen, mistake=error)
    return render(request, "keys/made.html", {"key": key, "text": text})


@require_http_methods(["GET", "POST"])
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for confirmation to revoke a key; a POST revokes it."""
    actor = admit(request, Verb.KEYS, Attempt(1, {"revoked": pk}))
    key = get_object_or_404(ApiKey, pk=pk, revoked_at=None)
    if request.method != "POST":
        return render(request, "keys/revoke.html", {"key": key})
    moves.revoke(actor, key)
    tell(request, _("“%(name)s” is cut off.") % {"name": key})
    return redirect("keys")


def _end_of(text: str) -> datetime | None:
    """Return the end of a day in the person's time zone.

    Raise `Invalid` unless it is a future day.
    """
    try:
        found = day(text)
    except ValueError as error:
        raise Invalid(_("Choose a day from the calendar."), field="expires") from error
    if found is None:
        return None
    ends = timezone.make_aware(datetime.combine(found + timedelta(days=1), time()))
    moves.require_to_come(ends)
    return ends


def _wrong(mistake: Invalid | None) -> dict[str, str]:
    return {field or "whole": said for field, said in mistake.wrong.items()} if mistake else {}


def _form(
    request: HttpRequest, chosen: list[Scope], mistake: Invalid | None = None
) -> HttpResponse:
    given: dict[str, Any] = {
        name: request.POST.get(name, "")
        for name in ("name", "description", "expires", "recoverable")
    }
    words = {
        "given": given,
        "scopes": [(scope.value, words, scope in chosen) for scope, words in SCOPES.items()],
        "mistakes": _wrong(mistake),
    }
    return render(request, "keys/new.html", words, status=422 if mistake else 200)
