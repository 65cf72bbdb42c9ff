"""The operator's commands about the log: checking it, making checkpoints, erasing somebody."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest

from custode.console.main import main
from custode.guard import chain, checkpoints, door, lock_installation
from custode.guard.models import LogCheckpoint, LogEntry, LogHead, LogPerson
from custode.kernel import scope
from custode.signin import leaving
from tests.cast import Cast

FERRI = ("--account", "Ferri S.p.A.")


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str]:
    try:
        code = main(words)
    except SystemExit as end:  # argparse's own way
        code = int(end.code or 0)
    return code, "".join(capsys.readouterr())


@pytest.fixture
def kept(people: Cast, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """A checkpoint that the command made, kept in a file; then somebody deletes three leads."""
    code, text = said(capsys, "checkpoint", *FERRI)
    assert code == 0
    (tmp_path / "kept.txt").write_text(text, encoding="utf-8")
    for n in range(3):
        door.delete(people.actor(people.ugo), [people.lead(people.ugo, f"Pallet {n}")])
    return tmp_path / "kept.txt"


def cut(people: Cast, upto: int) -> None:
    account = people.ferri.account.pk
    with lock_installation.lifted(), scope.account(account):
        for model in (LogEntry, LogPerson, LogCheckpoint):
            model.objects.filter(seq__gt=upto)._raw_delete("default")
        LogHead.objects.update(seq=upto, hash=LogEntry.objects.get(seq=upto).hash)


def test_a_checkpoint_is_printed_and_noted(people: Cast, kept: Path) -> None:
    one = checkpoints.read(kept.read_text(encoding="utf-8"), people.ferri.account.pk)
    with scope.account(people.ferri.account.pk):
        noted = LogCheckpoint.objects.get()
        assert (noted.seq, noted.hash, noted.signature) == (one.seq, one.hash, one.signature)


def test_a_log_that_grew_agrees(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said(capsys, "verify-log", "--checkpoint", str(kept))
    assert code == 0
    assert "the chain holds" in told
    assert "the checkpoint was made by this installation" in told
    assert re.search(r"anchored up to entry \d+ by a checkpoint; 3 newer are not yet", told)


def test_a_cut_tail_is_found_against_it(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    one = checkpoints.read(kept.read_text(encoding="utf-8"), None)
    cut(people, one.seq - 1)
    assert said(capsys, "verify-log", *FERRI)[0] == 0
    code, told = said(capsys, "verify-log", "--checkpoint", str(kept))
    assert code == 1
    assert f"entry {one.seq}: missing: a checkpoint tells of it" in told


def test_a_log_written_anew_is_found_against_it(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with lock_installation.lifted(), scope.account(people.ferri.account.pk):
        LogCheckpoint.objects.all()._raw_delete("default")
        previous = ""
        for entry in LogEntry.objects.order_by("seq"):
            entry.previous, entry.count = previous, entry.count + (entry.seq == 2)
            entry.hash = previous = chain.hash_of(entry)
            entry.save()
        LogHead.objects.update(hash=previous)
    assert said(capsys, "verify-log", *FERRI)[0] == 0
    monkeypatch.setattr("sys.stdin", io.StringIO(kept.read_text(encoding="utf-8")))
    code, told = said(capsys, "verify-log", "--checkpoint", "-")
    assert code == 1
    assert "another entry than the one that a checkpoint tells of" in told


def test_a_forged_one_is_refused_in_a_sentence(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = kept.read_text(encoding="utf-8")
    kept.write_text(re.sub("entry: .*", "entry: 1", text), encoding="utf-8")
    code, told = said(capsys, "verify-log", "--checkpoint", str(kept))
    assert (code, "its signature does not fit" in told) == (2, True)
    kept.write_text("nothing", encoding="utf-8")
    assert "no checkpoint in this text" in said(capsys, "verify-log", "--checkpoint", str(kept))[1]
    gone = str(kept.with_name("gone.txt"))
    assert "cannot be read" in said(capsys, "verify-log", "--checkpoint", gone)[1]


def test_one_of_another_account_is_refused(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("verify-log", "--account", "Lodi S.r.l.", "--checkpoint", str(kept))
    code, told = said(capsys, *words)
    assert (code, "another account" in told) == (2, True)


def test_one_from_before_the_secret_key_changed_is_read_with_its_public_key(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str], settings
) -> None:
    old = checkpoints.public_key()
    settings.SECRET_KEY = "another" * 9
    assert said(capsys, "verify-log", "--checkpoint", str(kept))[0] == 2
    words = ("verify-log", "--checkpoint", str(kept), "--public-key", old)
    assert said(capsys, *words)[0] == 0


def test_somebody_who_has_left_is_erased(
    people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ("erase-person", *FERRI, "--email", "ugo@conti.example", "--reason", "He asked")
    code, told = said(capsys, *words)
    assert (code, "has not left" in told) == (2, True)
    with scope.account(people.ferri.account.pk):
        leaving.disable(people.actor(people.anna), people.ugo)
    code, told = said(capsys, *words)
    assert code == 0, told
    assert "Personal data were erased from 5 entries." in told
    with scope.account(people.ferri.account.pk):
        assert not LogPerson.objects.filter(data__contains="Ugo Conti").exists()
    code, told = said(capsys, "verify-log", "--checkpoint", str(kept))
    assert code == 0
    assert "5 entries have no personal data any more; 1 say so" in told


def test_or_one_entry(people: Cast, kept: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with scope.account(people.ferri.account.pk):
        seq = LogEntry.objects.filter(verb="delete").latest("seq").seq
    assert said(capsys, "erase-person", *FERRI, "--entry", str(seq))[0] == 0
    for again in (str(seq), "99999"):
        assert said(capsys, "erase-person", *FERRI, "--entry", again)[0] == 2


@pytest.mark.parametrize(
    "words",
    [
        ("erase-person", *FERRI),
        ("erase-person", *FERRI, "--user", "99999"),
        ("erase-person", *FERRI, "--email", "carla@lodi.example"),
        ("erase-person", "--account", "Nowhere", "--user", "1"),
        ("checkpoint", "--account", "Nowhere"),
        ("checkpoint",),
    ],
)
def test_what_makes_no_sense_is_told(
    people: Cast, words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    code, told = said(capsys, *words)
    assert code == 2
    assert told.strip()
