"""A table read from a file: named columns, and rows that know their line."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .cells import Cell, is_blank, text_of
from .errors import UnreadableFile
from .limits import Limits
from .sniff import Kind

_HEADER_CHARACTERS = 200


class Row(NamedTuple):
    """A row below the header.

    Args:
        line: where it starts in the file, counted from 1 (physical line, or row of the sheet).
        cells: as many as the file has, which may be more or fewer than there are headers.
    """

    line: int
    cells: Sequence[Cell]


class Table(ABC):
    """The result of `open_table`; can be read repeatedly, each time from its first row.

    Attributes:
        kind: the type of the file.
        encoding, delimiter: for a text file; "" for a workbook.
        sheet, sheets: the sheet that is read, and all sheets; "" and () for a text file.
        headers: one unique name per column.
        expected_rows: the number of rows below the header, to measure progress by: exact for a text
            file (without its blank rows), for a workbook as its sheet declares.
    """

    kind: Kind
    encoding: str = ""
    delimiter: str = ""
    sheet: str = ""
    sheets: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    expected_rows: int = 0

    def __init__(self, limits: Limits) -> None:
        self.limits = limits

    def rows(self) -> Iterator[Row]:
        """Yield the non-blank rows below the header, read on demand.

        Raises:
            UnreadableFile: the file is damaged or exceeds a limit at that place.
        """
        inhabited = (row for row in self._all_rows() if not all(map(is_blank, row.cells)))
        next(inhabited, None)
        for count, row in enumerate(inhabited, start=1):
            if count > self.limits.rows:
                raise too_many_rows(self.limits)
            yield row

    @abstractmethod
    def _all_rows(self) -> Iterator[Row]:
        """Yield every row of the file, from the first."""

    def _read_headers(self) -> tuple[str, ...]:
        for row in self._all_rows():
            if len(row.cells) > self.limits.columns:
                raise too_many_columns(row.line, self.limits)
            if not all(map(is_blank, row.cells)):
                return _named(row.cells)
        raise UnreadableFile(
            _("The file holds no row. Its first row must name the columns; choose another file.")
        )


def too_many_rows(limits: Limits) -> UnreadableFile:
    """Return the error for a table with too many rows."""
    return UnreadableFile(
        ngettext(
            "The table has more than %(limit)d row. Split it into several files.",
            "The table has more than %(limit)d rows. Split it into several files.",
            limits.rows,
        )
        % {"limit": limits.rows}
    )


def too_many_columns(line: int, limits: Limits) -> UnreadableFile:
    """Return the error for a row with too many cells."""
    return UnreadableFile(
        _(
            "Line %(line)d has more than %(limit)d columns. "
            "Delete the columns that are not needed, then choose the file again."
        )
        % {"line": line, "limit": limits.columns}
    )


def too_long_cell(line: int, limits: Limits) -> UnreadableFile:
    """Return the error for a cell with too much text."""
    return UnreadableFile(
        _(
            "Line %(line)d has a cell of more than %(limit)d characters. "
            "Perhaps a quotation mark opens there and never closes; correct that line."
        )
        % {"line": line, "limit": limits.cell}
    )


def _named(cells: Sequence[Cell]) -> tuple[str, ...]:
    """Return unique headers: trimmed, nameless columns numbered, repeated names counted.

    The name of a numbered column is not translated: a mapping made by one person must fit for
    another.
    """
    names: dict[str, None] = {}
    for place, cell in enumerate(cells, start=1):
        words = " ".join(text_of(cell).split())[:_HEADER_CHARACTERS]
        name = words or f"Column {place}"
        unique, count = name, 1
        while unique in names:
            count += 1
            unique = f"{name} ({count})"
        names[unique] = None
    return tuple(names)
