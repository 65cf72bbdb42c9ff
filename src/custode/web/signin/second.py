"""The second step of signing in, and signing in with a passkey alone."""

from __future__ import annotations

import json
from typing import cast

from allauth.account.internal.flows.login import perform_login, record_authentication
from allauth.account.models import Login
from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.kernel import scope
from custode.kernel.errors import TooMany
from custode.people.models import User
from custode.signin import limits, stages
from custode.signin.factors import passkeys
from custode.signin.middleware import open_to_visitors
from custode.signin.models import Passkey, Totp
from custode.signin.password import network_of
from custode.signin.sessions.store import SessionStore
from custode.web.shell.requests import next_of
from custode.web.signin.forms import SignInForm


@open_to_visitors
@never_cache
@sensitive_post_parameters("code", "passkey")
@require_http_methods(["GET", "POST"])
def second_factor(request: HttpRequest) -> HttpResponse:
    """Ask for the second factor after the right password."""
    stage = None if isinstance(request.user, User) else stages.pending(request)
    if stage is None:
        return redirect("sign_in")
    mistake, status = "", 200
    if request.method == "POST":
        told = {name: request.POST.get(name, "")[:8000] for name in ("code", "passkey")}
        try:
            if stages.give(request, stage, **told):
                return stages.finish(request, stage)
            mistake, status = _("This is not right, or was used before. Try again."), 422
        except TooMany as error:
            mistake, status = str(error), 429
    words = {**_ways(request, stages.user_of(stage)), "mistake": mistake}
    return render(request, "signin/second_factor.html", words, status=status)


def _ways(request: HttpRequest, user: User) -> dict[str, object]:
    with scope.account(user.account_id):
        program = Totp.objects.filter(user=user, removed_at=None).exists()
        keys = Passkey.objects.filter(user=user, removed_at=None).exists()
        options = passkeys.begin_asking(request.session, user) if keys else None
    return {"has_totp": program, "options": json.dumps(options) if options else ""}


@open_to_visitors
@never_cache
@require_GET
def passkey_options(request: HttpRequest) -> HttpResponse:
    """Return the challenge for anybody's passkey; it reveals nothing about anybody.

    For a visitor without a cookie that still counts, the challenge takes a new row.

    Raises:
        TooMany: too many such rows were begun from the same network.
    """
    session = cast(SessionStore, request.session)
    if session.signed_in() is None and session.session_key is None:
        limits.spend(limits.VISIT, network_of(session.arrival.ip))
    return JsonResponse(passkeys.begin_asking(session))


@open_to_visitors
@never_cache
@sensitive_post_parameters("passkey")
@require_POST
def passkey(request: HttpRequest) -> HttpResponse:
    """Sign in with only a passkey, which is both factors: the device, and fingerprint or PIN."""
    goal = next_of(request, settings.LOGIN_REDIRECT_URL)
    if isinstance(request.user, User):
        return redirect(goal)
    arrival = cast(SessionStore, request.session).arrival
    mistake, status = "", 422
    try:
        limits.spend(limits.ADDRESS, network_of(arrival.ip))
        user = passkeys.taken(request.session, request.POST.get("passkey", "")[:8000])
        if user is not None:
            return _come_in(request, user, goal)
        mistake = _("This passkey is not known here. Sign in with your password.")
    except TooMany as error:
        mistake, status = str(error), 429
    words = {"form": SignInForm(request=request), "next": goal, "passkey_mistake": mistake}
    return render(request, "signin/sign_in.html", words, status=status)


def _come_in(request: HttpRequest, user: User, goal: str) -> HttpResponse:
    state = {"stages": {stages.KEY: {"data": {"by_passkey": True}}}}
    login = Login(user=user, email=user.email, redirect_url=goal, state=state)
    with scope.everywhere("the session of who signs in"):
        record_authentication(request, user, method="passkey")
        answer: HttpResponse = perform_login(request, login)
    return answer
