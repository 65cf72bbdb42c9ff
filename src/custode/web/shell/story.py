"""The parts of histories in sentences that are the same for every kind of object."""

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
    """A line: who did it, when, and what. `details` is a longer former text."""

    pk: int
    who: str
    at: datetime
    text: str
    details: str = ""
    in_bulk: bool = False
    other: str = ""
    other_pk: int = 0
    """Another lead that the line links to, by title and number."""
    again: str = ""
    """The address that restores what an edit removed."""

    @classmethod
    def of(cls, change: Change, text: str, details: str = "") -> Line:
        """Return a stored change as a line with a sentence."""
        who = actor_name(change.actor_kind, change.actor_name)
        return cls(change.pk, who, change.at, text, details, change.seq is not None)


def changed(field: str, old: str, new: str) -> str:
    """Return a field's change from readable values; the sentence follows the actor's name."""
    if not old:
        return _("set “%(field)s” to “%(new)s”") % {"field": field, "new": new}
    if not new:
        return _("emptied “%(field)s”, which was “%(old)s”") % {"field": field, "old": old}
    values = {"field": field, "old": old, "new": new}
    return _("changed “%(field)s” from “%(old)s” to “%(new)s”") % values


Own = Mapping[str, DefaultField]
"""Default fields by their names in changes, including retired ones."""


def own_fields(changes: Iterable[Change], kind: str) -> Own:
    """Return the default fields mentioned in changes."""
    if not any(change.field.startswith(f"{COLUMN}:") for change in changes):
        return {}
    every = [*default_fields.offered(kind), *default_fields.retired(kind)]
    return {f"{COLUMN}:{one.key}": one for one in every}


def own_changed(change: Change, own: Own) -> str:
    """Return the sentence of a change to a default field; "" for any other change."""
    field = own.get(change.field)
    if field is None:
        return ""
    return changed(field.name, _own(field, change.old), _own(field, change.new))


def _own(field: DefaultField, value: str | None) -> str:
    if field.sort == Sort.CHOICE and value and value.isdigit():
        return shown(field, int(value))
    return shown(field, value)
