"""`custode undo`: an act of the log is taken back by a command, whole or in part."""

from __future__ import annotations

import pytest

from custode.console.main import main
from custode.guard import door
from custode.guard.models import LogEntry
from custode.leads import moves
from custode.leads.models import Lead
from custode.prospecting import sheet
from custode.signin import leaving
from tests.cast import Cast
from tests.prospecting.sheets import edit, row_of
from tests.prospecting.test_cells_written_over import cities, thirty, write

ANNA, UGO, BRUNA = "anna@ferri.example", "ugo@conti.example", "bruna@sala.example"


@pytest.fixture
def moved(ferri: Cast) -> tuple[int, list[Lead]]:
    """Four of Ugo's leads moved at once; Anna has moved the first since."""
    leads = [ferri.lead(ferri.ugo, f"Scanner {n}") for n in range(4)]
    act = door.change(ferri.actor(ferri.ugo), leads, "step", ferri.ferri.steps[2])
    leads[0].refresh_from_db()
    moves.edit(ferri.actor(ferri.anna), leads[0], step=ferri.ferri.steps[3])
    return act.seq, leads


def undo(seq: int, email: str, *words: str) -> int:
    return main(["undo", str(seq), "--account", "Ferri S.p.A.", "--as", email, *words])


def steps(cast: Cast, leads: list[Lead]) -> list[int]:
    places = {step.pk: place for place, step in enumerate(cast.ferri.steps)}
    found = dict(Lead.with_trashed.values_list("pk", "step_id"))
    return [places[found[lead.pk]] for lead in leads]


def test_a_dry_run_says_what_stands_and_changes_nothing(
    ferri: Cast, moved: tuple[int, list[Lead]], capsys: pytest.CaptureFixture[str]
) -> None:
    seq, leads = moved
    assert undo(seq, ANNA, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "4 leads:" in said
    assert "3 as the act left them: taken back" in said
    assert "1 changed since: left as they are" in said
    assert f"number {leads[0].pk}, “Scanner 0”: changed, by Anna Ferri" in said
    assert steps(ferri, leads) == [3, 2, 2, 2]
    assert not LogEntry.objects.filter(verb="undo").exists()


def test_a_part_then_the_rest_then_what_was_changed(
    ferri: Cast, moved: tuple[int, list[Lead]], capsys: pytest.CaptureFixture[str]
) -> None:
    seq, leads = moved
    assert undo(seq, UGO, "--only", f"{leads[1].pk},{leads[0].pk}") == 0
    assert capsys.readouterr().out == "1 taken back, 1 left as they are\n"
    assert steps(ferri, leads) == [3, 0, 2, 2]
    assert undo(seq, UGO) == 0
    assert steps(ferri, leads) == [3, 0, 0, 0]
    assert undo(seq, ANNA, "--overwrite", str(leads[0].pk)) == 0
    assert steps(ferri, leads) == [0, 0, 0, 0]
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.entrance, entry.actor_id) == ("undo", "console", ferri.anna.pk)
    assert undo(seq, ANNA) == 2
    assert "undone before" in capsys.readouterr().err


def test_everything_is_overwritten_where_one_says_all(
    ferri: Cast, moved: tuple[int, list[Lead]]
) -> None:
    seq, leads = moved
    assert undo(seq, ANNA, "--overwrite", "all") == 0
    assert steps(ferri, leads) == [0, 0, 0, 0]


@pytest.mark.parametrize(
    ("email", "words", "said"),
    [
        (BRUNA, (), "Only whoever did this"),
        (BRUNA, ("--dry-run",), "Only whoever did this"),
        ("nobody@ferri.example", (), "Nobody in"),
        ("carla@lodi.example", (), "Nobody in"),
        (UGO, ("--kind", "client_folder"), "touched no “client_folder”. Its kinds: lead."),
        (UGO, ("--overwrite", "some"), "--overwrite: “some” are no numbers"),
    ],
)
def test_what_is_refused_changes_nothing(
    ferri: Cast, moved: tuple[int, list[Lead]], capsys: pytest.CaptureFixture[str],
    email: str, words: tuple[str, ...], said: str,
) -> None:  # fmt: skip
    seq, leads = moved
    assert undo(seq, email, *words) == 2
    assert said in capsys.readouterr().err
    assert steps(ferri, leads) == [3, 2, 2, 2]


def test_who_is_disabled_undoes_nothing(
    ferri: Cast, moved: tuple[int, list[Lead]], capsys: pytest.CaptureFixture[str]
) -> None:
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    assert undo(moved[0], UGO) == 2
    assert "has been disabled" in capsys.readouterr().err


@pytest.mark.parametrize("seq", [0, -1, 10**6, 10**30])
def test_a_number_that_is_none(ferri: Cast, capsys: pytest.CaptureFixture[str], seq: int) -> None:
    assert undo(seq, ANNA) == 2
    assert "There is no such act." in capsys.readouterr().err


def test_what_is_no_list_of_numbers(ferri: Cast, capsys: pytest.CaptureFixture[str]) -> None:
    for words in ("x", "1,,2", "0", "-3", "9" * 40):
        with pytest.raises(SystemExit):
            undo(1, ANNA, f"--only={words}")
        assert "numbers" in capsys.readouterr().err


def test_a_dry_run_of_cells_written_over_tells_what_stands_too(
    ferri: Cast, capsys: pytest.CaptureFixture[str]
) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = thirty(ugo)
    write(ugo, one, range(12))
    (entry,) = LogEntry.objects.filter(verb="change", kind="prospect")
    sheet.write(anna, one, [edit(one, "Name 0", "City", "Como")])
    assert undo(entry.seq, UGO, "--dry-run") == 0
    said = capsys.readouterr().out
    assert "12 prospects:" in said
    assert "11 as the act left them: taken back" in said
    assert f"number {row_of(one, 'Name 0').pk}, “Name 0”: changed, by Anna Ferri" in said
    assert cities(one)[:12] == ["Como", *["Bari"] * 11]
    assert undo(entry.seq, UGO, "--only", str(row_of(one, "Name 1").pk)) == 0
    assert undo(entry.seq, ANNA, "--overwrite", "all") == 0
    assert cities(one) == ["Asti"] * 30
