"""The unit of an amount in the history: the currency that the object had at that time.

A line of history keeps the bare number of minor units, which in another currency is another amount.
The changes of the currency have lines of their own: what it was at a time is the old value of its
first line after that, and without any it is what it is now.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Protocol

from custode.guard.kinds import Kind
from custode.guard.models import Change


class Line(Protocol):
    """What must be known of a line of history."""

    pk: int
    object_id: int
    field: str
    at: datetime


def fields(kind: Kind) -> dict[str, str]:
    """Return a kind's amounts: the field -> the field with its currency."""
    return {column.path: column.money_of for column in kind.export if column.money_of}


class Units:
    """The units of the amounts in some lines of history of one kind, by one query at most."""

    def __init__(self, kind: Kind, lines: Iterable[Line]) -> None:
        self._of = fields(kind)
        ids = {line.object_id for line in lines if line.field in self._of}
        self._changes = _changes(kind, ids, set(self._of.values())) if ids else {}

    def before(self, line: Line) -> str | None:
        """Return the unit of a line's old value; None for the present one, and for no amount."""
        return next(
            (old for pk, at, old in self._later(line) if pk > line.pk or at == line.at), None
        )

    def after(self, line: Line) -> str | None:
        """Return the same of its new value, to which changes in the same edit apply already."""
        return next(
            (old for pk, at, old in self._later(line) if pk > line.pk and at != line.at), None
        )

    def _later(self, line: Line) -> list[tuple[int, datetime, str | None]]:
        return self._changes.get((line.object_id, self._of.get(line.field, "")), [])


def _changes(
    kind: Kind, ids: Collection[int], units: Collection[str]
) -> dict[tuple[int, str], list[tuple[int, datetime, str | None]]]:
    """Return the changes of units: object and field -> number, moment and old value, in order."""
    rows = Change.objects.filter(kind=kind.name, object_id__anyof=list(ids), field__in=units)
    found: dict[tuple[int, str], list[tuple[int, datetime, str | None]]] = {}
    for pk, thing, field, at, old in rows.order_by("pk").values_list(
        "pk", "object_id", "field", "at", "old"
    ):
        found.setdefault((thing, field), []).append((pk, at, old))
    return found
