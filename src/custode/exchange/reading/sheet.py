"""Reads a workbook's sheet row by row, as a stream of its XML.

No existing reader is used: those tried build the whole grid first, so that 800 bytes naming the
cell XFD1048576 crash the process. Here memory is needed only for one row and the shared texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from .cells import Cell
from .errors import UnreadableFile
from .limits import Limits
from .package import damaged, pieces
from .source import Source
from .table import Row, too_long_cell, too_many_columns
from .workbook import Book, unescape
from .xml import Handler

_DIGITS: Final = "0123456789"
_EXACT_DIGITS: Final = 15
_AFTER_LAST_DAY: Final = 2_958_466
_LOST_LEAP_DAY: Final = 60
_SECONDS: Final = 86_400


def rows_of(source: Source, part: str, book: Book, limits: Limits) -> Iterator[Row]:
    """Yield the sheet's non-empty rows, numbered as the sheet numbers them."""
    reader = _SheetReader(book, limits)
    for _ in reader.stream(pieces(source, part)):
        yield from reader.finished
        reader.finished.clear()


def day_of(serial: Decimal, from_1904: bool = False) -> date:
    """Return the day, and hour if it has one, of a spreadsheet's serial number.

    Raises:
        ValueError: it is outside the calendar of spreadsheets.
    """
    if not 1 <= serial < _AFTER_LAST_DAY:
        raise ValueError(serial)
    whole = int(serial)
    first = date(1904, 1, 1) if from_1904 else date(1899, 12, 30)
    if not from_1904 and whole < _LOST_LEAP_DAY:
        whole += 1
    day = first + timedelta(days=whole)
    seconds = round((serial - int(serial)) * _SECONDS)
    if not seconds:
        return day
    return datetime.combine(day, time.min) + timedelta(seconds=seconds)


def number_of(text: str) -> Cell:
    """Return the number that Excel shows for a stored one (`1234.5599999999999` is 1234.56)."""
    if len(text) <= _EXACT_DIGITS and text.isascii() and text.isdigit():
        return Decimal(text)
    number = float(text)
    if number - number != 0:
        return text
    if number.is_integer() and abs(number) < 10**_EXACT_DIGITS:
        return Decimal(int(number))
    return Decimal(repr(number))


class _SheetReader(Handler):
    def __init__(self, book: Book, limits: Limits) -> None:
        super().__init__()
        self.finished: list[Row] = []
        self._book = book
        self._limits = limits
        self._places: dict[str, int] = {}
        self._line = 0
        self._cells: list[Cell] = []
        self._place = -1
        self._type = ""
        self._style = ""
        self._value = ""
        self._hint = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Start a row or a cell, or collect its text."""
        if name == "c":
            self._begin_cell(attributes)
        elif name == "v" or (name == "t" and not self._hint):
            self.collect()
        elif name == "row":
            self._line = self._next_line(attributes.get("r"))
            self._cells = []
            self._place = -1
        elif name == "rPh":
            self._hint = True

    def closed(self, name: str) -> None:
        """Finish a text, a cell or a row."""
        if name == "v" or (name == "t" and not self._hint):
            self._value += self.collected()
            if len(self._value) > self._limits.cell:
                raise too_long_cell(self._line, self._limits)
        elif name == "c":
            if self._value:
                self._end_cell()
        elif name == "row":
            if self._cells:
                self.finished.append(Row(self._line, self._cells))
        elif name == "rPh":
            self._hint = False

    def too_long(self) -> UnreadableFile:
        """Return the error for a cell with too much text."""
        return too_long_cell(self._line, self._limits)

    def _next_line(self, said: str | None) -> int:
        line = int(said) if said else self._line + 1
        if line <= self._line:
            raise damaged()
        return line

    def _begin_cell(self, attributes: dict[str, str]) -> None:
        reference = attributes.get("r")
        place = self._place + 1
        if reference is not None:
            place = self._place_of(reference.rstrip(_DIGITS))
            if place <= self._place:
                raise damaged()
        self._place = place
        self._type = attributes.get("t", "n")
        self._style = attributes.get("s", "0")
        self._value = ""

    def _place_of(self, letters: str) -> int:
        place = self._places.get(letters)
        if place is None:
            if not (letters.isascii() and letters.isalpha() and len(letters) <= len("XFD")):
                raise damaged()
            place = 0
            for letter in letters.upper():
                place = place * 26 + ord(letter) - ord("A") + 1
            place -= 1
            self._places[letters] = place
        return place

    def _end_cell(self) -> None:
        if self._place >= self._limits.columns:
            raise too_many_columns(self._line, self._limits)
        cell = self._read(self._value)
        missing = self._place - len(self._cells)
        if missing:
            self._cells.extend([""] * missing)
        self._cells.append(cell)

    def _read(self, text: str) -> Cell:
        kind = self._type
        if kind == "s":
            shared = self._book.strings[int(text)]
            if len(shared) > self._limits.cell:
                raise too_long_cell(self._line, self._limits)
            return shared
        if kind == "n":
            return self._styled(number_of(text))
        if kind == "b":
            return text.strip() == "1"
        return unescape(text)

    def _styled(self, number: Cell) -> Cell:
        if not isinstance(number, Decimal):
            return number
        if self._style in self._book.percent_styles:
            return f"{(number * 100).normalize():f}%"
        if self._style not in self._book.date_styles:
            return number
        if 0 <= number < 1:
            return _hour(number)
        try:
            return day_of(number, self._book.from_1904)
        except ValueError:
            return number


def _hour(fraction: Decimal) -> str:
    """Return a time of day without a day, as `14:30`."""
    moment = datetime.combine(date(1904, 1, 1), time.min) + timedelta(
        seconds=round(fraction * _SECONDS)
    )
    return moment.strftime("%H:%M" if moment.second == 0 else "%H:%M:%S")
