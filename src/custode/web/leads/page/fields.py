"""The fields of a lead that are edited in place: reading each, and detecting conflicts.

Only the edited field is saved, so that a later edit of another field is not lost; and a field that
somebody else changed in the meantime is not overwritten silently.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from django.db.models import QuerySet
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.fields.models import DefaultField
from custode.fields.values import COLUMN, Shown, told
from custode.guard import history
from custode.guard.history import Changed
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Overtaken
from custode.leads import moves, tagging
from custode.leads.models import Lead, LeadTag, Status
from custode.web.leads import amounts, choices, own
from custode.web.leads.moving import day_of, hour_of
from custode.web.leads.own import Same
from custode.web.shell import overtaken


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the page, which may comprise several columns.

    Args:
        read: reads the columns' values from a form; raises `Invalid`.
        own: its default field, with the lead's value and the other objects that have the same.
    """

    name: str
    label: str | Promise
    columns: tuple[str, ...]
    read: Callable[[Lead, QueryDict], dict[str, Any]]
    own: DefaultField | None = None
    shown: Shown | None = None
    same: tuple[Same, ...] = ()


def save(actor: Actor, lead: Lead, field: Field, form: QueryDict) -> Changed:
    """Save one field from a form.

    Returns:
        What changed in the lead's own columns.

    Raises:
        Invalid: the value does not fit.
        Overtaken: somebody changed the field in the meantime.
        Refused: the lead belongs to somebody else.
    """

    def look(now: Lead) -> None:
        """Raise `Overtaken` if the field has changed since its form was opened."""
        if form.get("was") not in {None, was(now, field)}:
            raise Overtaken(overtaken.by(_changes(now, field)), field=field.name)

    moves.require_edit(actor, lead)
    values = field.read(lead, form)
    if field.name == "tags":
        moves.set_tags(actor, lead, values["tags"], look=look)
        return {}
    return moves.edit(actor, lead, look=look, **values)


def was(lead: Lead, field: Field) -> str:
    """Return a fingerprint that shows whether a field has changed since a form was opened."""
    if field.name == "tags":
        kept: Any = sorted(LeadTag.objects.filter(lead=lead).values_list("tag_id", flat=True))
    elif field.own is not None:
        kept = lead.field_values.get(field.own.key)
    else:
        kept = [str(getattr(lead, column)) for column in field.columns]
    return overtaken.fingerprint(kept)


def _changes(lead: Lead, field: Field) -> QuerySet[Change]:
    """What the history tells of a field, the latest first."""
    told = {column.removesuffix("_id") for column in field.columns}
    if field.name == "tags":
        told = {"tag"}
    elif field.own is not None:
        told = {f"{COLUMN}:{field.own.key}"}
    return history.of(lead).filter(field__in=told)


def _text(form: QueryDict, name: str) -> str:
    return form.get(name, "").replace("\x00", "").replace("\r\n", "\n")


def _title(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"title": form.get("title", "")}


def description(form: QueryDict) -> str:
    """Return the description that a form sent; raise `Invalid` if it is too long."""
    text = _text(form, "description").rstrip()
    if len(text) > 50_000:
        raise Invalid(_("A description has at most 50,000 characters."), field="description")
    return text


def tag_names(form: QueryDict, field: str = "tags") -> list[str]:
    """Return the comma-separated names that a form sent; raise `Invalid` for bad or too many."""
    names = [name.strip() for name in _text(form, field).split(",") if name.strip()]
    tagging.require_few(names, field)
    return names


def money(form: QueryDict, usual: str) -> dict[str, Any]:
    """Return the amount and currency that a form sent; the default currency if it names none."""
    currency = amounts.checked_currency(form.get("currency", usual), usual)
    return {"amount_minor": amounts.parse(_text(form, "amount"), currency), "currency": currency}


def probability(form: QueryDict) -> int | None:
    """Return the percentage that a form sent; raise `Invalid` for anything else."""
    text = _text(form, "probability").strip().removesuffix("%").strip()
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) <= 100):
        raise Invalid(_("A probability is a whole number from 0 to 100."), field="probability")
    return int(text)


def closing(form: QueryDict) -> date | None:
    """Return the estimated closing date that a form sent; raise `Invalid` if it is not a date."""
    return day_of(_text(form, "closing"), "closing")


def _description(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"description": description(form)}


def _amount(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return money(form, lead.currency)


def _probability(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"probability": probability(form)}


def _closing(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"estimated_closing_date": closing(form)}


def _reminder(lead: Lead, form: QueryDict) -> dict[str, Any]:
    day = day_of(_text(form, "remind_date"), "reminder")
    if day is None:
        if lead.status == Status.STANDBY:
            raise Invalid(
                _("A lead on standby needs a reminder. Set it to do first."), field="reminder"
            )
        return {"remind_date": None, "remind_time": None}
    moment = hour_of(_text(form, "remind_time"), "reminder")
    return {"remind_date": day, "remind_time": moment}


def _owner(lead: Lead, form: QueryDict) -> dict[str, Any]:
    text = form.get("owner", "")
    if lead.owner is not None and text == str(lead.owner_id):
        return {"owner": lead.owner}
    return {"owner": choices.owner_of(text, _("Choose a user from the list."))}


def _tags(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"tags": tag_names(form)}


def _step(lead: Lead, form: QueryDict) -> dict[str, Any]:
    return {"step": choices.step_of(form.get("step", ""), _("Choose a step from the list."))}


FIELDS: Final = {
    field.name: field
    for field in (
        Field("title", gettext_lazy("Title"), ("title",), _title),
        Field("description", gettext_lazy("Description"), ("description",), _description),
        Field("amount", gettext_lazy("Amount"), ("amount_minor", "currency"), _amount),
        Field("probability", gettext_lazy("Probability"), ("probability",), _probability),
        Field("closing", gettext_lazy("Estimated closing"), ("estimated_closing_date",), _closing),
        Field("reminder", gettext_lazy("Reminder"), ("remind_date", "remind_time"), _reminder),
        Field("owner", gettext_lazy("Owner"), ("owner_id",), _owner),
        Field("tags", gettext_lazy("Tags"), (), _tags),
        Field("step", gettext_lazy("Step"), ("step_id",), _step),
    )
}
IN_PANEL: Final = ("amount", "probability", "closing", "reminder", "owner", "tags")
"""The fields beside the description, in order."""


def named(name: str) -> Field | None:
    """Return the field that an address names, including the account's own; None if unknown."""
    if name in FIELDS:
        return FIELDS[name]
    return next((_own(one) for one in own.fields() if one.asked == name), None)


def own_fields(actor: Actor, lead: Lead) -> list[Field]:
    """Return the account's default fields, with the lead's values."""
    fields = own.fields()
    same = own.same(actor, lead, fields)
    return [
        replace(
            _own(one.field),
            shown=one,
            same=tuple(other for other in same if other.field == one.field),
        )
        for one in told(fields, lead.field_values)
    ]


def _own(one: DefaultField) -> Field:
    def read(lead: Lead, form: QueryDict) -> dict[str, Any]:
        """Return the field's value from a form."""
        return {"own": own.sent([one], form, lead.field_values)}

    return Field(one.asked, one.name, (), read, own=one)
