"""Opens a file as a table."""

from __future__ import annotations

from .limits import Limits
from .sniff import Kind, kind_of
from .source import Origin, Source
from .table import Table
from .text import TextTable
from .xlsx import XlsxTable


def open_table(origin: Origin, *, limits: Limits | None = None, sheet: str | None = None) -> Table:
    """Determine the type of a file by its content, and open the table in it.

    Args:
        origin: a path, or a seekable binary file that stays open while the table is used.
        limits: the limits of the file.
        sheet: the name of a workbook's sheet; without it the first that is not empty.

    Raises:
        UnreadableFile: it is not a table, is damaged, or exceeds a limit; says what to do.
    """
    limits = limits or Limits()
    source = Source(origin, limits)
    if kind_of(source) is Kind.XLSX:
        return XlsxTable(source, limits, sheet)
    return TextTable(source, limits)
