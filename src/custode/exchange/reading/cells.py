"""A cell, and its form as text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from custode.kernel.text import fold

Cell: TypeAlias = str | Decimal | bool | date
"""Text files contain only text; a workbook also numbers, booleans and dates (or datetimes)."""

SHOWN: Final = 60
"""The number of characters of a value that a reason quotes."""

_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def text_of(cell: Cell) -> str:
    """Return the cell as one would write it: numbers without exponent, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, Decimal):
        return format(cell, "f")
    if isinstance(cell, datetime):
        return cell.isoformat(" ")
    return cell.isoformat()


def is_blank(cell: Cell) -> bool:
    """Return whether a text is empty or only blanks."""
    return isinstance(cell, str) and (not cell or cell.isspace())


def shorten(text: str, length: int = SHOWN) -> str:
    """Return the text on one line, shortened with an ellipsis, for a message."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length and len(text) <= length * 4 else line[: length - 1] + "…"


def words_of(header: str) -> str:
    """Return a header as plain words: `closeDate` and `CLOSE_DATE` become `close date`."""
    composed = unicodedata.normalize("NFKC", header)
    return _WORDS.sub(" ", fold(_CAMEL.sub(" ", composed))).strip()
