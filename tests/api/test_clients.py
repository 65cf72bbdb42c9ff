"""Client folders by the API: as the reference has them, and as programs rely on them."""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.clients import moves
from custode.clients.models import ClientFolder
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import scope
from tests.api.calling import Caller

FIELDS = {"id", "name", "description", "is_active", "created_at", "user_id"}
TEXT = "Vía Roma 1\nPhone: 011 123\n🚀"


@pytest.fixture
def key(app) -> Caller:
    """An application that may everything but what only admins may."""
    found: Caller = app("read", "write", "delete")
    return found


@pytest.fixture
def ours(people):
    """Ugo's folders, made in another order than that of their names."""
    with scope.account(people.ferri.account.pk):
        ugo = people.actor(people.ugo)
        return [moves.create(ugo, name, owner=people.ugo) for name in ("Verdi", "Àlfa", "bianchi")]


def names(answer):
    return [one["name"] for one in answer.json]


def test_a_folder_is_made_read_changed_and_deleted_by_an_application(key, people):
    made = key.post("/clients", {"name": "Rossi  S.r.l.", "description": TEXT,
                                 "user_id": str(people.ugo.pk), "colour": 1})  # fmt: skip
    assert made.status == 201
    assert made.json.keys() >= FIELDS
    assert (made.json["name"], made.json["description"]) == ("Rossi S.r.l.", TEXT)
    assert (made.json["user_id"], made.json["is_active"]) == (people.ugo.pk, True)
    assert made.json["created_at"].endswith("Z")
    path = f"/clients/{made.json['id']}"
    assert key.get(path).json == made.json

    changed = key.put(path, {"name": "Rossi", "is_active": "false"})
    assert (changed.status, changed.json["name"], changed.json["is_active"]) == (
        200,
        "Rossi",
        False,
    )
    assert changed.json["description"] == TEXT
    assert key.put(path, {"is_active": True}).json["is_active"] is True

    gone = key.delete(path, {"reason": "twice"})
    assert (gone.status, gone.json) == (200, {"id": made.json["id"]})
    assert key.get(path).status == 404


def test_the_history_and_the_log_name_the_application(key, people):
    pk = key.post("/clients", {"name": "Rossi"}).json["id"]
    key.delete(f"/clients/{pk}")
    with scope.account(people.ferri.account.pk):
        line = Change.objects.get(kind="client_folder", object_id=pk, field="created")
        entry = LogEntry.objects.get(verb="delete", kind="client_folder")
        assert ClientFolder.with_trashed.get(pk=pk).created_by is None
    assert (line.actor_kind, line.actor_name) == ("key", "Zapp")
    assert (entry.actor_kind, entry.entrance, entry.count) == ("key", "api", 1)


def test_the_list_is_by_name_and_can_be_paged_in_either_order(key, ours):
    answer = key.get("/clients")
    assert names(answer) == ["Àlfa", "bianchi", "Verdi"]
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    assert names(key.get("/clients", direction="desc")) == ["Verdi", "bianchi", "Àlfa"]
    assert names(key.get("/clients", order="id")) == ["Verdi", "Àlfa", "bianchi"]
    assert names(key.get("/clients", order="shoe_size")) == ["Àlfa", "bianchi", "Verdi"]
    pages = [names(key.get("/clients", limit="2", offset=str(at))) for at in (0, 2, 4)]
    assert pages == [["Àlfa", "bianchi"], ["Verdi"], []]


def test_deactivated_folders_are_in_the_list_and_take_no_lead(key, ours, people):
    key.put(f"/clients/{ours[0].pk}", {"is_active": 0})
    told = {one["name"]: one["is_active"] for one in key.get("/clients").json}
    assert told == {"Àlfa": True, "bianchi": True, "Verdi": False}
    lead = people.lead(people.ugo).pk
    refused = key.post(f"/leads/{lead}/add_to_client", {"client_id": ours[0].pk})
    assert refused.status == 422
    taken = key.post(f"/leads/{lead}/add_to_client", {"client_id": str(ours[1].pk)})
    assert (taken.status, taken.json["client_folder_id"]) == (200, ours[1].pk)
    assert taken.json["client_folder_name"] == "Àlfa"


def test_a_folder_needs_a_name_that_is_seen(key, ours):
    for body in ({}, {"description": "no name"}):
        answer = key.post("/clients", body)
        assert (answer.status, answer.kind, answer.json["field"]) == (
            422, "missing_parameter", "name",
        )  # fmt: skip
    for name in ("", "  ", "x" * 201, ["a"]):
        assert key.post("/clients", {"name": name}).status == 422
        assert key.put(f"/clients/{ours[0].pk}", {"name": name}).status == 422
    assert key.put(f"/clients/{ours[0].pk}", {"name": None}).json["name"] == "Verdi"


def test_whose_a_new_folder_is(key, people, program):
    assert key.post("/clients", {"name": "A"}).json["user_id"] is None
    assert key.post("/clients", {"name": "B", "user_id": people.ugo.email}).json["user_id"] == (
        people.ugo.pk
    )
    assert key.post("/clients", {"name": "C", "user_id": "nobody@ferri.example"}).status == 422
    bruna = program(people.bruna)
    assert bruna.post("/clients", {"name": "D"}).json["user_id"] == people.bruna.pk
    refused = bruna.post("/clients", {"name": "E", "user_id": people.ugo.pk})
    assert (refused.status, refused.kind) == (401, "not_api_key")


def test_a_user_neither_changes_nor_deletes_what_is_somebody_elses(ours, people, program):
    bruna = program(people.bruna)
    path = f"/clients/{ours[0].pk}"
    assert bruna.get(path).status == 200
    for answer in (bruna.put(path, {"name": "Mine"}), bruna.delete(path)):
        assert (answer.status, answer.kind) == (403, "refused")
    assert bruna.get(path).json["name"] == "Verdi"


def test_the_rule_for_folders_holds_for_programs_too(ours, people, program, app):
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "client_folder", True)
    path = f"/clients/{ours[0].pk}"
    for caller in (program(people.ugo), app("read", "write", "delete")):
        answer = caller.delete(path)
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert answer.json["rule"] == "delete:client_folder"
        assert "Anna Ferri" in answer.json["message"]
    assert app("delete", "admin").delete(path).status == 200
