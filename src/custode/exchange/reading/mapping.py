"""A mapping of columns to places: the decision made on a screen or a command line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from dataclasses import replace as _replace
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .amounts import COMMA, MARKS, POINT
from .cells import shorten
from .dates import DAY_FIRST, MONTH_FIRST, ORDERS, SERIAL, YEAR_FIRST
from .errors import MappingError
from .fields import DATE_FIELDS, SEVERAL, Field, Status
from .shares import FRACTION, PERCENT, SCALES

SEPARATOR: Final = " · "
_LONGEST_SEPARATOR: Final = 20

WAYS: Final[Mapping[Field, tuple[str, ...]]] = {
    **dict.fromkeys(DATE_FIELDS, ORDERS),
    Field.AMOUNT: MARKS,
    Field.PROBABILITY: SCALES,
}
"""The possible notations, for the fields whose columns have one."""

WAY_LABELS: Final = {
    DAY_FIRST: gettext_lazy("day, month, year"),
    MONTH_FIRST: gettext_lazy("month, day, year"),
    YEAR_FIRST: gettext_lazy("year, month, day"),
    SERIAL: gettext_lazy("day numbers of a spreadsheet"),
    POINT: gettext_lazy("decimal point, as in 1,234.50"),
    COMMA: gettext_lazy("decimal comma, as in 1.234,50"),
    PERCENT: gettext_lazy("per cent, 1 is one in a hundred"),
    FRACTION: gettext_lazy("fractions, 1 is certain"),
}
"""The descriptions of the notations, for people."""


OWN_WAYS: Final[Mapping[str, tuple[str, ...]]] = {"date": ORDERS, "number": MARKS}
"""The same for the types of fields that an account has of its own."""


@dataclass(frozen=True, slots=True)
class LeadMapping:
    """A mapping of columns to places. A column may have several; one without becomes a line.

    Args:
        columns: for each place, its columns in order.
        separator: the text between the columns of a title.
        ways: for a column of dates, amounts or probabilities, the notation.
        steps: value of the step column -> step; "" for a value that names no step.
        statuses: value of the status column -> status.
        own: the column of a field of the account's own, by its name.
        sorts: the type of such a field, by its name, where its columns have a notation.
    """

    columns: Mapping[Field, tuple[str, ...]] = field(default_factory=dict)
    separator: str = SEPARATOR
    ways: Mapping[str, str] = field(default_factory=dict)
    steps: Mapping[str, str] = field(default_factory=dict)
    statuses: Mapping[str, Status] = field(default_factory=dict)
    own: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    sorts: Mapping[str, str] = field(default_factory=dict)

    def of(self, place: Field) -> tuple[str, ...]:
        """Return the columns that fill a place."""
        return self.columns.get(place, ())

    def one(self, place: Field) -> str:
        """Return the column of a place that accepts one, or ""."""
        return next(iter(self.of(place)), "")

    def lines(self, headers: Iterable[str]) -> tuple[str, ...]:
        """Return the columns that become a `Label: value` line, in the file's order."""
        placed = {
            column
            for place, columns in self.columns.items()
            if place is not Field.LINE
            for column in columns
        } | {column for columns in self.own.values() for column in columns}
        return tuple(h for h in headers if h in self.of(Field.LINE) or h not in placed)

    def places(self, headers: Iterable[str]) -> dict[str, tuple[Field, ...]]:
        """Return the places of each column, for a form with one row per column."""
        lines = self.lines(headers)
        return {
            header: tuple(
                place
                for place in Field
                if header in (lines if place is Field.LINE else self.of(place))
            )
            for header in headers
        }

    def own_of(self, column: str) -> str:
        """Return the account's own field that a column fills, or ""."""
        return next((name for name, columns in self.own.items() if column in columns), "")

    def own_ways(self) -> dict[str, tuple[str, ...]]:
        """Return the columns of own fields that have notations, with these."""
        return {
            column: OWN_WAYS[self.sorts[name]]
            for name, columns in self.own.items()
            if self.sorts.get(name) in OWN_WAYS
            for column in columns
        }

    def replace(self, **changes: object) -> LeadMapping:
        """Return a copy with some parts changed."""
        return _replace(self, **changes)  # type: ignore[arg-type]  # names checked by dataclasses

    def check(self, headers: Sequence[str]) -> None:
        """Raise `MappingError` unless every column exists, once per place, and a title is created.

        Missing notations are no error here: `settle` asks for them.
        """
        for place, columns in self.columns.items():
            _check_place(place, columns, headers)
        if not self.of(Field.TITLE):
            raise MappingError(
                _("No column becomes the title. Choose at least one."), Field.TITLE.value
            )
        if len(self.separator) > _LONGEST_SEPARATOR or "\n" in self.separator:
            raise MappingError(
                _("The separator of a title can have at most %(limit)d characters, on one line.")
                % {"limit": _LONGEST_SEPARATOR},
                "separator",
            )
        for name, columns in self.own.items():
            _check_own(name, columns, headers)
        for place, ways in WAYS.items():
            for column in self.of(place):
                _check_way(column, self.ways.get(column, ""), ways)
        for column, ways in self.own_ways().items():
            _check_way(column, self.ways.get(column, ""), ways)


