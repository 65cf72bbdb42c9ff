"""Turn the web entrance's errors into pages, and adapt responses to htmx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from custode.kernel.errors import CustodeError, Gone, Invalid, ProofNeeded, Refused, TooMany
from custode.web.shell import problems
from custode.web.shell.requests import is_htmx

_GOES_ELSEWHERE: Final = ("HX-Redirect", "HX-Location", "HX-Refresh")


class Answers:
    """Middleware that turns `Refused`, `Gone` and `Invalid` into pages, and serves htmx."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the response; one to htmx includes the waiting messages."""
        response = self.get_response(request)
        if response.status_code == 405 and not response.streaming:
            response = problems.not_that_way(request, response["Allow"])
        if is_htmx(request):
            patch_vary_headers(response, ["HX-Request"])
            if response.status_code in {301, 302} and _leads_away(response):
                return _whole_page(response["Location"])
            _add_messages(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Return the page or fragment for a refusal; any other error is a bug."""
        if not isinstance(error, CustodeError):
            return None
        if isinstance(error, ProofNeeded):
            return problems.proof_needed(request)
        if isinstance(error, TooMany):
            return problems.too_many(request, error)
        if isinstance(error, Refused):
            return problems.refused(request, error)
        if isinstance(error, Gone):
            return problems.gone(request, error)
        if isinstance(error, Invalid):
            return problems.invalid(request, error)
        return None


def _leads_away(response: HttpResponseBase) -> bool:
    """Tell whether it redirects to what people must do first: sign in, or add a second factor."""
    goal = response["Location"].partition("?")[0]
    return goal in {reverse("sign_in"), reverse(settings.TWO_FACTOR_URL)}


def _whole_page(url: str) -> HttpResponse:
    """Make htmx load a whole page instead of putting it into a part of this one."""
    return HttpResponse(status=204, headers={"HX-Redirect": url})


def _add_messages(request: HttpRequest, response: HttpResponseBase) -> None:
    if (
        not isinstance(response, HttpResponse)
        or response.status_code != 200
        or not response.headers.get("Content-Type", "").startswith("text/html")
        or any(name in response.headers for name in _GOES_ELSEWHERE)
    ):
        return
    waiting = list(get_messages(request))
    if waiting:
        toasts = render_to_string("shell/parts/more_toasts.html", {"messages": waiting}, request)
        response.content += toasts.encode()
        if "Content-Length" in response.headers:
            response["Content-Length"] = str(len(response.content))
