"""Parses probabilities in percent, written as `40`, `40 %` or `0.4`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Final, TypeAlias

from django.utils.translation import gettext as _

from .cells import Cell, is_blank, shorten, text_of
from .errors import BadValue
from .tally import Tally, Verdict

PERCENT: Final = "percent"
FRACTION: Final = "fraction"
SCALES: Final = (PERCENT, FRACTION)
"""Whether 1 means one in a hundred or certainty."""

_LONGEST: Final = 20

ShareVerdict: TypeAlias = Verdict[int]


@dataclass(frozen=True, slots=True)
class ShareHabit:
    """The scale of a column; a value with a % sign is in percent with either."""

    scale: str

    def parse(self, cell: Cell) -> int:
        """Return the percentage, rounded to a whole number.

        Raises:
            BadValue: it is not a number, or is outside 0 to 100 percent.
        """
        number = _number(cell)
        if number is None:
            raise BadValue(
                _("“%(value)s” is not a probability like 40 or 40%%.")
                % {"value": shorten(text_of(cell))}
            )
        value, marked = number
        share = value if marked or self.scale == PERCENT else value * 100
        if not 0 <= share <= 100:
            raise BadValue(
                _("“%(value)s” is outside 0 to 100 per cent.") % {"value": shorten(text_of(cell))}
            )
        return _whole(share)


class ShareTally(Tally[int]):
    """Determines the scale of a column of probabilities."""

    def __init__(self) -> None:
        super().__init__(SCALES)

    def add(self, cell: Cell) -> None:
        """Add a value; blank ones are ignored."""
        if is_blank(cell):
            return
        number = _number(cell)
        if number is None or number[0] < 0:
            self.bad(text_of(cell))
        elif number[1] or number[0] == 0:
            self.certain()
        else:
            self._add_number(text_of(cell), number[0])

    def _add_number(self, text: str, value: Decimal) -> None:
        if value > 100:
            self.bad(text)
        elif value > 1:
            self.open(text, {PERCENT: _whole(value)})
        elif value < 1:
            self.open(text, {FRACTION: _whole(value * 100)})
        else:
            self.open(text, {PERCENT: 1, FRACTION: 100})


def shares(values: Iterable[Cell]) -> ShareVerdict:
    """Return the scale of these values."""
    tally = ShareTally()
    for value in values:
        tally.add(value)
    return tally.verdict()


def _number(cell: Cell) -> tuple[Decimal, bool] | None:
    """Return the number, and whether it has a % sign."""
    if isinstance(cell, Decimal):
        return cell, False
    if not isinstance(cell, str):
        return None
    text = cell.strip()
    marked = text.endswith("%")
    digits = text.removesuffix("%").strip().replace(",", ".")
    if len(digits) > _LONGEST or not digits.strip("+-").replace(".", "", 1).isdecimal():
        return None
    try:
        return Decimal(digits), marked
    except InvalidOperation:
        return None


def _whole(value: Decimal) -> int:
    return int(value.to_integral_value(ROUND_HALF_UP))
