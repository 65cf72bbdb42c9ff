"""Normalises text for comparison, in the same way on every database."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from itertools import count
from typing import Final

_LABELLED = re.compile(r"^[ \t]*([^\s:][^:\n]{0,60}?)[ \t]*:[ \t]+(\S[^\n]*?)[ \t]*$", re.MULTILINE)

_QUOTES: Final = str.maketrans(dict.fromkeys("‘’‚‛ʼ′´`", "'") | dict.fromkeys("“”„‟″«»", '"'))
"""Typographic quotes that phones and word processors insert -> the plain ones on keyboards."""


_UNSEEN: Final = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in (*range(0xFE00, 0xFE10), *range(0x180B, 0x1810))
}
"""Letters and marks of Unicode that are invisible."""


def fold(text: str) -> str:
    """Return the text lower-cased, without accents, with plain quotes: to sort and search."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_QUOTES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: only blanks, and characters without width."""
    return not any(unicodedata.category(c)[0] not in "ZC" and c not in _UNSEEN for c in text)


def line(text: str) -> str:
    """Return a name or title as stored: one line, normal blanks; empty if nothing is visible."""
    return "" if is_blank(text) else " ".join(text.replace("\x00", "").split())


def told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """Return unique names: one that recurs further on gets the first free number, as `id (2)`.

    What is called so already keeps its name, and so does the last of several equal names.
    """
    kept, found = set(names), dict[str, None]()
    for name in reversed(names):
        numbered = (f"{name} ({n})" for n in count(2))
        free = (one for one in numbered if one not in kept and one not in found)
        found[name if name not in found else next(free)] = None
    return tuple(reversed(found))


def labelled_lines(text: str) -> dict[str, str]:
    """Return the `Label: value` lines of a description in order; of equal labels, the first.

    A web address is no label: the colon must be followed by a blank.
    """
    return {label: values[0] for label, values in labelled_values(text).items()}


def labelled_values(text: str) -> dict[str, list[str]]:
    """Return the values of all `Label: value` lines of a description, by label, in order."""
    found: dict[str, list[str]] = {}
    for match in _LABELLED.finditer(text):
        found.setdefault(match[1], []).append(match[2])
    return found


def whole_address(folded: str) -> str:
    """Return a regular expression, for both databases, that finds a folded address in a text.

    It matches the whole address only, not a part of a longer one.
    """
    return rf"(^|[^a-z0-9._%+-]){re.escape(folded)}($|[^a-z0-9.-]|[.]($|[^a-z0-9]))"


_NUMBER: Final = re.compile(r"\+?[0-9][0-9./()-]*")
_APART: Final = "[ ./()-]{0,3}"
"""What stands between two groups of a telephone number; no line's end."""
SHORTEST_NUMBER: Final = 6
"""Digits from which on a word is looked for in groups too."""


def number_in(word: str) -> str:
    """Return the digits of a word that may be a telephone number; "" for any other word."""
    digits = "".join(filter(str.isdecimal, word)) if _NUMBER.fullmatch(word) else ""
    return digits if len(digits) >= SHORTEST_NUMBER else ""


def in_groups(digits: str) -> str:
    """Return a regular expression, for both databases, that finds digits in groups or together."""
    return _APART.join(digits)


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Return where folded words occur in an unfolded text, as ordered (start, end) pairs."""
    folded, written = [], []
    for place, char in enumerate(text):
        for one in fold(char):
            folded.append(one)
            written.append(place)
    plain, found = "".join(folded), list[tuple[int, int]]()
    for word in filter(None, words):
        digits = number_in(word)
        sought = f"{re.escape(word)}|{in_groups(digits)}" if digits else re.escape(word)
        for match in re.finditer(sought, plain):
            found.append((written[match.start()], written[match.end() - 1] + 1))
    apart: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart


def around(text: str, words: Sequence[str], most: int) -> str:
    """Return an excerpt of about `most` characters, as one line, around the first of the words."""
    told = " ".join(text.split())
    if len(told) <= most:
        return told
    places = places_of(told, words)
    first = max(0, places[0][0] - most // 3) if places else 0
    piece = told[first : first + most].strip()
    return f"{'…' if first else ''}{piece}{'…' if first + most < len(told) else ''}"


_PIECE: Final = 4


def pieces(text: str) -> Counter[str]:
    """Count the four-character pieces of a text, by which two texts can be compared.

    This is independent of the language, and fast.
    """
    line = " ".join(text.split())
    return Counter(line[at : at + _PIECE] for at in range(len(line) - _PIECE + 1))
