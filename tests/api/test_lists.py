"""Prospecting lists by the API: as the reference has them, and as programs rely on them."""

from __future__ import annotations

import json

import pytest

from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.prospecting import columns, outcomes
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from tests.api.calling import Caller
from tests.prospecting.sheets import COLUMNS, ROWS, a_list, row_of, texts

FIELDS = {
    "id", "title", "description", "privacy", "permalink", "is_archived", "tags", "column_count",
    "column_names", "total_row_count", "to_qualify_row_count", "user", "created_at", "updated_at",
}  # fmt: skip
CONTENT = [["Name", "City", "Phone"], ["Rossi", "Torino", "011 1"], ["Bianchi 🚀", None, 39]]
MANY = [["Name"], *([f"Name {n}"] for n in range(11))]


@pytest.fixture
def key(app) -> Caller:
    """An application that may everything but what only admins may."""
    found: Caller = app("read", "write", "delete")
    return found


def contents(answer):
    return [row["content"] for row in answer.json["spreadsheet_rows"]]


def titles(answer):
    return [one["title"] for one in answer.json]


def acts(verb="change"):
    return list(LogEntry.objects.filter(verb=verb, kind="prospect", outcome="done"))


def test_a_list_has_the_fields_of_the_reference(key, people, fair):
    (listed,) = key.get("/spreadsheets").json
    assert listed.keys() == FIELDS
    assert listed["user"] == {
        "id": people.ugo.pk, "firstname": "Ugo", "lastname": "Conti", "email": people.ugo.email,
    }  # fmt: skip
    assert (listed["column_count"], listed["column_names"]) == (3, list(COLUMNS))
    assert (listed["total_row_count"], listed["to_qualify_row_count"]) == (3, 3)
    assert (listed["privacy"], listed["is_archived"], listed["tags"]) == (0, False, [])
    alone = key.get(f"/spreadsheets/{fair.pk}")
    assert alone.json.keys() == FIELDS | {"spreadsheet_rows"}
    assert contents(alone) == [list(row) for row in ROWS]
    first = alone.json["spreadsheet_rows"][0]
    assert (first["spreadsheet_id"], first["is_active"], first["lead_id"]) == (fair.pk, True, None)


def test_a_list_is_made_with_its_rows(key, people):
    made = key.post("/spreadsheets", {"title": "Fair", "content": CONTENT, "tags": "fair, 2026",
                                      "description": "In Bologna", "colour": 1})  # fmt: skip
    assert made.status == 201
    assert made.json["column_names"] == ["Name", "City", "Phone"]
    assert contents(made) == [["Rossi", "Torino", "011 1"], ["Bianchi 🚀", "", "39"]]
    assert (made.json["tags"], made.json["description"]) == (["2026", "fair"], "In Bologna")
    assert (made.json["user"], made.json["total_row_count"]) == (None, 2)
    assert key.get(f"/spreadsheets/{made.json['id']}").json == made.json


@pytest.mark.parametrize("kind", ["application/json", "application/x-www-form-urlencoded", ""])
def test_the_content_may_be_a_text_that_holds_json(key, kind):
    told = json.dumps({"title": "Fair", "content": json.dumps(CONTENT)})
    made = key.call("POST", "/spreadsheets", told, kind=kind)
    assert (made.status, made.json["total_row_count"]) == (201, 2)


def test_a_list_may_have_headers_alone(key):
    for content in ([["Name", "City"]], ["Name", "City"], '["Name", "City"]'):
        made = key.post("/spreadsheets", {"title": "Empty", "content": content})
        assert (made.status, made.json["column_names"]) == (201, ["Name", "City"])
        assert made.json["spreadsheet_rows"] == []


def test_a_column_without_a_name_is_called_by_its_place_and_empty_ones_at_the_end_fall_away(key):
    content = [["Name", "", "City", None, ""], ["Rossi", "1", "Torino", "", ""], ["Verdi"]]
    made = key.post("/spreadsheets", {"title": "Fair", "content": content})
    assert made.json["column_names"] == ["Name", "Column 2", "City"]
    assert contents(made) == [["Rossi", "1", "Torino"], ["Verdi", "", ""]]


