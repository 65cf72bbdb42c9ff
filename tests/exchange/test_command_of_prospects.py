"""`custode import prospects`: into a list by its name, as the screen does."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.console.main import main
from custode.exchange.models import ImportRun
from custode.kernel import scope
from custode.prospecting import columns
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, texts

FILE = "ragione sociale,city,note\nRossi,Torino,x\nVerdi,Roma,\n,,y\n"


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path / "data")


def _import(tmp_path: Path, *more: str) -> int:
    path = tmp_path / "fair.csv"
    path.write_text(FILE)
    account = ["--account", "Ferri S.p.A.", "--as", "ugo@conti.example"]
    return main(["import", "prospects", str(path), *account, *more])


def _line(told: str) -> str:
    return next(line[len("As --map: ") :] for line in told.splitlines() if line.startswith("As "))


def test_it_makes_a_new_list(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _import(tmp_path, "--new", "Fair", "--map", "skip=note") == 0
    told = capsys.readouterr()
    assert told.out.splitlines()[-1] == "2 imported, 1 refused"
    assert "line 4: The imported columns are empty in this row." in told.err
    with scope.account(people.ferri.account.pk):
        one = ProspectingList.objects.get()
        assert (one.title, one.owner) == ("Fair", people.ugo)
        assert texts(one) == [["Rossi", "Torino"], ["Verdi", "Roma"]]


def test_it_adds_to_a_list_and_its_own_line_says_the_same_again(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo), rows=[])
    said = "Company=ragione sociale;skip=note"
    assert _import(tmp_path, "--list", "fair in bologna", "--map", said, "--dry-run") == 0
    out = capsys.readouterr().out
    assert out.splitlines()[-1] == "Dry run: 2 would be imported, 1 refused"
    assert _import(tmp_path, "--list", str(one.pk), "--map", _line(out)) == 0
    with scope.account(people.ferri.account.pk):
        assert texts(one) == [["Rossi", "Torino", ""], ["Verdi", "Roma", ""]]
        assert len(columns.of(one)) == 3


WRONG = {
    "no such list": (["--list", "Nowhere"], "sees no prospecting list “Nowhere”"),
    "two of this name": (["--list", "Twins"], "Several lists are called “Twins”"),
    "an empty title": (["--new", "  "], "A list needs a title."),
    "no such column of the file": (["--new", "x", "--map", "city=citta"], "citta"),
    "a new name": (["--new", "x", "--map", "Firm=city"], "The list has no column “Firm”"),
    "no pair": (["--new", "x", "--map", "city"], "is not of the form"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_told_and_nothing_stays(
    people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str], case: str
) -> None:
    with scope.account(people.ferri.account.pk):
        a_list(people.actor(people.ugo), "Twins")
        a_list(people.actor(people.ugo), "Twins")
    more, sentence = WRONG[case]
    assert _import(tmp_path, *more) == 2
    assert sentence in "".join(capsys.readouterr())
    with scope.account(people.ferri.account.pk):
        assert ProspectingList.with_trashed.count() == 2
        assert not ImportRun.objects.exists()
