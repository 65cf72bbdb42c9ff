"""The data folder is for the program's own user: a copied database would be an unlogged export."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from custode.conf import private
from custode.conf.options import WrongSetting
from tests.console import installations

OTHERS = 0o077


def modes(folder: Path) -> dict[str, int]:
    """The rights on a folder and on all that is in it, as far as others could reach."""
    found = {".": folder.stat().st_mode & 0o777}
    for path in folder.iterdir():
        found[path.name] = path.stat().st_mode & 0o777
    return found


@pytest.fixture(autouse=True)
def _usual_habits() -> Iterator[None]:
    """Whoever starts the program lets others read what he writes."""
    before = os.umask(0o022)
    yield
    os.umask(before)


@pytest.mark.slow
@pytest.mark.dealt
def test_nobody_else_reads_what_the_program_writes(tmp_path: Path) -> None:
    made = installations.new(tmp_path)
    made.custode("migrate")
    made.custode("createaccount", "Ferri", "--edition", "dream_team", "--admin", "a@f.example")
    made.custode("collectstatic", "--no-input")
    found = modes(made.data)
    assert "secret_key" in found
    assert "static" in found
    assert {name: oct(mode) for name, mode in found.items() if mode & OTHERS} == {}


@pytest.mark.slow
@pytest.mark.dealt
def test_what_was_open_before_is_closed_at_the_next_start(tmp_path: Path) -> None:
    made = installations.new(tmp_path)
    made.custode("migrate")
    for name in ("files", "exports"):
        (made.data / name).mkdir(exist_ok=True)
    made.data.chmod(0o755)
    for path in made.data.iterdir():
        path.chmod(0o755 if path.is_dir() else 0o644)
    made.custode("verify-log")
    assert {name: oct(mode) for name, mode in modes(made.data).items() if mode & OTHERS} == {}


@pytest.mark.once
def test_files_beside_a_database_are_closed_too(tmp_path: Path) -> None:
    for name in ("custode.sqlite3", "custode.sqlite3-wal", "custode.sqlite3-shm"):
        (tmp_path / name).touch(0o644)
    private.keep(tmp_path)
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert tmp_path.stat().st_mode & 0o777 == 0o700


@pytest.mark.once
def test_a_shared_folder_and_other_peoples_files_stay_as_they_are(tmp_path: Path) -> None:
    tmp_path.chmod(0o1777)
    (tmp_path / "notes.txt").touch(0o644)
    private.keep(tmp_path)
    assert tmp_path.stat().st_mode & 0o7777 == 0o1777
    assert (tmp_path / "notes.txt").stat().st_mode & 0o777 == 0o644


@pytest.mark.once
def test_a_file_that_cannot_be_closed_stops_the_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def not_yours(self: Path, mode: int) -> None:
        raise PermissionError

    (tmp_path / "custode.sqlite3").touch(0o644)
    monkeypatch.setattr(Path, "chmod", not_yours)
    with pytest.raises(WrongSetting, match=r"custode\.sqlite3 can be read by others"):
        private.keep(tmp_path)
