"""Refuse plain http where people use https."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


class OnlyHttps:
    """Middleware that refuses plain http if `CUSTODE_URL` begins with https.

    Behind a proxy Custode listens for plain http, perhaps on a network: whoever reaches it past the
    proxy would send passwords that others can read. It precedes the sessions. It does not redirect:
    behind a proxy that does not send X-Forwarded-Proto that would be an endless loop, whereas this
    page tells the operator why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response if the request came by https, or if https is not configured."""
        if request.is_secure() or not settings.IS_HTTPS:
            return self.get_response(request)
        language = translation.get_language_from_request(request)
        with translation.override(language):
            words = {
                "heading": _("Only by https"),
                "why": _(
                    "This request came by plain http, which others can read on its way. Nothing"
                    " was done with it. If you run this installation: the proxy in front of it must"
                    " send the header X-Forwarded-Proto."
                ),
                "language": language,
                "start": settings.URL,
            }
            return HttpResponse(render_to_string("shell/problem_plain.html", words), status=403)
