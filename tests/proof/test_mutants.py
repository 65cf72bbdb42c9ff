"""Each seeded fault of `mutants.toml` must turn a test red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.house.tally import Tally
from tests.proof.forked import pytest_run
from tests.proof.mutants import MUTANTS, ROOT, Mutant
from tests.proof.warm import GREEN, NOT_HERE, RED, WORDS, Ready

pytestmark = [pytest.mark.proof, pytest.mark.dealt]


SHAPES = ("migrations/", "search_index.py")
"""Where what migrations make is written: a fault there takes a database made anew."""


@pytest.fixture(scope="session")
def ready_made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without a row, for the faults that change nothing of it."""
    data = tmp_path_factory.mktemp("ready-made")
    subprocess.run(
        [sys.executable, "-m", "custode", "migrate"],
        env=_bare() | {"CUSTODE_DATA": str(data)}, check=True, capture_output=True,
    )  # fmt: skip
    (file,) = data.glob("*.sqlite3")
    return file


@pytest.fixture(scope="session")
def warm(ready_made: Path) -> Iterator[Ready]:
    """A process that stands ready to run any test."""
    files = {mutant.tests.partition("::")[0] for mutant in MUTANTS}
    ready = Ready(files, _bare() | {"HOUSE_READY_MADE": str(ready_made)})
    yield ready
    ready.close()


def _bare() -> dict[str, str]:
    """The environment without what says how this run goes."""
    ours = ("CUSTODE_", "PYTEST_", "HOUSE_")
    return {name: value for name, value in os.environ.items() if not name.startswith(ours)}


def _linked(there: str, here: str) -> None:
    """Hundreds of copies of two thousand files would take longer than the tests."""
    try:
        os.link(there, here)
    except OSError:  # another file system
        shutil.copy2(there, here)


def noticed_at_once(mutant: Mutant, place: Path, warm: Ready) -> bool:
    """Whether a test that is green turns red when the fault comes into a process that runs.

    It may be no where the fault lies in what only happens when a process starts.
    """
    if _is_shape(mutant):
        return False
    path = ROOT / "src" / "custode" / mutant.file
    text = path.read_text(encoding="utf-8")
    became = warm.seeded({
        "path": str(path), "old": text, "new": text.replace(mutant.old, mutant.new),
        "tests": mutant.tests, "told": str(place / "told.txt"), "seconds": 240,
    })  # fmt: skip
    assert became in {GREEN, RED, NOT_HERE}, (place / "told.txt").read_text(errors="replace")
    return became == RED


def _is_shape(mutant: Mutant) -> bool:
    return any(part in mutant.file for part in SHAPES)


def survives(mutant: Mutant, place: Path, ready_made: Path) -> bool:
    """Whether all its tests stay green in a process that starts with the fault in its source."""
    copy = place / "custode"
    # With what Python has compiled, which holds for all files but the one that is changed.
    static = shutil.ignore_patterns("static")
    shutil.copytree(ROOT / "src" / "custode", copy, ignore=static, copy_function=_linked)
    file = copy / mutant.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, "test_mutants_stand.py tells why"
    file.unlink()  # the link: writing through it would change the source itself
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    ready = () if _is_shape(mutant) else ("-p", "tests.house.ready_made")
    words = [*WORDS, "-x", *ready, mutant.tests]
    environment = {"HOUSE_READY_MADE": str(ready_made), "PYTHONPATH": str(place)}
    told = place / "told.txt"
    code = pytest_run(words, _bare() | environment, first=place, told=told, seconds=240)
    said = told.read_text(encoding="utf-8", errors="replace")
    assert code in {0, 1, 2, 3, 4}, said
    # A test that pytest does not find ends the run with an error too, which would look like red.
    assert "(no match in any of" not in said, mutant.tests
    return code == 0


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.name for m in MUTANTS])
def test_a_test_turns_red_when(
    mutant: Mutant, tmp_path: Path, mutants: Tally, ready_made: Path, warm: Ready
) -> None:
    alive = not noticed_at_once(mutant, tmp_path, warm) and survives(mutant, tmp_path, ready_made)
    mutants.count(1, int(alive))
    shutil.rmtree(tmp_path)  # a copy of the database for each of hundreds
    assert not alive, f"nothing noticed: {mutant.name}"


def test_what_changes_nothing_turns_no_test_red(
    tmp_path: Path, ready_made: Path, warm: Ready
) -> None:
    """Else a run that fails for another reason would look like one that found the fault."""
    harmless = MUTANTS[0]._replace(new=f"{MUTANTS[0].old}  # as before")
    assert survives(harmless, tmp_path, ready_made)
    otherwise = MUTANTS[0]._replace(new=MUTANTS[0].old.replace("if actor", "if False or actor"))
    assert otherwise.new != otherwise.old
    assert not noticed_at_once(otherwise, tmp_path, warm)
