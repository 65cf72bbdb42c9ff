"""Delete and restore: set-based statements, as many for 1 object as for 10,000."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log, policy, ports
from custode.guard.door import entries
from custode.guard.door.acts import NOTHING, Act, authorized, policy_checked
from custode.guard.door.selection import (
    Rows,
    attempt,
    kind_of,
    named,
    not_yours,
    numbers,
    rows_of,
    taken,
)
from custode.guard.door.undo_parts import WHOLE_ACT, UndoPart
from custode.guard.door.undo_preview import pick, undo_previews
from custode.guard.hanging import paths_up
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, TrashEntry, TrashState
from custode.guard.owned import Guarded
from custode.guard.refusals import Attempt
from custode.kernel.actor import Actor, Scope
from custode.kernel.errors import Gone, Refused


def delete(actor: Actor, what: Rows | Sequence[Guarded], *, reason: str = "") -> Act:
    """Move objects to the trash, with what depends on them, as one act with one entry.

    Args:
        what: a query or a list, of one kind; rows already trashed, or not visible to the actor, are
            skipped.

    Raises:
        Refused: a rule forbids it, or the actor may not edit all of them. Nothing is moved.
    """
    kind = kind_of(what)
    if kind is None:
        return NOTHING
    with authorized(actor, Verb.DELETE, kind.name, attempt(actor, what, reason=reason)):
        rows = rows_of(actor, what)
        ids = taken(actor, rows, Verb.DELETE)
        if not ids:
            return NOTHING
        labels = named(rows, ids)
        noted = log.write(
            actor, Verb.DELETE, kind=kind.name, count=len(ids), labels=labels, reason=reason,
            objects=ids,
        )  # fmt: skip
        return _take_away(actor, rows.model, ids, noted, labels)


def delete_arrived(actor: Actor, imported: LogEntry, part: UndoPart = WHOLE_ACT) -> Act:
    """Undo an import: move what it brought, if not deleted and the actor's to edit, to the trash.

    `undo` has checked already whose import it is.

    Args:
        part: only this part of what it brought; objects that others have worked on since stay,
            unless they are named.

    Raises:
        Refused: a rule forbids deleting this kind, or everything that is left belongs to others.
        Gone: nothing of it is left.
    """
    model = kinds.model_of(imported.kind)
    with authorized(
        actor, Verb.DELETE, imported.kind, Attempt(imported.count, {"undo": imported.seq})
    ):
        part.require(imported.kind)
        arrived = model.objects.filter(arrived_id=imported.trash_id)
        rows = rows_of(actor, part.among(arrived))
        there = rows.count()
        if not there:
            raise Gone(_("Nothing of this import is left."))
        ids = taken(actor, rows.filter(model.kind.edits(actor)))
        if not ids:
            raise not_yours(there, there, model.kind, Verb.DELETE)
        (preview,) = undo_previews(actor, imported)
        picked = pick(preview, part, ids)
        if not (ids := picked.ids):
            raise Gone(_("All that is left of this import has been worked on since. It stays."))
        labels = named(rows, ids)
        noted = log.write(
            actor, Verb.UNDO, kind=imported.kind, count=len(ids), labels=labels,
            about=imported.seq, details={"taken": True, **picked.details}, objects=ids,
        )  # fmt: skip
        act = _take_away(actor, model, ids, noted, labels)
        return replace(act, stayed=there - len(ids))


def _take_away(
    actor: Actor, model: type[Guarded], ids: list[int], noted: LogEntry, labels: list[str]
) -> Act:
    days = timedelta(days=ports.trash_days(actor.account_id))
    entry = entries.begin(actor, noted, labels, TrashState.TRASHED, purge_at=noted.at + days)
    with lock.opened(f"delete:{entry.pk}"):
        entry.along = _move_away(model, ids, entry)
        if entry.along:
            entry.save(update_fields=["along"])
    return Act(len(ids), noted.seq, entry, entry.along)


def _move_away(model: type[Guarded], ids: list[int], entry: TrashEntry) -> dict[str, int]:
    along: dict[str, int] = {}
    _set_trash(model.objects.filter(pk__anyof=numbers(ids)), entry.pk)
    for child in kinds.family(model)[1:]:
        # One statement per key: with a join by OR, PostgreSQL would read the whole table.
        moved = sum(
            _set_trash(child.objects.filter(**{f"{key}__in": gone}), entry.pk)
            for key, gone in _gone_above(child, model, entry).items()
        )
        if moved:
            along[child.kind.name] = moved
    return along


def _gone_above(child: type[Guarded], root: type[Guarded], entry: TrashEntry) -> dict[str, Rows]:
    """Return what an entry took of the kinds that are parents of a child, by foreign key."""
    family = kinds.family(root)
    return {
        key: parent.with_trashed.filter(trash_id=entry.pk).values("pk")
        for key, parent in kinds.parents_of(child).items()
        if parent in family
    }


def _set_trash(rows: Rows, entry_id: int | None) -> int:
    # The queryset's own `update` refuses the door's columns; this code is the door.
    return models.QuerySet.update(rows, trash_id=entry_id)


def restore(
    actor: Actor,
    entry: TrashEntry | int,
    *,
    only: Iterable[int] | None = None,
    about: int | None = None,
) -> Act:
    """Bring back exactly what an entry took, or a part of it.

    Whoever deleted may restore, as long as they may delete; admins restore anything. `Act.above`
    has the entries under which parents of the restored objects still are in the trash.

    Args:
        only: the numbers of the objects to bring back, each with what was deleted along with it;
            the entry keeps the others. None for all. Objects that are not under the entry are
            skipped.

    Raises:
        Gone: no such entry, or its rows, or all of those asked for, were restored or purged
            already.
        Refused: somebody else deleted them, or a rule forbids deleting them now, and the actor is
            no admin.
    """
    with authorized(actor, Verb.RESTORE, tried=entries.attempt(actor, entry)):
        found = entries.locked(entry, TrashState.TRASHED)
        if not actor.is_admin and (found.actor_kind, found.actor_id) != (actor.kind, actor.id):
            raise entries.of_another(found)
        may = policy.may_restore(actor, found.kind)
        if not may.ok:
            raise Refused(may.why, may.rule, may.because)
        lying = kinds.model_of(found.kind).with_trashed.filter(trash_id=found.pk)
        ids = None if only is None else _among(lying, only)
        back = lying.values_list("pk", flat=True) if ids is None else ids
        count = found.count if ids is None else len(ids)
        above = _above(lying if ids is None else lying.filter(pk__anyof=ids))
        noted = log.write(
            actor,
            Verb.RESTORE if about is None else Verb.UNDO,
            kind=found.kind,
            count=count,
            about=found.seq if about is None else about,
            trash_id=found.pk,
            labels=found.labels if ids is None else named(lying, ids),
            objects=list(back),
        )
        if ids is None:
            bring_back(actor, found)
        else:
            _bring_back_some(actor, found, ids)
        return Act(count, noted.seq, found, found.along, above=above)


def look_in_trash(actor: Actor, pk: int) -> None:
    """Refuse, and log, an actor who may restore nothing at all, before looking up the entry.

    Otherwise a key without this scope could tell existing entries from missing ones by the kind of
    refusal.
    """
    with policy_checked(actor, Verb.RESTORE, tried=entries.attempt(actor, pk)):
        policy.require_scope(actor, Scope.DELETE)


def _among(lying: Rows, only: Iterable[int]) -> list[int]:
    ids = list(lying.filter(pk__anyof=list(only)).order_by("pk").values_list("pk", flat=True))
    if not ids:
        raise Gone(_("This was restored or deleted for ever in the meantime."))
    return ids


def _above(rows: Rows) -> tuple[TrashEntry, ...]:
    """Return the entries that hold parents of these trashed rows, at any depth."""
    model, lying = rows.model, set[int]()
    for path in paths_up(model):
        trashed = rows.filter(**{f"{path}__trash__isnull": False})
        lying.update(trashed.values_list(f"{path}__trash_id", flat=True).distinct())
    return tuple(TrashEntry.objects.filter(pk__in=lying).order_by("pk")) if lying else ()


def bring_back(actor: Actor, entry: TrashEntry) -> None:
    """Clear the trash column of an entry's rows, of all kinds, and close the entry."""
    with lock.opened(f"restore:{entry.pk}"):
        for model in kinds.family(kinds.model_of(entry.kind)):
            _set_trash(model.with_trashed.filter(trash_id=entry.pk), None)
        entries.close(entry, TrashState.RESTORED, actor)


def _bring_back_some(actor: Actor, entry: TrashEntry, ids: list[int]) -> None:
    """Bring back some rows of an entry's own kind, each with its children under the entry."""
    family = kinds.family(kinds.model_of(entry.kind))
    hanging: dict[type[Guarded], Rows] = {
        family[0]: family[0].with_trashed.filter(trash_id=entry.pk, pk__anyof=ids)
    }
    for child in family[1:]:
        on = Q()
        for key, parent in kinds.parents_of(child).items():
            if parent in hanging:
                on |= Q(**{f"{key}__in": hanging[parent].values("pk")})
        hanging[child] = child.with_trashed.filter(on, trash_id=entry.pk)
    with lock.opened(f"restore:{entry.pk}"):
        # Children first: they are found by their parents that are still under the entry.
        for rows in reversed(hanging.values()):
            _set_trash(rows, None)
        entries.recount(entry, TrashState.RESTORED, actor)


def take_away_made(actor: Actor, noted: LogEntry, ids: list[int], labels: list[str]) -> Act:
    """Move what an act created to the trash as part of its undo, which `noted` records."""
    return _take_away(actor, kinds.model_of(noted.kind), ids, noted, labels)
