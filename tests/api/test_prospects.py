"""The rows of prospecting lists by the API: found, written over, turned into leads, deleted."""

from __future__ import annotations

import json

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, LogPerson, TrashEntry
from custode.leads.models import Lead
from custode.prospecting import columns
from tests.api.calling import Caller
from tests.prospecting.sheets import ROWS, a_list, add, row_of, texts

FIELDS = {"id", "spreadsheet_id", "content", "is_active", "lead_id", "created_at", "updated_at"}


@pytest.fixture
def key(app) -> Caller:
    """An application that may everything but what only admins may."""
    found: Caller = app("read", "write", "delete")
    return found


@pytest.fixture
def path(fair) -> str:
    """Where the first of them is."""
    found: str = path_of(fair, "Rossi S.r.l.")
    return found


def path_of(one, name):
    return f"/spreadsheets/{one.pk}/rows/{row_of(one, name).pk}"


def written_over():
    lines = Change.objects.filter(kind="prospect", field__startswith="c", old__isnull=False)
    return [(line.actor_kind, line.actor_name, line.old, line.new) for line in lines.order_by("pk")]


def test_a_row_has_the_fields_of_the_reference(key, path, fair, people):
    told = key.get(path)
    assert told.json.keys() >= FIELDS
    assert told.json["content"] == list(ROWS[0])
    assert told.json["spreadsheet_id"] == fair.pk
    other = a_list(people.actor(people.ugo), "Fair in Bari")
    assert key.get(f"/spreadsheets/{other.pk}/rows/{told.json['id']}").status == 404


@pytest.mark.parametrize(
    "body",
    [
        '["Rossi S.p.A.", "Roma"]',
        '["Rossi S.p.A.", "Roma", null]',
        '["Rossi S.p.A.", "Roma", "", "", null]',
        '{"content": ["Rossi S.p.A.", "Roma"]}',
        '{"content": "[\\"Rossi S.p.A.\\", \\"Roma\\"]", "colour": 1}',
    ],
)
def test_a_row_is_written_anew_by_the_list_of_its_cells(key, path, fair, body):
    told = key.put(path, body)
    assert (told.status, told.json["content"]) == (200, ["Rossi S.p.A.", "Roma", ""])
    assert texts(fair)[0] == told.json["content"]
    assert written_over() == [
        ("key", "Zapp", "Rossi S.r.l.", "Rossi S.p.A."),
        ("key", "Zapp", "Torino", "Roma"),
        ("key", "Zapp", "info@rossi.example", None),
    ]


def test_a_row_is_taken_under_any_type(key, path, fair):
    for n, kind in enumerate(("text/plain", "", "application/x-www-form-urlencoded")):
        told = key.call("PUT", path, json.dumps([f"Rossi {n}", n]), kind=kind)
        assert (told.status, told.json["content"]) == (200, [f"Rossi {n}", str(n), ""])


@pytest.mark.parametrize(
    "body", ['["a", "b", "c", "d"]', '[["a"]]', '[{"a": 1}]', '{"content": "x"}', '{"content": 5}',
             '{"content": null}', "{}", "", '["' + "x" * 2001 + '"]'],
)  # fmt: skip
def test_of_a_row_that_cannot_be_taken_nothing_is_written(key, path, fair, body):
    answer = key.put(path, body)
    assert answer.status == 422
    assert answer.kind in {"invalid_parameter", "missing_parameter"}
    assert texts(fair) == [list(row) for row in ROWS]


def test_some_cells_are_written_by_the_names_of_their_columns(key, path, fair):
    where = f"{path}/update_fields"
    told = key.put(where, {"fields": {"city": "Roma", "E-MAIL": None}})
    assert (told.status, told.json["content"]) == (200, ["Rossi S.r.l.", "Roma", ""])
    told = key.put(where, {"fields": '{"City": 10121}'})
    assert told.json["content"] == ["Rossi S.r.l.", "10121", ""]
    assert key.put(where, {"fields": {}}).json["content"] == told.json["content"]
    assert texts(fair)[1:] == [list(row) for row in ROWS[1:]]


