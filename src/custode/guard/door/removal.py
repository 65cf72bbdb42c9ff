"""Delete, restore, purge: set-based statements, the same number for 1 and for 10,000 objects."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.apps import apps
from django.db import connection, models
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log, ports
from custode.guard.door.deeds import NOTHING, Act, passing
from custode.guard.door.selection import Rows, kind_of, named, rows_of, taken
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, Outcome, TrashEntry, TrashState
from custode.guard.owned import Guarded, Part
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused


def delete(actor: Actor, what: Rows | Sequence[Guarded], *, reason: str = "") -> Act:
    """Move objects to the trash, with what hangs on them, as one act with one entry.

    Args:
        what: a query or a list, of one kind; rows already trashed or not seen are passed over.

    Raises:
        Refused: a rule forbids it, or the actor may not edit all of them. Nothing is moved.
    """
    kind = kind_of(what)
    if kind is None:
        return NOTHING
    asked = 0 if isinstance(what, models.QuerySet) else len(what)
    with passing(actor, Verb.DELETE, kind.name, asked=asked, reason=reason):
        rows = rows_of(actor, what)
        ids = taken(actor, rows)
        if not ids:
            return NOTHING
        labels = named(rows, ids)
        noted = log.write(
            actor, Verb.DELETE, kind=kind.name, count=len(ids), labels=labels, reason=reason
        )
        return _take_away(actor, rows.model, ids, noted, labels)


def delete_arrived(actor: Actor, imported: LogEntry) -> Act:
    """Undo an import: what it brought, and still lives, moves to the trash.

    Raises:
        Refused: it is somebody else's import and the actor is no admin, or a rule forbids
            deleting this kind.
        Gone: nothing of it is left.
    """
    model = kinds.model_of(imported.kind)
    with passing(actor, Verb.DELETE, imported.kind, asked=imported.count):
        if not actor.is_admin and (imported.actor_kind, imported.actor_id) != (
            actor.kind,
            actor.id,
        ):
            raise Refused(_("Only who did this, or an admin, can undo it."))
        rows = model.objects.filter(arrived_id=imported.trash_id)
        ids = list(rows.select_for_update().values_list("pk", flat=True))
        if not ids:
            raise Gone(_("Nothing of this import is left."))
        labels = named(rows, ids)
        noted = log.write(
            actor, Verb.UNDO, kind=imported.kind, count=len(ids), labels=labels, about=imported.seq
        )
        return _take_away(actor, model, ids, noted, labels)


def _take_away(
    actor: Actor, model: type[Guarded], ids: list[int], noted: LogEntry, labels: list[str]
) -> Act:
    entry = _new_entry(actor, noted, labels)
    along = _move_away(model, ids, entry)
    if along:
        TrashEntry.objects.filter(pk=entry.pk).update(along=along)
        entry.along = along
    return Act(len(ids), noted.seq, entry, along)


def _new_entry(actor: Actor, noted: LogEntry, labels: list[str]) -> TrashEntry:
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
        purge_at=noted.at + timedelta(days=ports.trash_days(actor.account_id)),
        state=TrashState.TRASHED,
    )


def _move_away(model: type[Guarded], ids: list[int], entry: TrashEntry) -> dict[str, int]:
    along: dict[str, int] = {}
    with lock.opened(f"delete:{entry.pk}"):
        _set_trash(model.objects.filter(pk__anyof=ids), entry.pk)
        for child in kinds.family(model)[1:]:
            parents = _parent_of(child).with_trashed.filter(trash_id=entry.pk).values("pk")
            hanging = child.objects.filter(**{f"{child.kind.parent}__in": parents})
            moved = _set_trash(hanging, entry.pk)
            if moved:
                along[child.kind.name] = moved
    return along


def _set_trash(rows: Rows, entry_id: int | None) -> int:
    # The queryset's own `update` refuses the door's columns; this is the door.
    return models.QuerySet.update(rows, trash_id=entry_id)


def _parent_of(child: type[Guarded]) -> type[Guarded]:
    return child._meta.get_field(child.kind.parent).related_model  # type: ignore[return-value]  # a guarded model, by declaration


def restore(actor: Actor, entry: TrashEntry | int, *, about: int | None = None) -> Act:
    """Bring back exactly what an entry took.

    Who deleted may restore, as long as they may delete; admins restore anything.

    Raises:
        Gone: no such entry, or its rows were restored or purged before.
        Refused: somebody else deleted them, and the actor is no admin.
    """
    with passing(actor, Verb.RESTORE):
        found = locked_entry(entry, TrashState.TRASHED)
        if not actor.is_admin and (found.actor_kind, found.actor_id) != (actor.kind, actor.id):
            raise Refused(
                _("%(name)s deleted this. Only who deleted it, or an admin, can restore it.")
                % {"name": found.actor_name}
            )
        noted = log.write(
            actor,
            Verb.RESTORE if about is None else Verb.UNDO,
            kind=found.kind,
            count=found.count,
            about=found.seq if about is None else about,
            trash_id=found.pk,
            labels=found.labels,
        )
        bring_back(found)
        close(found, TrashState.RESTORED, actor)
        return Act(found.count, noted.seq, found, found.along)


def bring_back(entry: TrashEntry) -> int:
    """Clear the trash column of an entry's rows, of all kinds; gives how many of the first."""
    with lock.opened(f"restore:{entry.pk}"):
        counts = [
            _set_trash(model.with_trashed.filter(trash_id=entry.pk), None)
            for model in kinds.family(kinds.model_of(entry.kind))
        ]
    return counts[0]


