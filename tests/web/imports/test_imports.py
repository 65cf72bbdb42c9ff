"""The import's screens: from the file to the undone act, and what forged forms meet."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from custode.exchange.importing import job
from custode.exchange.models import ImportRun, RunState
from custode.guard import door
from custode.guard.models import TrashEntry
from custode.kernel import scope
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast

FILE = """cliente;prodotto;agente;fase;valore;data
Rossi;Pressa;Ugo Conti;Incoming;1.234,50;31/12/2025
Bianchi;Forno;Mara Gallo;Nuova;10;01/02/2026
Verdi;Forno;Mara Gallo;Won;molti;01/03/2026
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def _in(who: User) -> Client:
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(who)
    return client


def _upload(client: Client, text: str = FILE, name: str = "leads.csv") -> Any:
    return client.post("/imports/", {"file": SimpleUploadedFile(name, text.encode())})


def _run() -> ImportRun:
    return ImportRun.objects.latest("pk")


def _form(page: str) -> dict[str, Any]:
    """What a browser would send of the mapping's form, untouched."""
    sent: dict[str, Any] = {"title": []}
    for name, body in re.findall(r'<select[^>]*? name="([^"]+)"[^>]*>(.*?)</select>', page, re.S):
        chosen = re.search(r'<option value="([^"]*)" selected', body)
        chosen = chosen or re.search(r"<option selected>([^<]+)", body)
        value = chosen[1] if chosen else ""
        if name == "title":
            sent["title"].append(value)
        else:
            sent[name] = value
    sent["separator"] = " · "
    return sent


def _checked(client: Client, text: str = FILE, **changes: Any) -> ImportRun:
    _upload(client, text)
    run = _run()
    form = _form(client.get(f"/imports/{run.pk}/").text)
    response = client.post(f"/imports/{run.pk}/mapping/", {**form, **changes, "go": "1"})
    assert response.status_code == 302, response.text
    return _run()


def _done(client: Client, **changes: Any) -> ImportRun:
    run = _checked(client, **changes)
    assert client.post(f"/imports/{run.pk}/start/").status_code == 302
    job.work(run.account_id, run.pk)
    return _run()


