"""Default fields for tests."""

from __future__ import annotations

from custode.fields import moves
from custode.fields.models import DefaultField, Sort
from tests.cast import Cast


def a_field(
    cast: Cast,
    name: str,
    sort: str = Sort.TEXT,
    *choices: str,
    kind: str = "lead",
    key: bool = False,
) -> DefaultField:
    """A field that Anna makes."""
    return moves.create(cast.actor(cast.anna), kind, name, sort, choices, is_key=key)
