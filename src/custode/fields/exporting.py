"""The columns that default fields add to an export of their kind."""

from __future__ import annotations

from collections.abc import Iterable

from custode.fields import moves
from custode.fields.models import Sort
from custode.fields.values import COLUMN
from custode.guard.kinds import Column
from custode.kernel.text import told_apart


def columns(kind: str, fixed: Iterable[Column]) -> tuple[Column, ...]:
    """Return a column for each field in use, numbered if its name equals a fixed column's."""
    fields = moves.offered(kind)
    names = told_apart([*(field.name for field in fields), *(column.name for column in fixed)])
    return tuple(
        Column(
            name,
            COLUMN,
            field.name,
            keys=(field.key,),
            words={str(one.pk): one.name for one in field.choices.all()}
            if field.sort == Sort.CHOICE
            else {},
        )
        for name, field in zip(names, fields, strict=False)
    )
