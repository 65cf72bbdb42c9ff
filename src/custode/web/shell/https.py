"""Where people come by https, nothing is answered to who comes without."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _


class OnlyHttps:
    """Refuses plain http where `CUSTODE_URL` begins with https.

    Behind a proxy Custode listens for plain http, perhaps on a network: whoever gets there past
    the proxy would send passwords that others can read. It stands before the sessions. No
    redirect: behind a proxy that forgets to say https (X-Forwarded-Proto) it would lead round in
    circles, and here its operator reads why.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the request if it came by https, or if nobody here does."""
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
