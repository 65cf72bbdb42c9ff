"""A file comes in: studied, tried, let in by a job that may be cut off, undone."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils import timezone

from custode.exchange import folders
from custode.exchange.importing import runs
from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun, RefusedRow, RunState
from custode.exchange.reading import LeadMapping, open_table
from custode.guard import door
from custode.guard.models import Change, LogEntry
from custode.kernel import clock
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads.models import Lead, LeadTag, Step, Tag
from custode.people.models import User
from tests.cast import Cast
from tests.exchange.bringing import brought, checked, started, worked


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def test_a_file_comes_in_whole(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.anna))
    assert (run.state, run.imported, run.refused) == (RunState.DONE, 3, 1)
    fiera, pallet, scanner = Lead.objects.order_by("title")
    assert (fiera.owner, fiera.amount_minor, fiera.currency) == (ferri.ugo, 123450, "EUR")
    assert fiera.created_at.date() == date(2025, 12, 31)
    assert sorted(tag.name for tag in fiera.tags.all()) == ["caldo", "fiera"]
    assert fiera.fields == {"city": "Forlì"}
    assert (fiera.origin, fiera.created_by) == ("import", ferri.anna)
    assert str(pallet.owner) == "Mara Gallo"
    assert pallet.owner is not None
    assert not pallet.owner.can_sign_in
    assert pallet.step.name == "Nuova fase"
    assert (scanner.status, scanner.owner) == ("won", None)
    # The last one when it was chosen, not the one that this import has added after it.
    assert scanner.step == ferri.ferri.steps[-1]
    refused = RefusedRow.objects.get()
    assert (refused.line, refused.column, refused.value) == (5, "amount", "molti")
    assert Change.objects.filter(kind="lead", field="created").count() == 3
    assert list((Path(settings.DATA) / folders.IMPORTS).iterdir()) == []


def test_it_is_one_act_that_can_be_undone_and_restored(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.anna))
    assert run.seq is not None
    entries = LogEntry.objects.filter(verb="import").order_by("seq")
    assert [(e.outcome, e.count, e.entrance) for e in entries] == [
        ("started", 0, "job"), ("done", 3, "job"),
    ]  # fmt: skip
    act = door.undo(ferri.actor(ferri.anna), run.seq)
    assert act.count == 3
    assert not Lead.objects.exists()
    assert act.entry is not None
    door.restore(ferri.actor(ferri.anna), act.entry)
    assert Lead.objects.count() == 3


def test_the_trial_tells_what_will_happen(ferri: Cast) -> None:
    run = checked(ferri, ferri.anna)
    told = Forecast.from_dict(run.forecast)
    assert (told.rows, told.leads, told.refused) == (4, 3, 1)
    needed = needs(told, Names.load(ferri.actor(ferri.anna)), Choices(**run.choices))
    assert [str(owner) for owner in needed.people] == ["Mara Gallo"]
    assert needed.steps == [("Sales", "Nuova fase")]
    assert sorted(needed.tags) == ["caldo", "fiera"]
    assert told.totals == {"EUR": 124450}
    assert not Lead.with_trashed.exists()
    assert not Step.objects.filter(name="Nuova fase").exists()


def test_who_is_no_admin_makes_neither_people_nor_steps(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.ugo))
    assert run.state == RunState.DONE
    pallet = Lead.objects.get(title="Pallet")
    assert (pallet.owner, pallet.step.name) == (None, "Incoming")
    assert pallet.fields == {"owner": "Mara Gallo", "stage": "Nuova fase"}
    assert Lead.objects.get(title="Scanner").fields == {"city": "Asti"}
    assert Lead.objects.get(title="Scanner").step.name == "Negotiation"
    assert not User.objects.filter(first_name="Mara").exists()
    forged = checked(ferri, ferri.ugo, others=NEW)
    with pytest.raises(Refused, match="Only admins"):
        runs.start(forged, ferri.actor(ferri.ugo))


def test_an_unknown_owner_can_be_somebody_who_is_here(ferri: Cast) -> None:
    bruna = str(ferri.bruna.pk)
    worked(started(ferri, ferri.ugo, owners={"Mara Gallo": bruna}))
    assert Lead.objects.get(title="Pallet").owner == ferri.bruna


def test_another_accounts_person_becomes_nobody(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.ugo, owners={"Mara Gallo": str(ferri.carla.pk)}))
    assert run.state == RunState.DONE
    assert Lead.objects.get(title="Pallet").owner is None


def test_a_new_pipeline_with_the_files_own_steps(ferri: Cast) -> None:
    run = started(ferri, ferri.anna, pipeline=NEW, pipeline_name="Fiera 2026")
    assert worked(run).state == RunState.DONE
    steps = Step.objects.filter(pipeline__name="Fiera 2026")
    assert [step.name for step in steps] == ["Incoming", "Nuova fase"]
    assert {lead.step.pipeline.name for lead in Lead.objects.all()} == {"Fiera 2026"}


def test_rows_that_name_their_pipeline_go_there(ferri: Cast) -> None:
    text = "title,pipeline,step\nA,Post,Nuovo\nB,Sales,Meeting\nC,,\n"
    assert worked(started(ferri, ferri.anna, text)).state == RunState.DONE
    told = {lead.title: (lead.step.pipeline.name, lead.step.name) for lead in Lead.objects.all()}
    assert told == {"A": ("Post", "Nuovo"), "B": ("Sales", "Meeting"), "C": ("Sales", "Incoming")}


def test_standby_without_reminder_is_reminded_of_today(ferri: Cast) -> None:
    text = "title,status,reminder date\nA,standby,\nB,standby,2027-01-02\nC,won,2027-01-02\n"
    assert worked(started(ferri, ferri.anna, text)).state == RunState.DONE
    dates = {lead.title: lead.remind_date for lead in Lead.objects.all()}
    today = clock.now().date()
    assert dates["A"] is not None
    assert abs((dates["A"] - today).days) <= 1
    assert (dates["B"], dates["C"]) == (date(2027, 1, 2), None)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "empty"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04 not a zip", "ZIP|damaged|archive"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 50, "picture"),
        (b"<html><body>x</body></html>", "web page"),
    ],
)
def test_what_is_no_table_is_told_so(ferri: Cast, content: bytes, why: str) -> None:
    run = worked(runs.bring(ferri.ugo, ferri.actor(ferri.ugo), "x.csv", [content]))
    assert run.state == RunState.FAILED
    assert any(word in run.why for word in why.split("|")), run.why
    assert list((Path(settings.DATA) / folders.IMPORTS).iterdir()) == []


def test_a_file_beyond_the_limit_is_not_kept(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "UPLOAD_BYTES", 2**20)

    def endless() -> Iterator[bytes]:
        while True:
            yield b"x" * 2**16

    with pytest.raises(Invalid, match="more than 1 MB"):
        runs.bring(ferri.ugo, ferri.actor(ferri.ugo), "x.csv", endless())
    assert list((Path(settings.DATA) / folders.IMPORTS).iterdir()) == []
    assert not ImportRun.objects.exists()


def test_names_that_are_hardly_people_are_not_made(ferri: Cast) -> None:
    text = "title,owner\n" + "".join(f"L{n},Person {n}\n" for n in range(600))
    run = checked(ferri, ferri.anna, text)
    assert run.state == RunState.MAPPING
    assert "owners" in run.why


def test_hostile_text_is_only_text(ferri: Cast) -> None:
    text = 'title,owner,tags,notes\n"<script>alert(1)</script>","<b>Mara</b> X","=1+1","a"\n'
    text += "x,,,\n" * 100
    run = worked(started(ferri, ferri.anna, text))
    assert (run.state, run.imported) == (RunState.DONE, 101)
    lead = Lead.objects.exclude(title="x").get()
    assert lead.title == "<script>alert(1)</script>"
    assert Tag.objects.get().name == "=1+1"


def test_a_study_survives_json(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text('a,when,sum,share\nx,01/02/2026,"1,234",1\ny,03/04/2026,"5,678",1\n')
    told = Study.of(open_table(path))
    assert Study.from_dict(json.loads(json.dumps(told.as_dict()))) == told


def test_moves_come_once_and_in_order(ferri: Cast) -> None:
    run = started(ferri, ferri.anna)
    with pytest.raises(Gone):
        runs.start(run, ferri.actor(ferri.anna))
    with pytest.raises(Gone):
        runs.set_mapping(run, LeadMapping(), Choices())
    with pytest.raises(Gone):
        runs.discard(run)
    worked(run)
    with pytest.raises(Gone):
        runs.stop(run)
    assert runs.same_before(brought(ferri, ferri.anna)) == run
    assert set(runs.visible(ferri.actor(ferri.ugo))) == set()


def test_a_file_without_a_row_that_fits_is_not_started(ferri: Cast) -> None:
    run = checked(ferri, ferri.anna, "title,amount\n,1\n,2\n")
    with pytest.raises(Invalid, match="No row"):
        runs.start(run, ferri.actor(ferri.anna))
    assert Choices(**run.choices).others != NONE
    assert not LeadTag.objects.exists()


def test_a_lead_cannot_have_been_created_on_a_day_to_come(ferri: Cast) -> None:
    # As the account counts days.
    today = timezone.localdate(clock.now(), ZoneInfo("Europe/Rome"))
    days = [today, today + timedelta(days=1), f"{today}T23:59:59", "2100-01-01T00:00:00Z"]
    text = "title,created_at\n" + "".join(f"Lead {n},{day}\n" for n, day in enumerate(days))
    run = checked(ferri, ferri.anna, text)
    told = Forecast.from_dict(run.forecast)
    assert (told.leads, [one[:2] for one in told.refusals]) == (
        2, [(3, "created_at"), (5, "created_at")],
    )  # fmt: skip
    why = "This day is still to come: a lead cannot have been created on it."
    assert {one[3] for one in told.refusals} == {why}
    worked(started(ferri, ferri.anna, text))
    assert sorted(Lead.objects.values_list("title", flat=True)) == ["Lead 0", "Lead 2"]
