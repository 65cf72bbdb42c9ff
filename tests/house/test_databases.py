"""What runs once is run by one of the workers, and what runs on each database by two of three."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
TESTS = """
import os
import pytest

def ran(what):
    with open(os.environ["RAN"], "a") as file:
        file.write(f"{what} {os.environ['HOUSE_DATABASE']}\\n")

def test_on_each():
    ran("each")

@pytest.mark.dealt
@pytest.mark.parametrize("number", range(6))
def test_dealt(number):
    ran(number)
"""
WORKERS = ("sqlite", "mysql", "mysql//env:HOUSE_HELPS=1")
"""No driver is asked for: the tests of this run have no database."""


def test_three_workers_run_each_test_where_it_belongs(tmp_path: Path) -> None:
    file, ran = tmp_path / "test_shared.py", tmp_path / "ran"
    file.write_text(TESTS, encoding="utf-8")
    run = subprocess.run(
        [
            sys.executable, "-m", "pytest", "-p", "tests.house.databases", "-p", "no:cacheprovider",
            "--rootdir", str(ROOT), "-c", str(ROOT / "pyproject.toml"), "--dist=each",
            *(f"--tx=popen//env:HOUSE_DATABASE={worker}" for worker in WORKERS), str(file),
        ],
        cwd=ROOT, env={"RAN": str(ran), "PATH": "/usr/bin:/bin"}, capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 0, run.stdout
    assert "8 passed" in run.stdout
    lines = ran.read_text(encoding="utf-8").splitlines()
    assert sorted(line for line in lines if "each" in line) == ["each mysql", "each sqlite"]
    assert sorted(line[0] for line in lines if "each" not in line) == list("012345")
