"""A lead field's value before an edit: restored through the field's own form, like any edit."""

from __future__ import annotations

from typing import Final

from django.urls import reverse
from django.utils.http import urlencode

from custode.fields.models import DefaultField, Sort
from custode.fields.reading import typed
from custode.fields.values import COLUMN
from custode.guard import history
from custode.guard.models import Change
from custode.guard.units import Units
from custode.kernel.address import whole
from custode.leads.models import Lead
from custode.web.leads import amounts
from custode.web.leads.page.fields import Field
from custode.web.shell.story import Own

_NAMES: Final = {
    "title": "title", "description": "description", "amount_minor": "amount",
    "probability": "probability", "estimated_closing_date": "closing",
}  # fmt: skip
"""The names of columns in the history, and the corresponding names of their forms."""


def way_back(change: Change, lead: Lead, own: Own) -> str:
    """Return the address of the form with the value that an edit removed; "" if it removed nothing.

    That is a text that was overwritten, or a value that was emptied, unless it is there again.

    Args:
        own: the default fields that the history mentions.
    """
    name = _name(change, own)
    took = change.field == "description" or not change.new
    if not (name and change.old and took) or _now(lead, change.field) == change.old:
        return ""
    asked = urlencode({"edit": name, "earlier": str(change.pk)})
    return f"{reverse('lead', args=[lead.pk])}?{asked}#field-{name}"


def found(lead: Lead, asked: Field, number: str) -> Change | None:
    """Return the edit of this field with this number.

    Return None if there is none or it removed nothing.
    """
    change = history.of(lead).filter(pk=whole(number)).first()
    if change is None or not change.old:
        return None
    own = {f"{COLUMN}:{asked.own.key}": asked.own} if asked.own else {}
    return change if _name(change, own) == asked.name else None


def texts(change: Change, lead: Lead, asked: Field) -> dict[str, str]:
    """Return the former contents, as the field's form has them; of an amount its currency too."""
    old = change.old or ""
    if asked.own is not None:
        value = int(old) if asked.own.sort == Sort.CHOICE and old.isdigit() else old
        return {asked.name: typed(asked.own, value)}
    if asked.name == "amount":
        currency = Units(lead.kind, [change]).before(change) or lead.currency
        known = {"currency": currency} if currency in amounts.CURRENCIES else {}
        return {"amount": amounts.written(int(old), currency), **known}
    return {asked.name: old}


def _name(change: Change, own: Own) -> str:
    field: DefaultField | None = own.get(change.field)
    if field is not None:
        return field.asked if field.retired_at is None else ""
    return _NAMES.get(change.field, "")


def _now(lead: Lead, field: str) -> str | None:
    """Return the present value, as the history would store it."""
    if field in _NAMES:
        return history.plain(getattr(lead, field))
    return history.plain(lead.field_values.get(field.partition(":")[2]))
