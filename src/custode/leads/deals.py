"""The deals with clients: the number and value of the leads in each client folder."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Count, F, Sum

from custode.clients.models import ClientFolder
from custode.kernel.actor import Actor
from custode.leads.models import OPEN, Status
from custode.leads.queries import Leads, visible


@dataclass(frozen=True, slots=True)
class Deals:
    """What an actor sees of the leads in one folder.

    Args:
        by_status: the number of leads by status; empty without leads.
        open, won: the sums of the open leads, and of those won: currency -> minor units.
    """

    by_status: dict[str, int] = field(default_factory=dict)
    open: dict[str, int] = field(default_factory=dict)
    won: dict[str, int] = field(default_factory=dict)

    @property
    def count(self) -> int:
        """The number of leads."""
        return sum(self.by_status.values())

    @property
    def won_count(self) -> int:
        """The number of leads won."""
        return self.by_status.get(Status.WON, 0)

    @property
    def still_open(self) -> int:
        """The number of open leads."""
        return sum(self.by_status.get(status, 0) for status in OPEN)


def of_folders(actor: Actor, ids: Iterable[int]) -> dict[int, Deals]:
    """Return the deals of many folders, by one query; empty for a folder without leads."""
    found = {pk: Deals() for pk in ids}
    rows = visible(actor).filter(client_folder__in=list(found)).order_by()
    grouped = rows.values("client_folder", "status", "currency").annotate(
        n=Count("pk"), total=Sum("amount_minor")
    )
    # The sums start with the currency of most leads.
    for row in grouped.order_by("-n", "currency"):
        deals, status, currency = found[row["client_folder"]], row["status"], row["currency"]
        deals.by_status[status] = deals.by_status.get(status, 0) + row["n"]
        sums = deals.open if status in OPEN else deals.won if status == Status.WON else None
        if sums is not None and row["total"]:
            sums[currency] = sums.get(currency, 0) + row["total"]
    return found


def in_folder(actor: Actor, folder: ClientFolder) -> Leads:
    """Return the leads in a folder that the actor sees: open ones first, then the latest."""
    rows = visible(actor).filter(client_folder=folder)
    return rows.select_related("step__pipeline", "owner").order_by(
        F("closed_at").desc(nulls_first=True), "-updated_at", "-pk"
    )
