"""The pages of a person's own password and e-mail address."""

from __future__ import annotations

from dataclasses import replace

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, TooMany
from custode.people import addresses
from custode.signin import access, proof
from custode.signin.middleware import session_of
from custode.signin.sessions.life import is_proved
from custode.web.shell.requests import actor_of, admins_of, user_of
from custode.web.shell.toasts import tell
from custode.web.signin.forms import new_password


@never_cache
@sensitive_post_parameters("old", "password", "again")
@require_http_methods(["GET", "POST"])
def my_password(request: HttpRequest) -> HttpResponse:
    """Change one's password; the present one or a recent proof of identity is required."""
    user, row = user_of(request), session_of(request)
    mistakes, status, wait = {}, 200, 0
    if request.method == "POST":
        try:
            new = new_password(request.POST)
            access.change_password(_proved(request), user, new, this=row.pk)
        except Invalid as error:
            mistakes, status = {error.field or "password": str(error)}, 422
        except TooMany as error:
            mistakes, status, wait = {"old": str(error)}, 429, error.wait
        else:
            update_session_auth_hash(request, user)
            tell(request, _("Your password is changed. Your other devices are signed out."))
            return redirect("my_sign_in")
    words = {"asks_old": _asks_old(request), "mistakes": mistakes}
    answer = render(request, "person/password.html", words, status=status)
    if wait:
        answer["Retry-After"] = str(wait)
    return answer


def _asks_old(request: HttpRequest) -> bool:
    """Tell whether the present password is required; a second factor is a proof elsewhere."""
    return not is_proved(session_of(request)) and proof.asks_for_password(user_of(request))


def _proved(request: HttpRequest) -> Actor:
    """Return the actor, proved by the present password if that is required and right."""
    actor = actor_of(request)
    if not _asks_old(request):
        return actor
    old = request.POST.get("old", "")
    if not old:
        raise Invalid(_("Type your present password."), field="old")
    if not proof.give(session_of(request), user_of(request), request.session, password=old):
        raise Invalid(_("This is not your present password."), field="old")
    return replace(actor, proved=True)


@never_cache
@require_http_methods(["GET", "POST"])
def my_address(request: HttpRequest) -> HttpResponse:
    """Change the address with which one signs in, which its link confirms."""
    user, actor = user_of(request), actor_of(request)
    email = request.POST.get("email", "").replace("\x00", "").strip()[:300]
    mistake, status = "", 200
    if request.method == "POST":
        try:
            if "withdraw" in request.POST:
                addresses.withdraw(actor, user)
                tell(request, _("Your address stays as it is."))
            else:
                _ask(actor, request, email)
            return redirect("my_address")
        except Invalid as error:
            mistake, status = str(error), 422
        except TooMany as error:
            mistake, status = str(error), 429
        user.refresh_from_db()
    words = {
        "email": email, "mistake": mistake, "has_mail": settings.HAS_MAIL,
        "ask": [admin for admin in admins_of(request) if admin.pk != user.pk],
    }  # fmt: skip
    return render(request, "person/address.html", words, status=status)


def _ask(actor: Actor, request: HttpRequest, email: str) -> None:
    if not settings.HAS_MAIL:
        raise Invalid(_("This installation sends no mail. Ask an admin of your account."))
    access.ask_for_address(actor, user_of(request), email)
    tell(request, _("A link to confirm it is on its way to %(email)s.") % {"email": email})
