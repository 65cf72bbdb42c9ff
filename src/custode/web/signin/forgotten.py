"""“I forgot my password”: known and unknown addresses get the same response, equally fast."""

from __future__ import annotations

from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from custode.kernel.errors import Invalid, TooMany
from custode.kernel.text import fold
from custode.people import addresses
from custode.signin import limits, mailing
from custode.signin.middleware import open_to_visitors
from custode.signin.password import network_of
from custode.signin.sessions.store import SessionStore


@open_to_visitors
@never_cache
@require_http_methods(["GET", "POST"])
def forgot(request: HttpRequest) -> HttpResponse:
    """Ask for a link to a new password; without a mail server, say whom to ask."""
    email = request.POST.get("email", "").replace("\x00", "").strip()[:300]
    words = {"email": email, "has_mail": settings.HAS_MAIL}
    if request.method != "POST" or not settings.HAS_MAIL:
        return render(request, "signin/forgot.html", words)
    try:
        _ask(request, email)
    except Invalid as error:
        return render(request, "signin/forgot.html", {**words, "mistake": error}, status=422)
    except TooMany as error:
        answer = render(request, "signin/forgot.html", {**words, "mistake": error}, status=429)
        answer["Retry-After"] = str(error.wait)
        return answer
    return render(request, "signin/forgot_sent.html", words)


def _ask(request: HttpRequest, email: str) -> None:
    """Count the request and leave the rest to a job, so that nothing here looks up the address."""
    address = addresses.read(email)
    if address is None:
        raise Invalid(_("Type your e-mail address."), field="email")
    ip = cast(SessionStore, request.session).arrival.ip
    limits.spend(limits.RESET_ADDRESS, network_of(ip))
    limits.spend(limits.RESET_MAIL, fold(address))
    mailing.answer_forgotten(address)
