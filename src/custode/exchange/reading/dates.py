"""Parses dates, in the notation of their column."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache
from typing import Final, TypeAlias

from django.utils.translation import gettext as _

from custode.kernel.text import fold

from .cells import Cell, is_blank, shorten, text_of
from .errors import BadValue
from .months import MONTHS
from .sheet import day_of
from .tally import Tally, Verdict

DAY_FIRST: Final = "dmy"
MONTH_FIRST: Final = "mdy"
YEAR_FIRST: Final = "ymd"
SERIAL: Final = "serial"
ORDERS: Final = (DAY_FIRST, MONTH_FIRST, YEAR_FIRST, SERIAL)
"""Day-month-year, month-day-year, year-month-day, and the day numbers of spreadsheets."""

_PIVOT: Final = 69
"""Two-digit years from here on belong to the 1900s."""
_YEARS: Final = range(1900, 2200)
_SERIALS: Final = range(20_000, 80_000)
"""The day numbers that are accepted as dates: 1954 to 2119."""

_HOUR: Final = (
    r"(?:(?:[T,]\s*|\s+)(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d)(?:[.,]\d+)?)?"
    r"\s*(?P<half>[ap]\.?m\.?)?\s*(?P<zone>Z|UTC|GMT|[+-]\d\d:?\d\d)?)?"
)
_NUMBERS = re.compile(
    r"(?P<one>\d{1,4})\s*(?P<sign>[/.\- ])\s*(?P<two>\d{1,2})\s*(?P=sign)\s*(?P<three>\d{1,4})\.?"
    + _HOUR,
    re.ASCII | re.IGNORECASE,
)
_COMPACT = re.compile(r"(?P<one>(?:19|20)\d\d)(?P<two>\d\d)(?P<three>\d\d)", re.ASCII)
_DAY_MONTH = re.compile(
    r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|\.|º|°)?[\s/.\-]*(?:de\s+)?(?P<month>[^\W\d_]{3,10})\.?"
    r"[\s/.,\-]*(?:de\s+)?(?P<year>\d{4}|\d\d)" + _HOUR,
    re.IGNORECASE,
)
_MONTH_DAY = re.compile(
    r"(?P<month>[^\W\d_]{3,10})\.?[\s/.\-]*(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s/.,\-]+"
    r"(?P<year>\d{4}|\d\d)" + _HOUR,
    re.IGNORECASE,
)
_YEAR_MONTH = re.compile(
    r"(?P<year>\d{4})[\s/.\-]*(?P<month>[^\W\d_]{3,10})\.?[\s/.\-]*(?P<day>\d{1,2})" + _HOUR,
    re.IGNORECASE,
)
_LONGEST: Final = 60

Moment: TypeAlias = date
"""A `datetime` if the file gives the hour (with a zone only if the file gives it), else a date."""

DateVerdict: TypeAlias = Verdict[date]


@dataclass(frozen=True, slots=True)
class DateHabit:
    """The order of a column's dates; unambiguous dates (ISO, named month) are always accepted."""

    order: str

    def parse(self, cell: Cell) -> date:
        """Return the day.

        Raises:
            BadValue: it is not a date in this order, or not a day of the calendar.
        """
        moment = self.parse_moment(cell)
        return moment.date() if isinstance(moment, datetime) else moment

    def parse_moment(self, cell: Cell) -> Moment:
        """Return the day with its hour where one is given; raises as `parse`."""
        if isinstance(cell, date):
            return cell
        readings = read(text_of(cell)) if not isinstance(cell, bool) else {}
        found = readings.get(self.order) or readings.get("")
        if found is None:
            raise BadValue(_refusal(self.order) % {"value": shorten(text_of(cell))})
        return found


def _refusal(order: str) -> str:
    if order == DAY_FIRST:
        return _("“%(value)s” is not a date written as day, month, year.")
    if order == MONTH_FIRST:
        return _("“%(value)s” is not a date written as month, day, year.")
    if order == YEAR_FIRST:
        return _("“%(value)s” is not a date written as year, month, day.")
    return _("“%(value)s” is not a date written as the day number of a spreadsheet.")


