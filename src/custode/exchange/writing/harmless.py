"""Makes text harmless, so that no spreadsheet program takes it for a formula in a CSV file.

A cell that begins with `=`, `+`, `-` or `@` (also in full width, also after blanks or quotation
marks), or with a tab or a line end, gets a leading apostrophe, which spreadsheet programs interpret
as "this is text". Where a file is opened with another delimiter than it was written with, a cell
can also begin in the middle of a text: after `,`, `;`, a tab or a line end, whether or not the text
is in quotation marks (they count only at the start of a cell). There the sign gets the apostrophe.
Left unchanged are numbers and telephone numbers, and list items (`- call Rossi`, at the start of a
line) that consist only of words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

_BLANKS: Final = "\\s\"'\N{ZERO WIDTH SPACE}\N{ZERO WIDTH NO-BREAK SPACE}"
_SIGNS: Final = "=+\\-@＝＋－＠\N{MINUS SIGN}"
_SEPARATORS: Final = ",;\t\r\n"

_STARTS = re.compile(rf"[\t\r\n]|[{_BLANKS}]*[{_SIGNS}]")
_INSIDE = re.compile(rf"([{_SEPARATORS}][{_BLANKS}]*)([{_SIGNS}])")
_MARKS = re.compile(rf"([{_SEPARATORS}][{_BLANKS}]*)'([{_SIGNS}])")
_DIGITS: Final = r"[ (]{,2}\d[\d .:/()\-\N{NO-BREAK SPACE}]*[%€$£]?"
_NUMBER = re.compile(rf"[+\-\N{{MINUS SIGN}}]{_DIGITS}(?=[{_SEPARATORS}]|\Z)")
# Letters, digits and characters between words: no parenthesis, exclamation mark, bar or operator,
# so nothing that calls, links or computes. Ranges, since `\w` takes three times as long.
_WORDS: Final = r"A-Za-z0-9\u00c0-\u1fff\u3040-\ud7ff .,;:%€/?'’\-"
_POINT = re.compile(rf"-[ \t]+[{_WORDS}]*(?=[\r\n]|\Z)")


def harmless(text: str) -> str:
    """Return the text, with an apostrophe wherever it could begin a formula."""
    if any(separator in text for separator in _SEPARATORS):
        text = _INSIDE.sub(_marked, text)
    return f"'{text}" if _STARTS.match(text) else text


def plain(text: str) -> str:
    """Return the text from which `harmless` made this one; any other text unchanged.

    So that what was exported comes back as it was: `'+39 011 555` is a telephone number.
    """
    if "'" not in text:
        return text
    before = _MARKS.sub(r"\1\2", text[1:] if _STARTS.match(text[1:]) and text[0] == "'" else text)
    return before if harmless(before) == text else text


def _marked(found: re.Match[str]) -> str:
    before, sign = found.groups()
    text, place = found.string, found.start(2)
    begins_line = "\n" in before or "\r" in before
    if _NUMBER.match(text, place) or (begins_line and _POINT.match(text, place)):
        return found[0]
    return f"{before}'{sign}"


def harmless_all(texts: Sequence[str | None]) -> list[str | None]:
    """Apply `harmless` to a column of many cells; fast where nothing is to be done."""
    whole = "".join([text for text in texts if text])
    if any(separator in whole for separator in _SEPARATORS) and _INSIDE.search(whole):
        return [text and harmless(text) for text in texts]
    # A text that begins with a letter or a digit begins no formula.
    return [text if not text or text[0].isalnum() else harmless(text) for text in texts]
