"""Read what a program says of a lead into the lead's values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _
from pydantic import Field

from custode.api.errors import or_404
from custode.api.v2 import params
from custode.clients import queries as folders
from custode.clients.models import ClientFolder
from custode.fields import moves as default_fields
from custode.fields.models import DefaultField
from custode.fields.reading import Value, read
from custode.kernel import money
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.kernel.text import fold, labelled_lines, line
from custode.leads import checks
from custode.leads.models import CLOSED, Lead, Status, Step

LONGEST: Final = 50_000


class LeadGiven(params.Given):
    """The fields of a lead; fields left out stay unchanged."""

    description: params.Text | None = Field(
        None, description="Plain text; contact data as lines `Label: value`."
    )
    status: params.Text | None = Field(
        None, description="`todo`, `standby`, `won`, `cancelled` or `lost`."
    )
    step: params.Text | None = Field(None, description="A step's number or name.")
    step_id: params.Text | None = Field(
        None, description="The same, as some programs call it; it takes precedence over `step`."
    )
    user_id: params.Who | None = Field(
        None, description="The owner: a user's number or e-mail address. Only with an API key."
    )
    tags: params.Names | None = Field(None, description="Unknown tags are created.")
    created_at: params.Text | None = Field(
        None,
        description="`2026-11-30 09:00:00` in the account's time zone, or ISO 8601; no day to"
        " come.",
    )
    amount: params.Amount | None = Field(
        None, description="In the currency's main unit, with no more decimals than it has."
    )
    currency: params.Text | None = Field(None, description="The currency's three-letter code.")
    probability: params.Percent = Field(None, description="Probability in percent.")
    remind_date: params.Text | None = None
    remind_time: params.Text | None = None
    estimated_closing_date: params.Text | None = None
    client_folder_id: params.MaybeNumber = None
    starred: params.MaybeYes = None


class NewLead(LeadGiven):
    """A lead to create."""

    title: params.Named


class LeadEdit(LeadGiven):
    """Changes to a lead."""

    title: params.Text | None = None
    append_desc: params.Text | None = Field(None, description="Text to add to the description.")
    fields: dict[str, Any] | None = Field(
        None,
        description=(
            "Names and values: default fields, and lines of the description. Not together with "
            "`description`."
        ),
    )


def values(
    actor: Actor, given: LeadGiven, currency: str, lead: Lead | None = None
) -> dict[str, Any]:
    """Return the columns that a program has set, for `moves.create` and `moves.edit`.

    Args:
        currency: that of an amount for which the program names none.
        lead: the lead to change; None for a new one.

    Raises:
        Invalid: a value is not accepted.
        Problem: a user's token names somebody else as the owner.
    """
    named, found = given.model_fields_set, dict[str, Any]()
    if given.description is not None:
        found["description"] = text(given.description)
    if told := given.step_id or given.step:
        found["step"] = step_named(told, lead)
    if (owner := params.named_by_key(actor, given.user_id)) is not None:
        found["owner"] = owner
    if made := params.past(given.created_at, "created_at"):
        found["created_at"] = made
    if given.starred is not None:
        found["starred"] = given.starred
    for name, read_it in (("remind_date", params.day), ("remind_time", params.hour),
                          ("estimated_closing_date", params.day)):  # fmt: skip
        if name in named:
            found[name] = read_it(getattr(given, name), name)
    if "probability" in named:
        found["probability"] = given.probability
    if given.client_folder_id is not None:
        found["client_folder"] = folder_of(actor, given.client_folder_id)
    return found | _status(given, lead) | _money(given, currency, lead)


def _status(given: LeadGiven, lead: Lead | None) -> dict[str, Any]:
    """Return the status; an unknown one is ignored for a new lead, as in the reference."""
    told = (given.status or "").strip().lower()
    if not told or (lead is None and told not in Status.values):
        return {}
    if told in CLOSED and not {"remind_date", "remind_time"} & given.model_fields_set:
        return {"status": told, "remind_date": None, "remind_time": None}
    return {"status": told}


def _money(given: LeadGiven, usual: str, lead: Lead | None) -> dict[str, Any]:
    """Return the currency, and the amount in minor units of it."""
    currency = (given.currency or "").strip().upper() or usual
    if len(currency) != 3 or not currency.isascii() or not currency.isalpha():
        raise Invalid(_("Write the currency with three letters, like EUR."), field="currency")
    found: dict[str, Any] = {"currency": currency}
    if "amount" in given.model_fields_set:
        amount = params.amount(given.amount, "amount")
        found["amount_minor"] = None if amount is None else checks.amount(amount, currency)
    elif lead is not None and lead.amount_minor is not None and currency != lead.currency:
        # So many yen for so many euros: another currency may have no cents.
        main = money.from_minor(lead.amount_minor, lead.currency)
        found["amount_minor"] = checks.amount(money.rounded(main, currency), currency)
    return found


def text(told: str) -> str:
    """Return a description as it is stored; raise `Invalid` if it is too long."""
    plain = told.replace("\x00", "").replace("\r\n", "\n")
    if len(plain) > LONGEST:
        raise Invalid(_("A description has at most 50,000 characters."), field="description")
    return plain


def step_named(told: str, lead: Lead | None = None) -> Step:
    """Return the step with this number or name.

    If several have the name, it is the one in the lead's pipeline.

    Raises:
        Invalid: there is no such step.
    """
    number = whole(told.strip())
    steps = list(Step.offered.select_related("pipeline").filter(pipeline__retired_at=None))
    found = [one for one in steps if one.pk == number] if number else []
    found = found or [one for one in steps if fold(one.name) == fold(told.strip())]
    if not found:
        raise Invalid(_("There is no step “%(step)s”.") % {"step": told[:80]}, field="step")
    own = lead.step.pipeline_id if lead else None
    return min(found, key=lambda one: (one.pipeline_id != own, not one.pipeline.is_default))


def folder_of(actor: Actor, pk: int) -> ClientFolder:
    """Return a client folder that the actor can see; raise `Problem` (404) if there is none."""
    return or_404(folders.visible(actor).filter(pk=pk).first())


def described(lead: Lead, given: LeadEdit) -> tuple[dict[str, Any], dict[int, Value | None]]:
    """Apply `append_desc` and `fields` to a lead's description and default fields.

    Raises:
        Invalid: `fields` and `description` are named together, or a value does not fit its field.
    """
    told = lead.description if given.description is None else text(given.description)
    own: dict[int, Value | None] = {}
    if given.fields is not None:
        if given.description is not None:
            raise Invalid(_("Send either `fields` or `description`."), field="fields")
        known = {one.folded: one for one in default_fields.offered(Lead.kind.name)}
        told, own = _with_fields(told, given.fields, known)
    if given.append_desc:
        told = "\n".join(filter(None, [told, given.append_desc]))
    return ({"description": text(told)} if told != lead.description else {}), own


def _with_fields(
    told: str, wanted: Mapping[str, Any], known: Mapping[str, DefaultField]
) -> tuple[str, dict[int, Value | None]]:
    own: dict[int, Value | None] = {}
    for name, value in wanted.items():
        plain = "" if value is None else line(str(value))
        field = known.get(fold(name.strip()))
        if field is not None:
            own[field.pk] = read(field, plain) if plain else None
        elif label := line(name)[:60].replace(":", " ").strip():
            told = _with_line(told, label, plain)
    return told, own


def _with_line(told: str, label: str, value: str) -> str:
    """Return a description with a label's line replaced, added or left out."""
    there = {fold(one): one for one in labelled_lines(told)}
    known = there.get(fold(label))
    rows = told.split("\n")
    for place, row in enumerate(rows):
        if known is not None and list(labelled_lines(row)) == [known]:
            rows[place : place + 1] = [f"{known}: {value}"] if value else []
            return "\n".join(rows)
    return "\n".join([*filter(None, [told]), f"{label}: {value}"]) if value else told