@pytest.mark.parametrize(
    "body", [{}, {"fields": None}, {"fields": "x"}, {"fields": ["City"]}, {"fields": {"Shoe": "1"}},
             {"fields": {"City": "Roma", "Shoe": "1"}}, {"fields": {"City": ["Roma"]}}],
)  # fmt: skip
def test_cells_of_no_column_are_refused_and_none_is_written(key, path, fair, body):
    answer = key.put(f"{path}/update_fields", body)
    assert (answer.status, answer.json["field"]) in {(422, "fields"), (422, "content")}
    assert texts(fair) == [list(row) for row in ROWS]


def test_a_column_that_was_taken_out_is_not_written_in(key, path, fair, people):
    city = next(column for column in columns.of(fair) if column.name == "City")
    columns.take_out(people.actor(people.ugo), city)
    assert key.put(f"{path}/update_fields", {"fields": {"City": "Roma"}}).status == 422
    assert key.put(path, ["Rossi", "a@b.example"]).json["content"] == ["Rossi", "a@b.example"]
    columns.put_back(people.actor(people.ugo), city)
    assert texts(fair)[0] == ["Rossi", "Torino", "a@b.example"]


def test_writing_over_many_cells_is_an_act_that_can_be_undone(key, people, fair):
    add(people.actor(people.ugo), fair, [[f"Name {n}", "Asti", ""] for n in range(10)])
    for n in range(10):
        key.put(f"{path_of(fair, f'Name {n}')}/update_fields", {"fields": {"City": "Bari"}})
    changes = LogEntry.objects.filter(verb="change", kind="prospect")
    assert not changes
    key.put(f"{path_of(fair, 'Verdi 2000')}/update_fields", {"fields": {"City": "Bari"}})
    entry = changes.get()
    assert (entry.actor_kind, entry.entrance) == ("key", "api")
    assert "Zapp" in LogPerson.objects.get(seq=entry.seq).data
    door.undo(people.actor(people.anna), entry.seq)
    assert [row[1] for row in texts(fair)] == ["Torino", "Roma", "Napoli", *["Asti"] * 10]


def test_emptying_many_cells_takes_the_scope_delete_and_is_in_the_log(app, people, fair):
    add(people.actor(people.ugo), fair, [[f"Name {n}", "Asti", ""] for n in range(11)])
    writer, deleter = app("read", "write"), app("read", "write", "delete", name="Other")
    paths = [path_of(fair, f"Name {n}") for n in range(11)]
    for path in paths[:10]:
        assert writer.put(f"{path}/update_fields", {"fields": {"City": ""}}).status == 200
    for body, where in (({"fields": {"City": None}}, "/update_fields"), (["Name 10"], "")):
        answer = writer.put(paths[10] + where, body)
        assert (answer.status, answer.kind) == (403, "missing_scope")
        assert "Emptying more than 10 fields" in answer.json["message"]
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.kind, entry.outcome, entry.actor_kind) == (
        "delete", "prospect", "refused", "key",
    )  # fmt: skip
    assert [row[1] for row in texts(fair)][3:] == [*[""] * 10, "Asti"]
    assert deleter.put(f"{paths[10]}/update_fields", {"fields": {"City": ""}}).status == 200


def test_the_rule_for_lists_holds_for_emptying_and_deleting(key, app, people, fair, path, program):
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "prospecting_list", True)
    add(people.actor(people.ugo), fair, [[f"Name {n}", "Asti", ""] for n in range(11)])
    ugo = program(people.ugo)
    for n in range(10):
        assert ugo.put(path_of(fair, f"Name {n}"), [f"Name {n}"]).status == 200
    for answer in (
        ugo.put(path_of(fair, "Name 10"), ["Name 10"]), ugo.delete(path), key.delete(path),
        ugo.delete(f"/spreadsheets/{fair.pk}"), key.delete(f"/spreadsheets/{fair.pk}"),
    ):  # fmt: skip
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert answer.json["rule"] == "delete:prospecting_list"
    assert app("delete", "admin").delete(path).status == 200


