"""A program of somebody else's walks through what an account has set up, as such programs do.

Numbers come as texts, bodies empty or as forms, with names that nobody knows; lists are paged until
a short page comes.
"""

from __future__ import annotations

import json

import pytest

from custode.activities.models import ActivityType
from custode.kernel import scope
from tests.api.set_up import set_up

LISTS = (
    "/users", "/teams", "/pipelines", "/steps", "/activities", "/categories", "/predefined_tags",
    "/fields", "/follow_ups",
)  # fmt: skip


@pytest.fixture
def world(people):
    with scope.account(people.ferri.account.pk):
        return set_up(people)


def test_every_list_is_an_array_that_is_paged_to_its_end(app, world):
    key = app()
    for n in range(3):
        key.post("/category", {"name": f"Category {n}"})
        key.post("/predefined_tags", {"name": f"tag {n}"})
        key.post("/fields", {"name": f"Field {n}"})
    for path in LISTS:
        whole = key.get(path)
        assert whole.status == 200
        assert isinstance(whole.json, list)
        assert int(whole.headers["X-TOTAL-COUNT"]) == len(whole.json) > 0
        for way in ("asc", "desc"):
            found: list[dict[str, int]] = []
            page = None
            while page is None or len(page) == 2:
                query = {"limit": "2", "offset": str(len(found)), "direction": way, "x": "1"}
                page = key.call("GET", path, "{}", query=query).json
                found += page
            ids = [one["id"] for one in found]
            assert sorted(ids) == sorted(one["id"] for one in whole.json), (path, way)
            assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("path", LISTS)
def test_a_list_takes_what_it_does_not_know(app, world, path):
    key = app()
    odd = {"limit": "-1", "offset": "x", "direction": "sideways", "order": "colour", "nothing": "1"}
    usual = key.get(path).json
    assert key.get(path, **odd).json == usual
    assert key.get(path, limit="", offset="").json == usual
    assert key.call("GET", path, "null").json == usual
    for wild in ("a\x00b", "9" * 40, "' OR 1=1 --", "{}", "%"):
        for name in ("email", "teams", "status", "type", "lead_id", "include_tags", "role"):
            assert key.get(path, **{name: wild}).status in {200, 422}


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
@pytest.mark.parametrize("body", ["", "{}", "null", "[]", '{"name": null, "user_id": {}}', "x=1"])
def test_no_body_breaks_anything(app, world, method, body):
    key = app()
    for path in (
        "/users", "/users/{bruna}/disable", "/teams", "/teams/{team}", "/teams/{team}/add_member",
        "/teams/{team}/remove_member", "/category", "/predefined_tags", "/fields",
        "/follow_ups/{process}/tasks/{task}", "/leads/{won}/follow_ups/create_from_template",
        "/leads/{won}/emails/send_email_from_template",
    ):  # fmt: skip
        kind = "application/x-www-form-urlencoded" if body == "x=1" else "application/json"
        answer = key.call(method, path.format(**world), body, kind=kind)
        assert answer.status in {200, 201, 404, 405, 422}, (path, answer.content)


def test_what_is_said_in_a_form_is_done_as_if_it_were_json(app, world):
    key, form = app(), "application/x-www-form-urlencoded"
    for path, body, named in (
        ("/users", "firstname=Dino&lastname=Rota&email=dino%40rota.example", "firstname"),
        ("/teams", "name=South&x=1", "name"),
        ("/category", "name=Origin", "name"),
        ("/predefined_tags", "name=fair", "name"),
        ("/fields", "name=Region&type=choice&choices[]=North&choices[]=South", "name"),
    ):
        answer = key.call("POST", path, body, kind=form)
        assert answer.status == 201, answer.content
        assert answer.json[named] in body


def test_a_program_sets_up_what_it_finds_there(app, people, world):
    """What a connector does on its first day: it looks, takes numbers, and uses them as texts."""
    key = app()
    steps = {one["name"]: str(one["id"]) for one in key.get("/steps").json}
    users = {one["email"]: str(one["id"]) for one in key.get("/users", status="activated").json}
    lead = key.post(
        "/leads", {"title": "Press", "step": steps["Meeting"], "user_id": users[people.ugo.email]}
    ).json
    for one in key.get("/activities").json:
        query = {"activity_id": str(one["id"]), "user_id": people.bruna.email}
        path = f"/api/simple/leads/{lead['id']}/add_activity"
        assert key.call("GET", path, query=query).json["activity_id"] == one["id"]
    with scope.account(people.ferri.account.pk):
        assert len(key.get(f"/leads/{lead['id']}/comments").json) == ActivityType.objects.count()
    key.put(f"/leads/{lead['id']}", {"status": "won"})
    path = f"/leads/{lead['id']}/follow_ups/create_from_template"
    made = key.post(path, {"post_sales_template_id": str(world["template"])}).json
    for task in made["tasks"]:
        done = key.put(f"/follow_ups/{made['id']}/tasks/{task['id']}?status=done")
        assert done.json["status"] == "done"
    (told,) = key.get("/follow_ups", lead_id=str(lead["id"])).json
    assert (told["status"], told["tasks_done_count"]) == ("done", 3)


def test_a_post_that_is_sent_again_is_done_once(app, world):
    key = app()
    for _again in range(2):
        answer = key.post("/teams", {"name": "South"}, **{"Idempotency-Key": "once"})
        assert (answer.status, answer.json["name"]) == (201, "South")
    assert [one["name"] for one in key.get("/teams").json] == ["North", "South"]
    assert json.loads(answer.content) == key.get(f"/teams/{answer.json['id']}").json
