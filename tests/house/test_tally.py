"""The last lines of `make proof` count what was tried, and a failure is never left out of them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.tally import summed
from tools.paths import ROOT

TESTS = """
from tests.house.tally import kills, matrix, mutants, pytest_terminal_summary as _

def test_all_is_well(kills, matrix):
    kills.count(12)
    matrix.count(1000)

def test_one_is_half(kills):
    kills.count(3, 1)
    assert not "half"

def test_something_else_breaks(mutants):
    raise RuntimeError
"""


class Report:
    def __init__(self, told: list[object], *, failed: bool = False, when: str = "call") -> None:
        self.user_properties = [("other", "x"), ("tally", told)]
        self.failed, self.when = failed, when


@pytest.mark.parametrize("workers", [[], ["-n", "2"]], ids=["alone", "two workers"])
def test_the_lines_stand_at_the_end(
    tmp_path: Path, workers: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "test_proofs.py").write_text(TESTS)
    (tmp_path / "conftest.py").write_text("from tests.house.tally import *\n")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:django", "-p", "no:cacheprovider",
         "-c", "/dev/null", "--rootdir", str(tmp_path), *workers, str(tmp_path)],
        capture_output=True, text=True, cwd=tmp_path, timeout=120,
        env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    said = run.stdout.splitlines()
    assert "matrix: 1000 cells, 0 wrong" in said, run.stdout + run.stderr
    assert "kills: 15 tried, 1 halves" in said
    assert "mutants: 1 tried, 1 alive" in said
    assert run.returncode == 1


def test_a_test_that_could_not_even_begin_is_wrong() -> None:
    broken = Report(["kills", 0, 0], failed=True, when="setup")
    fine = [Report(["kills", 5, 0], when=when) for when in ("setup", "call", "teardown")]
    assert summed([broken, *fine]) == {"kills": (6, 1)}
    assert summed(fine) == {"kills": (5, 0)}
