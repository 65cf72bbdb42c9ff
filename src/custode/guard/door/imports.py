"""Imports: rows arrive in the trash, under the import's entry, and are released in one act.

A crash leaves an unfinished entry, which the job continues or abandons; nobody has seen a partial
import. Undoing an import moves what it brought to the trash again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log
from custode.guard.door import entries
from custode.guard.door.acts import Act, authorized
from custode.guard.door.purging import purge
from custode.guard.door.removal import bring_back
from custode.guard.kinds import Verb
from custode.guard.models import Outcome, TrashEntry, TrashState
from custode.guard.owned import Guarded
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused

CHUNK = 500
"""The maximum number of rows saved in one transaction, so that other writers are not held up."""


def begin_import(
    actor: Actor, kind: str, *, details: Mapping[str, Any], labels: list[str]
) -> TrashEntry:
    """Open an import: write a "started" log entry, and the trash entry its rows arrive under.

    Args:
        details: facts of the import without personal data.
        labels: the file's name.
    """
    with authorized(actor, Verb.IMPORT, kind):
        noted = log.write(
            actor, Verb.IMPORT, kind=kind, outcome=Outcome.STARTED, details=details, labels=labels
        )
        return entries.begin(actor, noted, labels, TrashState.ARRIVING)


@contextmanager
def import_chunk(actor: Actor, entry: TrashEntry) -> Iterator[None]:
    """Open a transaction in which a chunk of an import's rows may be saved under its entry.

    Raises:
        Refused: the import belongs to somebody else.
        Gone: the import is finished or abandoned.
    """
    with scope.account(actor.account_id), transaction.atomic(durable=True):
        found = entries.locked(entry, TrashState.ARRIVING)
        if (found.actor_kind, found.actor_id) != (actor.kind.value, actor.id):
            raise Refused(_("This import was begun by somebody else."), because="not_own")
        with lock.opened(f"arrive:{found.pk}"):
            yield


def save_imported(entry: TrashEntry, things: list[Guarded]) -> None:
    """Save new objects of an import, or their children, under its entry, within `import_chunk`."""
    if not things:
        return
    for thing in things:
        thing.account_id, thing.trash_id, thing.arrived_id = entry.account_id, entry.pk, entry.pk
    type(things[0]).with_trashed.bulk_create(things)


def finish_import(actor: Actor, entry: TrashEntry, *, details: Mapping[str, Any]) -> Act:
    """Release everything that arrived at once, and log how many rows came.

    Args:
        details: facts about the result, without personal data (how many rows were refused).
    """
    with authorized(actor, Verb.IMPORT, entry.kind):
        found = entries.locked(entry, TrashState.ARRIVING)
        root, *below = kinds.family(kinds.model_of(found.kind))
        found.count = root.with_trashed.filter(trash_id=found.pk).count()
        counts = {m.kind.name: m.with_trashed.filter(trash_id=found.pk).count() for m in below}
        found.along = {name: count for name, count in counts.items() if count}
        noted = log.write(
            actor,
            Verb.IMPORT,
            kind=found.kind,
            count=found.count,
            about=found.seq,
            trash_id=found.pk,
            details={**details, "along": found.along} if found.along else details,
            labels=found.labels,
        )
        bring_back(actor, found)
        return Act(found.count, noted.seq, found, found.along)


def abandon_import(system: Actor, entry: TrashEntry, *, reason: str) -> Act:
    """Abandon an import: what arrived was never visible and is removed permanently.

    Args:
        system: the job's actor; an admin may too.
        reason: why, for the log.
    """
    act = purge(system, entry, reason=reason)
    with authorized(system, Verb.IMPORT, entry.kind):
        log.write(
            system, Verb.IMPORT, kind=entry.kind, about=entry.seq, outcome=Outcome.FAILED,
            reason=reason, labels=entry.labels, details={"at": clock.now().isoformat()},
        )  # fmt: skip
    return act
