"""A seeded fault reaches whoever holds a function, and is not believed to where it does not."""

from __future__ import annotations

import gc
from pathlib import Path
from typing import Any

import pytest

from tests.proof import seeding

pytestmark = pytest.mark.once
TEXT = """
from functools import wraps

def kept(function):
    @wraps(function)
    def asked(number):
        return function(number) + 0
    return asked

class Lock:
    OPEN = 1

    @property
    def holds(self):
        return [one for one in (1, 2) if one < 2]

@kept
def twice(number):
    return number * 2
"""


@pytest.fixture
def module(tmp_path: Path) -> dict[str, Any]:
    """The text, imported: its names and what they are."""
    names: dict[str, Any] = {"__name__": "seeded", "path": str(tmp_path / "seeded.py")}
    exec(compile(TEXT, names["path"], "exec"), names)
    return names


def seed(module: dict[str, Any], old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    path = module["path"]
    changes = seeding.changed(path, TEXT, TEXT.replace(old, new))
    seeding.seed(path, changes, seeding.functions_of(str(Path(path).parent)))


@pytest.mark.parametrize(
    ("old", "new", "twice", "holds"),
    [
        ("number * 2", "number * 3", 15, [1]),
        ("+ 0", "+ 1", 11, [1]),
        ("if one < 2", "if one", 10, [1, 2]),
        ("(1, 2)", "(1, 1)", 10, [1, 1]),
    ],
)
def test_whoever_holds_a_function_has_the_fault(
    module: dict[str, Any], old: str, new: str, twice: int, holds: list[int]
) -> None:
    held, lock = module["twice"], module["Lock"]()
    assert (held(5), lock.holds) == (10, [1])
    seed(module, old, new)
    assert (held(5), lock.holds) == (twice, holds)


@pytest.mark.parametrize(
    ("old", "new"), [("OPEN = 1", "OPEN = 2"), ("@kept\n", ""), ("    @property\n", "")]
)
def test_what_ran_at_the_import_is_not_seeded(module: dict[str, Any], old: str, new: str) -> None:
    with pytest.raises(seeding.NotHere):
        seed(module, old, new)


def test_what_nobody_holds_is_not_seeded(module: dict[str, Any]) -> None:
    del module["Lock"]
    gc.collect()
    with pytest.raises(seeding.NotHere):
        seed(module, "if one < 2", "if one")
