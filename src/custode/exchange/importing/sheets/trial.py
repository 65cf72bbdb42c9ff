"""A file's rows as cells of a list, and the result of a trial over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from custode.exchange.importing.forecast import SHOWN
from custode.exchange.reading import (
    Cell,
    Interpreted,
    Kind,
    Refusal,
    Row,
    Table,
    fitted,
    ragged,
    shorten,
    text_of,
)
from custode.prospecting import cells

Texts = dict[str, str]
"""A column of the file -> its text; empty cells are left out."""


@dataclass(slots=True)
class Trial:
    """What importing a file would do.

    Args:
        rows: the number of rows in the file; `comes` of them would be imported.
        refusals: the first reasons for refusing rows, as (line, column, value, reason).
    """

    rows: int = 0
    comes: int = 0
    refusals: list[tuple[int, str, str, str]] = field(default_factory=list)

    @property
    def refused(self) -> int:
        """The number of rows that would be refused."""
        return self.rows - self.comes

    def take(self, row: Interpreted[Texts]) -> None:
        """Count one row."""
        self.rows += 1
        if row.draft is not None:
            self.comes += 1
        elif len(self.refusals) < SHOWN:
            self.refusals += [(row.line, *refusal) for refusal in row.refusals]

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Trial:
        """Return the trial that `as_dict` stored."""
        refusals = [(line, col, value, why) for line, col, value, why in data["refusals"]]
        return cls(data["rows"], data["comes"], refusals)


def readings(table: Table, headers: Sequence[str]) -> Iterator[Interpreted[Texts]]:
    """Yield each row with the texts of these columns, or every reason for refusing it."""
    places = [(header, table.headers.index(header)) for header in headers]
    for row in table.rows():
        yield _read(row, places, len(table.headers), pads=table.kind is Kind.XLSX)


def _read(
    row: Row, places: Sequence[tuple[str, int]], columns: int, *, pads: bool
) -> Interpreted[Texts]:
    whole = fitted(row.cells, columns, pads=pads)
    if whole is None:
        return Interpreted(row.line, None, (ragged(row.cells, columns),))
    texts = {header: _text(whole[place]) for header, place in places}
    refusals = tuple(
        Refusal(header, shorten(text), _too_long(text))
        for header, text in texts.items()
        if len(text) > cells.LONGEST
    )
    if refusals:
        return Interpreted(row.line, None, refusals)
    filled = {header: text for header, text in texts.items() if text}
    if not filled:
        nothing = _("The imported columns are empty in this row.")
        return Interpreted(row.line, None, (Refusal("", "", nothing),))
    return Interpreted(row.line, filled, ())


def _text(cell: Cell) -> str:
    return cells.clean(text_of(cell))


def _too_long(text: str) -> str:
    return _("A cell has at most 2,000 characters, and this has %(n)s.") % {"n": len(text)}
