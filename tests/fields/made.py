"""Default fields for tests."""

from __future__ import annotations

from custode.fields import moves
from custode.fields.models import DefaultField, Sort
from custode.kernel.actor import Actor
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


def a_field_of(actor: Actor, name: str) -> DefaultField:
    """A field of leads that somebody else makes, in the account in scope."""
    return moves.create(actor, "lead", name, Sort.TEXT)