def test_a_deleted_row_is_in_the_trash(key, path, fair):
    gone = key.delete(path, {})
    assert (gone.status, gone.json) == (200, {"id": int(path.rpartition("/")[2])})
    assert key.get(path).status == 404
    assert key.get(f"/spreadsheets/{fair.pk}").json["total_row_count"] == 2
    entry = TrashEntry.objects.get()
    assert (entry.kind, entry.count, entry.actor_kind) == ("prospect", 1, "key")


def test_a_row_becomes_a_lead_once(key, path, fair, people):
    made = key.post(f"{path}/create_lead")
    assert made.status == 201
    assert made.json["title"] == "Rossi S.r.l."
    assert made.json["extended_info"]["fields"]["email"] == "info@rossi.example"
    assert (made.json["user_id"], made.json["created_from"]) == (None, "api")
    row = key.get(path).json
    assert (row["lead_id"], row["is_active"]) == (made.json["id"], False)
    again = key.post(f"{path}/create_lead", {})
    assert (again.status, again.kind, again.json["id"]) == (409, "already_exist", made.json["id"])
    assert Lead.objects.count() == 1
    key.delete(f"/leads/{made.json['id']}")
    assert key.get(path).json["lead_id"] is None
    assert key.post(f"{path}/create_lead").status == 201


def test_whose_lead_a_row_becomes(key, fair, people, program):
    told = key.post(f"{path_of(fair, 'Rossi S.r.l.')}/create_lead", {"user_id": people.ugo.email})
    assert told.json["user_id"] == people.ugo.pk
    bruna = program(people.bruna)
    refused = bruna.post(f"{path_of(fair, 'Verdi 2000')}/create_lead", {"user_id": people.ugo.pk})
    assert (refused.status, refused.kind) == (401, "not_api_key")
    told = bruna.post(f"{path_of(fair, 'Verdi 2000')}/create_lead")
    assert told.json["user_id"] == people.bruna.pk


def test_a_row_without_any_text_becomes_no_lead(key, fair):
    row = key.post(f"/spreadsheets/{fair.pk}/rows", {"content": [[""]]}).json["spreadsheet_rows"][0]
    answer = key.post(f"/spreadsheets/{fair.pk}/rows/{row['id']}/create_lead")
    assert (answer.status, answer.kind) == (422, "invalid_parameter")
    assert not Lead.objects.exists()


def test_the_lead_of_a_row_is_not_told_to_who_does_not_see_it(key, path, fair, people, program):
    key.post(f"{path}/create_lead", {"user_id": people.bruna.pk})
    sharing.change(people.actor(people.anna), Sharing("admins", False, "admins", "admins"))
    told = program(people.ugo).get(path).json
    assert (told["lead_id"], told["is_active"]) == (None, False)
    again = program(people.ugo).post(f"{path}/create_lead")
    assert (again.status, again.json.keys() & {"id"}) == (409, set())


def test_a_row_is_talked_about(key, path, people, program):
    where = f"{path}/comments"
    made = key.post(where, {"content": "Called.", "is_pinned": True})
    assert made.status == 201
    assert made.json["commented_item"]["type"] == "prospect"
    assert made.json["commented_item"]["name"] == "Rossi S.r.l."
    second = key.post(where, {"content": "Again", "user_id": people.ugo.pk}).json
    listed = key.get(where)
    assert [one["content"] for one in listed.json] == ["Again", "Called."]
    assert listed.headers["X-TOTAL-COUNT"] == "2"
    changed = key.put(f"{where}/{made.json['id']}", {"content": "Called twice"})
    assert (changed.status, changed.json["content"]) == (200, "Called twice")
    refused = program(people.bruna).put(f"{where}/{second['id']}", {"content": "Mine"})
    assert (refused.status, refused.kind) == (403, "refused")
    assert key.delete(f"{where}/{made.json['id']}").json == {"id": made.json["id"]}
    assert len(key.get(where).json) == 1
    assert key.post(where, {}).kind == "missing_parameter"


def test_a_comment_is_found_on_its_own_row_alone(key, path, fair):
    pk = key.post(f"{path}/comments", {"content": "Called."}).json["id"]
    other = f"{path_of(fair, 'Verdi 2000')}/comments/{pk}"
    assert key.put(other, {"content": "x"}).status == 404
    assert key.delete(other).status == 404
