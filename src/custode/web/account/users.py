"""The users of the account: who they are, their roles, and how they get a sign-in."""

from __future__ import annotations

from smtplib import SMTPException
from typing import Any

from django.conf import settings
from django.core.mail import send_mail
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.accounts.models import Account
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people import moves
from custode.people.models import Role, User
from custode.signin.handing import link_for
from custode.web.shell.requests import account_of, actor_of, admit
from custode.web.shell.toasts import tell

PAGE = 50


@require_GET
def users_page(request: HttpRequest) -> HttpResponse:
    """Everybody of the account, by name."""
    admit(request, Verb.USERS)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = User.objects.order_by("last_name", "first_name", "pk")
    for word in words.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "account/users.html", {"tab": "users", "page": page, "words": words})


@never_cache
@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """Add somebody; they set their password by a link."""
    actor = admit(request, Verb.USERS)
    given = {
        name: request.POST.get(name, "").replace("\x00", "").strip()
        for name in ("first_name", "last_name", "email", "role")
    }
    mistakes: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = _created(actor, account_of(request), given)
        except Invalid as error:
            mistakes = {error.field or "first_name": str(error)}
        else:
            return _hand_over_link(request, user)
    words = {"tab": "users", "given": given, "mistakes": mistakes, "roles": Role.choices}
    return render(request, "account/new_user.html", words, status=422 if mistakes else 200)


def _created(actor: Actor, account: Account, given: dict[str, str]) -> User:
    if not given["email"]:
        raise Invalid(_("Write the e-mail address with which they will sign in."), field="email")
    return moves.create(
        actor,
        first_name=given["first_name"],
        last_name=given["last_name"],
        email=given["email"],
        role=given["role"] or Role.USER,
        language=account.language,
        time_zone=account.time_zone,
    )


@require_GET
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One user: role and sign-in."""
    admit(request, Verb.USERS)
    return _user_page(request, get_object_or_404(User, pk=pk))


def _user_page(request: HttpRequest, user: User, **more: Any) -> HttpResponse:
    words = {"tab": "users", "user_shown": user, "roles": Role.choices, **more}
    status = 422 if more.get("mistake") else 200
    return render(request, "account/user.html", words, status=status)


@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Make somebody an admin or a user."""
    actor = admit(request, Verb.USERS)
    user = get_object_or_404(User, pk=pk)
    try:
        moves.set_role(actor, user, request.POST.get("role", ""))
    except Invalid as error:
        user.refresh_from_db()
        return _user_page(request, user, mistake=str(error), at="role")
    tell(
        request,
        _("%(name)s is now: %(role)s") % {"name": user, "role": user.get_role_display()},
    )
    return redirect("user", pk=pk)


@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person who was only named an address, and so a sign-in."""
    actor = admit(request, Verb.USERS)
    user = get_object_or_404(User, pk=pk)
    email = request.POST.get("email", "").replace("\x00", "").strip()
    try:
        moves.invite(actor, user, email)
    except Invalid as error:
        user.refresh_from_db()
        return _user_page(request, user, mistake=str(error), at="email", email=email)
    return _hand_over_link(request, user)


@never_cache
@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """A new link by which somebody sets their password."""
    admit(request, Verb.USERS)
    return _hand_over_link(request, get_object_or_404(User, pk=pk))


def _hand_over_link(request: HttpRequest, user: User) -> HttpResponse:
    """Mail the link where mail is set up; else show it, this once."""
    link = link_for(actor_of(request), user)
    failed = False
    if settings.HAS_MAIL:
        try:
            _mail(user, link, account_of(request).name)
        except (OSError, SMTPException):
            failed = True
        else:
            tell(request, _("A link was mailed to %(email)s.") % {"email": user.email})
            return redirect("user", pk=user.pk)
    words = {"tab": "users", "user_shown": user, "link": link, "failed": failed}
    return render(request, "account/link.html", words)


def _mail(user: User, link: str, account: str) -> None:
    with translation.override(user.language):
        text = render_to_string(
            "account/link_mail.txt", {"user": user, "link": link, "account": account}
        )
        subject = _("Your sign-in to Custode")
    send_mail(subject, text, None, [user.email or ""])
