"""Text made comparable, the same on every database."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from typing import Final

_LABELLED = re.compile(r"^[ \t]*([^\s:][^:\n]{0,60}?)[ \t]*:[ \t]+(\S[^\n]*?)[ \t]*$", re.MULTILINE)

_QUOTES: Final = str.maketrans(dict.fromkeys("‘’‚‛ʼ′´`", "'") | dict.fromkeys("“”„‟″«»", '"'))
"""Phones and word processors set these by themselves; people search with what keyboards have."""


_UNSEEN: Final = frozenset("\u00ad\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(c) for c in (*range(0xFE00, 0xFE10), *range(0x180B, 0x1810))
}
"""Letters and marks of Unicode that are drawn as nothing."""


def fold(text: str) -> str:
    """Lower case, no accents, plain quotes: `È` and `e` sort and search alike everywhere."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_QUOTES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def is_blank(text: str) -> bool:
    """Whether nothing of a text is seen: blanks, and characters of no width, whatever they are."""
    return not any(unicodedata.category(c)[0] not in "ZC" and c not in _UNSEEN for c in text)


def labelled_lines(text: str) -> dict[str, str]:
    """The `Label: value` lines of a description, in order; of a repeated label the first counts.

    A web address is no label: the colon must be followed by a blank.
    """
    found: dict[str, str] = {}
    for match in _LABELLED.finditer(text):
        found.setdefault(match[1], match[2])
    return found


def places_of(text: str, words: Sequence[str]) -> list[tuple[int, int]]:
    """Where folded words stand in a text as it is written, in order: from, to; none overlaps."""
    folded, written = [], []
    for place, char in enumerate(text):
        for one in fold(char):
            folded.append(one)
            written.append(place)
    plain, found = "".join(folded), list[tuple[int, int]]()
    for word in filter(None, words):
        at = plain.find(word)
        while at >= 0:
            found.append((written[at], written[at + len(word) - 1] + 1))
            at = plain.find(word, at + len(word))
    apart: list[tuple[int, int]] = []
    for first, last in sorted(found):
        if apart and first < apart[-1][1]:
            apart[-1] = (apart[-1][0], max(apart[-1][1], last))
        else:
            apart.append((first, last))
    return apart


def around(text: str, words: Sequence[str], most: int) -> str:
    """A piece of a text, in one line of about `most` characters, in which the words begin."""
    line = " ".join(text.split())
    if len(line) <= most:
        return line
    places = places_of(line, words)
    first = max(0, places[0][0] - most // 3) if places else 0
    piece = line[first : first + most].strip()
    return f"{'…' if first else ''}{piece}{'…' if first + most < len(line) else ''}"
