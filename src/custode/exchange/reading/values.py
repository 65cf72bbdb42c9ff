"""The meanings of the values in a step or status column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .cells import words_of
from .columns import Column, by_name
from .fields import Field, Status, status_of
from .guessing import Known
from .mapping import LeadMapping


@dataclass(frozen=True, slots=True)
class ValueChoice:
    """A value, its number of rows, and what it becomes.

    Args:
        field: the place of its column: step or status (step when it is both).
        step: the step; "" when the value names none (`Won`), or the column fills no step.
        status: the status; None when none is known: rows with this value are refused until the
            mapping's `statuses` name one.
    """

    field: Field
    value: str
    rows: int
    step: str
    status: Status | None


def translate(
    mapping: LeadMapping, columns: Sequence[Column], known: Known | None = None
) -> tuple[LeadMapping, tuple[ValueChoice, ...]]:
    """Complete the mapping's `steps` and `statuses` from the values in the columns.

    What the mapping has already is kept. In a column that is both step and status (`deal_stage`),
    words that mean a status become one, and all others a step of leads to do. Columns with more
    than 200 values are left unchanged.
    """
    known, by = known or Known(), by_name(columns)
    step, status = (by.get(mapping.one(field)) for field in (Field.STEP, Field.STATUS))
    both = step is status
    names = {words_of(name): name for name in known.steps}
    steps, statuses = dict(mapping.steps), dict(mapping.statuses)
    for value in _values(step):
        closed = both and is_closing(value) and words_of(value) not in names
        steps.setdefault(value, "" if closed else names.get(words_of(value), value))
    for value in _values(status):
        meant = status_of(value) or (Status.TODO if both else None)
        if meant:
            statuses.setdefault(value, meant)
    choices = [
        ValueChoice(Field.STEP, value, rows, steps[value], statuses.get(value) if both else None)
        for value, rows in _values(step).items()
    ]
    if not both:
        choices += [
            ValueChoice(Field.STATUS, value, rows, "", statuses.get(value))
            for value, rows in _values(status).items()
        ]
    return mapping.replace(steps=steps, statuses=statuses), tuple(choices)


def is_closing(value: str) -> bool:
    """Return whether the word means won, lost or cancelled."""
    status = status_of(value)
    return status is not None and status.is_closed


def _values(column: Column | None) -> dict[str, int]:
    return (column.values or {}) if column else {}
