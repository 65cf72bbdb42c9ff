"""What an account has set up, by the API: pipelines, steps, activities, tags, default fields."""

from __future__ import annotations

from custode.activities import types
from custode.activities.models import ActivityType
from custode.fields import moves as default_fields
from custode.kernel import scope
from custode.leads import pipelines, tags
from custode.leads.models import Tag


def names(answer):
    return [one["name"] for one in answer.json]


def test_pipelines_and_steps_are_told_in_their_order(app, people):
    with scope.account(people.ferri.account.pk):
        pipelines.create_pipeline(people.actor(people.anna), "Service", ["Incoming", "Repaired"])
    key = app("read")
    sales, service = key.get("/pipelines").json
    assert sales.keys() == {"id", "name", "is_default", "created_at", "updated_at"}
    assert (sales["name"], sales["is_default"]) == ("Sales", True)
    assert (service["name"], service["is_default"]) == ("Service", False)
    assert names(key.get("/pipelines", direction="desc")) == ["Service", "Sales"]
    steps = key.get("/steps")
    told = ["Incoming", "Contacted", "Meeting", "Proposal", "Negotiation", "Incoming", "Repaired"]
    assert names(steps) == told
    assert steps.headers["X-TOTAL-COUNT"] == "7"
    assert names(key.get("/steps", direction="desc")) == told[::-1]
    assert names(key.get("/steps", limit="2", offset="4")) == ["Negotiation", "Incoming"]
    one = steps.json[1]
    assert one.keys() == {
        "id", "name", "position", "pipeline_id", "pipeline", "created_at", "updated_at",
    }  # fmt: skip
    assert (one["position"], one["pipeline"], one["pipeline_id"]) == (1, sales, sales["id"])


def test_one_step_is_named_by_a_number_or_a_name(app, people):
    with scope.account(people.ferri.account.pk):
        pipelines.create_pipeline(people.actor(people.anna), "Service", ["Meeting"])
    meeting = people.ferri.steps[2]
    for which in (meeting.pk, "Meeting", "MEETING"):
        assert app("read").get(f"/steps/{which}").json["id"] == meeting.pk
    for which in ("Nowhere", "0", "9" * 30, people.lodi.steps[0].pk, "a%00b"):
        assert app().get(f"/steps/{which}").status == 404, which


def test_a_deleted_step_is_told_no_more(app, people):
    first, second = people.ferri.steps[:2]
    with scope.account(people.ferri.account.pk):
        pipelines.delete_step(people.actor(people.anna), second, first)
    assert "Contacted" not in names(app().get("/steps"))
    assert app().get(f"/steps/{second.pk}").status == 404


def test_activities_are_told_those_offered_no_more_too(app, people):
    with scope.account(people.ferri.account.pk):
        call = ActivityType.objects.get(name="Call")
        types.retire(people.actor(people.anna), call, True)
    first, *rest = app("read").get("/activities").json
    assert first == {
        "id": call.pk, "name": "Call", "icon": "phone", "color": "#808080", "kind": "phone",
        "parent_id": None, "position": 1, "is_disabled": True,
    }  # fmt: skip
    assert [one["is_disabled"] for one in rest] == [False] * 4


def test_an_admin_makes_categories_and_tags(app, people):
    key = app("read", "write", "admin")
    made = key.post("/category", {"name": "Origin"})
    assert made.status == 201
    category = made.json["id"]
    tag = key.post("/predefined_tags", {"name": "fair", "category_id": str(category)})
    assert tag.status == 201
    assert tag.json == {
        "id": tag.json["id"], "name": "fair", "category": "Origin", "category_id": category,
        "position": 0, "created_at": None,
    }  # fmt: skip
    key.post("/predefined_tags", {"name": "Advert"})
    told = key.get("/predefined_tags")
    assert [(one["name"], one["position"]) for one in told.json] == [("Advert", 0), ("fair", 1)]
    down = key.get("/predefined_tags", direction="desc", limit="1", offset="1").json
    assert [(one["name"], one["position"]) for one in down] == [("Advert", 0)]
    assert told.headers["X-TOTAL-COUNT"] == "2"
    (plain,) = key.get("/categories").json
    assert plain == made.json
    assert plain.keys() == {"id", "name", "is_required", "created_at", "updated_at"}
    (full,) = key.get("/categories", include_tags="true").json
    assert full == {**plain, "supertags": [tag.json]}


def test_what_cannot_be_taken_makes_no_tag(app, people):
    with scope.account(people.lodi.account.pk):
        theirs = tags.create_category(people.actor(people.carla), "Origin")
    key = app()
    key.post("/predefined_tags", {"name": "fair"})
    for path, body, field in (
        ("/predefined_tags", {}, "name"), ("/predefined_tags", {"name": "FAIR"}, "name"),
        ("/predefined_tags", {"name": "a,b"}, "name"), ("/category", {"name": ""}, "name"),
        ("/predefined_tags", {"name": "x", "category_id": theirs.pk}, "category_id"),
        ("/predefined_tags", {"name": "x", "category_id": "y"}, "category_id"),
    ):  # fmt: skip
        answer = key.post(path, body)
        assert (answer.status, answer.json["field"]) == (422, field), body
    with scope.account(people.ferri.account.pk):
        assert Tag.offered.count() == 1


def test_default_fields_are_told_and_made(app, people):
    key = app("read", "write", "admin")
    made = key.post("/fields", {"name": "VAT number", "parent_type": "lead", "is_key": "true"})
    assert made.status == 201
    assert made.json == {
        "id": made.json["id"], "name": "VAT number", "type": "text", "parent_type": "lead",
        "is_key": True, "position": 0, "choices": [], "created_at": made.json["created_at"],
        "updated_at": made.json["updated_at"],
    }  # fmt: skip
    region = {"name": "Region", "parent_type": "client", "type": "choice", "choices": "North,South"}
    assert key.post("/fields", region).json["choices"] == ["North", "South"]
    assert key.post("/fields", {"name": "Site", "type": "url"}).json["type"] == "link"
    for query, found in (
        ({}, ["VAT number", "Site", "Region"]),
        ({"type": "lead"}, ["VAT number", "Site"]),
        ({"type": "client"}, ["Region"]),
        ({"type": "link"}, ["Site"]),
        ({"type": "nothing"}, []),
        ({"direction": "desc", "limit": 2}, ["Region", "Site"]),
        ({"offset": 2}, ["Region"]),
    ):
        assert names(key.get("/fields", **query)) == found, query


def test_what_cannot_be_taken_makes_no_field(app, people):
    key = app()
    key.post("/fields", {"name": "VAT number"})
    for body, field in (
        ({}, "name"), ({"name": "vat NUMBER"}, "name"), ({"name": "a: b"}, "name"),
        ({"name": "x", "parent_type": "prospect"}, "parent_type"),
        ({"name": "x", "type": "picture"}, "type"), ({"name": "x", "type": "choice"}, "choices"),
        ({"name": "x", "type": "date", "is_key": True}, "is_key"),
    ):  # fmt: skip
        answer = key.post("/fields", body)
        assert (answer.status, answer.json["field"]) == (422, field), body
    with scope.account(people.ferri.account.pk):
        assert len(default_fields.offered("lead")) == 1
