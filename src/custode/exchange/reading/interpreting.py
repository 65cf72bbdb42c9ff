"""Turns rows into drafts of leads, one by one, by a mapping."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Final

from django.utils.translation import gettext as _

from .cells import Cell, is_blank, shorten, text_of
from .drafts import Interpreted, LeadDraft, Refusal
from .errors import BadValue, MappingError
from .fields import Field, Status, status_of
from .fitting import fitted, ragged
from .limits import Bounds
from .mapping import WAYS, LeadMapping
from .setters import OwnReader, Setter, check_length, own_setter, setter_for
from .sniff import Kind
from .table import Row, Table

_LABEL: Final = 60
_WHOLE: Final = (Field.TITLE, Field.DESCRIPTION, Field.LINE, Field.SKIP)
"""Places that are filled from several columns at once."""


def interpret(
    table: Table,
    mapping: LeadMapping,
    *,
    bounds: Bounds | None = None,
    own: Mapping[str, OwnReader] | None = None,
) -> Iterator[Interpreted[LeadDraft]]:
    """Yield each row of the table as a draft or as refusals, streamed.

    Args:
        own: the parsers of the account's own fields, by name.

    Raises:
        MappingError: immediately, before anything is read, when the mapping does not fit the table
            or a notation is not settled yet.
    """
    mapping.check(table.headers)
    _check_settled(mapping)
    reader = _RowReader(table, mapping, bounds or Bounds(), own or {})
    return map(reader.read, table.rows())


def _check_settled(mapping: LeadMapping) -> None:
    needed = {column: ways for place, ways in WAYS.items() for column in mapping.of(place)}
    for column, ways in (needed | mapping.own_ways()).items():
        if column not in mapping.ways:
            raise MappingError(
                _("Say how column “%(column)s” is written: %(ways)s.")
                % {"column": column, "ways": ", ".join(ways)},
                column,
            )


class _RowReader:
    """A mapping prepared for one table: which cell goes where, and how."""

    def __init__(
        self, table: Table, mapping: LeadMapping, bounds: Bounds, own: Mapping[str, OwnReader]
    ) -> None:
        self._headers = table.headers
        self._pads = table.kind is Kind.XLSX
        self._bounds = bounds
        self._separator = mapping.separator
        self._title = self._numbers(mapping.of(Field.TITLE))
        self._texts = self._numbers(mapping.of(Field.DESCRIPTION))
        self._lines = [
            (label_of(name), number) for name, number in self._named(mapping.lines(table.headers))
        ]
        self._steps = mapping.steps
        self._statuses = mapping.statuses
        self._step = self._named(mapping.of(Field.STEP))
        self._closing_label = label_of(mapping.one(Field.CLOSED_AT))
        self._whole_places = (
            (mapping.one(Field.TITLE), self._write_title),
            (mapping.one(Field.DESCRIPTION), self._write_description),
        )
        self._setters: list[tuple[str, int, Setter]] = [
            (name, number, setter_for(place, mapping.ways.get(name, ""), mapping, bounds))
            for place in Field
            if place not in _WHOLE
            for name, number in self._named(mapping.of(place))
        ]
        # In the file's order: not every database keeps that of a mapping.
        self._setters += [
            (column, number, own_setter(mapping.own_of(column), own[mapping.own_of(column)]))
            for number, column in enumerate(table.headers)
            if mapping.own_of(column)
        ]

    def read(self, row: Row) -> Interpreted[LeadDraft]:
        """Return the row as a draft, or with every reason for refusing it."""
        cells = row.cells
        if len(cells) != len(self._headers):
            whole = fitted(cells, len(self._headers), pads=self._pads)
            if whole is None:
                return Interpreted(row.line, None, (ragged(cells, len(self._headers)),))
            cells = whole
        draft = LeadDraft()
        refusals = self._fill(draft, cells)
        for column, write in self._whole_places:
            try:
                write(draft, cells)
            except BadValue as error:
                refusals.append(Refusal(column, shorten(draft.title), str(error)))
        return Interpreted(row.line, None if refusals else draft, tuple(refusals))

    def _fill(self, draft: LeadDraft, cells: Sequence[Cell]) -> list[Refusal]:
        refusals = []
        for name, number, put in self._setters:
            cell = cells[number]
            if cell == "" or is_blank(cell):
                continue
            try:
                put(draft, cell)
            except BadValue as error:
                refusals.append(Refusal(name, shorten(text_of(cell)), str(error)))
        return refusals

    def _write_title(self, draft: LeadDraft, cells: Sequence[Cell]) -> None:
        parts = [" ".join(text_of(cells[number]).split()) for number in self._title]
        draft.title = self._separator.join(filter(None, parts))
        if not draft.title:
            raise BadValue(_("The title is empty."))
        check_length(draft.title, self._bounds.title)

    def _write_description(self, draft: LeadDraft, cells: Sequence[Cell]) -> None:
        parts = [_lines_kept(text_of(cells[number])) for number in self._texts]
        if draft.closed_at is not None and not (draft.status and draft.status.is_closed):
            parts += self._forecast(draft)
        parts += self._steps_lost(cells)
        for label, number in self._lines:
            cell = cells[number]
            if cell != "" and not is_blank(cell):
                parts.append(f"{label}: {_one_line(text_of(cell))}")
        draft.description = "\n".join(filter(None, parts))
        check_length(draft.description, self._bounds.description)

    def _steps_lost(self, cells: Sequence[Cell]) -> Iterator[str]:
        """Yield lines for step values that match neither a step nor a status."""
        for name, number in self._step:
            value = text_of(cells[number]).strip()
            told = self._statuses.get(value, Status.TODO) is not Status.TODO or status_of(value)
            if value and not self._steps.get(value, value) and not told:
                yield f"{label_of(name)}: {value}"

    def _forecast(self, draft: LeadDraft) -> list[str]:
        """Use an open lead's closing date as the expected one, or return it as a line."""
        moment, draft.closed_at = draft.closed_at, None
        if draft.estimated_closing_date is not None and moment is not None:
            return [f"{self._closing_label}: {moment.isoformat()}"]
        draft.estimated_closing_date = moment.date() if isinstance(moment, datetime) else moment
        return []

    def _named(self, columns: Sequence[str]) -> list[tuple[str, int]]:
        return [(column, self._headers.index(column)) for column in columns]

    def _numbers(self, columns: Sequence[str]) -> list[int]:
        return [number for _name, number in self._named(columns)]


def label_of(header: str) -> str:
    """Return a header as the label of a line: without colon, and short enough."""
    return shorten(header.replace(":", " "), _LABEL)


def _one_line(text: str) -> str:
    """Return a multi-line text on one line."""
    return " / ".join(filter(None, (line.strip() for line in text.splitlines())))


def _lines_kept(text: str) -> str:
    return "\n".join(text.splitlines())
