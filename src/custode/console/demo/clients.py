"""The demo's client folders: created when a company's first deal was won, with contacts."""

from __future__ import annotations

from collections.abc import Sequence

from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.console.demo.selling import Seller
from custode.fields import moves as fields
from custode.fields import values
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead, Status

_KEPT = ("Indirizzo", "Town")
"""Labels copied from a lead's description into its folder's."""


def open_folders(people: Sequence[Seller]) -> None:
    """Create a folder for each company with a deal won, containing all deals with it."""
    sellers = {one.user.pk: one for one in people if one.user.email}
    firms: dict[str, list[Lead]] = {}
    for lead in Lead.objects.select_related("owner").order_by("created_at"):
        firms.setdefault(lead.title.partition(":")[0], []).append(lead)
    for firm, leads in firms.items():
        won = next((lead for lead in leads if lead.status == Status.WON), None)
        if won is None or won.closed_at is None:
            continue
        seller = sellers.get(won.owner_id or 0)
        actor = seller.actor if seller else Actor.operator(won.account_id)
        with clock.at(won.closed_at):
            _fill(actor, _opened(actor, won, firm), won, leads)


def _opened(actor: Actor, won: Lead, firm: str) -> ClientFolder:
    told = [f"{label}: {text}" for label, text in won.fields.items() if label in _KEPT]
    ours, theirs = (fields.offered(one.kind.name) for one in (Lead, ClientFolder))
    own = values.carried(won.field_values, ours, theirs)
    since = next((one for one in theirs if one.name == "Cliente dal"), None)
    if since is not None and won.closed_at is not None:
        own[since.pk] = won.closed_at.date().isoformat()
    description = "\n".join(told)
    return folder_moves.begin(actor, firm, owner=won.owner, description=description, own=own)


def _fill(actor: Actor, folder: ClientFolder, won: Lead, leads: Sequence[Lead]) -> None:
    fields = won.fields
    name = fields.get("Referente") or fields.get("Contact")
    email = fields.get("E-mail", "")
    if name:
        folder_moves.add_contact(
            actor, folder, name=name, email=email if email.isascii() else "",
            phone=fields.get("Telefono") or fields.get("Phone", ""),
        )  # fmt: skip
    operator = Actor.operator(won.account_id)
    for lead in leads:
        by = actor if lead.owner_id == won.owner_id else operator
        moves.edit(by, lead, client_folder=folder)
