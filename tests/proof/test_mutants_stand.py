"""A seeded fault is one only while the text that it replaces stands in the source: fast to see."""

from __future__ import annotations

import pytest

from tests.proof.mutants import MUTANTS, ROOT, Mutant

pytestmark = pytest.mark.once


@pytest.mark.parametrize("mutant", MUTANTS, ids=[m.name for m in MUTANTS])
def test_a_seeded_fault_has_its_place(mutant: Mutant) -> None:
    source = (ROOT / "src" / "custode" / mutant.file).read_text(encoding="utf-8")
    assert source.count(mutant.old) == 1
