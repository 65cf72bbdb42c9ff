"""The trash by the API: found, brought back whole or in part, deleted for ever."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from custode.guard import door
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Entrance, Scope
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from tests.api.calling import Caller, key_for
from tests.cast import Cast


@pytest.fixture
def deleted(people: Cast):
    """Leads that somebody deletes by one act: `deleted(people.ugo, "One", "Two")`."""

    def done(who, *titles: str) -> tuple[int, list[int]]:
        leads = [people.lead(who, title) for title in titles]
        act = door.delete(people.actor(who), leads)
        assert act.entry is not None
        return act.entry.pk, [lead.pk for lead in leads]

    return done


def lives(people: Cast, pk: int) -> bool:
    with scope.account(people.ferri.account.pk):
        return Lead.objects.filter(pk=pk).exists()


def last_entry(people: Cast) -> LogEntry:
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.latest("seq")


def test_the_trash_is_listed_the_latest_first_with_its_total(app, people, deleted):
    first, _leads = deleted(people.ugo, "Scanner", "Printer")
    second, _leads = deleted(people.bruna, "Camera")
    answer = app("read", "admin").get("/trash", limit="1")
    assert (answer.status, answer.headers["X-TOTAL-COUNT"]) == (200, "2")
    (entry,) = answer.json
    assert (entry["id"], entry["count"], entry["names"]) == (second, 1, ["Camera"])
    assert (entry["kind"], entry["user_id"]) == ("lead", people.bruna.pk)
    assert entry["deleted_by"] == {"kind": "user", "id": people.bruna.pk, "name": "Bruna Sala"}
    (entry,) = app("read", "admin").get("/trash", limit=1, offset="1").json
    assert (entry["id"], entry["names"]) == (first, ["Scanner", "Printer"])
    assert entry["deleted_at"].endswith("Z")
    assert entry["purge_at"].endswith("Z")


def test_the_trash_is_found_by_kind_person_name_and_moment(app, people, deleted):
    mine, _leads = deleted(people.ugo, "Scanner")
    other, _leads = deleted(people.bruna, "Camera")
    one = app("read", "admin")

    def ids(**query):
        return [entry["id"] for entry in one.get("/trash", **query).json]

    assert ids(kind="lead") == [other, mine]
    assert ids(kind="client_folder") == []
    assert ids(kind="nonsense") == []
    assert ids(user_id=str(people.ugo.pk)) == [mine]
    assert ids(user_id="bruna@sala.example") == [other]
    assert ids(user_id="nobody@nowhere.example") == []
    assert ids(name="scan") == [mine]
    tomorrow = (clock.now() + timedelta(days=1)).isoformat()
    yesterday = (clock.now() - timedelta(days=1)).isoformat()
    assert ids(start_date=yesterday, end_date=tomorrow) == [other, mine]
    assert ids(start_date=tomorrow) == []
    assert ids(end_date=yesterday, unknown="1") == []
    refused = one.get("/trash", start_date="yesterday")
    assert (refused.status, refused.kind, refused.json["field"]) == (
        422, "invalid_parameter", "start_date",
    )  # fmt: skip


def test_a_user_sees_what_they_deleted_and_a_key_what_it_deleted(app, people, program, deleted):
    mine, _leads = deleted(people.ugo, "Scanner")
    other, _leads = deleted(people.bruna, "Camera")
    assert [entry["id"] for entry in program(people.ugo).get("/trash").json] == [mine]
    assert program(people.ugo).get(f"/trash/{other}").kind == "record_not_found"
    zapp = app("read", "write", "delete")
    assert zapp.get("/trash").json == []
    zapp.delete(f"/leads/{people.lead(people.ugo, 'By a key').pk}")
    (entry,) = zapp.get("/trash").json
    assert entry["deleted_by"]["kind"] == "key"
    assert entry["user_id"] is None
    assert zapp.get(f"/trash/{mine}").status == 404
    assert zapp.post(f"/trash/{mine}/restore").status == 404


def test_an_entry_tells_what_lies_in_it_page_by_page(app, people, deleted):
    pk, leads = deleted(people.ugo, "Scanner", "Printer", "Scales")
    one = app("read", "admin")
    entry = one.get(f"/trash/{pk}").json
    assert (entry["count"], entry["goes_along"]) == (3, {})
    answer = one.get(f"/trash/{pk}/objects", limit="2", offset="1")
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    assert answer.json == [
        {"id": leads[1], "kind": "lead", "name": "Printer"},
        {"id": leads[2], "kind": "lead", "name": "Scales"},
    ]
    assert [row["id"] for row in one.get(f"/trash/{pk}/objects", name="sca").json] == [
        leads[0], leads[2],
    ]  # fmt: skip


def test_what_was_deleted_comes_back_in_part_and_then_whole(app, people, deleted):
    pk, leads = deleted(people.ugo, "Scanner", "Printer", "Scales")
    one = app("read", "write", "delete", "admin")
    answer = one.post(f"/trash/{pk}/restore", {"ids": [str(leads[0])], "colour": "red"})
    assert answer.status == 200
    told = {name: answer.json[name] for name in ("id", "count", "is_empty", "above")}
    assert told == {"id": pk, "count": 1, "is_empty": False, "above": []}
    assert [lives(people, lead) for lead in leads] == [True, False, False]
    answer = one.call("POST", f"/trash/{pk}/restore", "", kind="application/x-www-form-urlencoded")
    assert (answer.json["count"], answer.json["is_empty"]) == (2, True)
    assert all(lives(people, lead) for lead in leads)
    entry = last_entry(people)
    assert (entry.seq, entry.verb) == (answer.json["action_id"], "restore")
    assert (entry.actor_kind, entry.entrance) == ("key", "api")
    again = one.post(f"/trash/{pk}/restore")
    assert (again.status, again.kind) == (404, "record_not_found")


def test_of_no_objects_none_comes_back(app, people, deleted):
    pk, _leads = deleted(people.ugo, "Scanner")
    one = app()
    for ids in ([], "x", ["x"]):
        answer = one.post(f"/trash/{pk}/restore", {"ids": ids})
        assert (answer.status, answer.json["field"]) == (422, "ids")
    assert one.post(f"/trash/{pk}/restore", {"ids": [999_999_999]}).status == 404


@pytest.mark.parametrize("lacking", ["write", "delete"])
def test_restoring_takes_the_scopes_write_and_delete_and_a_no_is_logged(
    app, people, deleted, lacking
):
    pk, (lead,) = deleted(people.ugo, "Scanner")
    others = {"read", "write", "delete", "export", "admin"} - {lacking}
    answer = app(*others).post(f"/trash/{pk}/restore")
    assert (answer.status, answer.kind) == (403, "missing_scope")
    assert lacking in answer.json["message"]
    assert not lives(people, lead)
    entry = last_entry(people)
    assert (entry.verb, entry.outcome, entry.actor_kind) == ("restore", "refused", "key")


@pytest.mark.parametrize("lacking", ["write", "delete"])
def test_who_may_not_restore_is_not_told_which_entries_there_are(app, people, deleted, lacking):
    pk, _leads = deleted(people.ugo, "Scanner")
    for scopes in ({"read", "write", "delete", "export", "admin"}, {"read", "write", "delete"}):
        key = app(*(scopes - {lacking}))
        there, nowhere = (key.post(f"/trash/{one}/restore") for one in (pk, 999_999_999))
        assert (there.status, there.content) == (nowhere.status, nowhere.content)
        assert nowhere.kind == "missing_scope"
    # Who may is told that there is nothing.
    assert app("write", "delete").post("/trash/999999999/restore").status == 404


def test_a_purge_takes_an_admin_the_scope_delete_and_a_reason(app, people, program, deleted):
    pk, (lead,) = deleted(people.ugo, "Scanner")
    for caller, kind in (
        (app("read", "write", "delete", "export"), "unauthorized_non_admin"),
        (program(people.ugo), "unauthorized_non_admin"),
        (app("read", "write", "export", "admin"), "missing_scope"),
    ):
        answer = caller.delete(f"/trash/{pk}", {"reason": "Out of date"})
        assert (answer.status, answer.kind) == (403, kind)
        assert (last_entry(people).verb, last_entry(people).outcome) == ("purge", "refused")
    for body in (None, {}, {"reason": "  "}):
        answer = app("delete", "admin").delete(f"/trash/{pk}", body)
        assert (answer.status, answer.json["field"]) == (422, "reason")
    with scope.account(people.ferri.account.pk):
        assert Lead.with_trashed.filter(pk=lead).exists()
    one = app("read", "delete", "admin")
    answer = one.delete(f"/trash/{pk}", {"reason": "Out of date"})
    assert answer.status == 200
    assert (answer.json["id"], answer.json["count"], answer.json["kind"]) == (pk, 1, "lead")
    with scope.account(people.ferri.account.pk):
        assert not Lead.with_trashed.filter(pk=lead).exists()
        assert TrashEntry.objects.get(pk=pk).state == "purged"
    assert last_entry(people).seq == answer.json["action_id"]
    assert app("delete", "admin").delete(f"/trash/{pk}", {"reason": "Again"}).status == 404


def test_of_more_than_a_thousand_at_once_none_comes_back(app, people, deleted):
    pk, (lead,) = deleted(people.ugo, "Scanner")
    answer = app().post(f"/trash/{pk}/restore", {"ids": [lead, *range(10**6, 10**6 + 1000)]})
    assert (answer.status, answer.json["field"]) == (422, "ids")
    assert "1000" in answer.json["message"]
    mixed = app().post(f"/trash/{pk}/restore", {"ids": [lead, "12x"]})
    assert (mixed.status, mixed.json["field"]) == (422, "ids")
    with scope.account(people.ferri.account.pk):
        assert not Lead.objects.filter(pk=lead).exists()


def test_an_admins_program_purges_too(people, program, deleted):
    pk, _leads = deleted(people.ugo, "Scanner")
    assert program(people.anna).delete(f"/trash/{pk}", {"reason": "Out of date"}).status == 200


def test_nothing_of_another_accounts_trash_is_there(people, deleted):
    pk, (lead,) = deleted(people.ugo, "Scanner")
    lodi = Caller(key=key_for(people.lodi.account))
    assert lodi.get("/trash").json == []
    for answer in (
        lodi.get(f"/trash/{pk}"),
        lodi.get(f"/trash/{pk}/objects"),
        lodi.post(f"/trash/{pk}/restore"),
        lodi.delete(f"/trash/{pk}", {"reason": "Not mine"}),
    ):
        assert (answer.status, answer.kind) == (404, "record_not_found")
    assert not lives(people, lead)


def test_a_key_without_the_scope_read_sees_nothing(app, people, deleted):
    pk, _leads = deleted(people.ugo, "Scanner")
    for path in ("/trash", f"/trash/{pk}", f"/trash/{pk}/objects"):
        answer = app("write", "delete", "export", "admin").get(path)
        assert (answer.status, answer.kind) == (403, "missing_scope")


def test_a_missing_scope_is_named_when_the_door_itself_says_so(people, deleted):
    deleted(people.ugo, "Scanner")
    with scope.account(people.ferri.account.pk):
        scopes = frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN})
        key = replace(people.actor(people.anna, Entrance.API), scopes=scopes)
        with pytest.raises(Refused) as no:
            door.restore(key, TrashEntry.objects.get())
        assert no.value.facts["because"] == "scope_delete"
