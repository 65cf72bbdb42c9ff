"""Routes of authentication: making users' tokens, ending tokens and revoking keys."""

from __future__ import annotations

import base64
import binascii
import secrets

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema

from custode.api.answers import answer
from custode.api.calls import caller_of_call
from custode.api.errors import Problem, Unauthorized
from custode.api.frame import any_key, by_key_only, the_door_decides
from custode.api.v2 import params
from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.people.models import User
from custode.signin import required
from custode.signin.api_keys import moves as keys
from custode.signin.devices import device
from custode.signin.origin import ip_of
from custode.signin.password import user_of
from custode.signin.sessions import tokens
from custode.signin.sessions.store import Arrival

router = Router(tags=["Keys and tokens"])


class Token(Schema):
    """A user's token; it is valid for 30 days or until it is ended."""

    token: str
    user_id: int


class Done(Schema):
    """The result of an operation without any other result."""

    status: int
    message: str


class LogAs(params.Given):
    """The user for whom to act."""

    user_id: params.Whom


@router.get(
    "/auth/login", auth=None, response=Token, summary="Sign in and get a token",
    openapi_extra={
        "security": [{"Basic": []}],
        "parameters": [{
            "in": "header", "name": "X-OTP", "required": False, "schema": {"type": "string"},
            "description": "The second factor's code, of who has two-factor authentication.",
        }],
    },
)  # fmt: skip
@any_key
def login(request: HttpRequest) -> HttpResponse:
    """Sign in by HTTP Basic (e-mail address, password); a second factor's code goes in `X-OTP`."""
    arrival = _arrival(request)
    email, password = _basic(request)
    user = user_of(request, arrival, email, password)
    if user is None:
        raise Unauthorized(
            "unauthorized_invalid_credentials",
            _("The e-mail address or the password is not right."),
        )
    with scope.account(user.account_id):
        _require_code(request, user, arrival)
        if required.is_missing(user):
            message = _(
                "Your account requires two-factor authentication. Set it up in Custode first."
            )
            raise Problem(403, "two_factor_required", message)
        token = tokens.begin(user, arrival)
    return answer({"token": token, "user_id": user.pk})


def _require_code(request: HttpRequest, user: User, arrival: Arrival) -> None:
    if not tokens.needs_code(user):
        return
    code = request.headers.get("X-OTP", "").strip()
    if not code:
        message = _("Send the code of your authenticator app in the header X-OTP.")
        raise Unauthorized("second_factor_required", message)
    if not tokens.second_factor(user, arrival, code):
        message = _("The code is not right, or was used before. Wait for the next one.")
        raise Unauthorized("second_factor_invalid", message)


def _basic(request: HttpRequest) -> tuple[str, str]:
    """Return the e-mail address and password of HTTP Basic; raise `Unauthorized` if missing."""
    scheme, _blank, told = request.headers.get("Authorization", "").partition(" ")
    try:
        pair = base64.b64decode(told, validate=True).decode()
    except (binascii.Error, ValueError):
        pair = ""
    # No e-mail address contains NUL, and PostgreSQL does not accept it.
    pair = "" if "\x00" in pair else pair
    email, colon, password = pair.partition(":")
    if scheme.lower() != "basic" or not colon:
        message = _("Send the e-mail address and the password by HTTP Basic.")
        raise Unauthorized("unauthorized_missing_credentials", message)
    return email, password


def _arrival(request: HttpRequest) -> Arrival:
    """Return where a request comes from; a program is not a device that is recognized later."""
    header = request.headers.get("User-Agent", "")
    return Arrival(
        ip=ip_of(request), header=header, device=device(header, request.headers),
        mark=secrets.token_urlsafe(32),
    )  # fmt: skip


@router.get("/auth/logout", response=Done, summary="End the calling token")
@any_key
def logout(request: HttpRequest) -> HttpResponse:
    """End the token that calls, from the next request on. A key is not ended by this."""
    caller = caller_of_call(request)
    if caller.session is None:
        raise Problem(403, "not_user_token", _("This takes a user's token."))
    tokens.end(caller.session)
    return answer({"status": 200, "message": "The token is over."})


@router.get("/auth/log_as", response=Token, summary="Get a token to act as a user")
@by_key_only
@the_door_decides
def log_as(request: HttpRequest, given: Query[LogAs]) -> HttpResponse:
    """Return a token to act as a user. Needs a key of scope admin.

    The log names both; the key's scopes limit what the token can do.
    """
    actor = caller_of_call(request).actor
    # Before any lookup: a caller who may not act for others must not learn who exists.
    door.check_policy(actor, Verb.KEYS, "", Attempt(1, {"log_as": True}, [given.user_id[:200]]))
    user = params.user_named(given.user_id)
    if user is None:
        raise params.no_user(given.user_id)
    return answer({"token": tokens.log_as(actor, user, _arrival(request)), "user_id": user.pk})


@router.post("/auth/revoke_api_key", response=Done, summary="Revoke the calling key")
@by_key_only
@any_key
def revoke_api_key(request: HttpRequest) -> HttpResponse:
    """Revoke the key that calls, from the next request on."""
    caller = caller_of_call(request)
    assert caller.key is not None  # noqa: S101 (for mypy: the route takes keys only)
    keys.revoke(caller.actor, caller.key)
    return answer({"status": 200, "message": "The API key is revoked."})
