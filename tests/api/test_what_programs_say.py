"""What programs that others wrote send, and what they read of the answers."""

from __future__ import annotations

import pytest

from custode.kernel import scope
from tests.api.calling import Caller


@pytest.fixture
def key(app) -> Caller:
    found: Caller = app("read", "write", "delete")
    return found


@pytest.mark.parametrize("number", [int, str])
def test_a_lead_is_made_in_the_step_and_moved_to_it_by_step_id(key, people, number):
    first, second = people.ferri.steps[:2]
    made = key.post("/leads", {"title": "Call", "step_id": number(second.pk)}).json
    assert made["step_id"] == second.pk
    moved = key.put(f"/leads/{made['id']}", {"step_id": number(first.pk)}).json
    assert moved["step_id"] == first.pk
    both = {"step": "a name of another program", "step_id": second.pk}
    assert key.put(f"/leads/{made['id']}", both).json["step_id"] == second.pk
    assert key.put(f"/leads/{made['id']}", {"step": None, "step_id": None}).status == 200
    assert key.put(f"/leads/{made['id']}", {"step_id": 999999}).json["field"] == "step"


def test_all_that_happened_to_a_lead_has_a_number_of_its_own_and_says_who(key, people, program):
    with scope.account(people.ferri.account.pk):
        path = f"/leads/{people.lead(people.ugo).pk}"
    for text in "abc":
        key.post(f"{path}/comments", {"content": text})
    program(people.ugo).put(path, {"amount": 5})
    told = key.get(f"{path}/action_histories").json
    assert len({one["id"] for one in told}) == len(told)
    by = {one["action_type"]: one for one in told}
    assert by["amount_change"]["user"]["id"] == by["amount_change"]["user_id"] == people.ugo.pk
    assert by["amount_change"]["user"]["email"] == people.ugo.email
    assert by["amount_change"]["action_item"] == {
        "field": "amount_minor", "old_value": None, "new_value": "500",
    }  # fmt: skip
    assert by["comment"]["user"] == {
        "id": None, "firstname": "Zapp", "lastname": "", "email": None,
    }  # fmt: skip
    assert by["comment"]["action_item"]["comment"]["id"] == by["comment"]["comment_id"]


def test_a_mistake_has_the_name_that_the_program_gave_the_parameter(app, key, people):
    folder = key.post("/clients", {"name": "Rossi", "is_active": False}).json["id"]
    lead = key.post("/leads", {"title": "T"}).json["id"]
    for answer, name in (
        (app().post("/fields", {"name": "Iris", "type": "rainbow"}), "type"),
        (key.post("/spreadsheets", {"title": "Fair", "content": [["A", "A"]]}), "content"),
        (key.post("/leads", {"title": "T", "client_folder_id": folder}), "client_folder_id"),
        (key.put(f"/leads/{lead}", {"client_folder_id": folder}), "client_folder_id"),
        (key.post(f"/leads/{lead}/add_to_client", {"client_id": folder}), "client_id"),
        (key.post(f"/leads/{lead}/comments", {"content": " "}), "content"),
    ):
        assert (answer.status, answer.json["field"]) == (422, name)


def test_a_list_is_found_by_its_whole_title_before_those_that_have_its_words(key):
    made = {
        title: key.post("/spreadsheets", {"title": title, "content": [["A"]]}).json["id"]
        for title in ("Fair", "Fair in Bologna", "Bologna")
    }
    found = {
        title: {one["id"] for one in key.get("/spreadsheets", title=title).json}
        for title in ("fair", "Fair in  Bologna", "bologna fair", "Turin")
    }
    assert found == {
        "fair": {made["Fair"]},
        "Fair in  Bologna": {made["Fair in Bologna"]},
        "bologna fair": {made["Fair in Bologna"]},
        "Turin": set(),
    }


def test_an_event_is_known_by_both_names_of_the_reference(app):
    hook = {"target_type": "email", "target": "ugo@rossi.example"}
    made = app().post("/webhooks", {**hook, "event": "account.step.pipeline.updated"})
    assert (made.status, made.json["event"]) == (201, "account.pipeline.updated")
    again = app().post("/webhooks", {**hook, "event": "account.pipeline.updated"})
    assert (again.status, again.json["id"]) == (409, made.json["id"])


@pytest.mark.parametrize("odd", ["NaN", "undefined", "", "null", "x", "-1"])
def test_a_number_of_a_page_that_is_none_is_as_not_said_and_the_document_says_so(key, odd):
    key.post("/leads", {"title": "T"})
    assert len(key.get("/leads", limit=odd, offset=odd).json) == 1
    described = key.get("/openapi.json").json["paths"]["/api/v2/leads"]["get"]["parameters"]
    for one in described:
        if one["name"] in {"limit", "offset"}:
            assert one["schema"]["type"] == ["integer", "string", "null"]


@pytest.mark.parametrize(
    ("path", "name", "said"),
    [
        ("/leads", "title", {"type": "string", "minLength": 1}),
        ("/clients", "name", {"type": "string", "minLength": 1}),
        ("/exports", "format", {"type": "string", "enum": ["csv", "xlsx"]}),
        ("/webhooks", "target_type", {"type": "string", "enum": ["url", "email"]}),
        ("/fields", "parent_type", {"type": "string", "enum": ["lead", "client"]}),
    ],
)
def test_the_document_says_what_is_taken(key, path, name, said):
    document = key.get("/openapi.json").json
    sent = document["paths"][f"/api/v2{path}"]["post"]["requestBody"]["content"]
    shape = sent["application/json"]["schema"]["$ref"].rpartition("/")[2]
    told = document["components"]["schemas"][shape]["properties"][name]
    assert {part: told.get(part) for part in said} == said


def test_the_document_says_which_requests_need_a_body(key):
    paths = key.get("/openapi.json").json["paths"]
    assert not paths["/api/v2/leads/{pk}/duplicate_lead"]["post"]["requestBody"]["required"]
    assert not paths["/api/v2/leads/{pk}"]["put"]["requestBody"]["required"]
    assert paths["/api/v2/leads"]["post"]["requestBody"]["required"]
    lead = key.post("/leads", {"title": "T"}).json["id"]
    assert key.post(f"/leads/{lead}/duplicate_lead").status == 201
    assert key.put(f"/leads/{lead}").status == 200
    assert key.post("/leads").kind == "missing_parameter"


def test_the_document_says_what_a_download_is_and_what_files_a_lead_takes(key):
    paths = key.get("/openapi.json").json["paths"]
    kinds = paths["/api/v2/exports/{pk}/download"]["get"]["responses"]["200"]["content"]
    assert {"text/csv", "application/zip"} < set(kinds)
    sent = paths["/api/v2/leads/{pk}/attachments"]["post"]["requestBody"]["content"]
    assert sent["multipart/form-data"]["schema"]["required"] == ["file"]


@pytest.mark.parametrize("end", ["/", ".json", "//"])
def test_an_address_may_end_with_a_slash_or_json(key, end):
    lead = key.post(f"/leads{end}", {"title": "T"}).json["id"]
    assert [one["id"] for one in key.get(f"/leads{end}", limit=1).json] == [lead]
    assert key.put(f"/leads/{lead}{end}", {"title": "Renamed"}).json["title"] == "Renamed"
    assert key.get(f"/ping{end}").status == 200
    assert key.get(f"/lead{end}").kind == "record_not_found"
    assert Caller().get(f"/leads{end}").status == 401
    assert Caller().get(f"/auth/logout{end}").status == 401
    assert Caller().get(f"/auth/login{end}").kind == "unauthorized_missing_credentials"
