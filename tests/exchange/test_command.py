"""`custode import leads`: the same proposal, trial and act as on the screen."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.console.main import main
from custode.exchange.models import ImportRun
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.people import moves
from custode.people.models import User
from tests.cast import Cast

FILE = """title,owner,stage,when created
Fiera,Ugo Conti,Incoming,31/12/2025
Pallet,Mara Gallo,Nuova,
,,,
,x,,
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "data")


def _import(tmp_path: Path, *more: str, text: str = FILE, who: str = "anna@ferri.example") -> int:
    path = tmp_path / "leads.csv"
    path.write_text(text)
    return main(["import", "leads", str(path), "--account", "Ferri S.p.A.", "--as", who, *more])


def test_it_ends_with_the_line(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path) == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "2 imported, 1 refused"
    assert "1 people without sign-in" in told.out
    assert "line 5" in told.err
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.get(title="Pallet").step.name == "Nuova"
        assert str(Lead.objects.get(title="Pallet").owner) == "Mara Gallo"
        entries = LogEntry.objects.filter(verb="import")
        assert {entry.entrance for entry in entries} == {"console"}
        assert {entry.actor_id for entry in entries} == {people.anna.pk}


def test_a_dry_run_changes_nothing(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, "--dry-run") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "Dry run: 2 would be imported, 1 refused"
    assert "As --map: " in out
    assert "title=title" in out
    with scope.account(people.ferri.account.pk):
        assert not Lead.with_trashed.exists()
        assert not ImportRun.objects.exists()
        assert not User.objects.filter(first_name="Mara").exists()
    assert list((tmp_path / "data" / "imports").iterdir()) == []


def test_the_map_is_changed_on_the_line(people: Cast, tmp_path: Path) -> None:
    assert _import(tmp_path, "--map", "title=owner+title:' - '") == 0
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.filter(title__startswith="Ugo Conti").exists()


def test_who_is_no_admin_makes_nothing(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, who="ugo@conti.example") == 0
    assert "1 leads will be unassigned" in capsys.readouterr().out
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.get(title="Pallet").owner is None
        assert not User.objects.filter(first_name="Mara").exists()


def test_an_ambiguity_is_asked(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "title,created\nA,01/02/2026\nB,03/04/2026\n"
    assert _import(tmp_path, text=text) == 2
    assert "How is column “created”" in capsys.readouterr().err
    assert _import(tmp_path, "--map", "created_at=created:dmy", text=text) == 0
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.get(title="A").created_at.month == 2


def _two_marios(people: Cast) -> None:
    operator = Actor.operator(people.ferri.account.pk)
    for email in ("mario@rossi.example", None):
        moves.create(operator, first_name="Mario", last_name="Rossi", email=email)


def test_a_name_that_fits_two_people_is_asked(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    _two_marios(people)
    text = 'title,owner\nA,"Rossi, Mario"\nB,mario rossi\n'
    assert _import(tmp_path, text=text) == 2
    told = capsys.readouterr().err
    assert "Several people fit the name “Mario Rossi”" in told
    assert "mario@rossi.example" in told
    assert "without e-mail address, number" in told
    assert "--owner 'Mario Rossi=mario@rossi.example'" in told
    with scope.account(people.ferri.account.pk):
        assert not ImportRun.objects.exists()
        assert not Lead.with_trashed.exists()
    assert _import(tmp_path, "--owner", "Mario Rossi=MARIO@rossi.example", text=text) == 0
    with scope.account(people.ferri.account.pk):
        owners = {lead.owner.email for lead in Lead.objects.all() if lead.owner}
        assert owners == {"mario@rossi.example"}
        assert Lead.objects.count() == 2


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("Mario Rossi", "NAME=WHO"),
        ("=new", "NAME=WHO"),
        ("Mario Rossi=nobody@rossi.example", "Nobody here"),
        ("Mario Rossi=carla@lodi.example", "Nobody here"),
        ("Maria Rossi=new", "No owner in the file"),
        ("Ugo Conti=new", "here already"),
    ],
)
def test_an_answer_that_fits_nothing_is_told(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], answer: str, why: str
) -> None:
    _two_marios(people)
    text = "title,owner\nA,Mario Rossi\nB,Ugo Conti\n"
    assert _import(tmp_path, "--owner", answer, text=text) == 2
    assert why in capsys.readouterr().err
    with scope.account(people.ferri.account.pk):
        assert not ImportRun.objects.exists()


def test_new_and_none_and_a_number_are_answers(people: Cast, tmp_path: Path) -> None:
    _two_marios(people)
    text = "title,owner\nA,Mario Rossi\nB,Mara Gallo\nC,Zoe Neri\n"
    answers = ["Mario Rossi=new", "Mara Gallo=none", f"Zoe Neri={people.bruna.pk}"]
    assert _import(tmp_path, *(w for one in answers for w in ("--owner", one)), text=text) == 0
    with scope.account(people.ferri.account.pk):
        told = {lead.title: str(lead.owner or "") for lead in Lead.objects.all()}
        assert told == {"A": "Mario Rossi", "B": "", "C": "Bruna Sala"}
        assert User.objects.filter(last_name="Rossi").count() == 3


@pytest.mark.parametrize(
    ("more", "why"),
    [
        (["--map", "nothing=title"], "no place"),
        (["--pipeline", "Post"], "There are: “Sales”"),
        (["--currency", "EURO"], "no currency"),
    ],
)
def test_what_is_wrong_is_told(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], more: list[str], why: str
) -> None:
    try:
        code = _import(tmp_path, *more)
    except SystemExit as stop:  # argparse's own way
        code = int(stop.code or 0)
    assert code == 2
    assert why in capsys.readouterr().err


def test_another_accounts_user_cannot(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, who="carla@lodi.example") == 2
    assert "Nobody in" in capsys.readouterr().err
