"""The way in: a file becomes a table."""

from __future__ import annotations

from .limits import Limits
from .sniff import Kind, kind_of
from .source import Origin, Source
from .table import Table
from .text import TextTable
from .xlsx import XlsxTable


def open_table(origin: Origin, *, limits: Limits | None = None, sheet: str | None = None) -> Table:
    """Reads what the file is, by its content, and opens the table in it.

    Args:
        origin: a path, or a binary file that can seek and stays open while the table is used.
        limits: how much is taken in.
        sheet: the name of a workbook's sheet; without it the first that holds anything.

    Raises:
        UnreadableFile: it is no table, is damaged, or passes a limit; says what to do.
    """
    limits = limits or Limits()
    source = Source(origin, limits)
    if kind_of(source) is Kind.XLSX:
        return XlsxTable(source, limits, sheet)
    return TextTable(source, limits)
