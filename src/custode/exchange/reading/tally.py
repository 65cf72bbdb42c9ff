"""Determines whether one notation fits all values of a column, or several do.

The notation is never chosen by majority: either one fits every value that can be read at all, or
the choice is put as a question.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeAlias, TypeVar

from django.utils.translation import gettext as _

from .cells import shorten

Value = TypeVar("Value", bound=Hashable)

_HOPELESS: Final = 200
"""After this many values of which none could be read, the column is skipped."""


@dataclass(frozen=True, slots=True)
class Candidate(Generic[Value]):
    """A possible notation.

    Args:
        way: its name in mappings (`dmy`, `comma`, `percent`).
        text, value: an example from the column, and its meaning.
        misfits: how many of the column's distinct values cannot be read this way.
    """

    way: str
    text: str
    value: Value
    misfits: int


@dataclass(frozen=True, slots=True)
class Found:
    """The one notation that fits.

    Args:
        way: its name.
        misfits: how many distinct values cannot be read at all; their rows will be refused.
        first_bad: the first of these, or "".
    """

    way: str
    misfits: int = 0
    first_bad: str = ""


@dataclass(frozen=True, slots=True)
class Ambiguous(Generic[Value]):
    """Several notations fit, or none fits all: somebody has to choose."""

    candidates: tuple[Candidate[Value], ...]

    @property
    def ways(self) -> tuple[str, ...]:
        """The names to choose from."""
        return tuple(candidate.way for candidate in self.candidates)


@dataclass(frozen=True, slots=True)
class Nothing:
    """The column contains something else.

    Args:
        first_bad: the first value that could not be read, or "" when there was none at all.
    """

    first_bad: str = ""

    @property
    def reason(self) -> str:
        """The reason, as a sentence."""
        if not self.first_bad:
            return _("The column is empty.")
        return _("The column holds values like “%(value)s”.") % {"value": self.first_bad}


Verdict: TypeAlias = Found | Ambiguous[Value] | Nothing


class Tally(Generic[Value]):
    """Collects a column's values and determines their notation.

    Args:
        ways: all notations, starting with the one to prefer when any would do.
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
        """Whether nothing was readable for so long that going on is useless."""
        return self._bad >= _HOPELESS and not self._choices and not self._certain

    def certain(self) -> None:
        """Add a value that is the same in every notation."""
        self._certain += 1

    def bad(self, text: str) -> None:
        """Add a value that cannot be read in any notation."""
        self._bad += 1
        self._first_bad = self._first_bad or shorten(text)

    def open(self, text: str, readings: Mapping[str, Value]) -> None:
        """Add a value with a different meaning in each of these notations."""
        self._choices += 1
        for way, value in readings.items():
            self._fits[way] += 1
            self._examples.setdefault(way, (text, value))
        if len(readings) > 1 and len(set(readings.values())) > 1:
            self._tell_apart(text, readings)

    def verdict(self) -> Verdict[Value]:
        """Return the result for the values seen so far."""
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
