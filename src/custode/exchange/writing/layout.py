"""What sort of value stands in each column of an export."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

from django.db import models
from django.utils.translation import gettext as _

from custode.guard.door import Export, Reading
from custode.guard.imprints import field_of
from custode.guard.kinds import Column


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
        names: the head row.
        sorts: how each column is written.
        currencies: the place of an amount -> the place of its currency, maybe behind the columns.
        zone: the time zone in which moments are written.
        labels: the place of a column of few values -> value -> what people call it.
        flags: what a CSV file says for true and for false.
    """

    names: tuple[str, ...]
    sorts: tuple[Sort, ...]
    currencies: dict[int, int]
    zone: ZoneInfo
    labels: dict[int, dict[str, str]] = field(default_factory=dict)
    flags: tuple[str, str] = ("yes", "no")


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a file.

    Args:
        name: what a file of it is called; never translated.
        title: what people call it.
        pages: its rows, to be read once.
    """

    name: str
    title: str
    pages: Generator[Sequence[tuple[Any, ...]]]
    layout: Layout


def layout_of(export: Export | Reading, zone: ZoneInfo, *, in_words: bool = False) -> Layout:
    """How the columns of an export are written.

    Args:
        in_words: for people, in the language at hand: heads and values as the screens call them.
            Else for programs: names that are the same in each language.
    """
    model = (export.main if isinstance(export, Export) else export).model
    plain = Layout(
        names=tuple(column.name for column in export.columns),
        sorts=tuple(_sort(model, column) for column in export.columns),
        currencies=export.currencies,
        zone=zone,
    )
    if not in_words:
        return plain
    return replace(
        plain,
        names=_told_apart([str(column.label) for column in export.columns]),
        labels=_labels(model, export.columns),
        flags=(_("yes"), _("no")),
    )


def _told_apart(names: Sequence[str]) -> tuple[str, ...]:
    """The names; one that occurs again further on, where ours stand, has a number behind it.

    An account calls its own fields, which stand first, as it likes.
    """
    seen: Counter[str] = Counter()
    found = []
    for name in reversed(names):
        seen[name] += 1
        found.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    return tuple(reversed(found))


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
    (Sort.MOMENT, models.DateTimeField),  # before dates, of which it is one to Django
    (Sort.DATE, models.DateField),
    (Sort.TIME, models.TimeField),
    (Sort.FLAG, models.BooleanField),
    (Sort.NUMBER, models.IntegerField),
)


def moment_of(value: str | datetime) -> datetime:
    """A moment as the driver gave it, aware."""
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def day_of(value: str | date) -> date:
    """A day as the driver gave it."""
    return date.fromisoformat(value[:10]) if isinstance(value, str) else value
