"""Checks that a lead must pass to be saved."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from custode.kernel import money
from custode.kernel.errors import Invalid
from custode.kernel.text import line
from custode.leads import queries
from custode.leads.models import Lead, Status


def title(text: str) -> str:
    """Return a lead's title as stored (`line`); raise `Invalid` when it is empty or too long."""
    told = line(text)
    if not told:
        raise Invalid(_("A lead needs a title."), field="title")
    if len(told) > 200:
        raise Invalid(_("A title has at most 200 characters."), field="title")
    return told


def amount(typed: Decimal, currency: str) -> int:
    """Return a typed amount in minor units.

    Raises:
        Invalid: it is too large, or has more decimals than the currency: none is rounded unseen.
    """
    try:
        minor = money.to_minor(typed, currency)
    except ValueError as error:
        raise Invalid(_("This amount is too large."), field="amount") from error
    if money.from_minor(minor, currency) != typed:
        raise Invalid(
            _("An amount in %(currency)s has at most %(digits)s decimals.")
            % {"currency": currency, "digits": money.exponent(currency)},
            field="amount",
        )
    return minor


def check(lead: Lead) -> None:
    """Raise `Invalid` when a value is not acceptable."""
    title(lead.title)
    if lead.probability is not None and not 0 <= lead.probability <= 100:
        raise Invalid(_("A probability is between 0 and 100 percent."), field="probability")
    if lead.status not in Status.values:
        raise Invalid(_("There is no such status."), field="status")
    if lead.status == Status.STANDBY and lead.remind_date is None:
        raise Invalid(_("A lead on standby needs a reminder."), field="remind_date")


def check_standby(lead: Lead) -> None:
    """Require a future day for standby, unless it comes from an import or is unchanged."""
    if lead.status == Status.STANDBY and lead.remind_date and lead.remind_date < queries.today():
        raise Invalid(
            _("Standby cannot end in the past. Choose today or a later date."), field="remind_date"
        )
