"""The middleware that handles requests to the API, without cookies, sessions or pages.

It precedes all middleware that is only for pages. It checks in this order: https, the host, the
caller, their rate limit, the body; then it runs the route with the caller's account, language and
time zone.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from contextlib import ExitStack
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import Resolver404, resolve
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.api import bodies, file_links
from custode.api.answers import without_body
from custode.api.callers import caller_of
from custode.api.calls import Caller
from custode.api.errors import Problem, answered, not_found
from custode.kernel import scope
from custode.signin.api_keys import budgets
from custode.signin.api_keys.budgets import Spent

PREFIX: Final = "/api/"
URLS: Final = "custode.api.urls"
DOCUMENTS: Final = frozenset({"/api/v2/openapi.json", "/api/simple/openapi.json"})
OPEN: Final = DOCUMENTS | {"/api/v2/auth/login"}
"""Paths that need no key and no token; their routes also say `auth=None`."""

ACTING: Final = ("/api/simple/", "/api/v2/auth/")
"""Path prefixes where a GET changes something, as programs written for noCRM send it."""


class Entrance:
    """Middleware that answers paths beginning with `/api/` and passes on everything else."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Return the API's response, or the one of the next middleware."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        # Nothing in the API depends on a cookie, so none is left to be read.
        request.COOKIES = {}
        if request.method != "HEAD" or _acts(request):
            return _answered(request)
        # A HEAD is run as a GET, so that each route is reached in only one way.
        request.method = "GET"
        try:
            return without_body(_answered(request))
        finally:
            request.method = "HEAD"


def _acts(request: HttpRequest) -> bool:
    """Tell whether a GET of this path changes something.

    A HEAD, which must not, is refused there.
    """
    path = _usual(request.path_info)
    return path not in DOCUMENTS and path.startswith(ACTING)


def _answered(request: HttpRequest) -> HttpResponseBase:
    with ExitStack() as stack:
        language = translation.get_language_from_request(request)
        stack.enter_context(translation.override(language))
        try:
            return _served(request, stack)
        except Exception as error:  # noqa: BLE001 (every error is told as JSON, in one place)
            return answered(request, error)


def _served(request: HttpRequest, stack: ExitStack) -> HttpResponseBase:
    request.get_host()
    if settings.IS_HTTPS and not request.is_secure():
        raise Problem(403, "only_https", _("The API is only served by https."))
    if _usual(request.path_info) in OPEN or request.path_info.startswith(file_links.FILES):
        return _read_and_routed(request)
    caller = caller_of(request, lambda: _said(request))
    request.caller = caller  # type: ignore[attr-defined]  # ours
    _enter(request, caller, stack)
    spent = budgets.spend(caller.account.pk, caller.who)
    response = _read_and_routed(request) if spent.ok else _too_many(request)
    _tell(response, spent)
    response.headers.setdefault("Cache-Control", "no-store, private")
    return response


def _read_and_routed(request: HttpRequest) -> HttpResponseBase:
    """Read the body and run the route.

    The body may be large, so it is read only once the caller is known to be allowed.
    """
    try:
        _said(request)
    except Exception as error:  # noqa: BLE001 (every error is told as JSON, in one place)
        return answered(request, error)
    # The framework checks whether there is a body before it asks for it.
    request._body = b"{}"  # noqa: SLF001 (Django has no other way)
    return _routed(request)


def _said(request: HttpRequest) -> Any:
    """Return what the request says, read once."""
    told = getattr(request, "told", None)
    if told is None:
        told = request.told = bodies.read(request)  # type: ignore[attr-defined]  # ours
    return told


def _enter(request: HttpRequest, caller: Caller, stack: ExitStack) -> None:
    """Activate the caller's account and time zone, and their language unless the request names one.

    The same reminder is shown with the same moment to every caller and in webhooks.
    """
    stack.enter_context(scope.account(caller.account.pk))
    stack.enter_context(timezone.override(zoneinfo.ZoneInfo(caller.account.time_zone)))
    if "Accept-Language" not in request.headers:
        place = caller.user or caller.account
        stack.enter_context(translation.override(place.language))


def _routed(request: HttpRequest) -> HttpResponseBase:
    """Return the route's own response.

    The framework has already turned its errors into responses.
    """
    try:
        match = resolve(_usual(request.path_info), urlconf=URLS)
    except Resolver404:
        return answered(request, not_found())
    request.resolver_match = match
    response: HttpResponseBase = match.func(request, *match.args, **match.kwargs)
    if response.status_code == 405:
        allowed = response["Allow"]
        if not _acts(request):
            allowed = allowed.replace("GET", "GET, HEAD")
        message = _("This address takes %(methods)s.") % {"methods": allowed}
        response = answered(request, Problem(405, "method_not_allowed", message))
        response["Allow"] = allowed
    return response


def _usual(path: str) -> str:
    """Translate an older path to the current one, where prospecting lists are named differently.

    Programs may end paths with a slash or with `.json`, as the reference's framework allows.
    """
    bare = path.rstrip("/")
    path = bare if bare in OPEN else bare.removesuffix(".json")
    older = f"{PREFIX}v2/prospecting_lists"
    begins = path == older or path.startswith(f"{older}/")
    return f"{PREFIX}v2/spreadsheets{path.removeprefix(older)}" if begins else path


def _too_many(request: HttpRequest) -> HttpResponse:
    message = _("This application has used up its requests of this hour.")
    return answered(request, Problem(429, "too_many_requests", message))


def _tell(response: HttpResponseBase, spent: Spent) -> None:
    """Add the rate-limit headers: those of the draft that most programs read, and older ones."""
    response["RateLimit-Limit"] = str(spent.limit)
    response["RateLimit-Remaining"] = str(spent.left)
    response["RateLimit-Reset"] = str(spent.reset)
    if not spent.ok:
        for name in ("Retry-After", "API-RETRY-AFTER", "API-LIMIT-RESET"):
            response[name] = str(spent.reset)
