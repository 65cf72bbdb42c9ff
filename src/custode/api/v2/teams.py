"""Routes of teams and their members."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import or_404
from custode.api.frame import the_door_decides
from custode.api.v2 import params
from custode.api.v2.shapes import teams as shapes
from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.people import teams
from custode.people.models import Team, User

router = Router(tags=["Teams"])
ONE = "/teams/{id:pk}"


class Dissolved(Schema):
    """The team that was dissolved."""

    id: int


class TeamName(params.Given):
    """A team's name."""

    name: params.Named


class Someone(params.Given):
    """A user."""

    user_id: params.Whom = Field(description="A user's number or e-mail address.")


class NewMember(Someone):
    """A new member, and whether they manage the team."""

    is_manager: params.MaybeYes = None


@router.get("/teams", response=list[shapes.TeamShape], summary="List teams")
def find(request: HttpRequest, wanted: Query[params.Directed]) -> HttpResponse:
    """Return teams by name; users who are not admins get only the teams they belong to."""
    rows = teams.visible(actor_of(request))
    order = ("-name", "-pk") if wanted.direction == "desc" else ("name", "pk")
    page = wanted.page(rows.order_by(*order))
    return answer(shapes.many(page), total=rows.count())


@router.post("/teams", response={201: shapes.TeamShape}, summary="Create a team")
@the_door_decides
def make(request: HttpRequest, given: TeamName) -> HttpResponse:
    """Create a team. For admins, in an edition with teams."""
    actor = _admitted(request, "created")
    return answer(_told(teams.create(actor, given.name, {})), status=201)


@router.get(ONE, response=shapes.TeamShape, summary="Get a team")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a team with its members."""
    return answer(_told(_seen(actor_of(request), pk)))


@router.put(ONE, response=shapes.TeamShape, summary="Rename a team")
@the_door_decides
def rename(request: HttpRequest, pk: int, given: TeamName) -> HttpResponse:
    """Rename a team. For admins."""
    actor = _admitted(request, "changed")
    team = _seen(actor, pk)
    teams.rename(actor, team, given.name)
    return answer(_told(team))


@router.delete(ONE, response=Dissolved, summary="Dissolve a team")
def dissolve(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolve a team. For admins. Its members stay, but lose what they could see through it."""
    actor = _admitted(request, "dissolved")
    teams.dissolve(actor, _seen(actor, pk))
    return answer({"id": pk})


@router.post(f"{ONE}/add_member", response=shapes.TeamShape, summary="Add a user to a team")
@the_door_decides
def add_member(request: HttpRequest, pk: int, given: NewMember) -> HttpResponse:
    """Add a user, or change whether a member manages the team. For admins."""
    actor = _admitted(request, "changed")
    team, user = _seen(actor, pk), _user(given.user_id)
    teams.join(actor, team, user, manages=bool(given.is_manager))
    return answer(_told(team))


@router.delete(
    f"{ONE}/remove_member", response=shapes.TeamShape, summary="Remove a user from a team"
)
def remove_member(request: HttpRequest, pk: int, given: Someone) -> HttpResponse:
    """Remove a user from a team. For admins."""
    actor = _admitted(request, "changed")
    team, user = _seen(actor, pk), _user(given.user_id)
    teams.leave(actor, team, user)
    return answer(_told(team))


def _admitted(request: HttpRequest, act: str) -> Actor:
    """Return the actor; refuse and log anybody who is not an admin before any lookup."""
    actor = actor_of(request)
    door.check_policy(actor, Verb.USERS, "", Attempt(1, {"team": act}))
    return actor


def _seen(actor: Actor, pk: int) -> Team:
    return or_404(teams.visible(actor).filter(pk=pk).first())


def _user(who: str) -> User:
    found = params.user_named(who)
    if found is None:
        raise params.no_user(who)
    return found


def _told(team: Team) -> dict[str, Any]:
    return shapes.many([team])[0]
