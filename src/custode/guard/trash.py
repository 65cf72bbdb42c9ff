"""Reading the trash: which acts took rows away, and what each took."""

from __future__ import annotations

from custode.guard import kinds
from custode.guard.door.purging import hanging_elsewhere, with_hanging
from custode.guard.door.selection import Rows
from custode.guard.models import TrashEntry, TrashState
from custode.kernel.actor import Actor


def entries(actor: Actor) -> Rows:
    """Return the entries whose rows this actor can restore: own ones; for an admin, all."""
    found = TrashEntry.objects.filter(state=TrashState.TRASHED).order_by("-id")
    if actor.is_admin:
        return found
    return found.filter(actor_kind=actor.kind.value, actor_id=actor.id)


def contents(entry: TrashEntry) -> Rows:
    """Return the rows of the entry's own kind that are in the trash under it."""
    return kinds.model_of(entry.kind).with_trashed.filter(trash_id=entry.pk)


def goes_along(entry: TrashEntry) -> dict[str, int]:
    """Return how many dependent rows would be purged with the entry's own, by kind."""
    return with_hanging(entry, hanging_elsewhere(entry))
