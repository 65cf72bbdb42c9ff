"""Purge: what is in the trash is removed permanently, with everything that depends on it."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Final

from django.apps import apps
from django.db import connection, models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

from custode.guard import kinds, lock, log
from custode.guard.door import entries
from custode.guard.door.acts import Act, authorized
from custode.guard.door.selection import Rows
from custode.guard.kinds import Verb
from custode.guard.models import Change, TrashEntry, TrashState
from custode.guard.owned import Guarded, Part
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import CustodeError, Invalid

logger = logging.getLogger("custode.guard")

DAYS_OVER: Final = gettext_noop("Its time in the trash ran out.")
"""The job's reason, stored untranslated: each reader sees it in their own language."""

Hanging = Mapping[type[Guarded], Mapping[int | None, list[int]]]
"""Kind -> the trash entry under which rows of it lie (None for living rows) -> their numbers."""


def purge(actor: Actor, entry: TrashEntry | int, *, reason: str) -> Act:
    """Remove an entry's rows permanently: for admins, who must give a reason, and the system's job.

    Everything that depends on them is removed too, even if it is in the trash by an earlier act;
    `Act.along` and the log tell how much.

    Raises:
        Gone: no such entry, or its rows were restored or purged already.
        Invalid: no reason was given, or something that depends on it is not in the trash.
        Refused: the actor is no admin.
    """
    with authorized(actor, Verb.PURGE, tried=entries.attempt(actor, entry, reason)):
        if not reason.strip():
            raise Invalid(_("Give a reason for deleting this for ever."), field="reason")
        found = entries.locked(entry, TrashState.TRASHED, TrashState.ARRIVING)
        hanging = hanging_elsewhere(found)
        _nothing_lives(hanging)
        along = with_hanging(found, hanging)
        noted = log.write(
            actor,
            Verb.PURGE,
            kind=found.kind,
            count=found.count,
            about=found.seq,
            trash_id=found.pk,
            details={"along": along} if along else {},
            labels=found.labels,
            reason=reason,
            objects=list(_lying(found).values_list("pk", flat=True)),
        )
        _remove(found, hanging)
        with lock.opened(f"purge:{found.pk}"):
            entries.close(found, TrashState.PURGED, actor)
        _recount({pk for lying in hanging.values() for pk in lying if pk}, actor)
        return Act(found.count, noted.seq, found, along)


def _lying(entry: TrashEntry) -> Rows:
    """Return the rows of the entry's own kind that are in the trash under it."""
    return kinds.model_of(entry.kind).with_trashed.filter(trash_id=entry.pk)


def hanging_elsewhere(entry: TrashEntry) -> Hanging:
    """Return what depends on an entry's rows, at any depth, without being in the entry itself."""
    found: dict[type[Guarded], dict[int | None, list[int]]] = {}
    family = kinds.family(kinds.model_of(entry.kind))
    for child in family[1:]:
        on = Q()
        for key, above in kinds.parents_of(child).items():
            if above in family:
                on |= Q(**{f"{key}__trash_id": entry.pk})
            if above in found:
                ids = [pk for lying in found[above].values() for pk in lying]
                on |= Q(**{f"{key}__pk__anyof": ids})
        rows = child.with_trashed.filter(on).exclude(trash_id=entry.pk)
        for trash_id, pk in rows.values_list("trash_id", "pk"):
            found.setdefault(child, {}).setdefault(trash_id, []).append(pk)
    return found


def with_hanging(entry: TrashEntry, hanging: Hanging) -> dict[str, int]:
    """Return how many dependent rows are removed when an entry is purged, by kind."""
    along = dict(entry.along)
    for child, lying in hanging.items():
        name = child.kind.name
        along[name] = along.get(name, 0) + sum(len(ids) for ids in lying.values())
    return along


def _nothing_lives(hanging: Hanging) -> None:
    for child, lying in hanging.items():
        if living := len(lying.get(None, [])):
            raise Invalid(
                ngettext(
                    "%(n)s %(what)s that hangs on this is not in the trash. Delete it first.",
                    "%(n)s %(what)s that hang on this are not in the trash. Delete them first.",
                    living,
                )
                % {"n": living, "what": child.kind.singular if living == 1 else child.kind.plural},
                field="reason",
            )


def _remove(entry: TrashEntry, hanging: Hanging) -> None:
    """Delete the rows, children before their parents, each with the door open for its entry."""
    for model in reversed(kinds.family(kinds.model_of(entry.kind))):
        for pk, ids in hanging.get(model, {}).items():
            with lock.opened(f"purge:{pk}"):
                _erase_whole(model, model.with_trashed.filter(pk__anyof=ids))
        with lock.opened(f"purge:{entry.pk}"):
            _erase_whole(model, model.with_trashed.filter(trash_id=entry.pk))


def _erase_whole(model: type[Guarded], gone: Rows) -> None:
    _unlink(model, gone)
    for part in _parts_of(model):
        _erase(part.objects.filter(**{f"{part.part_of}__in": gone.values("pk")}))
    _erase(Change.objects.filter(kind=model.kind.name, object_id__in=gone.values("pk")))
    _erase(gone)


def _unlink(model: type[Guarded], gone: Rows) -> None:
    """Clear mere references to the rows: a lead stays when its client folder is removed."""
    for relation in model._meta.get_fields(include_hidden=True):
        if isinstance(relation, models.ManyToOneRel) and relation.on_delete is models.SET_NULL:
            pointing = relation.related_model._base_manager
            pointing.filter(**{f"{relation.field.name}__in": gone.values("pk")}).update(
                **{relation.field.name: None}
            )


def _parts_of(model: type[Guarded]) -> list[type[Part]]:
    return [
        part
        for part in apps.get_models()
        if issubclass(part, Part) and part._meta.get_field(part.part_of).related_model is model
    ]


def _erase(rows: Rows) -> None:
    # Django would collect cascades row by row; the related kinds are known here.
    models.QuerySet._raw_delete(rows, connection.alias)


def _recount(others: set[int], actor: Actor) -> None:
    """Update entries that lost rows to another entry's purge to show what they still hold."""
    for entry in TrashEntry.objects.select_for_update().filter(pk__in=others).order_by("pk"):
        with lock.opened(f"purge:{entry.pk}"):
            entries.recount(entry, TrashState.PURGED, actor)


def purge_due(system: Actor, *, most: int = 100) -> int:
    """Purge an account's entries whose days in the trash are over, for the job; return how many.

    An entry that cannot be purged (because something that depends on it was restored) does not hold
    up the others.
    """
    with scope.account(system.account_id):
        due = TrashEntry.objects.filter(state=TrashState.TRASHED, purge_at__lte=clock.now())
        found = list(due.order_by("purge_at").values_list("pk", flat=True))
    done, wrong = 0, []
    for pk in found:
        if done == most:
            break
        try:
            purge(system, pk, reason=DAYS_OVER)
            done += 1
        except CustodeError as no:
            logger.info("Entry %s of the trash stays: %s", pk, no)
        except Exception as error:
            logger.exception("Entry %s of the trash could not be purged", pk)
            wrong.append(error)
    if wrong:
        raise wrong[0]
    return done
