"""Each line `Label: value` of a description is a field, also where two have one label."""

from __future__ import annotations

import pytest

from custode.guard.content_loss import is_line_gone

TWO = "Name: Rosa Neri\nPhone: 011 555\nName: Ugo Verdi\nPhone: 011 777"

# what a description of two people is after an edit -> whether a line of one of them is gone
BOTH = [
    ("Name: Rosa Neri\nPhone: 011 555", True),
    ("Name: Ugo Verdi\nPhone: 011 777", True),
    ("Name: Rosa Neri\nPhone: 011 555\nName: Ugo Verdi", True),
    ("Name: Rosa Neri\nPhone: 011 555\nName: Ugo Verdi\nPhone: -", True),
    ("Name: Ugo Verdi\nPhone: 011 777\nName: Rosa Neri\nPhone: 011 555", False),
    ("Name: Rosa Neri\nPhone: 011 555\nName: Ugo Verdi\nPhone: 011 778", False),
    (f"{TWO}\nName: Anna Ferri", False),
]


@pytest.mark.parametrize(("new", "gone"), BOTH)
def test_of_two_lines_with_one_label_each_is_a_line(new: str, gone: bool) -> None:
    assert is_line_gone(TWO, new) is gone
