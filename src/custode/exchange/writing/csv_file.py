"""Writes CSV, as a stream of bytes.

UTF-8 with a byte order mark, by which Excel recognises the encoding. Two dialects, because programs
differ by country: `;` with a decimal comma opens correctly by a double click in Excel where people
write 1.234,50; `,` with a decimal point is what Excel elsewhere and other programs expect. Dates
are ISO 8601 in both.
"""

from __future__ import annotations

import codecs
import csv
from collections.abc import Generator, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from custode.exchange.writing.cells import Texts
from custode.exchange.writing.harmless import harmless
from custode.exchange.writing.layout import Layout


@dataclass(frozen=True, slots=True)
class Dialect:
    """The delimiter of cells, and the decimal mark."""

    separator: str
    mark: str


SEMICOLON: Final = Dialect(";", ",")
COMMA: Final = Dialect(",", ".")


def csv_bytes(
    pages: Iterable[Sequence[tuple[Any, ...]]], layout: Layout, dialect: Dialect
) -> Generator[bytes, None, None]:
    """Yield the file, a piece per page; closing the stream closes `pages`."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), delimiter=dialect.separator)
    texts = Texts(layout, dialect.mark)
    # An account names its own fields: a column name is no more to be trusted than a cell.
    writer.writerow(map(harmless, layout.names))
    try:
        yield codecs.BOM_UTF8 + "".join(lines).encode()
        for page in pages:
            lines.clear()
            writer.writerows(texts.rows(page))
            yield "".join(lines).encode("utf-8", "replace")
    finally:
        close = getattr(pages, "close", None)
        if close is not None:
            close()


class _Lines:
    """The target that the csv module writes to: directly into a list."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def plain_csv(rows: Iterable[Sequence[object]], dialect: Dialect) -> Iterator[bytes]:
    """Yield a small file of our own texts, such as the refused rows, made harmless."""
    lines: list[str] = []
    writer = csv.writer(_Lines(lines), delimiter=dialect.separator)
    yield codecs.BOM_UTF8
    for row in rows:
        lines.clear()
        writer.writerow(harmless(c) if isinstance(c, str) else c for c in row)
        yield "".join(lines).encode("utf-8", "replace")
