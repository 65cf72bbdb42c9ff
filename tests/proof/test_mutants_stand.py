"""A seeded fault is one only while its text stands in the source, and its test: fast to see."""

from __future__ import annotations

import pytest

from tests.proof.mutants import MUTANTS, ROOT, Mutant

pytestmark = pytest.mark.once


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.name for m in MUTANTS])
def test_a_seeded_fault_has_its_place(mutant: Mutant) -> None:
    source = (ROOT / "src" / "custode" / mutant.file).read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.name for m in MUTANTS])
def test_the_test_that_must_notice_it_is_there(mutant: Mutant) -> None:
    path, _colons, name = mutant.tests.partition("[")[0].partition("::")
    place = ROOT / path
    assert place.exists()
    # Pytest ends with an error when it does not find what it is told, which would look like red.
    assert not name or f"def {name}(" in place.read_text(encoding="utf-8")
