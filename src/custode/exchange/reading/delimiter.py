"""Determines the delimiter of a text file, by trying each and checking which gives a table."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from itertools import islice
from typing import Final

DELIMITERS: Final = (",", ";", "\t", "|")
_RECORDS: Final = 500
_DECLARED = re.compile(r'"?sep=(.)"?\s*', re.IGNORECASE)


def declared_in(first_line: str) -> str:
    """Return the delimiter from a first line like `sep=;`, as Excel writes it; else ""."""
    match = _DECLARED.fullmatch(first_line) if len(first_line) < 16 else None
    return match[1] if match and match[1] not in '"\r\n' else ""


def delimiter_of(lines: Iterable[str]) -> str:
    """Return the delimiter with which the most records have as many cells as the first one.

    Among equals the one with more cells wins; a file with one column gets the comma.

    Args:
        lines: the file's first lines, line ends included; quoted cells may span several.
    """
    sample = list(lines)
    scores = {delimiter: _score(sample, delimiter) for delimiter in DELIMITERS}
    return max(DELIMITERS, key=lambda delimiter: scores[delimiter])


def _score(lines: list[str], delimiter: str) -> float:
    """Return the share of records as wide as the first, less for few cells and stray quotes."""
    try:
        records = [r for r in islice(csv.reader(lines, delimiter=delimiter), _RECORDS) if any(r)]
    except csv.Error:
        return 0.0
    if not records or len(records[0]) < 2:
        return 0.0
    width = len(records[0])
    alike = sum(len(record) == width for record in records) / len(records)
    torn = sum('"' in cell for record in records for cell in record)
    cells = sum(map(len, records))
    return alike * (1 - 1 / width) * (1 - torn / cells)
