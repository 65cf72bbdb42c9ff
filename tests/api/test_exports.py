"""Exports by the API: asked for, made by the job, downloaded, removed; in nobody else's name."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pytest

from custode.accounts import moves as accounts
from custode.clients import moves as folders
from custode.exchange import exporting, making
from custode.exchange.models import ExportFile
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope, names_of
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Answer, Caller, key_for
from tests.cast import Cast


def make(people: Cast, answer: Answer) -> None:
    """What the job does that an answer has asked for."""
    assert answer.status == 201, answer.content
    making.make(people.ferri.account.pk, answer.json["id"])


def rows(answer: Answer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def last_entry(people: Cast) -> LogEntry:
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.latest("seq")


def reserved(people: Cast, kind: str = "lead") -> None:
    """From now on only admins export these."""
    accounts.set_privacy(people.actor(people.anna), Verb.EXPORT, kind, True)


def test_an_export_is_asked_for_made_and_downloaded(app, people):
    people.lead(people.ugo, "Scanner")
    people.lead(people.bruna, "Printer")
    one = app("export")
    begun = one.post(
        "/exports", {"kind": "lead", "columns": "title,owner_last_name", "colour": "red"}
    )
    pk = begun.json["id"]
    waiting = one.get(f"/exports/{pk}").json
    assert (begun.status, waiting["state"]) == (201, "waiting")
    assert (waiting["download_url"], waiting["size"]) == (None, 0)
    early = one.get(f"/exports/{pk}/download")
    assert (early.status, early.kind) == (409, "in_progress")
    make(people, begun)
    ready = one.get(f"/exports/{pk}").json
    assert (ready["state"], ready["count"], ready["percent"]) == ("ready", 2, 100)
    assert ready["download_url"] == f"/api/v2/exports/{pk}/download"
    file = one.get(ready["download_url"])
    assert file.status == 200
    assert file.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert file.headers["Content-Disposition"].startswith('attachment; filename="leads-')
    assert {row["title"] for row in rows(file)} == {"Scanner", "Printer"}
    assert list(rows(file)[0]) == ["title", "owner_last_name"]
    assert one.get(f"/exports/{pk}").json["download_count"] == 1


def test_all_that_leaves_is_logged_in_the_name_of_the_key(app, people):
    people.lead(people.ugo, "Scanner")
    one = app("export", name="Zapp")
    begun = one.post("/exports", {})
    make(people, begun)
    one.get(f"/exports/{begun.json['id']}/download")
    with scope.account(people.ferri.account.pk):
        entries = list(LogEntry.objects.filter(verb="export").order_by("seq"))
    assert [(entry.outcome, entry.actor_kind) for entry in entries] == [
        ("started", "key"), ("done", "key"), ("done", "key"),
    ]  # fmt: skip
    assert [entry.entrance for entry in entries] == ["job", "job", "api"]


def test_a_filter_or_numbers_say_what_leaves(app, people):
    scanner, printer = people.lead(people.ugo, "Scanner"), people.lead(people.bruna, "Printer")
    one = app("read", "write", "export")
    one.put(f"/leads/{printer.pk}", {"status": "won"})

    def titles(**order):
        begun = one.post("/exports", order)
        make(people, begun)
        return {row["title"] for row in rows(one.get(f"/exports/{begun.json['id']}/download"))}

    assert titles(filter={"status": ["won"]}) == {"Printer"}
    assert titles(filter="?status=won") == {"Printer"}
    assert titles(filter={"owner": people.ugo.pk}) == {"Scanner"}
    assert titles(ids=[str(scanner.pk)]) == {"Scanner"}
    assert titles(ids=f"{scanner.pk},{printer.pk}") == {"Scanner", "Printer"}
    assert titles() == {"Scanner", "Printer"}


def test_folders_and_lists_leave_too_and_a_workbook(app, people):
    with scope.account(people.ferri.account.pk):
        folders.begin(people.actor(people.anna), "Rossi S.r.l.")
    one = app()
    begun = one.post("/exports", {"kind": "client_folder", "format": "XLSX"})
    make(people, begun)
    file = one.get(f"/exports/{begun.json['id']}/download")
    assert zipfile.is_zipfile(io.BytesIO(file.content))
    nothing = one.post("/exports", {"kind": "prospecting_list"})
    assert nothing.status == 404


@pytest.mark.parametrize(
    ("order", "field"),
    [
        ({"kind": "user"}, "kind"), ({"format": "pdf"}, "format"), ({"dialect": "tab"}, "dialect"),
        ({"columns": ["title", "secret"]}, "columns"), ({"ids": []}, "ids"),
        ({"ids": ["x"]}, "ids"),
        ({"filter": {"statuss": "won"}}, "filter"), ({"filter": "owner=me"}, "filter"),
        ({"ids": ["1", "x"]}, "ids"),
    ],
)  # fmt: skip
def test_an_order_that_makes_no_sense_lets_nothing_leave(app, people, order, field):
    people.lead(people.ugo, "Scanner")
    answer = app("export").post("/exports", order)
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "invalid_parameter", field)
    with scope.account(people.ferri.account.pk):
        assert not ExportFile.objects.exists()


def test_a_filter_with_a_value_that_cannot_be_read_lets_nothing_leave(app, people):
    people.lead(people.ugo, "Scanner")
    answer = app("export").post("/exports", {"filter": {"status": "sold"}})
    assert (answer.status, answer.kind) == (422, "invalid_parameter")


def test_a_rule_and_a_missing_scope_refuse_and_both_are_logged(app, people, program):
    people.lead(people.ugo, "Scanner")
    answer = app("read", "write", "delete", "admin").post("/exports", {"format": "nonsense"})
    assert (answer.status, answer.kind) == (403, "missing_scope")
    entry = last_entry(people)
    assert (entry.verb, entry.outcome, entry.actor_kind) == ("export", "refused", "key")
    reserved(people)
    for caller in (app("read", "export"), program(people.ugo)):
        answer = caller.post("/exports", {"kind": "lead"})
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert answer.json["rule"] == "export:lead"
        assert last_entry(people).outcome == "refused"
    assert app("export", "admin").post("/exports").status == 201


def test_a_rule_set_meanwhile_stops_the_job_and_the_download(app, people):
    people.lead(people.ugo, "Scanner")
    one = app("read", "export")
    ready = one.post("/exports")
    make(people, ready)
    waiting = one.post("/exports")
    reserved(people)
    make(people, waiting)
    failed = one.get(f"/exports/{waiting.json['id']}").json
    assert failed["state"] == "failed"
    assert "Only admins can export leads" in failed["why"]
    answer = one.get(f"/exports/{ready.json['id']}/download")
    assert (answer.status, answer.kind) == (403, "refused_by_rule")
    assert one.get(f"/exports/{failed['id']}/download").status == 404


def test_a_key_revoked_meanwhile_gets_no_file(app, people):
    people.lead(people.ugo, "Scanner")
    begun = app("export").post("/exports")
    with scope.account(people.ferri.account.pk):
        keys.revoke(Actor.operator(people.ferri.account.pk), ApiKey.objects.get())
    make(people, begun)
    with scope.account(people.ferri.account.pk):
        file = ExportFile.objects.get()
    assert file.state == "failed"
    assert "revoked" in file.why
    assert last_entry(people).outcome == "refused"


def test_a_file_is_its_askers_alone(app, people, program):
    people.lead(people.ugo, "Scanner")
    text = keys.make(people.actor(people.anna), "Zapp", [Scope.EXPORT, Scope.ADMIN])[1]
    mine = Caller(key=text)
    begun = mine.post("/exports")
    make(people, begun)
    pk = begun.json["id"]
    other = app(name="Other")
    for caller in (other, program(people.anna), program(people.ugo)):
        assert caller.get("/exports").json == []
        for answer in (
            caller.get(f"/exports/{pk}"), caller.get(f"/exports/{pk}/download"),
            caller.delete(f"/exports/{pk}"),
        ):  # fmt: skip
            assert (answer.status, answer.kind) == (404, "record_not_found")
    with scope.account(people.ferri.account.pk):
        assert not exporting.files_of(people.actor(people.anna)).exists()
    lodi = Caller(key=key_for(people.lodi.account))
    assert lodi.get(f"/exports/{pk}").status == 404
    assert [file["id"] for file in mine.get("/exports").json] == [pk]


def test_a_users_program_finds_the_users_own_files(people, program):
    lead = people.lead(people.ugo, "Scanner")
    people.lead(people.bruna, "Printer")
    one = program(people.ugo)
    begun = one.post("/exports", {"filter": {"owner": "me"}})
    make(people, begun)
    answer = one.get("/exports", limit="5")
    assert answer.headers["X-TOTAL-COUNT"] == "1"
    with scope.account(people.ferri.account.pk):
        file = exporting.files_of(people.actor(people.ugo)).get()
    assert (file.pk, file.rows) == (answer.json[0]["id"], 1)
    assert [row["title"] for row in rows(one.get(f"/exports/{file.pk}/download"))] == [lead.title]


def test_a_program_that_acts_as_a_user_asks_within_what_its_key_is_good_for(
    app, people, come_in_web
):
    people.lead(people.ugo, "Scanner")
    as_ugo = app("read", "write", "admin", name="No exports").get(
        "/auth/log_as", user_id=people.ugo.pk
    )
    answer = Caller(token=as_ugo.json["token"]).post("/exports")
    assert (answer.status, answer.kind) == (403, "missing_scope")
    key = app("read", "write", "export", "admin", name="Zapp")
    token = key.get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    make(people, Caller(token=token).post("/exports"))
    with scope.account(people.ferri.account.pk):
        file = ExportFile.objects.get()
        assert names_of(file.origin["name"]) == ("Ugo Conti", "Zapp")
        assert set(file.origin["scopes"]) == {"read", "write", "export", "admin"}
        done = LogEntry.objects.filter(verb="export", outcome="done").latest("seq")
        person = LogPerson.objects.get(seq=done.seq)
    assert file.state == "ready"
    assert names_of(json.loads(person.data)["actor"]) == ("Ugo Conti", "Zapp")
    page = come_in_web(people.ugo).get("/exports/").content.decode()
    assert "exported by the program “Zapp” in your name" in page


def test_what_a_key_asked_for_as_a_user_does_not_leave_once_the_key_is_over(app, people):
    people.lead(people.ugo, "Scanner")
    token = app().get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    begun = Caller(token=token).post("/exports")
    with scope.account(people.ferri.account.pk):
        key = ApiKey.objects.get()
        assert ExportFile.objects.get().origin["as_key"] == key.pk
        keys.revoke(people.actor(people.anna), key)
    make(people, begun)
    with scope.account(people.ferri.account.pk):
        file = ExportFile.objects.get()
        refused = LogEntry.objects.latest("seq")
        assert file.state == "failed"
        assert (refused.verb, refused.outcome) == ("export", "refused")
        assert "revoked" in LogPerson.objects.get(seq=refused.seq).data


def test_an_export_is_removed_once_it_is_made(app, people):
    people.lead(people.ugo, "Scanner")
    one = app("export")
    begun = one.post("/exports")
    pk = begun.json["id"]
    assert one.delete(f"/exports/{pk}").status == 422
    make(people, begun)
    assert one.delete(f"/exports/{pk}").json == {"id": pk}
    assert one.get(f"/exports/{pk}").status == 404
    assert one.get("/exports").json == []


def test_a_key_without_the_scope_export_polls_and_removes_nothing(app, people):
    people.lead(people.ugo, "Scanner")
    one = app("read", "write", "delete", "admin")
    for answer in (one.get("/exports"), one.get("/exports/1"), one.delete("/exports/1")):
        assert (answer.status, answer.kind) == (403, "missing_scope")


def test_the_log_leaves_for_admins_only(app, people, program):
    people.lead(people.ugo, "Scanner")
    for caller in (app("read", "export"), program(people.ugo)):
        answer = caller.post("/exports", {"kind": "log"})
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
    begun = app("export", "admin").post("/exports", {"kind": "log", "filter": {"verb": "keys"}})
    make(people, begun)
    lodi = Caller(key=key_for(people.lodi.account))
    answer = lodi.post("/exports", {"kind": "log"})
    assert (answer.status, answer.kind) == (403, "other_edition")


def test_the_same_export_is_not_begun_twice(app, people):
    people.lead(people.ugo, "Scanner")
    one = app("export")
    first = one.post("/exports", {}, **{"Idempotency-Key": "night-1"})
    again = one.post("/exports", {}, **{"Idempotency-Key": "night-1"})
    assert (again.status, again.json["id"]) == (201, first.json["id"])
    assert len(one.get("/exports").json) == 1
