"""The pages of the account's users: the list, their roles, and adding one."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, read_all
from custode.people import addresses, moves
from custode.people.models import Role, User
from custode.signin import factors
from custode.signin.models import Session
from custode.web.account import left_open, trying
from custode.web.account.user_links import hand_over
from custode.web.shell.navigation import url_of
from custode.web.shell.requests import account_of, actor_of, admit
from custode.web.shell.toasts import tell

PAGE = 50


@require_GET
def users_page(request: HttpRequest) -> HttpResponse:
    """List everybody in the account, by name."""
    admit(request, Verb.USERS)
    words = request.GET.get("q", "").replace("\x00", "").strip()[:100]
    found = User.objects.order_by("last_name", "first_name", "pk")
    found = found.annotate(
        has_factor=ExpressionWrapper(factors.somebody_has(), output_field=BooleanField())
    )
    for word in words.split():
        found = found.filter(
            Q(first_name__icontains=word)
            | Q(last_name__icontains=word)
            | Q(email__icontains=word)
            | Q(pending_email__icontains=word)
        )
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "account/users.html", {"tab": "users", "page": page, "words": words})


@never_cache
@require_http_methods(["GET", "POST"])
def new_user(request: HttpRequest) -> HttpResponse:
    """Add a user, who sets their password by a link."""
    actor = admit(request, Verb.USERS, Attempt(1, {"created": trying.role(request)}))
    given = {
        name: request.POST.get(name, "").replace("\x00", "").strip()
        for name in ("first_name", "last_name", "email", "role")
    }
    mistakes: dict[str, str] = {}
    if request.method == "POST":
        try:
            user = _created(actor, account_of(request), given)
        except Invalid as error:
            mistakes = {field or "first_name": said for field, said in error.wrong.items()}
        else:
            return hand_over(request, user)
    words = {"tab": "users", "given": given, "mistakes": mistakes, "roles": Role.choices}
    return render(request, "account/new_user.html", words, status=422 if mistakes else 200)


def _created(actor: Actor, account: Account, given: dict[str, str]) -> User:
    role = given["role"] or Role.USER
    read_all(
        {
            "first_name": lambda: moves.checked_name(given["first_name"]),
            "email": lambda: _address(given["email"]),
            "role": lambda: moves.checked_role(role),
        }
    )
    return moves.create(
        actor,
        first_name=given["first_name"],
        last_name=given["last_name"],
        email=given["email"],
        role=role,
        language=account.language,
        time_zone=account.time_zone,
    )


def _address(text: str) -> str | None:
    if not text:
        raise Invalid(_("Write the e-mail address with which they will sign in."), field="email")
    return addresses.read(text)


@require_GET
def user_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a user: role, sign-in, devices."""
    admit(request, Verb.USERS)
    return shown(request, get_object_or_404(User, pk=pk))


def shown(request: HttpRequest, user: User, **more: Any) -> HttpResponse:
    """Render the page of one user, with `mistake` beside the field named by `at`."""
    sessions = url_of("user_sessions")
    words = {
        "tab": "users",
        "user_shown": user,
        "names": (user.first_name, user.last_name),
        "has_log": has(account_of(request).edition, Feature.SENSITIVE_ACTIONS),
        "is_oneself": actor_of(request).user_id == user.pk,
        "roles": Role.choices,
        "has_mail": settings.HAS_MAIL,
        "factors": factors.of(user),
        "devices": Session.objects.filter(user=user, ended_at=None).count(),
        "sessions_url": f"{sessions}?user={user.pk}" if sessions else "",
        "left_open": left_open.counted(user),
        **more,
    }
    status = 422 if more.get("mistake") else 200
    return render(request, "account/user.html", words, status=status)


@require_POST
def set_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Change somebody's role: admin or user."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, role={"to": trying.role(request)}))
    user = get_object_or_404(User, pk=pk)
    try:
        moves.set_role(actor, user, request.POST.get("role", ""))
    except Invalid as error:
        user.refresh_from_db()
        return shown(request, user, mistake=str(error), at="role")
    tell(
        request,
        _("%(name)s is now: %(role)s") % {"name": user, "role": user.get_role_display()},
    )
    if user.role != Role.ADMIN and (works_on := left_open.counted(user)):
        said = _("What they made as an admin goes on working: %(what)s.")
        tell(request, said % {"what": works_on})
    return redirect("user", pk=pk)


@require_POST
def set_name(request: HttpRequest, pk: int) -> HttpResponse:
    """Rename a user."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, renamed=True))
    user = get_object_or_404(User, pk=pk)
    given = (request.POST.get(name, "") for name in ("first_name", "last_name"))
    first, last = (name.replace("\x00", "") for name in given)
    try:
        moves.rename(actor, user, first, last)
    except Invalid as error:
        return shown(request, user, names=(first, last), mistake=str(error), at="first_name")
    tell(request, _("The name is now: %(name)s") % {"name": user})
    return redirect("user", pk=pk)
