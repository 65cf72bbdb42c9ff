"""Routes of users: find, add, invite, disable."""

from __future__ import annotations

import zoneinfo
from typing import Final

from django.conf import settings
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.accounts.models import Account
from custode.api.answers import answer
from custode.api.calls import actor_of, caller_of_call
from custode.api.errors import Problem, or_404
from custode.api.frame import the_door_decides
from custode.api.v2 import numbered, params
from custode.api.v2.shapes import users as shapes
from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.people import moves, teams
from custode.people.models import Membership, Role, User
from custode.signin import leaving, password_links

router = Router(tags=["Users"])
_STATUS: Final = {
    "activated": Q(disabled_at=None), "deactivated": Q(disabled_at__isnull=False),
}  # fmt: skip
_ROLES: Final = {"admin": Q(role=Role.ADMIN), "non-admin": ~Q(role=Role.ADMIN)}


class UsersAsked(params.Directed):
    """The filter of users; an unknown value matches nobody."""

    email: params.Text | None = None
    firstname: params.Text | None = None
    lastname: params.Text | None = None
    status: params.Text | None = Field(None, description="`all`, `activated` or `deactivated`.")
    role: params.Text | None = Field(None, description="`all`, `admin` or `non-admin`.")
    teams: params.Names | None = Field(
        None, description="Numbers or names of teams, separated by commas; up to 50."
    )


class NewUser(params.Given):
    """A user to add."""

    firstname: params.Named
    lastname: params.Named
    email: params.Named
    is_admin: params.MaybeYes = None
    dont_send_email: params.MaybeYes = Field(
        None, description="Do not send the e-mail with the link for setting a password."
    )
    locale: params.Text | None = Field(
        None,
        description="For example `it`; the account's language if this one is not available.",
    )
    time_zone: params.Text | None = Field(None, description="For example `Europe/Rome`.")


@router.get("/users", response=list[shapes.UserShape], summary="Find users")
def find(request: HttpRequest, wanted: Query[UsersAsked]) -> HttpResponse:
    """Return users, including disabled ones, in the order in which they were added."""
    actor = actor_of(request)
    rows = _found(actor, wanted)
    ordered = rows.order_by("-pk" if wanted.direction == "desc" else "pk")
    page = wanted.page(ordered)
    return answer(shapes.many(actor, page), total=rows.count())


@router.post("/users", response={201: shapes.UserShape}, summary="Add a user")
@the_door_decides
def add(request: HttpRequest, given: NewUser) -> HttpResponse:
    """Add a user, who sets a password by a link sent by e-mail. For admins.

    A key needs all scopes, `read`, `write`, `delete`, `export` and `admin`: other keys must not
    create users who may do more than themselves.
    """
    actor = actor_of(request)
    role = Role.ADMIN if given.is_admin else Role.USER
    door.check_policy(actor, Verb.USERS, "", Attempt(1, {"created": role.value}))
    account = Account.objects.get(pk=actor.account_id)
    if not given.email.strip():
        raise Invalid(_("Write the e-mail address with which they will sign in."), field="email")
    user = moves.create(
        actor,
        first_name=given.firstname,
        last_name=given.lastname,
        email=given.email,
        role=role,
        language=_language(given.locale, account),
        time_zone=_time_zone(given.time_zone, account),
    )
    if settings.HAS_MAIL and not given.dont_send_email:
        password_links.hand_over(actor, user)
    return answer(shapes.one(actor, user), status=201)


@router.get("/users/self", response=shapes.UserShape, summary="Get the token's user")
def oneself(request: HttpRequest) -> HttpResponse:
    """Return the user of the calling token. Keys are not accepted: an application is not a user."""
    user = caller_of_call(request).user
    if user is None:
        raise Problem(403, "not_user_token", _("This takes a user's token."))
    return answer(shapes.one(actor_of(request), user))


@router.get("/users/{str:who}", response=shapes.UserShape, summary="Get a user")
def one(request: HttpRequest, who: str) -> HttpResponse:
    """Return a user by number or e-mail address."""
    actor = actor_of(request)
    return answer(shapes.one(actor, _named(actor, who)))


@router.api_operation(
    ["PUT", "POST"], "/users/{str:who}/disable", response=shapes.UserShape,
    summary="Disable a user",
)  # fmt: skip
@the_door_decides
def disable(request: HttpRequest, who: str) -> HttpResponse:
    """Disable a user: all their sessions end and all links sent to them become invalid.

    For admins.
    """
    actor = actor_of(request)
    user = _on_user(actor, who, disabled=True)
    leaving.disable(actor, user)
    return answer(shapes.one(actor, user))


@router.get(
    "/users/{str:who}/send_activation_email",
    response=shapes.UserShape,
    summary="Send a user their link",
)
@the_door_decides
def send_activation_email(request: HttpRequest, who: str) -> HttpResponse:
    """Send a user the link by which they set a password. For admins."""
    actor = actor_of(request)
    user = _on_user(actor, who, link=True)
    if not settings.HAS_MAIL:
        raise Invalid(
            _("No mail is set up, so nothing can be sent. An admin makes the link in Custode.")
        )
    password_links.hand_over(actor, user)
    return answer(shapes.one(actor, user))


def _on_user(actor: Actor, who: str, **tried: bool) -> User:
    """Return the user for an act of admins; refuse and log any other actor.

    Raises:
        Refused: the actor is not an admin.
        Problem: there is no such user.
    """
    door.check_policy(actor, Verb.USERS, "", Attempt(1, tried))
    return _named(actor, who)


def _named(actor: Actor, who: str) -> User:
    found = params.user_named(who)
    if found is None and actor.is_admin and "@" in who:
        address = who.replace("\x00", "").strip().lower()
        found = User.objects.filter(email=None, pending_email=address).first()
    return or_404(found)


def _found(actor: Actor, wanted: UsersAsked) -> QuerySet[User, User]:
    rows = User.objects.filter(_STATUS.get(_word(wanted.status), Q()))
    rows = rows.filter(_ROLES.get(_word(wanted.role), Q()))
    if wanted.email:
        address = wanted.email.strip().lower()
        waiting = Q(email=None, pending_email=address) if actor.is_admin else Q(pk__in=[])
        rows = rows.filter(Q(email=address) | waiting)
    if wanted.firstname:
        rows = rows.filter(first_name__iexact=wanted.firstname.strip())
    if wanted.lastname:
        rows = rows.filter(last_name__iexact=wanted.lastname.strip())
    if wanted.teams:
        meant = _teams_named(actor, params.few(wanted.teams, "teams"))
        rows = rows.filter(pk__in=Membership.objects.filter(team__in=meant).values("user"))
    return rows


def _teams_named(actor: Actor, names: list[str]) -> list[int]:
    """Return the teams with these numbers or names (in any letter case) that the actor can see."""
    ids, told = set(numbered.numbers(names)), {fold(name) for name in names}
    there = teams.visible(actor).values_list("pk", "name")
    return [pk for pk, name in there if pk in ids or fold(name) in told]


def _word(text: str | None) -> str:
    return (text or "").strip().lower()


def _language(locale: str | None, account: Account) -> str:
    """Return the language of a locale such as `it`, `it-IT` or `it_IT`."""
    told = _word(locale)[:2]
    return told if told in dict(settings.LANGUAGES) else account.language


def _time_zone(name: str | None, account: Account) -> str:
    told = (name or "").strip()
    if not told:
        return account.time_zone
    if told not in zoneinfo.available_timezones():
        raise Invalid(_("Write the time zone like Europe/Rome."), field="time_zone")
    return told
