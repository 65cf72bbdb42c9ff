"""Default fields on the screens of leads and client folders: in forms, on pages, in filters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from custode.clients.models import ClientFolder
from custode.fields import key_fields, moves, values
from custode.fields.models import DefaultField, Sort, key_of
from custode.fields.reading import Value, read, typed
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, read_all
from custode.leads.models import Lead

INPUTS = {Sort.DATE: "date", Sort.EMAIL: "email", Sort.PHONE: "tel"}
"""The input types of field types, if not `text`: a link may be typed without https."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field in a form.

    Args:
        value: its contents; for a choice its name.
        choices: the options; a retired one remains possible where it was chosen.
        wrong: what is wrong with it; "" for nothing.
    """

    field: DefaultField
    value: str
    choices: Sequence[str] = ()
    wrong: str = ""

    @property
    def input(self) -> str:
        """Return its input type."""
        return INPUTS.get(Sort(self.field.sort), "text")


@dataclass(frozen=True, slots=True)
class Same:
    """Another object with the same value in a key field."""

    field: DefaultField
    title: str
    url: str


class HasTwin(Invalid):
    """Another object has the same value in a key field; saving again overrides this."""

    def __init__(self, twin: Same) -> None:
        words = _(
            "“%(other)s” has the same “%(field)s”. If this is another one, press the same button"
            " again."
        )
        field = twin.field
        super().__init__(words % {"other": twin.title, "field": field}, field=field.asked)
        self.twin = twin


def fields() -> list[DefaultField]:
    """Return the leads' fields that are in use, in order."""
    return moves.offered(Lead.kind.name)


def form(
    fields: Sequence[DefaultField],
    texts: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
) -> list[Asked]:
    """Return the fields of a form with their contents.

    Args:
        texts: the fields' texts by their names in forms.
    """
    return [
        _asked(one, texts.get(one.asked, ""), (wrong or {}).get(one.asked, "")) for one in fields
    ]


def texts(fields: Sequence[DefaultField], held: Mapping[str, Value]) -> dict[str, str]:
    """Return an object's values as a form has them."""
    return {one.asked: typed(one, held.get(one.key)) for one in fields}


def _asked(field: DefaultField, value: str, wrong: str) -> Asked:
    names = [one.name for one in field.offered_choices]
    if field.sort == Sort.CHOICE and value and value not in names:
        names.append(value)
    return Asked(field, value, names, wrong)


def sent(
    fields: Sequence[DefaultField], form: QueryDict, held: Mapping[str, Value] | None = None
) -> dict[int, Value | None]:
    """Return the values that a form sent; fields that it does not name stay as they are.

    Args:
        held: the present values: a retired choice may stay.

    Raises:
        Invalid: one or more values do not fit their fields.
    """

    def value(one: DefaultField) -> Value | None:
        """Return the field's value as sent."""
        text, kept = form.get(one.asked, ""), (held or {}).get(one.key)
        unchanged = kept is not None and text == typed(one, kept)
        return kept if unchanged else read(one, text)

    return read_all({one.pk: partial(value, one) for one in fields if one.asked in form})


def wanted(fields: Sequence[DefaultField], asked: Iterable[tuple[int, str]]) -> list[Asked]:
    """Return the fields in the form of a filter; a choice is sent as its number.

    Args:
        asked: the numbers of fields with the values to filter by.
    """
    texts = dict(asked)
    return [Asked(one, texts.get(one.pk, "")) for one in fields]


def same(actor: Actor, thing: Lead | ClientFolder, fields: Sequence[DefaultField]) -> list[Same]:
    """Return other objects of the kind that the actor sees with the same value in a key field."""
    return [_same(field, other) for field, other in values.same_elsewhere(actor, thing, fields)]


def _same(field: DefaultField, other: Lead | ClientFolder) -> Same:
    page = "lead" if isinstance(other, Lead) else "folder"
    return Same(field, str(other), reverse(page, args=[other.pk]))


def shown(actor: Actor, folder: ClientFolder) -> list[tuple[values.Shown, list[Same]]]:
    """Return a folder's default fields for its page, each with others that have the same value."""
    fields = moves.offered(ClientFolder.kind.name)
    others = same(actor, folder, fields)
    return [
        (one, [other for other in others if other.field == one.field])
        for one in values.told(fields, folder.field_values)
    ]


def require_new(
    actor: Actor, kind: str, fields: Sequence[DefaultField], given: Mapping[int, Value | None]
) -> None:
    """Raise `HasTwin` if another object that the actor sees has the same value in a key field."""
    texts = {key_of(pk): value for pk, value in given.items() if value is not None}
    found: list[tuple[DefaultField, Any]] = key_fields.others(actor, kind, texts, fields)
    if found:
        field, other = found[0]
        raise HasTwin(_same(field, other))
