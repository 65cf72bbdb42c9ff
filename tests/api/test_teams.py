"""Teams by the API."""

from __future__ import annotations

import json

import pytest

from custode.accounts import sharing
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people import teams
from tests.api.calling import Caller, key_for
from tests.api.set_up import TEAMS


@pytest.fixture
def north(people):
    """A team of Ugo, who manages it."""
    sharing.change(people.actor(people.anna), TEAMS)
    with scope.account(people.ferri.account.pk):
        return teams.create(people.actor(people.anna), "North", {people.ugo.pk: True})


def members(shape):
    return {one["firstname"]: one["is_manager"] for one in shape["users"]}


def last(people):
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.latest("seq")


def told(people):
    assert (last(people).verb, last(people).entrance) == ("users", "api")
    return json.loads(last(people).details)


def test_a_team_has_the_fields_of_the_reference(app, people, north):
    (team,) = app("read").get("/teams").json
    assert team.keys() == {"id", "name", "users", "created_at", "updated_at"}
    assert team["users"] == [
        {"id": people.ugo.pk, "firstname": "Ugo", "lastname": "Conti",
         "email": "ugo@conti.example", "is_manager": True}
    ]  # fmt: skip
    assert app().get(f"/teams/{north.pk}").json == team
    (mine,) = app().get(f"/users/{people.ugo.pk}").json["teams"]
    assert mine == {"id": north.pk, "name": "North", "is_manager": True}


def test_an_admin_makes_renames_and_dissolves_a_team(app, people, north):
    key = app()
    made = key.post("/teams", {"name": " South "})
    assert (made.status, made.json["name"], made.json["users"]) == (201, "South", [])
    at = f"/teams/{made.json['id']}"
    renamed = key.put(at, {"name": "West"})
    assert (renamed.status, renamed.json["name"]) == (200, "West")
    seq = last(people).seq
    assert key.put(at, {"name": "West"}).status == 200
    assert last(people).seq == seq
    names = [one["name"] for one in key.get("/teams", direction="desc").json]
    assert names == ["West", "North"]
    gone = key.delete(at, {})
    assert (gone.status, gone.json) == (200, {"id": made.json["id"]})
    assert key.get(at).status == 404
    assert told(people) == {"team": "dissolved"}


def test_a_renamed_team_keeps_its_members(app, north):
    assert members(app().put(f"/teams/{north.pk}", {"name": "West"}).json) == {"Ugo": True}


def test_somebody_joins_a_team_and_leaves_it(app, people, north):
    key, at = app(), f"/teams/{north.pk}"
    joined = key.post(f"{at}/add_member", {"user_id": str(people.bruna.pk)})
    assert (joined.status, members(joined.json)) == (200, {"Ugo": True, "Bruna": False})
    assert told(people) == {"team": "changed", "joined": 1, "left": 0}
    seq = last(people).seq
    assert key.post(f"{at}/add_member", {"user_id": "bruna@sala.example"}).status == 200
    assert last(people).seq == seq
    more = {"user_id": people.bruna.pk, "is_manager": "true"}
    assert members(key.post(f"{at}/add_member", more).json)["Bruna"]
    left = key.delete(f"{at}/remove_member", {"user_id": people.bruna.pk})
    assert members(left.json) == {"Ugo": True}
    assert key.delete(f"{at}/remove_member?user_id=ugo@conti.example").json["users"] == []
    seq = last(people).seq
    assert key.delete(f"{at}/remove_member?user_id=ugo@conti.example").status == 200
    assert last(people).seq == seq


def test_what_cannot_be_taken_changes_no_team(app, people, north):
    key, at = app(), f"/teams/{north.pk}"
    for path, body, field in (
        ("/teams", {}, "name"), ("/teams", {"name": " "}, "name"),
        ("/teams", {"name": "north"}, "name"), ("/teams", {"name": "x" * 81}, "name"),
        (f"{at}/add_member", {}, "user_id"),
        (f"{at}/add_member", {"user_id": people.carla.pk}, "user_id"),
        (f"{at}/add_member", {"user_id": "carla@lodi.example"}, "user_id"),
    ):  # fmt: skip
        answer = key.post(path, body)
        assert (answer.status, answer.json["field"]) == (422, field), (path, body)
    assert members(key.get(at).json) == {"Ugo": True}


def test_a_user_sees_the_teams_that_they_are_in(people, program, north):
    assert [one["id"] for one in program(people.ugo).get("/teams").json] == [north.pk]
    assert program(people.bruna).get("/teams").json == []
    assert program(people.bruna).get(f"/teams/{north.pk}").status == 404
    assert program(people.bruna).get(f"/users/{people.ugo.pk}").json["teams"] == []
    assert program(people.bruna).get("/users", teams="North").json == []


def test_users_are_found_by_their_teams(app, people, north):
    for teams_asked in ("north", str(north.pk), f"x,{north.pk}"):
        found = app().get("/users", teams=teams_asked).json
        assert [one["firstname"] for one in found] == ["Ugo"], teams_asked
    assert app().get("/users", teams="South").json == []


def test_an_edition_without_teams_says_so(people):
    answer = Caller(key=key_for(people.lodi.account)).post("/teams", {"name": "South"})
    assert (answer.status, answer.kind) == (403, "other_edition")
    assert "Dream Team" in answer.json["message"]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "?name=X"), ("PUT", "/{team}?name=X"), ("DELETE", "/{team}"),
        ("DELETE", "/999999"), ("POST", "/{team}/add_member?user_id={bruna}"),
        ("POST", "/{team}/add_member?user_id={ugo}&is_manager=1"),
        ("DELETE", "/{team}/remove_member?user_id={ugo}"),
    ],
)  # fmt: skip
def test_who_is_no_admin_changes_no_team_and_that_is_in_the_log(
    app, people, program, north, method, path
):
    at = path.format(team=north.pk, bruna=people.bruna.pk, ugo=people.ugo.pk)
    key = app("read", "write", "delete")
    for caller, kind in ((key, "key"), (program(people.ugo), "user")):
        answer = caller.call(method, f"/teams{at}")
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
        noted = last(people)
        assert (noted.verb, noted.outcome, noted.actor_kind) == ("users", "refused", kind)
    (team,) = app().get("/teams").json
    assert (team["name"], members(team)) == ("North", {"Ugo": True})
