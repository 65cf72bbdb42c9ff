"""The shape of a team with its members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ninja import Schema

from custode.api.v2.shapes.leads import Person, person
from custode.kernel.clock import iso
from custode.people.models import Membership, Team


class Member(Person):
    """A member of a team."""

    is_manager: bool


class TeamShape(Schema):
    """A team."""

    id: int
    name: str
    users: list[Member]
    created_at: str
    updated_at: str


def many(teams: Iterable[Team]) -> list[dict[str, Any]]:
    """Return teams in their order, with one query for all their members."""
    found = list(teams)
    members: dict[int, list[dict[str, Any]]] = {one.pk: [] for one in found}
    rows = Membership.objects.filter(team__in=list(members)).select_related("user")
    for row in rows.order_by("user__last_name", "user__first_name", "user_id"):
        told = {**(person(row.user) or {}), "is_manager": row.manages}
        members[row.team_id].append(told)
    return [
        {
            "id": one.pk,
            "name": one.name,
            "users": members[one.pk],
            "created_at": iso(one.created_at),
            "updated_at": iso(one.created_at),
        }
        for one in found
    ]
