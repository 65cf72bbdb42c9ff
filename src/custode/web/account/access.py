"""Admin pages for a user's sign-in: invitation, password, address, second factor."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid, TooMany
from custode.people import addresses
from custode.people.models import User
from custode.signin import access
from custode.signin.factors import moves as factor_moves
from custode.web.account import trying
from custode.web.account.user_links import hand_over, hand_over_address
from custode.web.account.users import shown
from custode.web.shell.requests import admit
from custode.web.shell.toasts import tell


@never_cache
@require_POST
def invite(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a person without a sign-in an e-mail address, and thereby a sign-in."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, invited=pk))
    user, email = get_object_or_404(User, pk=pk), _email(request)
    try:
        addresses.invite(actor, user, email)
    except Invalid as error:
        user.refresh_from_db()
        return shown(request, user, mistake=str(error), at="email", email=email)
    return hand_over(request, user)


@never_cache
@require_POST
def new_link(request: HttpRequest, pk: int) -> HttpResponse:
    """Make a new link by which a user sets their password."""
    admit(request, Verb.USERS, trying.on_user(pk, link=pk))
    return hand_over(request, get_object_or_404(User, pk=pk))


@never_cache
@require_POST
def change_address(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a user's sign-in to another address, once its owner confirms it."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, address=pk))
    user, email = get_object_or_404(User, pk=pk), _email(request)
    try:
        if "withdraw" in request.POST:
            addresses.withdraw(actor, user)
            tell(request, _("The address stays as it is."))
            return redirect("user", pk=pk)
        access.ask_for_address(actor, user, email)
    except (Invalid, TooMany) as error:
        user.refresh_from_db()
        return shown(request, user, mistake=str(error), at="email", email=email)
    return hand_over_address(request, user)


@require_POST
def two_factor_off(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove the second factor of a user who has lost it."""
    actor = admit(request, Verb.USERS, trying.on_user(pk, two_factor=pk))
    user = get_object_or_404(User, pk=pk)
    factor_moves.deactivate(actor, user)
    tell(
        request,
        _("Two-factor authentication of %(name)s is off, and their devices are signed out.")
        % {"name": user},
    )
    return redirect("user", pk=pk)


def _email(request: HttpRequest) -> str:
    return request.POST.get("email", "").replace("\x00", "").strip()[:300]
