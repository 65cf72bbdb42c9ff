"""The trash: found, brought back whole or in part, deleted for ever."""

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
from custode.api.v2 import asked, numbered
from custode.api.v2.shapes import trash as shapes
from custode.guard import door, kinds, trash, trashed
from custode.guard.models import TrashEntry
from custode.kernel.actor import Actor, ActorKind
from custode.kernel.address import words
from custode.kernel.errors import Invalid

router = Router(tags=["Trash"])


class TrashAsked(asked.Paged):
    """Which entries."""

    kind: asked.Text | None = Field(None, description="What sort of object, as `lead`.")
    user_id: asked.Who | None = Field(None, description="Who deleted: a number or an address.")
    name: asked.Text | None = Field(None, description="A part of the name of an object in it.")
    start_date: asked.Text | None = Field(None, description="Deleted at this moment or later.")
    end_date: asked.Text | None = Field(None, description="Deleted at this moment or before.")


class LyingAsked(asked.Paged):
    """Which objects of an entry."""

    name: asked.Text | None = Field(None, description="A part of the object's name.")


class WhatBack(asked.Given):
    """What is to come back."""

    ids: asked.Names | None = Field(
        None, description="Numbers of objects under the entry; without, all of them."
    )


class Why(asked.Given):
    """Why it is to be deleted for ever."""

    reason: asked.Text = Field("", description="It stands in the log; not to be left out.")


@router.get("/trash", response=list[shapes.ListedTrash], summary="Find what was deleted")
def find(request: HttpRequest, wanted: Query[TrashAsked]) -> HttpResponse:
    """An entry for each act, the latest first: all for admins, for others what they deleted."""
    rows = _found(actor_of(request), wanted)
    page = wanted.page(rows)
    return answer([shapes.shape(entry) for entry in page], total=rows.count())


@router.get("/trash/{id:pk}", response=shapes.FullTrash, summary="One entry of the trash")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """With what a purge would take along; what lies in it is a list of its own."""
    entry = _seen(actor_of(request), pk)
    return answer(shapes.shape(entry) | {"goes_along": trash.goes_along(entry)})


@router.get("/trash/{id:pk}/objects", response=list[shapes.Lying], summary="What lies in an entry")
def objects(request: HttpRequest, pk: int, wanted: Query[LyingAsked]) -> HttpResponse:
    """The objects of the entry's own kind, by number."""
    entry = _seen(actor_of(request), pk)
    rows = trash.contents(entry)
    if wanted.name:
        rows = rows.filter(trashed.called(kinds.model_of(entry.kind), words(wanted.name)))
    page = wanted.page(rows.order_by("pk"))
    return answer([shapes.lying(row) for row in page], total=rows.count())


@router.post("/trash/{id:pk}/restore", response=shapes.Restored, summary="Bring back")
@the_door_decides
def restore(request: HttpRequest, pk: int, given: WhatBack) -> HttpResponse:
    """All that an entry took, or some of its objects. Takes the scopes `write` and `delete`."""
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


@router.delete("/trash/{id:pk}", response=shapes.Purged, summary="Delete for ever")
def purge(request: HttpRequest, pk: int, given: Why) -> HttpResponse:
    """Only admins, with a `reason`. Nothing brings it back."""
    act = door.purge(actor_of(request), pk, reason=given.reason.replace("\x00", "")[:500])
    kind = act.entry.kind if act.entry else ""
    told = {"id": pk, "kind": kind, "count": act.count, "along": dict(act.along or {})}
    return answer(told | {"action_id": act.seq})


def _found(actor: Actor, wanted: TrashAsked) -> QuerySet[TrashEntry]:
    """The entries that fit; what is named and not there fits nothing."""
    if wanted.kind and wanted.kind not in {model.kind.name for model in kinds.all_models()}:
        return TrashEntry.objects.none()
    who = ""
    if wanted.user_id:
        user = asked.user_named(wanted.user_id)
        if user is None:
            return TrashEntry.objects.none()
        who = f"{ActorKind.USER}:{user.pk}"
    asks = trashed.Wanted(kind=wanted.kind or "", who=who, words=words(wanted.name or ""))
    rows = trashed.found(actor, asks)
    if first := asked.moment(wanted.start_date, "start_date"):
        rows = rows.filter(at__gte=first)
    if last := asked.moment(wanted.end_date, "end_date", end_of_day=True):
        rows = rows.filter(at__lte=last)
    return rows


def _seen(actor: Actor, pk: int) -> TrashEntry:
    """An entry that the actor may restore; any other is not there."""
    found: TrashEntry | None = trash.entries(actor).filter(pk=pk).first()
    return or_404(found)
