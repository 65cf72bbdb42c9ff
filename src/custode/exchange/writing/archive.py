"""Several tables as CSV files in one ZIP archive, written with constant memory."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import closing
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from custode.exchange.writing.csv_file import Dialect, csv_bytes
from custode.exchange.writing.layout import Table

LEVEL: Final = 1
"""The fastest: a tenth larger than the default one, in a third of its time."""


def write_archive(tables: Iterable[Table], dialect: Dialect, target: BinaryIO) -> None:
    """Write each table as a CSV file of its name."""
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=LEVEL) as archive:
        for table in tables:
            # The length is not known yet: a file of over two gigabytes must be possible.
            with (
                archive.open(f"{table.name}.csv", "w", force_zip64=True) as file,
                closing(csv_bytes(table.pages, table.layout, dialect)) as pieces,
            ):
                for piece in pieces:
                    file.write(piece)
