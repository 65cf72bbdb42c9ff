"""Coming in and going out."""

from __future__ import annotations

from allauth.account.internal.flows.login import perform_password_login
from allauth.account.models import Login
from django.conf import settings
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from custode.kernel import scope
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.signin import links
from custode.signin.middleware import open_to_visitors, open_while_setting_up
from custode.web.shell.requests import next_of
from custode.web.signin.forms import SignInForm

LONGEST = 1000
"""Characters of a password; more would only make the hashing slow."""


@open_to_visitors
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """The sign-in page; goes on to where the person wanted to go."""
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
    return render(request, "signin/sign_in.html", {"form": form, "next": goal}, status=status)


@open_to_visitors
@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def password(request: HttpRequest, token: str) -> HttpResponse:
    """Set a password by a link. The link works once, and says so when it works no more."""
    user = links.user_of(token)
    if user is None:
        return render(request, "signin/link_over.html", status=404)
    mistake = ""
    if request.method == "POST":
        try:
            _set_password(user, request.POST)
        except Invalid as error:
            mistake = str(error)
        else:
            logout(request)
            return render(request, "signin/password_set.html", {"email": user.email})
    words = {"owner": user, "token": token, "mistake": mistake}
    return render(request, "signin/password.html", words, status=422 if mistake else 200)


def _set_password(user: User, given: QueryDict) -> None:
    new = given.get("password", "")
    if len(new) > LONGEST:
        raise Invalid(_("A password has at most %(n)s characters.") % {"n": LONGEST})
    if new != given.get("again", ""):
        raise Invalid(_("The two passwords are not the same. Type both again."))
    links.set_password(user, new)


@open_while_setting_up
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    """End the session; by POST only, so that no foreign page can do it with a picture."""
    logout(request)
    return redirect("sign_in")
