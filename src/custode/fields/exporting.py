"""The columns that default fields add to an export of their kind."""

from __future__ import annotations

from collections.abc import Iterable

from custode.fields import moves
from custode.fields.models import Sort
from custode.fields.values import COLUMN
from custode.guard.kinds import Column


def columns(kind: str, fixed: Iterable[Column]) -> tuple[Column, ...]:
    """Return a column for each field in use, numbered if its name equals a fixed column's."""
    names = {column.name for column in fixed}
    return tuple(
        Column(
            f"{field.name} (2)" if field.name in names else field.name,
            COLUMN,
            field.name,
            keys=(field.key,),
            words={str(one.pk): one.name for one in field.choices.all()}
            if field.sort == Sort.CHOICE
            else {},
        )
        for field in moves.offered(kind)
    )
