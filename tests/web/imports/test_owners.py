"""The import's screens about people: whom a name means, and what stays when all is undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from custode.exchange.importing import job
from custode.exchange.models import RunState
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.people import moves
from custode.people.models import User
from tests.cast import Cast
from tests.web.imports.test_imports import _checked, _done, _form, _in, _run, _upload

FILE = 'title,owner\nA,Mario Rossi\nB,"Rossi, Mario"\nC,Ugo Conti\n'


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


@pytest.fixture
def marios(ferri: Cast) -> tuple[User, User]:
    """Two people of the same name, one of whom signs in."""
    operator = Actor.operator(ferri.ferri.account.pk)
    signs_in, named = (
        moves.create(operator, first_name="Mario", last_name="Rossi", email=email)
        for email in ("mario@rossi.example", None)
    )
    return signs_in, named


def _page(client: Client) -> str:
    return " ".join(client.get(f"/imports/{_run().pk}/").text.split())


def test_spellings_of_one_name_are_one_stranger(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _upload(anna, FILE)
    page = _page(anna)
    assert "1 owner is not here yet" in page
    assert "also written Rossi, Mario" in page
    _checked(anna, FILE)
    page = _page(anna)
    assert "1 person without sign-in will be made" in page
    assert "The people, pipelines, steps and tags that it makes stay then." in page


def test_who_is_meant_is_asked_and_must_be_answered(ferri: Cast, marios: tuple[User, User]) -> None:
    anna = _in(ferri.anna)
    _upload(anna, FILE)
    url, page = f"/imports/{_run().pk}/", _page(anna)
    assert "Who is meant?" in page
    assert "2 people have this name." in page
    assert "Mario Rossi (mario@rossi.example)" in page
    assert "Mario Rossi (without sign-in, here since" in page
    assert "not here yet" not in page
    form = _form(anna.get(url).text)
    refused = anna.post(url + "mapping/", {**form, "go": "1"})
    assert refused.status_code == 422
    assert "Several people fit the name “Mario Rossi”. Say who is meant." in refused.text
    answered = {**form, "owner-1-0": str(marios[1].pk)}
    part = anna.post(url + "mapping/", answered, headers={"HX-Request": "true"}).text
    assert "2 people have this name." not in part
    assert anna.post(url + "mapping/", {**answered, "go": "1"}).status_code == 302
    assert anna.post(url + "start/").status_code == 302
    job.work(_run().account_id, _run().pk)
    told = {lead.title: lead.owner for lead in Lead.objects.all()}
    assert told == {"A": marios[1], "B": marios[1], "C": ferri.ugo}


def test_a_user_answers_too_but_makes_nobody(ferri: Cast, marios: tuple[User, User]) -> None:
    ugo = _in(ferri.ugo)
    _upload(ugo, FILE)
    url = f"/imports/{_run().pk}/"
    form = _form(ugo.get(url).text)
    forged = ugo.post(url + "mapping/", {**form, "owner-1-0": "new", "go": "1"})
    assert forged.status_code == 422
    answered = {**form, "owner-1-0": "none", "go": "1"}
    assert ugo.post(url + "mapping/", answered).status_code == 302
    assert "2 leads will be unassigned" in _page(ugo)


def test_of_very_many_owners_is_asked_after_the_trial(
    ferri: Cast, marios: tuple[User, User]
) -> None:
    rows = "".join(f"L{n},Persona {chr(97 + n % 26)}{n}\n" for n in range(250))
    anna = _in(ferri.anna)
    run = _checked(anna, "title,owner\n" + rows + "Z,Mario Rossi\n")
    assert run.state == RunState.MAPPING
    page = anna.get(f"/imports/{run.pk}/").text
    assert "Several people fit the name “Mario Rossi”" in page
    form = _form(page)
    (asked,) = (
        name for name in form if name.startswith("owner-") and f'for="{name}">Mario Rossi' in page
    )
    answered = {**form, asked: str(marios[0].pk), "go": "1"}
    assert anna.post(f"/imports/{run.pk}/mapping/", answered).status_code == 302
    assert _run().state == RunState.CHECKED


def test_who_came_after_the_trial_is_asked_about(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    run = _checked(anna, FILE)
    for email in ("mario@rossi.example", "mario.rossi@rossi.example"):
        moves.create(
            Actor.operator(ferri.ferri.account.pk), first_name="Mario", last_name="Rossi",
            email=email,
        )  # fmt: skip
    page = _page(anna)
    assert "Several people fit the name “Mario Rossi”" in page
    assert f"/imports/{run.pk}/start/" not in page
    assert anna.post(f"/imports/{run.pk}/start/").status_code == 400
    assert _run().state == RunState.CHECKED


def test_what_was_made_is_told_when_the_import_is_undone(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    run = _done(anna, pipeline="new", pipeline_name="Fiera")
    assert "stays" not in _page(anna)
    assert anna.post(f"/undo/{run.seq}/").status_code == 302
    page = _page(anna)
    assert "because what lies in the trash still belongs to it" in page
    assert "1 person without sign-in: Mara Gallo" in page
    assert "1 pipeline: Fiera" in page
    assert not Lead.objects.exists()
    assert User.objects.filter(first_name="Mara").exists()


def test_an_import_that_made_nothing_leaves_nothing(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _checked(anna, "title,owner\nA,Ugo Conti\n")
    run = _run()
    anna.post(f"/imports/{run.pk}/start/")
    job.work(run.account_id, run.pk)
    anna.post(f"/undo/{_run().seq}/")
    page = _page(anna)
    assert "This import was undone" in page
    assert "stays" not in page


def test_leads_without_a_status_are_counted_with_those_to_do(ferri: Cast) -> None:
    anna = _in(ferri.anna)
    _checked(anna, "title,status\nA,To do\nB,\nC,Won\n")
    assert "To do: 2 · Won: 1" in _page(anna)
