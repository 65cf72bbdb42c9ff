"""Identify the caller of a request by its key or token. Cookies are ignored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from custode.api import bodies
from custode.api.calls import Caller
from custode.api.errors import MISSING, Unauthorized
from custode.kernel import scope
from custode.signin import limits
from custode.signin.api_keys import finding
from custode.signin.origin import origin_of
from custode.signin.password import network_of
from custode.signin.sessions import answers, tokens
from custode.signin.sessions import moves as session_moves


def caller_of(request: HttpRequest, said: Callable[[], Any]) -> Caller:
    """Return who is calling.

    Args:
        said: returns the body, where older programs put the key; used only if no header has one.

    Raises:
        Unauthorized: there is no valid key or token.
        TooMany: this address has sent too many invalid ones.
    """
    if key := request.headers.get("X-API-KEY", ""):
        return _by_key(request, key.strip())
    if token := request.headers.get("X-USER-TOKEN", ""):
        return _by_token(request, token.strip())
    if key := _in_body(request, said):
        return _by_key(request, key.strip())
    raise Unauthorized("unauthorized_missing_token", MISSING)


def _in_body(request: HttpRequest, said: Callable[[], Any]) -> str:
    """Take the API key out of the body, where programs of 2021 send it.

    Uploads must have the key in a header: files are not read to find out who sends them.
    """
    if request.method != "POST" or request.content_type == bodies.FILES:
        return ""
    told = said()
    if not isinstance(told, dict):
        return ""
    found = told.pop("api_key", "")
    return found if isinstance(found, str) and "api_key" not in request.GET else ""


def _by_key(request: HttpRequest, text: str) -> Caller:
    key = finding.key_of(text)
    if key is None:
        raise _wrong(request)
    if key.is_over:
        raise Unauthorized(
            "unauthorized_disabled_token", _("This API key has been revoked or has run out.")
        )
    origin = origin_of(request)
    with scope.account(key.account_id):
        finding.touch(key, origin.ip)
    return Caller(key.actor(origin), key.account, key=key)


def _by_token(request: HttpRequest, text: str) -> Caller:
    found = tokens.found(text)
    if found is None:
        raise _wrong(request)
    row, key = found
    origin = origin_of(request, row)
    with scope.account(row.account_id):
        actor = tokens.actor_of(row, key, origin)
        session_moves.touch(row, origin.ip)
    answers.tell(request, row)
    return Caller(actor, row.account, session=row)


def _wrong(request: HttpRequest) -> Unauthorized:
    """Return the error for an invalid key or token, and count it for the caller's address."""
    limits.spend(limits.WRONG_KEYS, network_of(origin_of(request).ip))
    return Unauthorized("unauthorized_invalid_token", _("This API key or user token is not valid."))
