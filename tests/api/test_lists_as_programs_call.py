"""A program that knows the reference walks over lists, rows and folders, as carelessly as they do.

Numbers come as texts, bodies are empty or of the wrong type, and unknown keys stand everywhere.
"""

from __future__ import annotations

import json

import pytest

from custode.kernel import scope
from tests.api.calling import Caller
from tests.prospecting.sheets import a_list, row_of

KINDS = ("application/json", "application/x-www-form-urlencoded", "text/plain", "")


@pytest.fixture
def key(app) -> Caller:
    """An application that may everything but what only admins may."""
    found: Caller = app("read", "write", "delete")
    return found


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", ["", "{}", "null"])
def test_reading_minds_no_body_and_no_unknown_parameter(key, people, body, kind):
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo))
        row = row_of(one, "Rossi S.r.l.").pk
    for path in (
        "/spreadsheets", "/prospecting_lists", f"/spreadsheets/{one.pk}",
        f"/spreadsheets/{one.pk}/rows", f"/spreadsheets/{one.pk}/rows/{row}",
        f"/spreadsheets/{one.pk}/rows/{row}/comments", "/rows?email=info@rossi.example", "/clients",
    ):  # fmt: skip
        mark = "&" if "?" in path else "?"
        url = f"{path}{mark}colour=1&limit=&offset=x&direction=up&order=size&tags[]=a"
        answer = key.call("GET", url, body, kind=kind)
        assert answer.status == 200, path
        if "X-TOTAL-COUNT" in answer.headers and isinstance(answer.json, list):
            assert int(answer.headers["X-TOTAL-COUNT"]) == len(answer.json)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("body", ["", "{}", "null"])
def test_writing_with_nothing_said_is_told_what_lacks_or_changes_nothing(key, people, body, kind):
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo))
        row = row_of(one, "Rossi S.r.l.").pk
    folder = key.post("/clients", {"name": "Rossi"}).json["id"]
    rows = f"/spreadsheets/{one.pk}/rows"
    for method, path, status in (
        ("POST", "/spreadsheets", 422), ("POST", rows, 422), ("POST", "/clients", 422),
        ("POST", f"/spreadsheets/{one.pk}/assign", 422), ("PUT", f"{rows}/{row}", 422),
        ("PUT", f"{rows}/{row}/update_fields", 422), ("POST", f"{rows}/{row}/comments", 422),
        ("PUT", f"/spreadsheets/{one.pk}", 200), ("PUT", f"/clients/{folder}", 200),
        ("POST", f"{rows}/{row}/create_lead", 201), ("DELETE", f"{rows}/{row}", 200),
        ("DELETE", f"/spreadsheets/{one.pk}", 200), ("DELETE", f"/clients/{folder}", 200),
    ):  # fmt: skip
        answer = key.call(method, path, body, kind=kind)
        assert answer.status == status, (method, path)
        assert isinstance(answer.json, dict)


def test_a_program_imports_a_fair_and_works_through_it(key, people):
    """The whole of it, with all numbers as texts."""
    content = json.dumps([["Company", "Email"], ["Rossi", "a@b.example"]])
    said = {"title": "Fair", "content": content, "user_id": str(people.ugo.pk), "tags": "fair",
            "privacy": "0", "api": "v2"}  # fmt: skip
    one = key.post("/spreadsheets", said).json
    rows = f"/spreadsheets/{one['id']}/rows"
    added = key.post(rows, {"content": json.dumps([["Verdi", "v@b.example"]]), "x": 1}).json
    row = str(added["spreadsheet_rows"][-1]["id"])
    assert key.put(f"{rows}/{row}/update_fields", {"fields": json.dumps({"Company": 7})}).json[
        "content"
    ] == ["7", "v@b.example"]  # fmt: skip
    found = key.get("/rows", email="v@b.example").json
    assert [(str(one["id"]), one["is_active"]) for one in found] == [(row, True)]
    lead = key.post(f"{rows}/{row}/create_lead", {"user_id": str(people.ugo.pk)}).json
    assert lead["tags"] == ["fair"]
    folder = key.post("/clients", {"name": "Verdi", "user_id": people.ugo.email, "x": []}).json
    into = key.post(f"/leads/{lead['id']}/add_to_client", {"client_id": str(folder["id"])})
    assert into.json["client_folder_name"] == "Verdi"
    seen, at = [], 0
    while page := key.get(rows, limit="1", offset=str(at)).json:
        seen += [row["content"][0] for row in page]
        at += 1
    assert seen == ["Rossi", "7"]
