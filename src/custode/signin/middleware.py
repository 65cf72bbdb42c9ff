"""Gives every request its actor and account; views not marked open require a sign-in."""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from typing import Any, Final, TypeVar, cast
from urllib.parse import urlsplit, urlunsplit

from django.conf import settings
from django.contrib.auth import HASH_SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone, translation

from custode.kernel import scope
from custode.kernel.actor import Entrance
from custode.people.models import User
from custode.signin import required
from custode.signin.models import Ended, Session
from custode.signin.origin import origin_of
from custode.signin.sessions import answers, moves
from custode.signin.sessions.life import is_proved, is_theirs
from custode.signin.sessions.store import SessionStore


def session_of(request: HttpRequest) -> Session:
    """Return the session of the signed-in user; only for views that require a sign-in."""
    row = cast(SessionStore, request.session).row
    assert row is not None  # noqa: S101 (for mypy: visitors were sent away)
    return row


def _session_of(request: HttpRequest) -> Session | None:
    """Return a request's session, unless it is over, or its user disabled or password changed."""
    session = cast(SessionStore, request.session)
    row = session.signed_in()
    if row is None:
        return None
    return row if is_theirs(row, session.get(HASH_SESSION_KEY, "")) else None


_POLL: Final = "X-Custode-Poll"
"""The header of requests that a page sends on its own: they do not count as use of the session."""


def _touch(request: HttpRequest, row: Session) -> None:
    moves.touch(row, request.session.arrival.ip)  # type: ignore[attr-defined]  # our engine


def _only_polls(request: HttpRequest, view: Callable[..., Any]) -> bool:
    return request.method == "GET" and getattr(view, "polled", False) and "after" in request.GET


V = TypeVar("V", bound=Callable[..., Any])


def open_while_setting_up(view: V) -> V:
    """Mark a view for users who must set up two-factor authentication first. Easy to find, rare."""
    view.open_while_setting_up = True  # type: ignore[attr-defined]  # the mark itself
    return view


def polled(view: V) -> V:
    """Mark a view that an open page polls (`?after=`): that keeps no session alive."""
    view.polled = True  # type: ignore[attr-defined]  # the mark itself
    return view


def open_to_visitors(view: V) -> V:
    """Mark a view that needs no sign-in. Easy to search, and rare."""
    view.open_to_visitors = True  # type: ignore[attr-defined]  # the mark itself
    return view


class WhoActs:
    """Determines the actor, and activates their account, language and time zone.

    A visitor reaches only views marked `open_to_visitors`, which see no account.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Serve the request within its actor's account."""
        row = _session_of(request)
        with ExitStack() as stack:
            if row is not None:
                user = request.user = row.user
                request.account = row.account  # type: ignore[attr-defined]  # ours
                actor = user.actor(Entrance.WEB, origin_of(request, row))
                request.actor = replace(actor, proved=is_proved(row))  # type: ignore[attr-defined]  # ours
                stack.enter_context(scope.account(user.account_id))
                stack.enter_context(translation.override(user.language))
                stack.enter_context(timezone.override(zoneinfo.ZoneInfo(user.time_zone)))
                answers.tell(request, row)
                if _POLL not in request.headers:
                    _touch(request, row)
            else:
                request.user = AnonymousUser()
                language = translation.get_language_from_request(request)
                stack.enter_context(translation.override(language))
            request.LANGUAGE_CODE = translation.get_language()
            response = self.get_response(request)
            if row is not None:
                # No browser or proxy may store what a signed-in user saw.
                response.headers.setdefault("Cache-Control", "no-store, private")
            return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Redirect visitors to sign in, and users who must set up a second factor to do so."""
        if isinstance(request.user, User):
            if _POLL in request.headers and not _only_polls(request, view):
                _touch(request, session_of(request))
            return _to_set_up(request, request.user, view)
        if getattr(view, "open_to_visitors", False):
            return None
        return _to_sign_in(request)


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    """Redirect to the sign-in page, which explains why a user was signed out."""
    page = _page_of(request)
    answer = redirect_to_login(page) if page else redirect(settings.LOGIN_URL)
    cookie = request.COOKIES.get(settings.SESSION_COOKIE_NAME)
    why = cast(SessionStore, request.session).why_over(cookie)
    if why and why != Ended.SIGNED_OUT:
        answer["Location"] += f"{'&' if page else '?'}over={why}"
    return answer


def _page_of(request: HttpRequest) -> str:
    """Return the page on which the visitor is, to come back to; "" when it is not known.

    What htmx asks for is a part of it, and what a form is sent to is rarely a page itself.
    """
    if "HX-Request" in request.headers:
        return _own_page(request, "HX-Current-URL")
    page = "" if request.method in {"GET", "HEAD"} else _own_page(request, "Referer")
    return page or request.get_full_path()


def _own_page(request: HttpRequest, header: str) -> str:
    """Return the page of ours that a header names; "" for none, and for another site's."""
    try:
        parts = urlsplit(request.headers.get(header, ""))
    except ValueError:
        return ""
    if parts.netloc != request.get_host() or not parts.path.startswith("/"):
        return ""
    return urlunsplit(("", "", parts.path, parts.query, ""))


def _to_set_up(request: HttpRequest, user: User, view: Callable[..., Any]) -> HttpResponse | None:
    """Redirect a user who lacks the required two-factor authentication to set it up first."""
    until = required.due(user, session_of(request).account)
    request.two_factor_due = until  # type: ignore[attr-defined]  # ours
    if until is None or not required.is_over(until) or _may_stay(view):
        return None
    return redirect(settings.TWO_FACTOR_URL)


def _may_stay(view: Callable[..., Any]) -> bool:
    return any(getattr(view, mark, False) for mark in ("open_while_setting_up", "open_to_visitors"))
