"""How the web entrance says no, and how it answers htmx."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.cache import patch_vary_headers

from custode.kernel.errors import CustodeError, Gone, Invalid, Refused
from custode.web.shell import problems
from custode.web.shell.requests import is_htmx

_GOES_ELSEWHERE: Final = ("HX-Redirect", "HX-Location", "HX-Refresh")


class Answers:
    """Turns `Refused`, `Gone` and `Invalid` into pages, and gives htmx what it understands."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Serve the request; the answer to htmx carries the messages that wait."""
        response = self.get_response(request)
        if is_htmx(request):
            patch_vary_headers(response, ["HX-Request"])
            if response.status_code in {301, 302} and _is_sign_in(response):
                return _whole_page(response["Location"])
            _add_messages(request, response)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page or fragment for a no; every other error is a mistake of the program."""
        if not isinstance(error, CustodeError):
            return None
        if isinstance(error, Refused):
            return problems.refused(request, error)
        if isinstance(error, Gone):
            return problems.gone(request, error)
        if isinstance(error, Invalid):
            return problems.invalid(request, error)
        return None


def _is_sign_in(response: HttpResponseBase) -> bool:
    return response["Location"].partition("?")[0] == reverse("sign_in")


def _whole_page(url: str) -> HttpResponse:
    """Make htmx load a page instead of filling a part of this one with it."""
    return HttpResponse(status=204, headers={"HX-Redirect": url.partition("?")[0]})


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
