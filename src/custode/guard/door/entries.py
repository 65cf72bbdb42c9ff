"""Trash entries: created by an act, found again under a lock, and closed once."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from custode.guard import kinds, lock
from custode.guard.display_names import display_name
from custode.guard.door.selection import named
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.guard.refusals import Attempt
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Refused


def begin(
    actor: Actor,
    noted: LogEntry,
    labels: list[str],
    state: TrashState,
    *,
    purge_at: datetime | None = None,
) -> TrashEntry:
    """Create a trash entry for the act that `noted` records."""
    with lock.opened(f"trash:{actor.account_id}"):
        return TrashEntry.objects.create(
            account_id=actor.account_id,
            seq=noted.seq,
            kind=noted.kind,
            count=noted.count,
            labels=labels,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
            actor_name=actor.name,
            at=noted.at,
            purge_at=purge_at,
            state=state,
        )


def attempt(actor: Actor, entry: TrashEntry | int, reason: str = "") -> Attempt:
    """Describe what the actor is about to do to an entry, for the log of a refusal."""
    with scope.account(actor.account_id):
        pk = entry if isinstance(entry, int) else entry.pk
        found = TrashEntry.objects.filter(pk=pk).first()
    if found is None:
        return Attempt(reason=reason)
    return Attempt(found.count, {"of": found.kind}, found.labels, reason)


def locked(entry: TrashEntry | int, *states: TrashState) -> TrashEntry:
    """Return the entry, locked; raise `Gone` unless it is in one of `states`."""
    pk = entry if isinstance(entry, int) else entry.pk
    found = TrashEntry.objects.select_for_update().filter(pk=pk, state__in=states).first()
    if found is None:
        raise Gone(_("This is no longer in the trash."))
    return found


def close(entry: TrashEntry, state: TrashState, actor: Actor) -> None:
    """Record who emptied the entry, when and how; a purged entry keeps no names."""
    entry.state, entry.closed_at, entry.closed_by = state, clock.now(), actor.name
    if state == TrashState.PURGED:
        entry.labels = []
    entry.save(update_fields=["state", "closed_at", "closed_by", "labels", "count", "along"])


def recount(entry: TrashEntry, state: TrashState, actor: Actor) -> None:
    """Recount what an entry that lost some rows still holds; close it if nothing."""
    root, *below = kinds.family(kinds.model_of(entry.kind))
    left = list(root.with_trashed.filter(trash_id=entry.pk).values_list("pk", flat=True))
    if not left:
        close(entry, state, actor)
        return
    counts = {m.kind.name: m.with_trashed.filter(trash_id=entry.pk).count() for m in below}
    entry.count, entry.labels = len(left), named(root.with_trashed.all(), left)
    entry.along = {name: count for name, count in counts.items() if count}
    entry.save(update_fields=["count", "labels", "along"])


def of_another(entry: TrashEntry) -> Refused:
    """Return the refusal for restoring what somebody else has deleted."""
    return Refused(
        _("%(name)s deleted this. Only whoever deleted it, or an admin, can restore it.")
        % {"name": display_name(entry.actor_name)},
        because="not_own",
    )
