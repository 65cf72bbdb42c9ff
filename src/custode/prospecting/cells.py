"""The cells of a prospect: their text, and its forms for sorting and searching."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from custode.kernel.text import fold, is_blank

Cells = dict[str, str]
"""The key of a column -> its text; empty cells are left out."""

LONGEST: Final = 2_000
"""The maximum number of characters of a cell."""
_SORTED: Final = 200
"""The number of characters by which cells are sorted."""
_KEY: Final = re.compile(r"c\d{1,18}", re.ASCII)
_NUMBER: Final = re.compile(r"[+-]?\d{1,15}(?:[.,]\d{1,9})?")


def key_of(column: int) -> str:
    """Return the key of a column's cells in the database: a bare number would be an index."""
    return f"c{column}"


def column_of(key: str) -> int:
    """Return the number of the column with this key; 0 for an invalid key."""
    return int(key[1:]) if _KEY.fullmatch(key) else 0


def in_order(cells: Mapping[str, str]) -> list[str]:
    """Return the texts in the order in which their columns were created."""
    return [cells[key] for key in sorted(cells, key=lambda key: int(key[1:]))]


def name_of(cells: Mapping[str, str]) -> str:
    """Return a prospect's name: the text of its first column that is not empty."""
    return next((" ".join(text.split())[:120] for text in in_order(cells)), "–")


def folded(cells: Mapping[str, str]) -> Cells:
    """Return the texts by which cells are sorted and filtered, the same on every database."""
    return {key: fold(text)[:_SORTED] for key, text in cells.items()}


def numbers(cells: Mapping[str, str]) -> dict[str, float]:
    """Return the cells that are numbers, so that 9 sorts before 10."""
    return {
        key: float(text.strip().replace(",", "."))
        for key, text in cells.items()
        if _NUMBER.fullmatch(text.strip())
    }


def searched(cells: Mapping[str, str]) -> str:
    """Return all of a prospect's text, folded, to be searched."""
    return fold("\n".join(in_order(cells)))


def clean(text: str) -> str:
    """Return typed or pasted text as stored; empty if nothing is visible."""
    kept = text.replace("\x00", "").replace("\r\n", "\n").replace("\r", "\n").strip()
    return "" if is_blank(kept) else kept
