"""Which one way of reading fits all values of a column, or that several do.

A habit is never voted for by the majority: either one way of reading fits every value that can be
read at all, or the choice is put as a question.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from django.utils.translation import gettext as _

from .cells import shorten

Value = TypeVar("Value", bound=Hashable)

_HOPELESS: Final = 200
"""After so many values of which none could be read, the column is left alone."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """One way of reading that may be meant.

    Args:
        way: its name, as a mapping writes it (`dmy`, `comma`, `percent`).
        text, value: an example from the column, and what it would mean.
        misfits: how many of the column's distinct values cannot be read this way.
    """

    way: str
    text: str
    value: Value
    misfits: int


@dataclass(frozen=True, slots=True)
class Found:
    """One way fits.

    Args:
        way: its name.
        misfits: how many distinct values cannot be read at all; their rows will be refused.
        first_bad: the first of them, or "".
    """

    way: str
    misfits: int = 0
    first_bad: str = ""


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[Value]):
    """Several ways fit, or none fits all: somebody has to say which is meant."""

    candidates: tuple[Candidate[Value], ...]

    @property
    def ways(self) -> tuple[str, ...]:
        """The names to choose from."""
        return tuple(candidate.way for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The column holds something else.

    Args:
        first_bad: the first value that could not be read, or "" when there was none at all.
    """

    first_bad: str = ""

    @property
    def reason(self) -> str:
        """Why, as a sentence."""
        if not self.first_bad:
            return _("The column is empty.")
        return _("The column holds values like “%(value)s”.") % {"value": self.first_bad}


Verdict: TypeAlias = Found | Ambiguous[Value] | Nothing


class Tally(Generic[Value]):
    """Takes a column's values one by one and says which way of reading they are in.

    Args:
        ways: all ways, the one to name first when any would do.
    """

    def __init__(self, ways: tuple[str, ...]) -> None:
        self._ways = ways
        self._fits = dict.fromkeys(ways, 0)
        self._examples: dict[str, tuple[str, Value]] = {}
        self._apart: dict[str, tuple[str, Value]] = {}
        self._differ: set[tuple[str, str]] = set()
        self._choices = 0
        self._certain = 0
        self._bad = 0
        self._first_bad = ""

    @property
    def hopeless(self) -> bool:
        """True when nothing was readable for so long that going on is idle."""
        return self._bad >= _HOPELESS and not self._choices and not self._certain

    def certain(self) -> None:
        """A value that is the same in every way."""
        self._certain += 1

    def bad(self, text: str) -> None:
        """A value that cannot be read in any way."""
        self._bad += 1
        self._first_bad = self._first_bad or shorten(text)

    def open(self, text: str, readings: Mapping[str, Value]) -> None:
        """A value that each of these ways reads in its own manner."""
        self._choices += 1
        for way, value in readings.items():
            self._fits[way] += 1
            self._examples.setdefault(way, (text, value))
        if len(readings) > 1 and len(set(readings.values())) > 1:
            self._tell_apart(text, readings)

    def verdict(self) -> Verdict[Value]:
        """What the values seen so far allow."""
        readable = self._choices + self._certain
        # As many as cannot be read are not most: one wrong value of two hides no column.
        if readable < self._bad or not readable:
            return Nothing(self._first_bad)
        fitting = [way for way in self._ways if self._fits[way] == self._choices]
        if fitting and not self._contested(fitting):
            return Found(fitting[0], self._bad, self._first_bad)
        ways = fitting or [way for way in self._ways if self._fits[way]]
        return Ambiguous(tuple(self._candidate(way) for way in ways))

    def _tell_apart(self, text: str, readings: Mapping[str, Value]) -> None:
        ways = list(readings)
        for place, one in enumerate(ways):
            for other in ways[place + 1 :]:
                if readings[one] != readings[other]:
                    self._differ |= {(one, other), (other, one)}
        if len(readings) > len(self._apart):
            self._apart = {way: (text, value) for way, value in readings.items()}

    def _contested(self, ways: list[str]) -> bool:
        return any((one, other) in self._differ for one in ways for other in ways)

    def _candidate(self, way: str) -> Candidate[Value]:
        text, value = self._apart.get(way) or self._examples[way]
        return Candidate(way, shorten(text), value, self._bad + self._choices - self._fits[way])