def from_places(
    places: Mapping[str, Iterable[Field]], mapping: LeadMapping | None = None
) -> LeadMapping:
    """Return the mapping entered in a form with one row per column.

    Args:
        places: for each column of the file, in its order, the chosen places.
        mapping: the source of separator, notations, steps and statuses.
    """
    columns: dict[Field, tuple[str, ...]] = {}
    for column, chosen in places.items():
        for place in chosen:
            columns[place] = (*columns.get(place, ()), column)
    return (mapping or LeadMapping()).replace(columns=columns)


def _check_place(place: Field, columns: tuple[str, ...], headers: Sequence[str]) -> None:
    for column in columns:
        if column not in headers:
            raise MappingError(unknown_column(column, headers), place.value)
    if len(set(columns)) < len(columns):
        raise MappingError(
            _("%(field)s names the same column twice.") % {"field": place.value}, place.value
        )
    if len(columns) > 1 and place not in SEVERAL:
        raise MappingError(
            _("%(field)s takes one column, not %(count)d.")
            % {"field": place.value, "count": len(columns)},
            place.value,
        )


def _check_own(name: str, columns: tuple[str, ...], headers: Sequence[str]) -> None:
    for column in columns:
        if column not in headers:
            raise MappingError(unknown_column(column, headers), "own")
    if len(columns) > 1:
        raise MappingError(
            _("The field “%(field)s” takes one column, not %(count)d.")
            % {"field": shorten(name), "count": len(columns)},
            "own",
        )


def _check_way(column: str, way: str, ways: Sequence[str]) -> None:
    if way and way not in ways:
        raise MappingError(
            _("“%(way)s” is not a way to read column “%(column)s”. Possible: %(ways)s.")
            % {"way": shorten(way), "column": shorten(column), "ways": ", ".join(ways)},
            column,
        )


def unknown_column(column: str, headers: Sequence[str]) -> str:
    """Return the message for a column that the file lacks, with those it has."""
    return _("The file has no column “%(column)s”. Its columns: %(columns)s.") % {
        "column": shorten(column),
        "columns": ", ".join(shorten(header, 40) for header in headers[:40]),
    }


def field_named(name: str) -> Field:
    """Return the place of that name; raise `MappingError` with all names otherwise."""
    try:
        return Field(name.strip().lower())
    except ValueError as error:
        raise MappingError(
            _("“%(name)s” is no place of a lead. Possible: %(names)s.")
            % {"name": shorten(name), "names": ", ".join(place.value for place in Field)},
            shorten(name),
        ) from error


def status_named(name: str, key: str) -> Status:
    """Return the status of that name; raise `MappingError` with all names otherwise."""
    try:
        return Status(name.strip().lower())
    except ValueError as error:
        raise MappingError(
            _("“%(name)s” is not a status. Possible: %(names)s.")
            % {"name": shorten(name), "names": ", ".join(status.value for status in Status)},
            key,
        ) from error
