"""Typed access to what a request carries once it has come in."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from custode.accounts.models import Account
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.people import admin_contacts
from custode.people.models import User


def actor_of(request: HttpRequest) -> Actor:
    """Return the actor of this request; only for views that need a sign-in."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by WhoActs


def admit(request: HttpRequest, verb: Verb, tried: door.Attempt | None = None) -> Actor:
    """Return the actor, on a page of acts that may be closed to them; call it first in a view.

    A reader is refused. A form is refused by the door, which logs it: before anything in the form
    is validated, so that no mistake in it hides the attempt.

    Args:
        tried: what the form asks for, for the log entry of a refusal.

    Raises:
        Refused: this person may not do acts of this kind.
    """
    actor = actor_of(request)
    if request.method == "POST":
        door.check_policy(actor, verb, "", tried or door.Attempt())
    else:
        policy.require(actor, verb)
    return actor


def user_of(request: HttpRequest) -> User:
    """Return the signed-in user; only for views that need a sign-in."""
    return cast(User, request.user)


def account_of(request: HttpRequest) -> Account:
    """Return the account of the signed-in user; only for views that need a sign-in."""
    return cast(Account, request.account)  # type: ignore[attr-defined]  # set by WhoActs


def admins_of(request: HttpRequest) -> list[User]:
    """Return the admins who can be asked, read once per request."""
    known: list[User] | None = getattr(request, "admins", None)
    if known is None:
        known = admin_contacts.admins_to_ask(account_of(request).pk)
        request.admins = known  # type: ignore[attr-defined]  # ours
    return known


def is_htmx(request: HttpRequest) -> bool:
    """Tell whether htmx sent the request, which expects a part of a page."""
    return request.headers.get("HX-Request") == "true"


def next_of(request: HttpRequest, default: str) -> str:
    """Return where to go next: the address in the form, if it is within Custode.

    Args:
        default: the address otherwise, so that there is no open redirect.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if fits and wanted.startswith("/") else default
