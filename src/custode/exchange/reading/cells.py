"""A cell, and how it looks as text."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal
from typing import Final, TypeAlias

from custode.kernel.text import fold

Cell: TypeAlias = str | Decimal | bool | date
"""Text files hold only text; a workbook also numbers, truth values and dates (or datetimes)."""

SHOWN: Final = 60
"""Characters of a value that a reason quotes."""

_WORDS = re.compile(r"[^a-z0-9]+")
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def text_of(cell: Cell) -> str:
    """The cell as one would write it: exact numbers without exponent, dates as ISO 8601."""
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
    """True for a text of nothing but blanks."""
    return isinstance(cell, str) and (not cell or cell.isspace())


def shorten(text: str, length: int = SHOWN) -> str:
    """The text on one line, cut with an ellipsis, to be quoted in a sentence."""
    line = " ".join(text[: length * 4].split())
    return line if len(line) <= length and len(text) <= length * 4 else line[: length - 1] + "…"


def words_of(header: str) -> str:
    """A header as plain words: `closeDate`, `Close_Date` and `CLOSE DATE` become `close date`."""
    composed = unicodedata.normalize("NFKC", header)
    return _WORDS.sub(" ", fold(_CAMEL.sub(" ", composed))).strip()
