"""A table in a text file: cells separated by a delimiter, quoted where necessary."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from itertools import islice
from typing import Final

from django.utils.translation import gettext as _

from custode.exchange.writing.harmless import plain

from .cells import is_blank
from .delimiter import declared_in, delimiter_of
from .encoding import encoding_of, nul_at
from .errors import UnreadableFile
from .limits import CELL_CHARACTERS, Limits
from .sniff import Kind
from .source import Source
from .table import Row, Table, too_long_cell, too_many_columns, too_many_rows

_LONGEST_LINE: Final = 2**20
_LONGEST_RECORD: Final = 2**23
_SAMPLE_LINES: Final = 500
_SAMPLE_CHARACTERS: Final = 2**18


class TextTable(Table):
    """A table in a text file, streamed; memory is needed for one row only.

    The whole file is read once at opening, so that formal errors (a quote without end, an exceeded
    limit) are known before anything is imported.
    """

    kind = Kind.TEXT

    def __init__(self, source: Source, limits: Limits) -> None:
        super().__init__(limits)
        self._source = source
        self._encoding = encoding_of(source)
        self.encoding = self._encoding.name
        declared = declared_in(next(self._lines(), ""))
        self._skipped = 1 if declared else 0
        self.delimiter = declared or delimiter_of(self._sample())
        self.headers = self._read_headers()
        self.expected_rows = self._inspect()

    def _lines(self) -> Iterator[str]:
        """Yield the physical lines, including their ends.

        Raises:
            UnreadableFile: one is too long, or contains a NUL.
        """
        with (
            self._source.open() as file,
            io.TextIOWrapper(
                file, encoding=self._encoding.name, errors=self._encoding.errors, newline=""
            ) as text,
        ):
            for number in range(1, 2**63):
                line = text.readline(_LONGEST_LINE)
                if not line:
                    return
                if len(line) == _LONGEST_LINE:
                    raise _too_long_line(number)
                if "\0" in line:
                    raise nul_at(number)
                yield line

    def _sample(self) -> list[str]:
        sample: list[str] = []
        size = 0
        for line in islice(self._lines(), self._skipped, self._skipped + _SAMPLE_LINES):
            sample.append(line)
            size += len(line)
            if size > _SAMPLE_CHARACTERS:
                break
        return sample

    def _all_rows(self) -> Iterator[Row]:
        return map(Row._make, self._records(_Lines(self._lines(), self._skipped)))

    def _records(self, lines: _Lines) -> Iterator[tuple[int, list[str]]]:
        reader = csv.reader(lines, delimiter=self.delimiter)
        try:
            for cells in reader:
                yield lines.first, [plain(cell) if "'" in cell else cell for cell in cells]
                lines.begin_record()
        except csv.Error as error:
            raise too_long_cell(lines.first, self.limits) from error

    def _inspect(self) -> int:
        """Count the non-blank rows, without the header, and raise for formal errors."""
        lines = _Lines(self._lines(), self._skipped)
        longest, widest = min(self.limits.cell, CELL_CHARACTERS), self.limits.columns
        count = -1
        for line, cells in self._records(lines):
            if lines.ended:
                raise _unclosed_quote(line)
            if len(cells) > widest:
                raise too_many_columns(line, self.limits)
            if any(len(cell) > longest for cell in cells):
                raise too_long_cell(line, self.limits)
            if not all(map(is_blank, cells)):
                count += 1
            if count > self.limits.rows:
                raise too_many_rows(self.limits)
        return max(count, 0)


class _Lines:
    """Lines for the csv reader, which requests more of them while a quote is open.

    Attributes:
        first: the number of the line where the current record starts.
        ended: whether a line was requested after the last: then a quote was still open.
    """

    def __init__(self, lines: Iterator[str], skipped: int) -> None:
        self._lines = islice(lines, skipped, None)
        self._number = skipped
        self._size = 0
        self.first = skipped + 1
        self.ended = False

    def begin_record(self) -> None:
        """Mark the record as complete; the next one starts with the next line."""
        self.first = self._number + 1
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        for line in self._lines:
            self._number += 1
            self._size += len(line)
            if self._size > _LONGEST_RECORD:
                raise _unclosed_quote(self.first)
            yield line
        self.ended = True


def _too_long_line(line: int) -> UnreadableFile:
    return UnreadableFile(
        _(
            "Line %(line)d has more than %(limit)d characters, so this is no table of rows. "
            "Export it again as CSV or XLSX."
        )
        % {"line": line, "limit": _LONGEST_LINE}
    )


def _unclosed_quote(line: int) -> UnreadableFile:
    return UnreadableFile(
        _(
            'A quotation mark (") opens on line %(line)d or after it and never closes. '
            "Correct it, or export the file again as XLSX."
        )
        % {"line": line}
    )
