"""The log itself leaves as a file: an act of admins, with proof, told in the log."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from custode.accounts import moves as account_moves
from custode.exchange import making
from custode.exchange.models import ExportFile
from custode.exchange.reading.opening import open_table
from custode.guard import door
from custode.guard.models import Imprint, LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.people import moves as people_moves
from custode.people.models import Role
from custode.signin.models import Session
from tests.web.security.telling import PAGE, facts, told

START = "/exports/start/"
SENT = {"kind": "log", "all": "1", "go": "1", "format": "csv", "dialect": "comma", "words": "1"}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def anna(people, come_in):
    client = come_in(people.anna)
    client.post("/proof/", {"password": "correct-horse-battery"})
    return client


def made(people, client, query="", **more):
    """The file, made by its job and downloaded."""
    answer = client.post(f"{START}?{query}", {**SENT, **more})
    assert answer.status_code == 302, answer.text
    with scope.account(people.ferri.account.pk):
        file = ExportFile.objects.latest("pk")
        making.make(file.account_id, file.pk)
        file.refresh_from_db()
        assert file.state == "ready", file.why
    return client.get(f"/exports/{file.pk}/")


def rows(answer):
    content = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(content)))


def test_the_log_leaves_in_words(people, anna):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Pallet")], reason="Twice")
    head, *_older = rows(made(people, anna))
    assert head["What happened"] == "Ugo Conti deleted 1 lead."
    assert (head["Who"], head["Action"], head["Kind"], head["How many"]) == (
        "Ugo Conti", "Deleting", "leads", "1",
    )  # fmt: skip
    assert (head["Outcome"], head["Names"], head["Reason"]) == ("Done", "Pallet", "Twice")
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.get(seq=head["Entry"])
    assert head["Fingerprint"] == entry.hash


def test_it_leaves_as_it_is_filtered(people, anna):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    door.delete(people.actor(people.bruna), [people.lead(people.bruna)])
    found = rows(made(people, anna, f"verb=delete&who=user:{people.bruna.pk}"))
    assert [row["Who"] for row in found] == ["Bruna Sala"]
    assert rows(made(people, anna, "verb=purge&verb=delete&outcome=done&kind=lead"))


def test_that_it_left_is_in_the_log(people, anna):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    made(people, anna, "verb=delete")
    sentences = [words for words, _colour in told(anna.get(PAGE))]
    assert sentences[:2] == [
        "Anna Ferri downloaded the exported file (CSV) with 1 log entry.",
        "Anna Ferri exported 1 log entry as CSV.",
    ]
    with scope.account(people.ferri.account.pk):
        entries = LogEntry.objects.filter(verb="export", kind="log").order_by("seq")
        assert [entry.outcome for entry in entries] == ["started", "done", "done"]
        assert entries[1].about == entries[0].seq
    assert "filter: Deleting" in anna.get(PAGE).text
    assert len(told(anna.get(f"{PAGE}?kind=log"))) == 2


def test_a_workbook_holds_the_same(people, anna, tmp_path):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Pallet")])
    answer = made(people, anna, "verb=delete", format="xlsx")
    (tmp_path / "log.xlsx").write_bytes(b"".join(answer.streaming_content))
    (row,) = open_table(tmp_path / "log.xlsx").rows()
    assert "Ugo Conti deleted 1 lead." in row.cells


def test_names_begin_no_formula(people, anna):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "=HYPERLINK(1)")])
    (row,) = rows(made(people, anna, "verb=delete"))
    assert row["Names"] == "'=HYPERLINK(1)"


def test_proof_is_asked_for(people, anna):
    with scope.account(people.ferri.account.pk):
        Session.objects.update(proved_at=clock.now() - timedelta(minutes=11))
    answer = anna.post(START, SENT)
    assert "Prove that it is you" in answer.text
    with scope.account(people.ferri.account.pk):
        assert not ExportFile.objects.exists()
    assert not any("log entries" in words for words, _colour in told(anna.get(PAGE)))


@pytest.mark.parametrize("sent", [SENT, {"kind": "log", "all": "1"}])
def test_who_is_no_admin_is_refused_and_that_is_told(people, come_in, anna, sent):
    answer = come_in(people.ugo).post(START, sent)
    assert answer.status_code == 403
    assert "Anna Ferri" in answer.text
    assert told(anna.get(PAGE))[0] == (
        "Ugo Conti was not allowed to export log entries.", "refused",
    )  # fmt: skip
    with scope.account(people.ferri.account.pk):
        assert not ExportFile.objects.exists()


def test_a_file_made_by_somebody_who_is_no_admin_any_more_is_not_handed_over(people, anna, come_in):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo)])
    operator = Actor.operator(people.ferri.account.pk)
    with scope.account(people.ferri.account.pk):
        people_moves.set_role(operator, people.bruna, Role.ADMIN)
    bruna = come_in(people.bruna)
    bruna.post("/proof/", {"password": "correct-horse-battery"})
    made(people, bruna)
    with scope.account(people.ferri.account.pk):
        people_moves.set_role(operator, people.bruna, Role.USER)
        file = ExportFile.objects.get()
    assert bruna.get(f"/exports/{file.pk}/").status_code == 403


def test_the_other_edition_has_no_log_to_export(people, come_in):
    carla = come_in(people.carla)
    carla.post("/proof/", {"password": "correct-horse-battery"})
    assert carla.post(START, SENT).status_code == 403
    account_moves.set_edition(Actor.operator(people.lodi.account.pk), "dream_team")
    tried = facts(carla.get(PAGE), "Carla Lodi was not allowed to export")
    assert tried["because"] == "Sensitive actions are part of the Dream Team edition."
    assert carla.post(START, SENT).status_code == 302


def test_a_filter_that_cannot_be_read_exports_nothing(people, anna):
    answer = anna.post(f"{START}?since=yesterday", SENT)
    assert answer.status_code in {400, 422}
    assert "nothing was exported" in answer.text


def test_nothing_is_kept_of_what_left_and_its_file_is_nobodys_export(people, anna):
    found = made(people, anna)
    content = b"".join(found.streaming_content)
    with scope.account(people.ferri.account.pk):
        assert not Imprint.objects.filter(kind="log").exists()
    file = SimpleUploadedFile("log.csv", content)
    answer = anna.post("/security/whose-export/", {"file": file})
    assert answer.status_code == 200
    assert answer.context["fits"] == []
