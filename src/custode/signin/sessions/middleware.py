"""Django's session middleware with Custode's engine: adds a request's origin and its end."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from custode.signin.devices import ASKED_FOR, device
from custode.signin.origin import ip_of
from custode.signin.sessions.store import Arrival, SessionStore

MARK_AGE: Final = 400 * 24 * 3600
"""How long a device is recognised, in seconds: the longest that browsers keep a cookie."""


class Sessions(SessionMiddleware):
    """Opens the session of a request, and marks the device of a user who signs in."""

    def process_request(self, request: HttpRequest) -> None:
        """Open the session; nothing is read before it is needed."""
        super().process_request(request)
        session = request.session
        assert isinstance(session, SessionStore)  # noqa: S101 (settings say so)
        header = request.headers.get("User-Agent", "")
        session.arrival = Arrival(
            ip=ip_of(request),
            header=header,
            device=device(header, request.headers),
            mark=request.COOKIES.get(settings.DEVICE_COOKIE_NAME, "") or secrets.token_urlsafe(32),
        )

    def process_response(  # type: ignore[override]  # Django hands it streams too
        self, request: HttpRequest, response: HttpResponseBase
    ) -> HttpResponseBase:
        """Save the session; if it ended during this request, redirect the browser to sign in."""
        try:
            response = super().process_response(request, response)  # type: ignore[arg-type]  # (the same)
        except SessionInterrupted:
            return _sent_to_sign_in(request)
        session = request.session
        if isinstance(session, SessionStore) and session.began:
            # Django asked for this cookie's age before there was a session to tell it.
            key, age = str(session.session_key), session.get_expiry_age()
            _set(response, settings.SESSION_COOKIE_NAME, key, age)
            _set(response, settings.DEVICE_COOKIE_NAME, session.arrival.mark, MARK_AGE)
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Accept-CH", ASKED_FOR)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Redirect the browser to sign in when a view itself found that the session has ended."""
        return _sent_to_sign_in(request) if isinstance(error, UpdateError) else None


def _set(response: HttpResponseBase, name: str, value: str, age: int) -> None:
    response.set_cookie(
        name, value, max_age=age, secure=settings.SESSION_COOKIE_SECURE, httponly=True,
        samesite="Lax",
    )  # fmt: skip


def _sent_to_sign_in(request: HttpRequest) -> HttpResponse:
    url = resolve_url(settings.LOGIN_URL)
    response: HttpResponse = HttpResponseRedirect(url)
    if request.headers.get("HX-Request") == "true":
        # htmx would follow a redirect itself, and put that page into a part of this one.
        response = HttpResponse(status=204, headers={"HX-Redirect": url})
    response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
    return response
