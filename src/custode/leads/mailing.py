"""A lead's values for the placeholders of e-mails, and its e-mail addresses."""

from __future__ import annotations

from typing import Final

from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from custode.activities.emails.addresses import FOUND
from custode.activities.emails.placeholders import Filler, Values
from custode.fields import values as fields
from custode.fields.models import DefaultField, Sort
from custode.kernel.actor import Actor
from custode.kernel.money import exponent, from_minor
from custode.leads.models import Lead
from custode.people.models import User

NAMES: Final[dict[str, str | Promise]] = {
    "lead.title": _("the lead's title"),
    "lead.step": _("its step"),
    "lead.amount": _("its amount"),
    "lead.closing": _("its estimated closing date"),
    "lead.owner": _("its owner"),
    "user.name": _("who writes"),
    "user.email": _("the address of who writes"),
    "account.name": _("the account"),
}


def values(actor: Actor, lead: Lead) -> Values:
    """Return the values of the placeholders for a lead; "" for missing ones."""
    user = User.objects.select_related("account").filter(pk=actor.user_id or 0).first()
    closing = lead.estimated_closing_date
    named = {
        "lead.title": lead.title,
        "lead.step": lead.step.name,
        "lead.amount": _amount(lead),
        "lead.closing": formats.date_format(closing, "SHORT_DATE_FORMAT") if closing else "",
        "lead.owner": str(lead.owner or ""),
        "user.name": str(user or ""),
        "user.email": (user.email or "") if user else "",
        "account.name": user.account.name if user else "",
    }
    return Values(named, lead.fields | fields.lines(Lead.kind.name, lead.field_values))


def _amount(lead: Lead) -> str:
    if lead.amount_minor is None:
        return ""
    digits = exponent(lead.currency)
    amount = from_minor(lead.amount_minor, lead.currency)
    written = formats.number_format(amount, digits, use_l10n=True, force_grouping=True)
    return f"{written} {lead.currency}"


def addresses(lead: Lead) -> list[str]:
    """Return a lead's addresses, each once: from fields, lines, text and client."""
    own = DefaultField.offered.filter(kind=Lead.kind.name, sort=Sort.EMAIL)
    told = (str(lead.field_values.get(one.key, "")) for one in own)
    found = [
        *filter(None, told),
        *FOUND.findall(" ".join(lead.fields.values())),
        *FOUND.findall(lead.description),
    ]
    folder = lead.client_folder
    if folder is not None and folder.trash_id is None:
        contacts = folder.contacts.exclude(email="").order_by("pk")
        found += contacts.values_list("email", flat=True)[:10]
    return list(dict.fromkeys(found))[:10]


FILLER: Final = Filler(NAMES, values)
