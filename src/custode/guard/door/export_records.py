"""Stores what an export leaves behind in the account: the numbers and imprints of its rows.

They are collected while the rows are read, and written with the entry that records the end: either
both are there or neither. Memory use stays constant; a long export's imprints wait in an unnamed
temporary file.
"""

from __future__ import annotations

import json
import tempfile
import zlib
from array import array
from collections.abc import Iterator, Sequence
from typing import Any, Final

from custode.guard.cell_digests import Digester, Form, form_of
from custode.guard.door.export_rows import ExportRows, Row
from custode.guard.models import Imprint, Touched
from custode.guard.touched_objects import Marks

PIECE: Final = 4000
"""The minimum number of rows in one piece; it may exceed this by up to a page."""
_IN_MEMORY: Final = 4 * 2**20


class ExportRecord:
    """Collects and stores the traces of one export's rows.

    Args:
        seq: the log number of the export's start.
    """

    def __init__(self, account_id: int, seq: int) -> None:
        self._account_id = account_id
        self._seq = seq
        self._digester = Digester(account_id)
        self._readings: dict[ExportRows, _Rows] = {}

    def note(self, reading: ExportRows, page: Sequence[Row]) -> None:
        """Note a page that is about to be handed out."""
        rows = self._readings.get(reading)
        if rows is None:
            rows = self._readings[reading] = _Rows(reading, self._digester)
        rows.add(page)

    def write(self) -> None:
        """Write everything that was noted, within the log's own transaction."""
        for rows in self._readings.values():
            kind = rows.reading.kind.name
            known: dict[str, Any] = {"account_id": self._account_id, "seq": self._seq, "kind": kind}
            Touched.objects.bulk_create(rows.marks.rows(**known))
            for place, piece in enumerate(rows.pieces()):
                Imprint.objects.create(**known, place=place, key=self._digester.name, **piece)

    def close(self) -> None:
        """Discard everything that was noted."""
        for rows in self._readings.values():
            rows.close()
        self._readings.clear()


class _Rows:
    """The traces of one reading."""

    def __init__(self, reading: ExportRows, digester: Digester) -> None:
        self.reading = reading
        self.marks = Marks()
        model = reading.model
        forms_of = [form_of(model, column) for column in reading.columns]
        self._digester = digester
        self._forms: list[tuple[int, Form]] = [(n, one) for n, one in enumerate(forms_of) if one]
        self._columns = json.dumps(
            [(reading.columns[n].name, str(reading.columns[n].label), one)
             for n, one in self._forms]
        )  # fmt: skip
        self._ids = array("q")
        self._cells = [array("I") for _ in self._forms]
        self._sizes: list[tuple[int, int, int]] = []
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 (closed by `close`)

    def add(self, page: Sequence[Row]) -> None:
        """Add a page, whose last column holds the rows' numbers."""
        columns = list(zip(*page, strict=True))
        self._ids.extend(columns[-1])
        self.marks.add(columns[-1])
        for (place, form), digests in zip(self._forms, self._cells, strict=True):
            digests.extend(self._digester.of_values(form, columns[place]))
        if len(self._ids) >= PIECE:
            self._put_by()

    def _put_by(self) -> None:
        """Pack what has been gathered, and start a new piece."""
        ids = zlib.compress(self._ids.tobytes(), 1)
        cells = zlib.compress(b"".join(one.tobytes() for one in self._cells), 1)
        self._sizes.append((len(self._ids), len(ids), len(cells)))
        self._file.write(ids + cells)
        self._ids = array("q")
        self._cells = [array("I") for _ in self._forms]

    def pieces(self) -> Iterator[dict[str, Any]]:
        """Yield the pieces in the order in which the rows were read."""
        if self._ids:
            self._put_by()
        self._file.seek(0)
        for count, ids, cells in self._sizes:
            yield {
                "count": count,
                "columns": self._columns,
                "ids": self._file.read(ids),
                "cells": self._file.read(cells),
            }

    def close(self) -> None:
        """Close the temporary file."""
        self._file.close()
