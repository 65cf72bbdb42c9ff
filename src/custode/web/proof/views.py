"""Proof of identity. The page that needs it stays: `proof.js` opens this as a dialog over it.

Nothing of the act itself is sent here; the browser sends it again after the proof.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from custode.kernel.errors import TooMany
from custode.signin import proof as proofs
from custode.signin.middleware import open_while_setting_up, session_of
from custode.web.proof.proof_form import proof_words
from custode.web.shell.requests import actor_of, is_htmx, next_of, user_of


@open_while_setting_up
@never_cache
@sensitive_post_parameters("password", "code", "passkey")
@require_http_methods(["GET", "POST"])
def proof(request: HttpRequest) -> HttpResponse:
    """Ask for a proof and check it; 204 tells the dialog that it succeeded."""
    if request.method == "GET" and actor_of(request).proved:
        return _holds(request)
    mistake, status = "", 200
    if request.method == "POST":
        try:
            if _given(request):
                return _holds(request)
            mistake, status = _wrong(request), 422
        except TooMany as error:
            mistake, status = str(error), 429
    return render(request, _template(request), proof_words(request, mistake), status=status)


def _given(request: HttpRequest) -> bool:
    told = {name: request.POST.get(name, "")[:8000] for name in ("password", "code", "passkey")}
    return proofs.give(session_of(request), user_of(request), request.session, **told)


def _wrong(request: HttpRequest) -> str:
    if proofs.asks_for_password(user_of(request)):
        return _("The password is not right.")
    if request.POST.get("passkey"):
        return _("This passkey was not accepted. Try again, or use a code.")
    return _("The code is not right, or was used before. Wait for the next one.")


def _holds(request: HttpRequest) -> HttpResponse:
    if is_htmx(request):
        return HttpResponse(status=204)
    return redirect(next_of(request, reverse("home")))


def _template(request: HttpRequest) -> str:
    return "proof/part.html" if is_htmx(request) else "proof/page.html"
