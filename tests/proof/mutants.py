"""The seeded faults: each must turn a test red."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import NamedTuple

HERE = Path(__file__).resolve()
ROOT = HERE.parents[2]


class Mutant(NamedTuple):
    """One fault: in a file, a text that stands there once, and what replaces it.

    `tests` are those that must notice.
    """

    name: str
    file: str
    old: str
    new: str
    tests: str = "tests/guard"


MUTANTS = [
    Mutant(file=file, **fault)
    for file, faults in tomllib.loads(HERE.with_name("mutants.toml").read_text("utf-8")).items()
    for fault in faults
]