def locked_entry(entry: TrashEntry | int, *states: TrashState) -> TrashEntry:
    """The entry, locked against others; raises `Gone` unless it is in one of `states`."""
    pk = entry if isinstance(entry, int) else entry.pk
    found = TrashEntry.objects.select_for_update().filter(pk=pk, state__in=states).first()
    if found is None:
        raise Gone(_("This is no longer in the trash."))
    return found


def close(entry: TrashEntry, state: TrashState, actor: Actor) -> None:
    """Note who emptied the entry, when and how."""
    entry.state, entry.closed_at, entry.closed_by = state, clock.now(), actor.name
    entry.save(update_fields=["state", "closed_at", "closed_by"])


def purge(actor: Actor, entry: TrashEntry | int, *, reason: str) -> Act:
    """Remove an entry's rows for ever. Only admins, who must say why, and the system's job.

    Raises:
        Gone: no such entry, or its rows were restored or purged before.
        Invalid: no reason was given.
        Refused: the actor is no admin.
    """
    with passing(actor, Verb.PURGE, reason=reason):
        if not reason.strip():
            raise Invalid(_("Say why this is to be deleted for ever."), field="reason")
        found = locked_entry(entry, TrashState.TRASHED, TrashState.ARRIVING)
        noted = log.write(
            actor,
            Verb.PURGE,
            kind=found.kind,
            count=found.count,
            about=found.seq,
            trash_id=found.pk,
            labels=found.labels,
            reason=reason,
            outcome=Outcome.DONE,
        )
        _remove(found)
        close(found, TrashState.PURGED, actor)
        TrashEntry.objects.filter(pk=found.pk).update(labels=[])
        return Act(found.count, noted.seq, found, found.along)


def _remove(entry: TrashEntry) -> None:
    with lock.opened(f"purge:{entry.pk}"):
        for model in reversed(kinds.family(kinds.model_of(entry.kind))):
            gone = model.with_trashed.filter(trash_id=entry.pk)
            for part in _parts_of(model):
                _erase(part.objects.filter(**{f"{part.part_of}__in": gone.values("pk")}))
            _erase(Change.objects.filter(kind=model.kind.name, object_id__in=gone.values("pk")))
            _erase(gone)


def _parts_of(model: type[Guarded]) -> list[type[Part]]:
    return [
        part
        for part in apps.get_models()
        if issubclass(part, Part) and part._meta.get_field(part.part_of).related_model is model
    ]


def _erase(rows: Rows) -> None:
    # Django would collect cascades row by row; the family is known here.
    models.QuerySet._raw_delete(rows, connection.alias)


def purge_due(system: Actor, *, most: int = 100) -> int:
    """For the job: purge an account's entries whose days are over; gives how many."""
    with scope.account(system.account_id):
        due = TrashEntry.objects.filter(state=TrashState.TRASHED, purge_at__lte=clock.now())
        found = list(due.order_by("purge_at").values_list("pk", flat=True)[:most])
    for pk in found:
        purge(system, pk, reason=_("Its days in the trash were over."))
    return len(found)
