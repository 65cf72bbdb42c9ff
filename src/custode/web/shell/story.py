"""The history of a thing in sentences: what is the same for every kind."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from custode.fields import moves as default_fields
from custode.fields.models import DefaultField, Sort
from custode.fields.reading import shown
from custode.fields.values import COLUMN
from custode.guard.models import Change
from custode.web.shell.words import actor_name


@dataclass(frozen=True, slots=True)
class Line:
    """One line: who did it, when, and what. `details` is a longer text that was there before."""

    pk: int
    who: str
    at: datetime
    text: str
    details: str = ""
    in_bulk: bool = False
    other: str = ""
    other_pk: int = 0
    """Another lead that the line leads to, by its title and number."""
    again: str = ""
    """Where what an edit took is put back."""

    @classmethod
    def of(cls, change: Change, text: str, details: str = "") -> Line:
        """A kept change, told by a sentence."""
        who = actor_name(change.actor_kind, change.actor_name)
        return cls(change.pk, who, change.at, text, details, change.seq is not None)


def changed(field: str, old: str, new: str) -> str:
    """A field's change, from the values as people read them; it follows the name of who did it."""
    if not old:
        return _("set “%(field)s” to “%(new)s”") % {"field": field, "new": new}
    if not new:
        return _("emptied “%(field)s”, which was “%(old)s”") % {"field": field, "old": old}
    values = {"field": field, "old": old, "new": new}
    return _("changed “%(field)s” from “%(old)s” to “%(new)s”") % values


Own = Mapping[str, DefaultField]
"""What a change calls a default field -> the field, be it out of use by now."""


def own_fields(changes: Iterable[Change], kind: str) -> Own:
    """The default fields that changes speak of."""
    if not any(change.field.startswith(f"{COLUMN}:") for change in changes):
        return {}
    every = [*default_fields.offered(kind), *default_fields.retired(kind)]
    return {f"{COLUMN}:{one.key}": one for one in every}


def own_changed(change: Change, own: Own) -> str:
    """The sentence of a change of a default field; "" for a change of anything else."""
    field = own.get(change.field)
    if field is None:
        return ""
    return changed(field.name, _own(field, change.old), _own(field, change.new))


def _own(field: DefaultField, value: str | None) -> str:
    if field.sort == Sort.CHOICE and value and value.isdigit():
        return shown(field, int(value))
    return shown(field, value)