class DateTally(Tally[date]):
    """Determines the order of a column's dates."""

    def __init__(self) -> None:
        super().__init__((YEAR_FIRST, DAY_FIRST, MONTH_FIRST, SERIAL))

    def add(self, cell: Cell) -> None:
        """Add a value; blank ones are ignored."""
        if isinstance(cell, date):
            self.certain()
        elif isinstance(cell, bool):
            self.bad(text_of(cell))
        elif not is_blank(cell):
            text = text_of(cell)
            readings = read(text)
            if "" in readings:
                self.certain()
            elif readings:
                self.open(text, readings)
            else:
                self.bad(text)


def dates(values: Iterable[Cell]) -> DateVerdict:
    """Return the order of these values."""
    tally = DateTally()
    for value in values:
        tally.add(value)
    return tally.verdict()


@lru_cache(maxsize=10_000)
def read(text: str) -> Mapping[str, Moment]:
    """Return the text's meaning in each order that fits; under "" when it is unambiguous."""
    if not text or len(text) > _LONGEST:
        return {}
    if not any(c in "0123456789" for c in text):
        return {}
    if match := _NUMBERS.fullmatch(text):
        return _numeric(match)
    if match := _COMPACT.fullmatch(text):
        return _only(_built(match["one"], match["two"], match["three"], time()))
    if _is_serial(text):
        return {SERIAL: day_of(Decimal(text))}
    for pattern in (_DAY_MONTH, _MONTH_DAY, _YEAR_MONTH):
        if match := pattern.fullmatch(text):
            month = MONTHS.get(fold(match["month"]))
            if month:
                return _only(_built(match["year"], str(month), match["day"], _hour(match)))
    return {}


def _is_serial(text: str) -> bool:
    whole, _point, fraction = text.partition(".")
    digits = whole.isascii() and whole.isdigit() and len(whole) == 5 and len(fraction) < 20
    return digits and (not fraction or fraction.isdigit()) and int(whole) in _SERIALS


def _only(moment: Moment | None) -> dict[str, Moment]:
    return {} if moment is None else {"": moment}


def _numeric(match: re.Match[str]) -> dict[str, Moment]:
    """Return the orders that fit a date of three numbers; a leading four-digit year allows one.

    A two-digit year comes first only where month and day have two digits as well: `31.3.17` is not
    a day in 2031.
    """
    one, two, three = match["one"], match["two"], match["three"]
    hour = _hour(match)
    if len(one) == 4:
        return _only(_built(one, two, three, hour))
    orders = {DAY_FIRST: (three, two, one), MONTH_FIRST: (three, one, two)}
    if len(one) == len(two) == len(three) == 2:
        orders[YEAR_FIRST] = (one, two, three)
    found = {order: _built(*parts, hour) for order, parts in orders.items()}
    return {order: moment for order, moment in found.items() if moment is not None}


def _built(year: str, month: str, day: str, hour: time | None) -> Moment | None:
    """Return the moment with these parts, or None when it does not exist."""
    if len(year) not in (2, 4) or len(day) > 2 or len(month) > 2 or hour is None:
        return None
    number = int(year)
    if len(year) == 2:
        number += 1900 if number >= _PIVOT else 2000
    if number not in _YEARS:
        return None
    try:
        found = date(number, int(month), int(day))
    except ValueError:
        return None
    return datetime.combine(found, hour) if hour != time() else found


def _hour(match: re.Match[str]) -> time | None:
    """Return the time beside the date: midnight if there is none, None if it is invalid."""
    if match["hour"] is None:
        return time()
    hour, half = int(match["hour"]), match["half"]
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half[0] in "pP" else 0)
    try:
        return time(hour, int(match["minute"]), int(match["second"] or 0), tzinfo=_zone(match))
    except ValueError:
        return None


def _zone(match: re.Match[str]) -> timezone | None:
    said = (match["zone"] or "").upper()
    if not said:
        return None
    if said[0] not in "+-":
        return UTC
    digits = said[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if said[0] == "-" else offset)
