"""The types of values in the columns of an export."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from custode.guard.cell_digests import field_of
from custode.guard.door import Export, ExportRows
from custode.guard.kinds import Column
from custode.kernel.text import told_apart


class Sort(Enum):
    """How a column's values are written."""

    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    FLAG = "flag"
    DATE = "date"
    MOMENT = "moment"
    TIME = "time"


@dataclass(frozen=True, slots=True)
class Layout:
    """The columns of one export.

    Args:
        names: the header row.
        sorts: how each column is written.
        currencies: the index of an amount -> the index of its currency, which may follow the
            columns.
        zone: the time zone in which moments are written.
        labels: the index of a column with few values -> value -> display name.
        flags: the texts for true and false in a CSV file.
    """

    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    currencies: dict[int, int]
    zone: ZoneInfo
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    flags: tuple[str, str] = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a file.

    Args:
        name: the name of its file; never translated.
        title: its display name.
        pages: its rows, which can be read once.
    """

    name: str
    title: str
    pages: Generator[Sequence[tuple[Any, ...]]]
    layout: Layout


def layout_of(export: Export | ExportRows, zone: ZoneInfo, *, in_words: bool = False) -> Layout:
    """Return how the columns of an export are written.

    Args:
        in_words: for people, in the active language: column names and values as on screen.
            Otherwise for programs: the same names in each language.
    """
    model = (export.main if isinstance(export, Export) else export).model
    plain = Layout(
        # In a workbook, a second column of the same name would take the place of the first.
        names=told_apart([column.name for column in export.columns]),
        sorts=tuple(_sort(model, column) for column in export.columns),
        currencies=export.currencies,
        zone=zone,
    )
    if not in_words:
        return plain
    return replace(
        plain,
        names=told_apart([str(column.label) for column in export.columns]),
        labels=_labels(model, export.columns),
        flags=(_("yes"), _("no")),
    )


def _labels(model: type[models.Model], columns: Sequence[Column]) -> dict[int, dict[str, str]]:
    found = {}
    for place, column in enumerate(columns):
        told = None if column.many or column.keys else field_of(model, column.path)
        if told is not None and told.choices:
            found[place] = {value: str(label) for value, label in told.flatchoices}
    return found


def _sort(model: type[models.Model], column: Column) -> Sort:
    if column.many or column.keys:
        return Sort.TEXT
    if column.money_of:
        return Sort.MONEY
    field = field_of(model, column.path)
    for sort, kinds_of_field in _BY_FIELD:
        if isinstance(field, kinds_of_field):
            return sort
    return Sort.TEXT


_BY_FIELD: tuple[tuple[Sort, type[Any]], ...] = (
    (Sort.MOMENT, models.DateTimeField),  # before dates, of which it is a subclass in Django
    (Sort.DATE, models.DateField),
    (Sort.TIME, models.TimeField),
    (Sort.FLAG, models.BooleanField),
    (Sort.NUMBER, models.IntegerField),
)


def moment_of(value: str | datetime) -> datetime:
    """Return a moment, as returned by the driver, as an aware datetime."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(value: str | date) -> date:
    """Return a day, as returned by the driver, as a date."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
