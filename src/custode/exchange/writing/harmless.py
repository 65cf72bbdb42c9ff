"""Text that no spreadsheet program takes for a formula when it opens a CSV file.

A cell that begins with `=`, `+`, `-` or `@` (also in full width, also after blanks or quotation
marks), or with a tab or a line end, gets an apostrophe in front, which spreadsheet programs read
as "this is text". Where a file is opened with another separator than it was written with, a cell
can also begin in the middle of a text: behind `,`, `;`, a tab or a line end. There `=` and `@` get
the apostrophe. Numbers that are numbers are not text and stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BLANKS: Final = "\\s\"'\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
_STARTS = re.compile(rf"[\t\r\n]|[{_BLANKS}]*[=+\-@＝＋－＠\N{{MINUS SIGN}}]")
_INSIDE = re.compile(rf"([,;\t\r\n][{_BLANKS}]*)([=@＝＠])")
_INSIDE_SIGNS: Final = "=@＝＠"


def harmless(text: str) -> str:
    """The text, with an apostrophe wherever it could begin a formula."""
    if any(sign in text for sign in _INSIDE_SIGNS):
        text = _INSIDE.sub(r"\1'\2", text)
    return f"'{text}" if _STARTS.match(text) else text


def harmless_all(texts: Sequence[str | None]) -> list[str | None]:
    """`harmless` for a column of many cells; fast where nothing is to be done."""
    whole = "".join([text for text in texts if text])
    if any(sign in whole for sign in _INSIDE_SIGNS):
        return [text and harmless(text) for text in texts]
    # A text that begins with a letter or a digit begins no formula.
    return [text if not text or text[0].isalnum() else harmless(text) for text in texts]
