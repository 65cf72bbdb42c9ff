"""What a request carries once it has come in, with types."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from custode.accounts.models import Account
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.people import asking
from custode.people.models import User


def actor_of(request: HttpRequest) -> Actor:
    """Who acts by this request; only views that need a sign-in may ask."""
    return cast(Actor, request.actor)  # type: ignore[attr-defined]  # set by WhoActs


def admit(request: HttpRequest, verb: Verb, tried: door.Tried | None = None) -> Actor:
    """Who acts, on a page of acts that may be closed to them; the first line of its view.

    Who only looks is told no. Who sends a form is refused by the door, which logs it: before
    anything of the form is judged, so that no mistake in it hides that somebody tried.

    Args:
        tried: what the form asks for, for the entry of a refusal.

    Raises:
        Refused: this person does no acts of this sort.
    """
    actor = actor_of(request)
    if request.method == "POST":
        door.look(actor, verb, "", tried or door.Tried())
    else:
        policy.require(actor, verb)
    return actor


def user_of(request: HttpRequest) -> User:
    """The signed-in user; only views that need a sign-in may ask."""
    return cast(User, request.user)


def account_of(request: HttpRequest) -> Account:
    """The account of the signed-in user; only views that need a sign-in may ask."""
    return cast(Account, request.account)  # type: ignore[attr-defined]  # set by WhoActs


def admins_of(request: HttpRequest) -> list[User]:
    """The admins who can be asked, read once for each request."""
    known: list[User] | None = getattr(request, "admins", None)
    if known is None:
        known = asking.admins_to_ask(account_of(request).pk)
        request.admins = known  # type: ignore[attr-defined]  # ours
    return known


def is_htmx(request: HttpRequest) -> bool:
    """Whether htmx asks, which takes a part of a page."""
    return request.headers.get("HX-Request") == "true"


def next_of(request: HttpRequest, default: str) -> str:
    """Where to go on: the address that the form names, if it is one of ours.

    Args:
        default: the address for everything else; open redirects are refused.
    """
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    fits = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if fits and wanted.startswith("/") else default
