"""Routes of the trash: find, restore wholly or in part, delete permanently."""

from __future__ import annotations

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import Query, Router
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import or_404
from custode.api.frame import the_door_decides
from custode.api.v2 import numbered, params, reading
from custode.api.v2.shapes import trash as shapes
from custode.guard import door, kinds, trash, trashed
from custode.guard.models import TrashEntry
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import words
from custode.kernel.errors import Invalid

router = Router(tags=["Trash"])


class TrashAsked(params.Paged):
    """The filter of entries."""

    kind: params.Text | None = Field(None, description="The kind of object, for example `lead`.")
    user_id: params.Who | None = Field(
        None, description="Who deleted: a user's number or e-mail address."
    )
    name: params.Text | None = Field(None, description="Part of the name of an object in it.")
    start_date: params.Text | None = Field(None, description="Deleted at this moment or later.")
    end_date: params.Text | None = Field(None, description="Deleted at this moment or earlier.")


class LyingAsked(params.Paged):
    """The filter of an entry's objects."""

    name: params.Text | None = Field(None, description="Part of the object's name.")


class WhatBack(params.Given):
    """The objects to restore."""

    ids: params.Names | None = Field(
        None, description="Numbers of objects in the entry; by default all of them."
    )


class Why(params.Given):
    """Why to delete permanently."""

    reason: params.Text = Field("", description="Required; it is recorded in the log.")


@router.get("/trash", response=list[shapes.ListedTrash], summary="Find what was deleted")
def find(request: HttpRequest, wanted: Query[TrashAsked]) -> HttpResponse:
    """Return one entry per act, newest first: for admins all, for others what they deleted."""
    rows = _found(actor_of(request), wanted)
    page = wanted.page(rows)
    return answer([shapes.shape(entry) for entry in page], total=rows.count())


@router.get("/trash/{id:pk}", response=shapes.FullTrash, summary="Get an entry of the trash")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return an entry with what a purge would delete along with it.

    Its objects are a separate list.
    """
    entry = _seen(actor_of(request), pk)
    return answer(shapes.shape(entry) | {"goes_along": trash.goes_along(entry)})


@router.get(
    "/trash/{id:pk}/objects", response=list[shapes.Lying], summary="List the objects of an entry"
)
def objects(request: HttpRequest, pk: int, wanted: Query[LyingAsked]) -> HttpResponse:
    """Return the objects of the entry's own kind, by number."""
    entry = _seen(actor_of(request), pk)
    rows = trash.contents(entry)
    if wanted.name:
        rows = rows.filter(trashed.called(kinds.model_of(entry.kind), words(wanted.name)))
    page = list(wanted.page(rows.order_by("pk")))
    reading.tell(entry.kind, [row.pk for row in page])
    return answer([shapes.lying(row) for row in page], total=rows.count())


@router.post("/trash/{id:pk}/restore", response=shapes.Restored, summary="Restore from the trash")
@the_door_decides
def restore(request: HttpRequest, pk: int, given: WhatBack) -> HttpResponse:
    """Restore everything in an entry, or some objects. Needs the scopes `write` and `delete`."""
    actor = actor_of(request)
    door.look_in_trash(actor, pk)
    entry, only = _seen(actor, pk), None
    if given.ids is not None:
        only = numbered.some_numbers(given.ids, "ids")
        if not only:
            raise Invalid(_("Choose what to restore."), field="ids")
    act = door.restore(actor, entry.pk, only=only)
    told = {"id": pk, "kind": entry.kind, "count": act.count, "action_id": act.seq}
    is_empty = act.entry is None or act.entry.closed_at is not None
    return answer(told | {"is_empty": is_empty, "above": [one.pk for one in act.above]})


@router.delete("/trash/{id:pk}", response=shapes.Purged, summary="Delete permanently")
def purge(request: HttpRequest, pk: int, given: Why) -> HttpResponse:
    """Delete permanently; this cannot be undone. For admins only, with a `reason`."""
    act = door.purge(actor_of(request), pk, reason=given.reason.replace("\x00", "")[:500])
    kind = act.entry.kind if act.entry else ""
    told = {"id": pk, "kind": kind, "count": act.count, "along": dict(act.along or {})}
    return answer(told | {"action_id": act.seq})


def _found(actor: Actor, wanted: TrashAsked) -> QuerySet[TrashEntry]:
    """Return the matching entries; naming something that does not exist matches nothing."""
    if wanted.kind and wanted.kind not in {model.kind.name for model in kinds.all_models()}:
        return TrashEntry.objects.none()
    who = ""
    if wanted.user_id:
        user = params.user_named(wanted.user_id)
        if user is None:
            return TrashEntry.objects.none()
        who = f"{ActorKind.USER}:{user.pk}"
    asks = trashed.Wanted(kind=wanted.kind or "", who=who, words=words(wanted.name or ""))
    rows = trashed.found(actor, asks)
    if first := params.moment(wanted.start_date, "start_date"):
        rows = rows.filter(at__gte=first)
    if last := params.moment(wanted.end_date, "end_date", end_of_day=True):
        rows = rows.filter(at__lte=last)
    return rows


def _seen(actor: Actor, pk: int) -> TrashEntry:
    """Return an entry that the actor may restore; any other answers 404."""
    found: TrashEntry | None = trash.entries(actor).filter(pk=pk).first()
    return or_404(found)
