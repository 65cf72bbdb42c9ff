"""Text made comparable."""

from __future__ import annotations

import pytest

from custode.kernel.text import around, fold, is_blank, places_of, told_apart

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


# A text -> whether nothing of it is seen.
BLANK = {
    "": True, " \t\n": True, "\u00a0\u2003": True, "\u200b\u200d\u2060\ufeff": True, "\u00ad": True,
    "\u2800": True, "\u3164\u115f": True, "\ufe0f": True, "\U000e0020": True, "\x07": True,
    ".": False, "a\u200b": False, "\u200b-": False, "0": False, "\u00e8": False,
    "\U0001f4b6": False,
}  # fmt: skip


@pytest.mark.parametrize(("text", "blank"), BLANK.items(), ids=ascii)
def test_what_is_not_seen_is_blank(text: str, blank: bool) -> None:
    assert is_blank(text) is blank


@pytest.mark.parametrize(
    ("text", "words", "pieces"),
    [
        ("Perché no? PERCHE'", ["perche"], ["Perché", "PERCHE"]),
        ("Perche\u0301 no", ["perche"], ["Perche"]),
        ("ﬁducia", ["fi"], ["ﬁ"]),
        ("Straße 7", ["strasse"], ["Straße"]),
        ("banana", ["ana", "nan"], ["anan"]),
        ("one two", ["two", "one"], ["one", "two"]),
        ("<b>one</b>", ["<b>"], ["<b>"]),
        ("one", ["", "three"], []),
    ],
)
def test_words_are_found_where_they_are_written(
    text: str, words: list[str], pieces: list[str]
) -> None:
    assert [text[first:last] for first, last in places_of(text, words)] == pieces


def test_a_long_text_is_shown_around_the_words() -> None:
    text = "x " * 500 + "Perché no" + " y" * 500
    piece = around(text, ["perche"], 60)
    assert "Perché no" in piece
    assert piece.startswith("…")
    assert piece.endswith("…")
    assert len(piece) <= 62
    assert around("short\n text", ["zzz"], 60) == "short text"
    assert around(text, ["zzz"], 60).startswith("x x")


def test_a_number_is_marked_where_it_stands_in_groups() -> None:
    text = "Call +39 0444 12-34 56 or 0444123456"
    assert [text[a:b] for a, b in places_of(text, ["0444123456"])] == [
        "0444 12-34 56",
        "0444123456",
    ]
    assert places_of("a+b", ["+", "."]) == [(1, 2)]


@pytest.mark.parametrize(
    ("names", "apart"),
    [
        (["a", "b"], ["a", "b"]),
        (["id", "id"], ["id (2)", "id"]),
        (["id", "id", "id"], ["id (3)", "id (2)", "id"]),
        (["id (2)", "id", "id"], ["id (2)", "id (3)", "id"]),
        (["id", "id (2)", "id"], ["id (3)", "id (2)", "id"]),
        (["id (2)", "id (2)", "id", "id"], ["id (2) (2)", "id (2)", "id (3)", "id"]),
        ([], []),
    ],
)
def test_equal_names_are_told_apart_and_the_last_keeps_its_own(
    names: list[str], apart: list[str]
) -> None:
    assert told_apart(names) == tuple(apart)
