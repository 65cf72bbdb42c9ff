"""The shape of a user, as colleagues and programs see one."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from ninja import Schema
from pydantic import Field

from custode.kernel.actor import Actor
from custode.kernel.clock import iso
from custode.people import teams
from custode.people.models import Membership, User


class TeamOfUser(Schema):
    """A team of which a user is a member."""

    id: int
    name: str
    is_manager: bool


class UserShape(Schema):
    """A user."""

    id: int
    firstname: str
    lastname: str
    email: str | None = Field(
        description="For admins also an address not yet confirmed; null if the user has none."
    )
    phone: str | None
    mobile_phone: str | None
    job_title: str | None
    is_admin: bool
    has_activated: bool = Field(description="Whether they have set a password.")
    is_disabled: bool
    locale: str
    time_zone: str
    permalink: str
    avatar_url: str | None
    teams: list[TeamOfUser]
    created_at: str
    updated_at: str


def many(actor: Actor, users: Iterable[User]) -> list[dict[str, Any]]:
    """Return users in their order: one query for all their teams, as far as the actor sees them."""
    found = list(users)
    of = _teams(actor, [one.pk for one in found])
    return [_shape(actor, one, of.get(one.pk, [])) for one in found]


def one(actor: Actor, user: User) -> dict[str, Any]:
    """Return a user."""
    return many(actor, [user])[0]


def _teams(actor: Actor, ids: list[int]) -> dict[int, list[dict[str, Any]]]:
    if not ids:
        return {}
    rows = Membership.objects.filter(user__in=ids, team__in=teams.visible(actor).values("pk"))
    found: dict[int, list[dict[str, Any]]] = {}
    for row in rows.select_related("team").order_by("team__name", "team_id"):
        told = {"id": row.team_id, "name": row.team.name, "is_manager": row.manages}
        found.setdefault(row.user_id, []).append(told)
    return found


def _shape(actor: Actor, user: User, in_teams: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": user.pk,
        "firstname": user.first_name,
        "lastname": user.last_name,
        "email": (user.address if actor.is_admin else user.email) or None,
        "phone": None,
        "mobile_phone": None,
        "job_title": None,
        "is_admin": user.is_admin,
        "has_activated": bool(user.email) and user.has_usable_password(),
        "is_disabled": not user.is_active,
        "locale": user.language,
        "time_zone": user.time_zone,
        "permalink": f"{settings.URL}/admin-panel/users/{user.pk}/",
        "avatar_url": None,
        "teams": in_teams,
        "created_at": iso(user.created_at),
        "updated_at": iso(max(filter(None, (
            user.created_at, user.disabled_at, user.enabled_at,
        )))),
    }  # fmt: skip
