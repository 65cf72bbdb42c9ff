"""Text made comparable."""

from __future__ import annotations

import pytest

from custode.kernel.text import fold

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("È", "e"),
        ("Straße", "strasse"),
        ("dell’olio", "dell'olio"),
        ("dell‘olio", "dell'olio"),
        ("dellʼolio", "dell'olio"),
        ("dell´olio", "dell'olio"),
        ("dell`olio", "dell'olio"),
        ("l′olio", "l'olio"),
        ("“Sole” S.r.l.", '"sole" s.r.l.'),
        ("«Sole» S.r.l.", '"sole" s.r.l.'),
        ("„Sole“ S.r.l.", '"sole" s.r.l.'),
        ("24″", '24"'),
    ],
)
def test_what_people_take_for_the_same_folds_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other) == other


def test_what_is_folded_stays_as_it_is() -> None:
    for text in ("È l’ora", "“Straße” 24″", "ﬁ ²"):
        assert fold(fold(text)) == fold(text)
