"""Django's session middleware with Custode's engine: where a request comes from, and its end."""

from __future__ import annotations

import secrets
from typing import Final

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest
from django.http.response import HttpResponseBase, HttpResponseRedirect
from django.shortcuts import resolve_url

from custode.signin.devices import ASKED_FOR, device
from custode.signin.origin import ip_of
from custode.signin.sessions.store import Arrival, SessionStore

MARK_AGE: Final = 400 * 24 * 3600
"""How long a device is known again, in seconds: the most that browsers keep a cookie."""


class Sessions(SessionMiddleware):
    """Opens the session of a request, and marks the device of who signs in."""

    def process_request(self, request: HttpRequest) -> None:
        """Open it; nothing is read before somebody asks."""
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
        """Keep it; when it was ended while this request ran, the browser is sent to sign in."""
        try:
            response = super().process_response(request, response)  # type: ignore[arg-type]  # (the same)
        except SessionInterrupted:
            response = HttpResponseRedirect(resolve_url(settings.LOGIN_URL))
            response.delete_cookie(settings.SESSION_COOKIE_NAME, samesite="Lax")
            return response
        session = request.session
        if isinstance(session, SessionStore) and session.began:
            response.set_cookie(
                settings.DEVICE_COOKIE_NAME, session.arrival.mark, max_age=MARK_AGE,
                secure=settings.SESSION_COOKIE_SECURE, httponly=True, samesite="Lax",
            )  # fmt: skip
        if response.headers.get("Content-Type", "").startswith("text/html"):
            response.headers.setdefault("Accept-CH", ASKED_FOR)
        return response
