"""The export's screens: asked, refused, streamed, made, downloaded by the owner alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from custode.accounts import moves as account_moves
from custode.exchange import exporting, making
from custode.exchange.models import ExportFile
from custode.exchange.seats import Seats
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people.models import User
from tests.cast import Cast

START, LIST = "/exports/start/", "/exports/"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def _in(who: User) -> Client:
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(who)
    return client


def _made(people: Cast, who: User, **data: Any) -> ExportFile:
    response = _in(who).post(START, {"all": "1", "go": "1", "format": "xlsx", **data})
    assert response.status_code == 302
    with scope.account(who.account_id):
        file = ExportFile.objects.latest("pk")
        making.make(file.account_id, file.pk)
        file.refresh_from_db()
    return file


def test_the_dialog_says_how_many_and_which(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    ferri.lead(ferri.ugo, title="Pallet")
    ugo = _in(ferri.ugo)
    page = ugo.post(START, {"ids": [str(lead.pk)]})
    assert "Export 1 lead" in page.text
    part = ugo.post(START + "?q=pallet", {"all": "1"}, headers={"HX-Request": "true"})
    assert "Export 1 lead" in part.text
    assert "pallet" in part.text
    assert "<html" not in part.text


def test_a_short_csv_is_downloaded_at_once(ferri: Cast) -> None:
    ferri.lead(ferri.ugo, amount_minor=123450)
    response = _in(ferri.ugo).post(
        START, {"all": "1", "go": "1", "format": "csv", "dialect": "semicolon"}
    )
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # streamed
    assert b"Scanner" in body
    assert b";1234,50;" in body
    assert response.headers["Content-Disposition"].startswith('attachment; filename="leads-')
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    outcomes = LogEntry.objects.filter(verb="export").order_by("seq")
    assert [entry.outcome for entry in outcomes] == ["started", "done"]
    assert outcomes[0].entrance == "web"


def test_beyond_the_cap_a_job_makes_the_file(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    ferri.lead()
    seats = Seats(1)
    seats.take()
    monkeypatch.setattr(exporting, "SEATS", seats)
    response = _in(ferri.ugo).post(START, {"all": "1", "go": "1", "format": "csv"})
    assert response.status_code == 302
    assert ExportFile.objects.get().is_under_way


def test_the_file_is_its_owners_alone(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead(people.ugo)
    file = _made(people, people.ugo)
    url = f"/exports/{file.pk}/"
    for other in (people.anna, people.bruna, people.carla):
        assert _in(other).get(url).status_code == 404
        assert _in(other).post(url + "delete/").status_code == 404
        assert file.name not in _in(other).get(LIST).text
    response = _in(people.ugo).get(url)
    assert b"".join(response.streaming_content).startswith(b"PK")  # type: ignore[attr-defined]  # a file
    assert response.headers["Content-Disposition"] == f'attachment; filename="{file.name}"'
    page = _in(people.ugo).get(LIST)
    assert "downloaded once" in page.text


def test_a_rule_ticked_in_the_meantime_stops_the_download(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead(people.ugo)
    file = _made(people, people.ugo)
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.EXPORT, "lead", True)
    response = _in(people.ugo).get(f"/exports/{file.pk}/")
    assert response.status_code == 403
    assert "Anna Ferri" in response.text


@pytest.mark.parametrize("go", [{}, {"go": "1"}])
@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_the_rule_stops_every_way_of_asking(ferri: Cast, go: dict[str, str], form: str) -> None:
    ferri.lead()
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "lead", True)
    response = _in(ferri.ugo).post(START, {"all": "1", "format": form, **go})
    assert response.status_code == 403
    assert LogEntry.objects.filter(verb="export", outcome="refused").count() == 1
    assert not ExportFile.objects.exists()


@pytest.mark.parametrize(
    ("data", "status"),
    [
        ({}, 400),
        ({"ids": "x"}, 400),
        ({"ids": "999999"}, 410),
        ({"all": "1", "go": "1", "format": "exe"}, 400),
        ({"all": "1", "go": "1", "columns": "password"}, 400),
        ({"all": "1", "go": "1", "dialect": "x"}, 400),
    ],
)
def test_forged_forms_are_told_so(ferri: Cast, data: dict[str, str], status: int) -> None:
    ferri.lead()
    assert _in(ferri.ugo).post(START, data).status_code == status


def test_leads_of_another_account_never_leave(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo)
    response = _in(people.carla).post(START, {"ids": [str(lead.pk)], "go": "1", "format": "csv"})
    assert response.status_code == 410


def test_a_file_can_be_removed(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead(people.ugo)
    file = _made(people, people.ugo)
    response = _in(people.ugo).post(f"/exports/{file.pk}/delete/", follow=True)
    assert "was removed" in response.text
    assert list((Path(settings.DATA) / "exports").iterdir()) == []
    assert _in(people.ugo).get(f"/exports/{file.pk}/").status_code == 404


def test_the_list_polls_only_while_a_file_is_made(ferri: Cast) -> None:
    ferri.lead()
    ugo = _in(ferri.ugo)
    assert "No exported files" in ugo.get(LIST).text
    ugo.post(START, {"all": "1", "go": "1", "format": "xlsx"})
    part = ugo.get(LIST, headers={"HX-Request": "true"})
    assert "every 2s" in part.text
    file = ExportFile.objects.get()
    making.make(file.account_id, file.pk)
    assert "every 2s" not in ugo.get(LIST).text


def test_asking_needs_a_form(ferri: Cast) -> None:
    assert _in(ferri.ugo).get(START).status_code == 405
    assert Client().post(START).status_code == 302
