"""Determines the content of a table's columns in one pass over all rows."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .amounts import AmountTally, AmountVerdict
from .cells import Cell, is_blank, shorten, text_of
from .dates import DateTally, DateVerdict
from .shares import ShareTally, ShareVerdict
from .table import Table

SAMPLES: Final = 3
DISTINCT: Final = 200
"""A column with more different values than this is not listed value by value."""

_REMEMBERED: Final = 200_000
"""The number of values kept in memory over all columns, so that none is parsed twice."""
_LONGEST_E_MAIL: Final = 254
_E_MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>]{2,}")


@dataclass(frozen=True, slots=True)
class Column:
    """The content of one column.

    Args:
        name: its header.
        filled: cells that are not blank.
        samples: its first distinct values, shortened.
        values: each distinct value and its number of rows; None when there are too many.
        repeats: whether a value occurs twice (among the values remembered).
        e_mails: how many of its distinct values are e-mail addresses.
        longest: the number of characters of the longest value.
        dates, amounts, shares: the possible notations for these.
    """

    name: str
    filled: int
    samples: tuple[str, ...]
    values: dict[str, int] | None
    repeats: bool
    e_mails: int
    longest: int
    dates: DateVerdict
    amounts: AmountVerdict
    shares: ShareVerdict


def study(table: Table) -> tuple[Column, ...]:
    """Read the whole table once; memory use is bounded however long it is."""
    room = max(DISTINCT + 1, _REMEMBERED // max(len(table.headers), 1))
    students = [_Student(name, room) for name in table.headers]
    learners = [student.take for student in students]
    for row in table.rows():
        for cell, learn in zip(row.cells, learners, strict=False):
            if cell != "":
                learn(cell)
    return tuple(student.finish() for student in students)


class _Student:
    """Studies one column. Values seen before are only counted."""

    def __init__(self, name: str, room: int) -> None:
        self._name = name
        self._room = room
        self._seen: dict[Cell, int] = {}
        self._filled = 0
        self._e_mails = 0
        self._longest = 0
        self._tallies = (DateTally(), AmountTally(), ShareTally())
        self._awake: list[DateTally | AmountTally | ShareTally] = list(self._tallies)

    def take(self, cell: Cell) -> None:
        """Add a value."""
        seen = self._seen.get(cell)
        if seen is not None:
            self._seen[cell] = seen + 1
            self._filled += 1
            return
        if is_blank(cell):
            return
        self._filled += 1
        if len(self._seen) < self._room:
            self._seen[cell] = 1
        text = cell if isinstance(cell, str) else text_of(cell)
        if len(text) > self._longest:
            self._longest = len(text)
        if "@" in text and len(text) <= _LONGEST_E_MAIL and _E_MAIL.fullmatch(text.strip()):
            self._e_mails += 1
        if self._awake:
            self._judge(cell)

    def finish(self) -> Column:
        """Return the result."""
        dates, amounts, shares = self._tallies
        return Column(
            name=self._name,
            filled=self._filled,
            samples=tuple(
                dict.fromkeys(shorten(text_of(c)) for c in list(self._seen)[: SAMPLES * 2])
            )[:SAMPLES],
            values=self._values(),
            repeats=self._filled > len(self._seen) and max(self._seen.values(), default=0) > 1,
            e_mails=self._e_mails,
            longest=self._longest,
            dates=dates.verdict(),
            amounts=amounts.verdict(),
            shares=shares.verdict(),
        )

    def _judge(self, cell: Cell) -> None:
        for tally in self._awake:
            tally.add(cell)
        if any(tally.hopeless for tally in self._awake):
            self._awake = [tally for tally in self._awake if not tally.hopeless]

    def _values(self) -> dict[str, int] | None:
        if len(self._seen) > DISTINCT:
            return None
        values: dict[str, int] = {}
        for cell, count in self._seen.items():
            text = text_of(cell)
            values[text] = values.get(text, 0) + count
        return values


def by_name(columns: Sequence[Column]) -> dict[str, Column]:
    """Return the columns by their headers."""
    return {column.name: column for column in columns}
