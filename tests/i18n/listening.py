"""Hears English on a page that should speak Italian."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser

from tools import catalogues

SPOKEN = ("title", "aria-label", "placeholder", "alt", "data-copied")
SHORTEST = 4
"""Shorter English words are Italian ones as well, or parts of names."""
LONG = 12
"""From so many characters on, a piece of a sentence is no coincidence."""


class Words(HTMLParser):
    """What a page says in its own language: texts, and the attributes that are read out."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.languages: list[str] = []
        self._open: list[tuple[str, bool]] = []
        self._last = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Attributes speak; `lang` says who is meant."""
        values = dict(attrs)
        if tag == "html":
            self.languages.append(values.get("lang") or "")
        foreign = "lang" in values and values["lang"] != "it"
        if tag not in {"input", "meta", "link", "img", "br", "hr"}:
            self._open.append((tag, foreign))
        if not self._is_foreign():
            self.said += [values[name] or "" for name in SPOKEN if name in values]

    def handle_endtag(self, tag: str) -> None:
        """Close what was opened, and what was left open within."""
        names = [name for name, _foreign in self._open]
        if tag in names:
            del self._open[len(names) - 1 - names[::-1].index(tag) :]

    def handle_data(self, data: str) -> None:
        """A text."""
        words = " ".join(data.split())
        silent = any(tag in {"script", "style"} for tag, _foreign in self._open)
        if words and not silent and not self._is_foreign():
            self.said.append(words)

    def english(self) -> Iterator[str]:
        """Each text that is one of ours, or holds one, in English."""
        return (said for said in self.said if any(map(_is_english, {said, *said.split("·")})))

    def _is_foreign(self) -> bool:
        return any(foreign for _tag, foreign in self._open)


@cache
def _english() -> tuple[set[str], list[re.Pattern[str]], list[str]]:
    """Whole texts, texts with something filled in, and long pieces: all English, not Italian."""
    whole, filled, pieces = set(), [], []
    for message in catalogues.messages(catalogues.read("it")):
        italian = "\n".join(catalogues.as_strings(message.string))
        for text in catalogues.as_strings(message.id):
            words = " ".join(text.split())
            if words in italian.split("\n") or words == italian or len(words) < SHORTEST:
                continue
            literal = [piece.strip() for piece in re.split(r"%\(\w+\)[a-z]|%%", words)]
            longest = max(literal, key=len)
            if len(literal) == 1:
                whole.add(words)
            elif sum(map(len, literal)) >= SHORTEST:
                filled.append(_pattern(words))
            if len(longest) >= LONG and longest not in italian:
                pieces.append(longest)
    return whole, filled, pieces


def _pattern(words: str) -> re.Pattern[str]:
    parts = re.split(r"%\(\w+\)[a-z]|%%", words)
    return re.compile(".+".join(re.escape(part) for part in parts))


def listen(html: str) -> Words:
    """What a page says."""
    page = Words()
    page.feed(html)
    return page


@cache
def _is_english(said: str) -> bool:
    # Asked once of each text: most of a page stands on every other one too.
    whole, filled, pieces = _english()
    bare = said.strip(" ,()“”")
    return (
        bare in whole
        or any(one.fullmatch(said.strip()) for one in filled)
        or any(piece in said for piece in pieces)
    )
