"""A workbook as a table: which sheet, how many rows."""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from .cells import is_blank, shorten
from .errors import UnreadableFile
from .limits import Limits
from .package import damaged, pieces, weigh
from .sheet import rows_of
from .sniff import Kind
from .source import Source
from .table import Row, Table
from .workbook import Book, Sheet, read_book


class XlsxTable(Table):
    """One sheet: the requested one, else the first visible one that is not empty."""

    kind = Kind.XLSX

    def __init__(self, source: Source, limits: Limits, sheet: str | None) -> None:
        super().__init__(limits)
        weigh(source, limits)
        self._source = source
        self._book = read_book(source, limits)
        self._chosen = _choose(source, self._book, limits, sheet)
        self.sheets = tuple(sheet.name for sheet in self._book.sheets)
        self.sheet = self._chosen.name
        self.headers = self._read_headers()
        self.expected_rows = max(_count_rows(source, self._chosen.part) - 1, 0)

    def _all_rows(self) -> Iterator[Row]:
        return rows_of(self._source, self._chosen.part, self._book, self.limits)


def _choose(source: Source, book: Book, limits: Limits, wanted: str | None) -> Sheet:
    if not book.sheets:
        raise damaged()
    if wanted is not None:
        return _by_name(book, wanted)
    parts: dict[str, Sheet] = {}
    for sheet in sorted(book.sheets, key=lambda sheet: not sheet.visible):
        parts.setdefault(sheet.part, sheet)
    for sheet in parts.values():
        rows = rows_of(source, sheet.part, book, limits)
        if any(not all(map(is_blank, row.cells)) for row in rows):
            return sheet
    raise UnreadableFile(
        _("No sheet of the workbook holds anything. Choose a file that holds a table.")
    )


def _by_name(book: Book, wanted: str) -> Sheet:
    for sheet in book.sheets:
        if sheet.name.casefold().strip() == wanted.casefold().strip():
            return sheet
    raise UnreadableFile(
        _("The workbook has no sheet %(name)s. Choose one of these: %(names)s.")
        % {
            "name": f"“{shorten(wanted)}”",
            "names": ", ".join(f"“{shorten(sheet.name)}”" for sheet in book.sheets[:20]),
        }
    )


def _count_rows(source: Source, part: str) -> int:
    """Return about how many rows the sheet has, counted in its text without parsing it."""
    count, rest = 0, b""
    for piece in pieces(source, part):
        text = rest + piece
        count += text.count(b"</row>")
        rest = text[-5:]
    return count