@pytest.mark.parametrize(
    ("body", "kind", "field"),
    [
        ({}, "missing_parameter", "title"),
        ({"title": "T"}, "missing_parameter", "content"),
        ({"title": " ", "content": CONTENT}, "invalid_parameter", "title"),
        ({"title": "x" * 121, "content": CONTENT}, "invalid_parameter", "title"),
        ({"title": "T", "content": []}, "invalid_parameter", "content"),
        ({"title": "T", "content": None}, "invalid_parameter", "content"),
        ({"title": "T", "content": "Name;City"}, "invalid_parameter", "content"),
        ({"title": "T", "content": {"Name": 1}}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A"], "B"]}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A"], [["B"]]]}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A"], [{"B": 1}]]}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A"], ["B", "too much"]]}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A", "a"], ["B", "C"]]}, "invalid_parameter", "content"),
        ({"title": "T", "content": [["A"], ["x" * 2001]]}, "invalid_parameter", None),
        ({"title": "T", "content": [["A"], *[["B"]] * 5001]}, "invalid_parameter", None),
    ],
)
def test_of_what_cannot_be_taken_nothing_is_made(key, people, body, kind, field):
    answer = key.post("/spreadsheets", body)
    assert (answer.status, answer.kind, answer.json.get("field")) == (422, kind, field)
    with scope.account(people.ferri.account.pk):
        assert not ProspectingList.objects.exists()
        assert not Prospect.objects.exists()
        assert not acts()


def test_many_rows_with_a_new_list_are_an_act_that_can_be_undone(key, people):
    few = key.post("/spreadsheets", {"title": "Few", "content": MANY[:11]}).json["id"]
    many = key.post("/spreadsheets", {"title": "Many", "content": MANY}).json["id"]
    with scope.account(people.ferri.account.pk):
        (entry,) = acts()
        assert (entry.count, entry.actor_kind, entry.entrance) == (11, "key", "api")
        assert json.loads(entry.details)["list"] == many
        door.undo(people.actor(people.anna), entry.seq)
    assert key.get(f"/spreadsheets/{many}").json["total_row_count"] == 0
    assert key.get(f"/spreadsheets/{few}").json["total_row_count"] == 10


def test_the_lists_can_be_paged_and_looked_for_by_their_title(key, people, fair):
    with scope.account(people.ferri.account.pk):
        for title in ("Künstler", "Fair in Köln"):
            a_list(people.actor(people.ugo), title)
    answer = key.get("/spreadsheets", limit="1000")
    assert titles(answer) == ["Fair in Köln", "Künstler", "Fair in Bologna"]
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    assert titles(key.get("/spreadsheets", direction="asc", limit=1)) == ["Fair in Bologna"]
    assert titles(key.get("/spreadsheets", limit=2, offset=2)) == ["Fair in Bologna"]
    assert titles(key.get("/spreadsheets", offset=3)) == []
    assert titles(key.get("/spreadsheets", title="fair KOLN")) == ["Fair in Köln"]
    for nothing in ("nothing", "%", "x" * 60_000):
        assert titles(key.get("/spreadsheets", title=nothing)) == []
    assert len(titles(key.get("/spreadsheets", title="\x00"))) == 3


def test_the_lists_take_the_same_number_of_queries_however_many(
    key, people, fair, django_assert_max_num_queries
):
    key.get("/spreadsheets")
    with scope.account(people.ferri.account.pk):
        for n in range(5):
            a_list(people.actor(people.ugo), f"List {n}")
    with django_assert_max_num_queries(9):
        assert len(key.get("/spreadsheets").json) == 6


def test_older_programs_know_the_lists_by_another_name(key, fair, people):
    assert titles(key.get("/prospecting_lists")) == ["Fair in Bologna"]
    assert key.get(f"/prospecting_lists/{fair.pk}/rows").headers["X-TOTAL-COUNT"] == "3"
    assert key.post("/prospecting_lists", {"title": "T", "content": CONTENT}).status == 201
    assert key.get("/prospecting_listsx").status == 404


