"""The mapping's form: read from what was sent, or from what is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW, NONE, Choices
from custode.exchange.importing.own import Own
from custode.exchange.importing.owners import Owner, Spellings, owners_of
from custode.exchange.importing.studies import Study
from custode.exchange.reading import Column, Field, LeadMapping, Status
from custode.exchange.reading.currencies import CODES
from custode.kernel.errors import Invalid

STEP_AND_STATUS: Final = "step+status"
MOST_PARTS: Final = 5
"""The maximum number of title columns that the form offers."""
ITSELF: Final = "="
"""The value of a step that is to be created with the column's own text as its name."""


@dataclass(frozen=True, slots=True)
class Sent:
    """The contents of a form."""

    mapping: LeadMapping
    choices: Choices


def read(
    data: QueryDict, told: Study, kept: Choices, *, named: Callable[[LeadMapping], Spellings],
    is_admin: bool, own: Own,
) -> Sent:  # fmt: skip
    """Return what was sent as a mapping and choices; columns and owners are identified by number.

    Args:
        named: returns the names in the column that a mapping uses for owners.
        own: the existing default fields.

    Raises:
        Invalid: the data did not come from the form.
    """
    title = tuple(dict.fromkeys(_column(told, text) for text in data.getlist("title") if text))
    columns: dict[Field, tuple[str, ...]] = {Field.TITLE: title}
    ways: dict[str, str] = {}
    fields: dict[str, tuple[str, ...]] = {}
    for number, name in enumerate(told.headers):
        field = next((f for f in own.fields if f.asked == data.get(f"place-{number}")), None)
        if field is not None:
            fields[field.name] = (*fields.get(field.name, ()), name)
        for place in () if field else _places(data.get(f"place-{number}", "")):
            if place is Field.SKIP and name in title:
                continue
            columns[place] = (*columns.get(place, ()), name)
        if way := data.get(f"way-{number}", ""):
            ways[name] = way
    mapping = LeadMapping(
        columns={place: chosen for place, chosen in columns.items() if chosen},
        separator=data.get("separator", " · ")[:20],
        ways=ways,
        own=fields,
        sorts=own.sorts,
    )
    mapping = mapping.replace(
        steps=_steps(data, told, mapping), statuses=_statuses(data, told, mapping)
    )
    owners = _owners(data, told, mapping, owners_of(named(mapping), {}), is_admin=is_admin)
    return Sent(mapping, _choices(data, kept, owners, is_admin=is_admin))


def number_of(told: Study, name: str) -> int:
    """Return a column's number in the form."""
    return told.headers.index(name)


def column_of(told: Study, name: str) -> Column | None:
    """Return what is known of a column; None for ""."""
    return next((column for column in told.columns if column.name == name), None)


def listed(column: Column | None) -> list[str]:
    """Return a column's values that are asked for one by one, most frequent first.

    They are sorted here because not every database keeps the order in JSON.
    """
    values = (column.values or {}) if column else {}
    return sorted(values, key=lambda value: (-values[value], value))


def _column(told: Study, text: str) -> str:
    plain = text.isascii() and text.isdigit() and len(text) < 7
    if not (plain and int(text) < len(told.headers)):
        raise Invalid(_("This form does not fit the file any more. Reload the page."))
    return told.headers[int(text)]


def _places(text: str) -> tuple[Field, ...]:
    if text == STEP_AND_STATUS:
        return (Field.STEP, Field.STATUS)
    if text == Field.TITLE or text not in set(Field):
        return (Field.LINE,)
    return (Field(text),)


def _steps(data: QueryDict, told: Study, mapping: LeadMapping) -> dict[str, str]:
    """Return what each value becomes; values of a column not yet shown are left out."""
    name = mapping.one(Field.STEP)
    found = {}
    for number, value in enumerate(listed(column_of(told, name))):
        step = data.get(f"step-{number_of(told, name)}-{number}")
        if step is not None:
            found[value] = value if step == ITSELF else step[:80]
    return found


def _statuses(data: QueryDict, told: Study, mapping: LeadMapping) -> dict[str, Status]:
    name = mapping.one(Field.STATUS)
    found = {}
    for number, value in enumerate(listed(column_of(told, name))):
        status = data.get(f"status-{number_of(told, name)}-{number}", "")
        if status in set(Status):
            found[value] = Status(status)
    return found


def _owners(
    data: QueryDict, told: Study, mapping: LeadMapping, owners: Iterable[Owner], *, is_admin: bool
) -> dict[str, str]:
    found = {}
    for number, owner in enumerate(owners):
        decided = data.get(owner_field(told, mapping, number), "")
        if decided in _allowed(is_admin) or (decided.isascii() and decided.isdigit()):
            found[owner.key] = decided
    return found


def owner_field(told: Study, mapping: LeadMapping, number: int) -> str:
    """Return the form's field name for an owner, by the owner's number in the column."""
    return f"owner-{number_of(told, mapping.one(Field.OWNER))}-{number}"


def _allowed(is_admin: bool) -> set[str]:
    return {NEW, NONE} if is_admin else {NONE}


def _choices(data: QueryDict, kept: Choices, owners: dict[str, str], *, is_admin: bool) -> Choices:
    pipeline = data.get("pipeline", kept.pipeline)[:20]
    currency = data.get("currency", "")
    others = data.get("others", "")
    return Choices(
        pipeline=kept.pipeline if pipeline == NEW and not is_admin else pipeline,
        pipeline_name=data.get("pipeline_name", "").replace("\x00", "").strip()[:80],
        currency=currency if currency in CODES else kept.currency,
        owners=owners,
        others=others if others in _allowed(is_admin) else kept.others,
        new_steps=is_admin,
    )
