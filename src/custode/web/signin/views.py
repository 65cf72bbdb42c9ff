"""The views of signing in and out."""

from __future__ import annotations

from typing import Final

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from custode.kernel import scope
from custode.people.models import User
from custode.signin.middleware import open_to_visitors, open_while_setting_up
from custode.signin.models import Ended
from custode.web.shell.requests import next_of
from custode.web.signin.forms import SignInForm

OVER: Final[dict[str, Promise]] = {
    Ended.DISCONNECTED: gettext_lazy("This device was disconnected. Sign in again to go on."),
    Ended.IDLE: gettext_lazy("You were away for a long time, so you were signed out."),
    Ended.EXPIRED: gettext_lazy("You were signed in for as long as your account allows."),
    Ended.PASSWORD: gettext_lazy("Your password was changed, which signed you out."),
    Ended.DISABLED: gettext_lazy("Your access was closed. Ask an admin of your account."),
    Ended.TWO_FACTOR: gettext_lazy(
        "Your two-factor authentication was changed, which signed you out."
    ),
    Ended.NOT_ME: gettext_lazy("Somebody with your account said that this was not them."),
}
"""The sign-in page's message after a session has ended, by the reason."""


@open_to_visitors
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Show the sign-in page; after signing in, continue to the wanted page."""
    goal = next_of(request, settings.LOGIN_REDIRECT_URL)
    if isinstance(request.user, User):
        return HttpResponseRedirect(goal)
    form = SignInForm(request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        email = form.cleaned_data["email"].strip()
        with scope.everywhere("the session of who signs in"):
            login = Login(user=form.user, email=email, redirect_url=goal)
            answer: HttpResponse = perform_password_login(request, {"email": email}, login)
        return answer
    status = 422 if form.is_bound else 200
    words = {"form": form, "next": goal, "over": OVER.get(request.GET.get("over", ""))}
    return render(request, "signin/sign_in.html", words, status=status)


@open_while_setting_up
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by POST only, so that no other site can do it with an image."""
    logout(request)
    return redirect("sign_in")