def test_the_rows_of_a_list_come_with_it_or_page_by_page(key, fair):
    path = f"/spreadsheets/{fair.pk}"
    answer = key.get(path, limit="2", offset="1")
    assert contents(answer) == [list(row) for row in ROWS[1:]]
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    assert answer.json["total_row_count"] == 3
    rows = key.get(f"{path}/rows", limit=1, offset=2)
    assert [row["content"] for row in rows.json] == [list(ROWS[2])]
    assert rows.headers["X-TOTAL-COUNT"] == "3"
    assert key.get(f"{path}/rows", offset=3).json == []


def test_rows_are_added_and_the_answer_has_them_alone(key, fair):
    added = key.post(f"/spreadsheets/{fair.pk}/rows", {"content": [["Neri", "Bari"], ["Blu"]]})
    assert added.status == 201
    assert added.json["id"] == fair.pk
    assert contents(added) == [["Neri", "Bari", ""], ["Blu", "", ""]]
    assert added.json["total_row_count"] == 5
    assert texts(fair)[3:] == contents(added)
    one = key.post(f"/spreadsheets/{fair.pk}/rows", {"content": '["Rosa", "Asti"]'})
    assert contents(one) == [["Rosa", "Asti", ""]]
    for content in ("[]", "null", '""', '"x"', '[["a", "b", "c", "d"]]', '[["a"], 5]', "{}"):
        answer = key.post(f"/spreadsheets/{fair.pk}/rows", f'{{"content": {content}}}')
        assert answer.status == 422, content
    assert key.post(f"/spreadsheets/{fair.pk}/rows", "").kind == "missing_parameter"
    assert len(texts(fair)) == 6


def test_more_than_ten_rows_at_once_are_an_act(key, fair):
    path = f"/spreadsheets/{fair.pk}/rows"
    key.post(path, {"content": [[f"N {n}"] for n in range(10)]})
    assert not acts()
    key.post(path, {"content": [[f"M {n}"] for n in range(11)]})
    (entry,) = acts()
    assert (entry.count, entry.actor_kind, entry.entrance) == (11, "key", "api")


def test_a_column_that_was_taken_out_is_not_in_the_rows(key, people, fair):
    city = next(column for column in columns.of(fair) if column.name == "City")
    columns.take_out(people.actor(people.ugo), city)
    found = key.get(f"/spreadsheets/{fair.pk}")
    assert found.json["column_names"] == ["Company", "E-mail"]
    assert contents(found)[0] == ["Rossi S.r.l.", "info@rossi.example"]


def test_a_list_is_changed_archived_and_deleted(key, app, fair):
    path = f"/spreadsheets/{fair.pk}"
    told = key.put(path, {"title": "Köln", "tags": ["a", "b"], "is_archived": "true"})
    assert told.status == 200
    assert (told.json["title"], told.json["tags"]) == ("Köln", ["a", "b"])
    assert (told.json["is_archived"], told.json["description"]) == (True, "")
    assert key.put(path, {"tags": [], "is_archived": False}).json["tags"] == []
    refused = key.put(path, {"title": "Mine", "privacy": 1})
    assert (refused.status, refused.kind) == (403, "refused")
    assert key.get(path).json["title"] == "Köln"
    assert app("read", "write", "admin").put(path, {"privacy": 1}).json["privacy"] == 1
    assert key.put(path, {"title": ""}).status == 422
    gone = key.delete(path)
    assert (gone.status, gone.json) == (200, {"id": fair.pk})
    assert key.get(path).status == 404
    assert LogEntry.objects.get(verb="delete").kind == "prospecting_list"


def test_what_became_of_the_rows_is_told(key, people, fair):
    ugo = people.actor(people.ugo)
    first, second = row_of(fair, "Rossi S.r.l."), row_of(fair, "Édile Bianchi")
    outcomes.into_leads(ugo, fair, [first.pk])
    outcomes.mark(ugo, fair, [second.pk], Outcome.NOT_INTERESTED)
    told = key.get(f"/spreadsheets/{fair.pk}").json
    first.refresh_from_db()
    rows = told["spreadsheet_rows"]
    assert [(row["is_active"], row["outcome"], row["lead_id"]) for row in rows] == [
        (False, "lead", first.lead_id), (False, "not_interested", None), (True, "left", None),
    ]  # fmt: skip
    assert (told["total_row_count"], told["to_qualify_row_count"]) == (3, 1)
