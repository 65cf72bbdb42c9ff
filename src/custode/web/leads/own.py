"""Default fields on the screens of leads and client folders: asked for, shown, looked for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from custode.clients.models import ClientFolder
from custode.fields import keys, moves, values
from custode.fields.models import DefaultField, Sort, key_of
from custode.fields.reading import Value, read, typed
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, read_all
from custode.leads.models import Lead

INPUTS = {Sort.DATE: "date", Sort.EMAIL: "email", Sort.PHONE: "tel"}
"""Sorts -> the type of their input, where it is not `text`: a link may be typed without https."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field in a form.

    Args:
        value: what stands in it: of a choice, its name.
        choices: names to choose from; one offered no more stays possible where it was chosen.
        wrong: what is wrong with it, "" for nothing.
    """

    field: DefaultField
    value: str
    choices: Sequence[str] = ()
    wrong: str = ""

    @property
    def input(self) -> str:
        """The type of its input."""
        return INPUTS.get(Sort(self.field.sort), "text")


@dataclass(frozen=True, slots=True)
class Same:
    """Another object that has the same in a key field."""

    field: DefaultField
    title: str
    url: str


class HasTwin(Invalid):
    """Another object has the same in a key field; who saves again means it."""

    def __init__(self, twin: Same) -> None:
        words = _(
            "“%(other)s” has the same “%(field)s”. Send the form again if this is another one."
        )
        field = twin.field
        super().__init__(words % {"other": twin.title, "field": field}, field=field.asked)
        self.twin = twin


def fields() -> list[DefaultField]:
    """Those of leads that are in use, in order."""
    return moves.offered(Lead.kind.name)


def form(
    fields: Sequence[DefaultField],
    texts: Mapping[str, str],
    wrong: Mapping[str, str] | None = None,
) -> list[Asked]:
    """Fields in a form, with what was typed into it.

    Args:
        texts: the field's name in forms -> its text.
    """
    return [
        _asked(one, texts.get(one.asked, ""), (wrong or {}).get(one.asked, "")) for one in fields
    ]


def texts(fields: Sequence[DefaultField], held: Mapping[str, Value]) -> dict[str, str]:
    """An object's values as a form has them."""
    return {one.asked: typed(one, held.get(one.key)) for one in fields}


def _asked(field: DefaultField, value: str, wrong: str) -> Asked:
    names = [one.name for one in field.offered_choices]
    if field.sort == Sort.CHOICE and value and value not in names:
        names.append(value)
    return Asked(field, value, names, wrong)


def sent(
    fields: Sequence[DefaultField], form: QueryDict, held: Mapping[str, Value] | None = None
) -> dict[int, Value | None]:
    """The values that a form sent; those of fields that it does not name stay as they are.

    Args:
        held: the values so far: a choice that is offered no more may stay.

    Raises:
        Invalid: one or more do not fit their fields.
    """

    def value(one: DefaultField) -> Value | None:
        text, kept = form.get(one.asked, ""), (held or {}).get(one.key)
        unchanged = kept is not None and text == typed(one, kept)
        return kept if unchanged else read(one, text)

    return read_all({one.pk: partial(value, one) for one in fields if one.asked in form})


def wanted(fields: Sequence[DefaultField], asked: Iterable[tuple[int, str]]) -> list[Asked]:
    """The fields in the form of a filter: of a choice its number is sent.

    Args:
        asked: the numbers of fields, with what is asked of them.
    """
    texts = dict(asked)
    return [Asked(one, texts.get(one.pk, "")) for one in fields]


def same(actor: Actor, thing: Lead | ClientFolder, fields: Sequence[DefaultField]) -> list[Same]:
    """Others of its kind that the actor sees and that have the same in a key field."""
    return [_same(field, other) for field, other in values.same_elsewhere(actor, thing, fields)]


def _same(field: DefaultField, other: Lead | ClientFolder) -> Same:
    page = "lead" if isinstance(other, Lead) else "folder"
    return Same(field, str(other), reverse(page, args=[other.pk]))


def shown(actor: Actor, folder: ClientFolder) -> list[tuple[values.Shown, list[Same]]]:
    """A folder's default fields as its page shows them, each with others that have the same."""
    fields = moves.offered(ClientFolder.kind.name)
    others = same(actor, folder, fields)
    return [
        (one, [other for other in others if other.field == one.field])
        for one in values.told(fields, folder.field_values)
    ]


def require_new(
    actor: Actor, kind: str, fields: Sequence[DefaultField], given: Mapping[int, Value | None]
) -> None:
    """Raise `HasTwin` when another object that the actor sees has the same in a key field."""
    texts = {key_of(pk): value for pk, value in given.items() if value is not None}
    found: list[tuple[DefaultField, Any]] = keys.others(actor, kind, texts, fields)
    if found:
        field, other = found[0]
        raise HasTwin(_same(field, other))
