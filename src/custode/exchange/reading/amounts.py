"""Parses amounts of money, exactly, with the decimal mark of their column."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple, TypeAlias

from django.utils.translation import gettext as _

from .cells import Cell, is_blank, shorten, text_of
from .currencies import code_of
from .errors import BadValue
from .tally import Tally, Verdict

POINT: Final = "point"
COMMA: Final = "comma"
MARKS: Final = (POINT, COMMA)
"""The decimal marks: `1,234.50` or `1.234,50`."""

_LONGEST: Final = 60
_BLANKS = re.compile("[\\s\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}\N{THIN SPACE}]+")
_MINUS: Final = str.maketrans("\N{MINUS SIGN}\N{EN DASH}\N{RIGHT SINGLE QUOTATION MARK}", "--'")
_SHAPE = re.compile(
    r"(?P<before>[^\d.,'()+\- ]{1,5}\.?)? ?(?P<sign>[+-])? ?"
    r"(?P<inner>[^\d.,'()+\- ]{1,5}\.?)? ?(?P<body>[\d.,][\d.,' ]*?) ?"
    r"(?P<after>[^\d.,'()+\- ]{1,5}\.?)?(?P<tail>-)?",
    re.ASCII,
)
_BODY: Final = (
    r"(?:[1-9]\d{{0,2}}(?P<group>[{group}' ])\d{{3}}(?:(?P=group)\d{{3}})*|\d+)(?:{mark}\d+)?"
    r"|{mark}\d+"
)
_POINT_BODY = re.compile(_BODY.format(group=",", mark=r"\."), re.ASCII)
_COMMA_BODY = re.compile(_BODY.format(group=".", mark=","), re.ASCII)
_NO_GROUPS: Final = str.maketrans("", "", "' ")

AmountVerdict: TypeAlias = Verdict[Decimal]


class Money(NamedTuple):
    """An exact amount, and the currency written beside it, or ""."""

    amount: Decimal
    currency: str


class _Readings(NamedTuple):
    point: Decimal | None
    comma: Decimal | None
    currency: str


_UNREADABLE: Final = _Readings(None, None, "")


@dataclass(frozen=True, slots=True)
class AmountHabit:
    """The decimal mark of a column."""

    mark: str

    def parse(self, cell: Cell) -> Money:
        """Return the amount.

        Raises:
            BadValue: it is not an amount with this decimal mark.
        """
        if isinstance(cell, Decimal):
            return Money(cell, "")
        readings = read(cell.strip()) if isinstance(cell, str) else _UNREADABLE
        found = readings.point if self.mark == POINT else readings.comma
        if found is None:
            raise BadValue(self._refusal() % {"value": shorten(text_of(cell))})
        return Money(found, readings.currency)

    def _refusal(self) -> str:
        if self.mark == POINT:
            return _("“%(value)s” is not an amount written like 1,234.50.")
        return _("“%(value)s” is not an amount written like 1.234,50.")


class AmountTally(Tally[Decimal]):
    """Determines the decimal mark of a column of amounts."""

    def __init__(self) -> None:
        super().__init__(MARKS)

    def add(self, cell: Cell) -> None:
        """Add a value; blank ones are ignored."""
        if isinstance(cell, Decimal):
            self.certain()
        elif not isinstance(cell, str):
            self.bad(text_of(cell))
        elif not is_blank(cell):
            self._add_text(cell.strip())

    def _add_text(self, text: str) -> None:
        point, comma, _currency = read(text)
        readings = {
            mark: value for mark, value in ((POINT, point), (COMMA, comma)) if value is not None
        }
        if not readings:
            self.bad(text)
        elif point == comma:
            self.certain()
        else:
            self.open(text, readings)


def amounts(values: Iterable[Cell]) -> AmountVerdict:
    """Return the decimal mark of these values."""
    tally = AmountTally()
    for value in values:
        tally.add(value)
    return tally.verdict()


@lru_cache(maxsize=10_000)
def read(text: str) -> _Readings:
    """Return the amount with either decimal mark, None where it is not valid."""
    if not text or len(text) > _LONGEST:
        return _UNREADABLE
    plain = _BLANKS.sub(" ", text).strip().translate(_MINUS)
    negative = plain.startswith("(") and plain.endswith(")")
    match = _SHAPE.fullmatch(plain[1:-1].strip() if negative else plain)
    if match is None:
        return _UNREADABLE
    written = [said for said in match.group("before", "inner", "after") if said]
    currency = code_of(written[0]) if written else ""
    signs = [negative, bool(match["sign"]), bool(match["tail"])]
    if len(written) > 1 or (written and not currency) or sum(signs) > 1:
        return _UNREADABLE
    below = negative or match["sign"] == "-" or match["tail"] is not None
    body = match["body"]
    point = _number(body, _POINT_BODY, ",", ".")
    comma = _number(body, _COMMA_BODY, ".", ",")
    return _Readings(_signed(point, below), _signed(comma, below), currency)


def _number(body: str, pattern: re.Pattern[str], group: str, mark: str) -> Decimal | None:
    if not pattern.fullmatch(body):
        return None
    return Decimal(body.translate(_NO_GROUPS).replace(group, "").replace(mark, "."))


def _signed(number: Decimal | None, below: bool) -> Decimal | None:
    return -number if below and number is not None else number
