"""Each seeded fault of `mutants.toml` must turn a test red."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.proof.mutants import MUTANTS, ROOT, Mutant

pytestmark = [pytest.mark.proof, pytest.mark.dealt]


def survives(mutant: Mutant, place: Path) -> bool:
    """Whether all its tests stay green with the fault in a copy of the source."""
    copy = place / "custode"
    shutil.copytree(
        ROOT / "src" / "custode", copy, ignore=shutil.ignore_patterns("static", "__pycache__")
    )
    file = copy / mutant.file
    text = file.read_text(encoding="utf-8")
    assert text.count(mutant.old) == 1, "test_mutants_stand.py tells why"
    file.write_text(text.replace(mutant.old, mutant.new), encoding="utf-8")
    command = [
        sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider",
        "--override-ini", "addopts=--import-mode=importlib", "-m", "not proof", mutant.tests,
    ]  # fmt: skip
    environment = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("CUSTODE_", "PYTEST_", "HOUSE_"))
    }
    run = subprocess.run(
        command,
        cwd=ROOT,
        env={**environment, "PYTHONPATH": str(place), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode in {0, 1, 2, 3, 4}, run.stderr
    return run.returncode == 0


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.name for m in MUTANTS])
def test_a_test_turns_red_when(mutant: Mutant, tmp_path: Path) -> None:
    alive = survives(mutant, tmp_path)
    shutil.rmtree(tmp_path / "custode")
    assert not alive, f"nothing noticed: {mutant.name}"
