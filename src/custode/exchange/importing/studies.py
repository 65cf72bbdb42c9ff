"""What one reading of a file found, stored as JSON so that screens need not read it again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from typing import Any, Final

from custode.exchange.reading import (
    Ambiguous,
    Candidate,
    Cell,
    Column,
    Found,
    Kind,
    Limits,
    Nothing,
    Row,
    Table,
    study,
)

SHOWN: Final = 12
"""The number of rows kept as examples."""
_LONGEST: Final = 2_000
"""The number of characters of a cell kept as an example."""
_VERDICTS: Final = {"found": Found, "nothing": Nothing}


@dataclass(frozen=True, slots=True)
class Study:
    """The content of a file.

    Args:
        kind: text or workbook.
        headers: the columns.
        expected: rows below the header.
        columns: the content of each column.
        rows: the first rows, cells cut where they are very long.
        facts: the file's format, for people: encoding, separator, sheet.
    """

    kind: Kind
    headers: tuple[str, ...]
    expected: int
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    facts: dict[str, str]

    @property
    def table(self) -> Table:
        """The first rows as a table of their own, for a preview."""
        return _Examples(self)

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return {
            "kind": self.kind.value,
            "headers": list(self.headers),
            "expected": self.expected,
            "columns": [_column_out(column) for column in self.columns],
            "rows": [[row.line, [_cell_out(cell) for cell in row.cells]] for row in self.rows],
            "facts": self.facts,
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Study:
        """Return the study that `as_dict` stored."""
        return cls(
            kind=Kind(data["kind"]),
            headers=tuple(data["headers"]),
            expected=data["expected"],
            columns=tuple(_column_in(column) for column in data["columns"]),
            rows=tuple(Row(line, [_cell_in(c) for c in cells]) for line, cells in data["rows"]),
            facts=data["facts"],
        )

    @classmethod
    def of(cls, table: Table) -> Study:
        """Read a table once, and return its study."""
        columns = study(table)
        rows = tuple(
            Row(row.line, [_cut(cell) for cell in row.cells]) for row in islice(table.rows(), SHOWN)
        )
        facts = {
            "encoding": table.encoding, "separator": table.delimiter, "sheet": table.sheet,
        }  # fmt: skip
        return cls(table.kind, table.headers, table.expected_rows, columns, rows, facts)


class _Examples(Table):
    """A table of a few rows in memory."""

    def __init__(self, told: Study) -> None:
        super().__init__(Limits())
        self.kind, self.headers, self._told = told.kind, told.headers, told.rows

    def rows(self) -> Iterator[Row]:
        """Yield the rows."""
        return iter(self._told)

    def _all_rows(self) -> Iterator[Row]:
        return iter(self._told)


def _cut(cell: Cell) -> Cell:
    return cell[:_LONGEST].replace("\x00", "") if isinstance(cell, str) else cell


def _cell_out(cell: Any) -> Any:
    """Return a cell for JSON: texts and booleans as they are, others with their type."""
    if isinstance(cell, (str, bool)):
        return cell
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return {"int" if isinstance(cell, int) else "decimal": str(cell)}


def _cell_in(data: Any) -> Any:
    if not isinstance(data, dict):
        return data
    ((sort, text),) = data.items()
    readers: dict[str, Any] = {
        "datetime": datetime.fromisoformat, "date": date.fromisoformat,
        "decimal": Decimal, "int": int,
    }  # fmt: skip
    return readers[sort](text)


def _column_out(column: Column) -> dict[str, Any]:
    told = {f.name: getattr(column, f.name) for f in fields(column)}
    told["samples"] = list(column.samples)
    for name in ("dates", "amounts", "shares"):
        told[name] = _verdict_out(told[name])
    clean: dict[str, Any] = _without_nul(told)
    return clean


def _verdict_out(verdict: Any) -> dict[str, Any]:
    if isinstance(verdict, Ambiguous):
        return {
            "ambiguous": [
                {**asdict(candidate), "value": _cell_out(candidate.value)}
                for candidate in verdict.candidates
            ]
        }
    name = next(name for name, sort in _VERDICTS.items() if isinstance(verdict, sort))
    return {name: asdict(verdict)}


def _column_in(data: dict[str, Any]) -> Column:
    verdicts = {name: _verdict_in(data[name]) for name in ("dates", "amounts", "shares")}
    return Column(**{**data, **verdicts, "samples": tuple(data["samples"])})


def _verdict_in(data: dict[str, Any]) -> Any:
    ((name, told),) = data.items()
    if name == "ambiguous":
        return Ambiguous(
            tuple(Candidate(**{**one, "value": _cell_in(one["value"])}) for one in told)
        )
    return _VERDICTS[name](**told)


def _without_nul(data: Any) -> Any:
    """Return data without NUL characters, which no database stores in JSON."""
    if isinstance(data, str):
        return data.replace("\x00", "")
    if isinstance(data, dict):
        return {_without_nul(key): _without_nul(value) for key, value in data.items()}
    return [_without_nul(one) for one in data] if isinstance(data, list) else data
