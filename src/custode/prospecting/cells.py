"""What stands in the cells of a prospect: text, and what sorting and searching make of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from custode.kernel.text import fold, is_blank

Cells = dict[str, str]
"""The key of a column -> its text; what is empty is not there."""

LONGEST: Final = 2_000
"""Characters of one cell."""
_SORTED: Final = 200
"""Characters by which cells are sorted."""
_KEY: Final = re.compile(r"c\d{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")


def key_of(column: int) -> str:
    """What the cells of a column are called in the database: a bare number would be an index."""
    return f"c{column}"


def column_of(key: str) -> int:
    """The number of the column whose cells are called so; 0 for what is no such key."""
    return int(key[1:]) if _KEY.fullmatch(key) else 0


def in_order(cells: Mapping[str, str]) -> list[str]:
    """The texts, in the order in which their columns were made."""
    return [cells[key] for key in sorted(cells, key=lambda key: int(key[1:]))]


def name_of(cells: Mapping[str, str]) -> str:
    """What a prospect is called: what stands in the first column that has something."""
    return next((" ".join(text.split())[:120] for text in in_order(cells)), "–")


def folded(cells: Mapping[str, str]) -> Cells:
    """By what the cells are sorted and filtered, the same on every database."""
    return {key: fold(text)[:_SORTED] for key, text in cells.items()}


def numbers(cells: Mapping[str, str]) -> dict[str, float]:
    """The cells that are numbers, so that 9 comes before 10."""
    return {
        key: float(text.strip().replace(",", "."))
        for key, text in cells.items()
        if _NUMBER.fullmatch(text.strip())
    }


def searched(cells: Mapping[str, str]) -> str:
    """All of a prospect's text, folded: what the search looks through."""
    return fold("\n".join(in_order(cells)))


def clean(text: str) -> str:
    """What was typed or pasted, as it is kept; what shows nothing is nothing."""
    kept = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if is_blank(kept) else kept