def test_the_whole_walk(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    response = _upload(anna)
    run = _run()
    assert response.headers["Location"] == f"/imports/{run.pk}/"
    page = anna.get(f"/imports/{run.pk}/").text
    assert "Rossi · Pressa" in page
    assert "1 owner is not here yet" in page
    run = _checked(anna)
    page = anna.get(f"/imports/{run.pk}/").text
    assert "2 leads will be created" in page
    assert "1 row is refused" in page
    assert "1 person without sign-in will be made" in page
    assert "1 step will be added" in page
    assert "molti" in page
    anna.post(f"/imports/{run.pk}/start/")
    assert "every 1s" in anna.get(f"/imports/{run.pk}/").text
    job.work(run.account_id, run.pk)
    page = anna.get(f"/imports/{run.pk}/").text
    assert "2 imported, 1 refused" in " ".join(page.split())
    run = _run()
    listed = anna.get(f"/leads/?import={run.entry_id}").text
    assert "Rossi · Pressa" in listed
    assert "Imported from leads.csv" in listed
    refused = b"".join(anna.get(f"/imports/{run.pk}/refused/").streaming_content)  # type: ignore[attr-defined]  # streamed
    assert refused.decode("utf-8-sig").splitlines()[1].startswith("4,valore,molti,")
    assert anna.post(f"/undo/{run.seq}/", {"next": f"/imports/{run.pk}/"}).status_code == 302
    assert "This import was undone" in anna.get(f"/imports/{run.pk}/").text
    assert not Lead.objects.exists()


def test_an_undo_that_leaves_others_leads_says_so(ferri: Cast) -> None:
    ugo = _in(ferri.ugo)
    text = "cliente;agente\nRossi;Ugo Conti\nBianchi;Bruna Sala\nVerdi;Bruna Sala\n"
    run = _checked(ugo, text)
    ugo.post(f"/imports/{run.pk}/start/")
    job.work(run.account_id, run.pk)
    run = _run()
    assert run.imported == 3
    said = ugo.post(f"/undo/{run.seq}/", {"next": f"/imports/{run.pk}/"}, follow=True).text
    assert "Undone: 1 lead. 2 others stay as they are" in said
    assert "This import was undone in part" in said
    assert "2 of 3 leads are still there" in said
    assert "Undo the rest" in said
    assert f'href="/leads/?import={run.entry_id}"' in said
    assert {lead.owner for lead in Lead.objects.all()} == {ferri.bruna}
    _in(ferri.anna).post(f"/undo/{run.seq}/")
    page = ugo.get(f"/imports/{run.pk}/").text
    assert "This import was undone</h2>" in page
    assert "Undo the rest" not in page


def test_what_was_undone_and_restored_since_is_not_told_as_undone(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    run = _checked(anna, "cliente;agente\nRossi;Ugo Conti\nBianchi;Bruna Sala\n")
    anna.post(f"/imports/{run.pk}/start/")
    job.work(run.account_id, run.pk)
    run = _run()
    anna.post(f"/undo/{run.seq}/")
    for entry in TrashEntry.objects.filter(state="trashed"):
        door.restore(ferri.actor(ferri.anna), entry)
    page = anna.get(f"/imports/{run.pk}/").text
    assert "undone" not in page
    assert "Undo the import" in page


def test_each_change_shows_what_it_means(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _upload(anna)
    url = f"/imports/{_run().pk}/"
    form = _form(anna.get(url).text)
    form["title"] = ["1", ""]
    part = anna.post(url + "mapping/", form, headers={"HX-Request": "true"})
    assert part.status_code == 200
    assert "<html" not in part.text
    assert '<td class="is-name">Pressa</td>' in part.text
    assert _run().mapping["columns"]["title"] != ["prodotto"]


def test_an_ambiguity_is_asked_and_answered(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _upload(anna, "title,created\nA,01/02/2026\nB,03/04/2026\n")
    url = f"/imports/{_run().pk}/"
    page = anna.get(url).text
    assert "How is column" in page
    form = _form(page)
    refused = anna.post(url + "mapping/", {**form, "go": "1"})
    assert refused.status_code == 422
    assert "Answer what is asked beside these columns: “created”." in refused.text
    assert anna.post(url + "mapping/", {**form, "way-1": "dmy", "go": "1"}).status_code == 302
    assert _run().state == RunState.CHECKED


def test_the_mapping_can_be_changed_after_the_trial(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    run = _checked(anna)
    assert anna.post(f"/imports/{run.pk}/back/").status_code == 302
    assert "Check the whole file" in anna.get(f"/imports/{run.pk}/").text
    assert anna.post(f"/imports/{run.pk}/discard/").status_code == 302
    assert not ImportRun.objects.exists()
    assert list((Path(settings.DATA) / "imports").iterdir()) == []


def test_a_user_is_offered_what_a_user_may(ferri: Cast) -> None:
    ugo = _in(ferri.ugo)
    _upload(ugo)
    page = ugo.get(f"/imports/{_run().pk}/").text
    assert "Only admins can add people" in page
    assert "a new person without sign-in" not in page
    assert "A new pipeline" not in page
    run = _checked(ugo, others="new", pipeline="new", pipeline_name="Mia")
    page = ugo.get(f"/imports/{run.pk}/").text
    assert "will be made" not in page
    assert "will be added" not in page
    assert ugo.post(f"/imports/{run.pk}/start/").status_code == 302
    job.work(run.account_id, run.pk)
    assert _run().imported == 2
    assert not User.objects.filter(first_name="Mara").exists()


def test_nobody_else_goes_on_with_a_run(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        run = _checked(_in(people.ugo))
    url = f"/imports/{run.pk}/"
    acts = ("mapping/", "back/", "start/", "stop/", "discard/")
    for other in (people.bruna, people.carla):
        assert _in(other).get(url).status_code == 404
        assert _in(other).get(url + "refused/").status_code == 404
        assert [_in(other).post(url + act).status_code for act in acts] == [404] * 5
    anna = _in(people.anna)
    assert anna.get(url).status_code == 200
    assert [anna.post(url + act).status_code for act in acts] == [404] * 5
    assert run.name not in _in(people.carla).get("/imports/").text


def test_stopping_and_forged_orders_of_acts(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    run = _checked(anna)
    url = f"/imports/{run.pk}/"
    assert anna.post(url + "stop/").status_code == 410
    anna.post(url + "start/")
    assert anna.post(url + "start/").status_code == 410
    assert anna.post(url + "mapping/", {"go": "1"}).status_code == 410
    assert anna.post(url + "discard/").status_code == 410
    assert anna.post(url + "stop/").status_code == 302
    job.work(run.account_id, run.pk)
    assert "This import was stopped" in anna.get(url).text


@pytest.mark.parametrize(
    "changes",
    [
        {"title": ["99"]},
        {"title": [""]},
        {"pipeline": "999999"},
        {"pipeline": "new", "pipeline_name": ""},
        {"place-0": "title", "place-1": "owner", "place-2": "owner"},
        {"separator": "x" * 50},
        {"way-5": "nonsense"},
    ],
)
def test_forged_mappings_are_told_so(ferri: Cast, changes: dict[str, Any]) -> None:
    anna = _in(ferri.anna)
    _upload(anna)
    url = f"/imports/{_run().pk}/"
    form = {**_form(anna.get(url).text), **changes}
    assert anna.post(url + "mapping/", {**form, "go": "1"}).status_code in {302, 400, 422}
    assert anna.post(url + "mapping/", form, headers={"HX-Request": "true"}).status_code in {
        200, 400, 410, 422,
    }  # fmt: skip


@pytest.mark.parametrize("data", [{}, {"file": "no file"}])
def test_no_file_is_told_so(ferri: Cast, data: dict[str, str]) -> None:
    response = _in(ferri.anna).post("/imports/", data)
    assert response.status_code == 422
    assert "Choose a file first" in response.text


def test_a_file_too_large_is_told_so(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_BYTES", 10)
    response = _upload(_in(ferri.anna))
    assert response.status_code == 422
    assert "Split it" in response.text


def test_a_file_that_is_no_table_is_told_so(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _upload(anna, "%PDF-1.7 x", "leads.csv")
    page = anna.get(f"/imports/{_run().pk}/").text
    assert "did not come in" in page
    assert "PDF" in page
    # It ended where it began: no later step looks as if it had been done.
    assert "is-past" not in page


def test_hostile_names_stay_text(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _upload(anna, "title,owner\n<script>alert(1)</script>,<b>x</b>\n", "<img src=x>.csv")
    page = anna.get(f"/imports/{_run().pk}/").text
    assert "<script>alert" not in page
    assert "<b>x</b>" not in page
    assert "<img src=x>" not in anna.get("/imports/").text


def test_the_same_file_again_is_warned_of(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    first = _done(anna)
    second = _checked(anna)
    assert first.pk != second.pk
    assert "seems to have come in before" in anna.get(f"/imports/{second.pk}/").text


def test_the_list_of_imports(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    assert "Imports so far" not in anna.get("/imports/").text
    _done(anna)
    page = " ".join(anna.get("/imports/").text.split())
    assert "2 imported, 1 refused" in page
    assert "every 2s" not in page
