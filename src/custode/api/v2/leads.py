"""Routes of leads: find, create, change, assign, delete."""

from __future__ import annotations

from typing import Any

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from custode.api import shown
from custode.api.answers import answer
from custode.api.calls import actor_of, caller_of_call
from custode.api.errors import calling, missing, not_found, or_404
from custode.api.v2 import deleting, lead_filters, numbered, params, writing
from custode.api.v2.lead_filters import LeadsAsked
from custode.api.v2.shapes import leads as shapes
from custode.api.v2.writing import LeadEdit, NewLead
from custode.fields import key_fields
from custode.fields import moves as default_fields
from custode.guard import door, emptying, history
from custode.kernel.actor import Actor, ActorKind
from custode.leads import copying, figures, moves, queries, tagging
from custode.leads.models import Lead, Origin

router = Router(tags=["Leads"])


class Deleted(Schema):
    """The object that was moved to the trash."""

    id: int


class DeletedMany(Schema):
    """The objects that were moved to the trash, and how many."""

    ids: list[int]
    count: int


class Ids(params.Given):
    """Numbers of leads."""

    ids: params.Names = Field(
        description="Numbers, as a list or separated by commas; up to 1000.",
        json_schema_extra={"minItems": 1},
    )


class Assignee(params.Given):
    """The new owner."""

    user_id: params.Whom = Field(description="A user's number or e-mail address.")


class Copy(params.Given):
    """The place of the copy."""

    step: params.Text | None = Field(
        None, description="A step's number or name; by default the first step of the same pipeline."
    )


class Folder(params.Given):
    """A client folder."""

    client_id: params.Number


class UnassignedAsked(params.Directed):
    """A page of the leads that nobody owns."""


@router.get("/leads", response=list[shapes.ListedLead], summary="Find leads")
def find(request: HttpRequest, wanted: Query[LeadsAsked]) -> HttpResponse:
    """Return the matching leads that the caller can see; by default the newest first."""
    actor = actor_of(request)
    rows = lead_filters.found(actor, wanted)
    page = wanted.page(lead_filters.in_order(rows, wanted))
    return answer(shapes.many(page), total=figures.count(actor, rows))


@router.post("/leads", response={201: shapes.FullLead}, summary="Create a lead")
def make(request: HttpRequest, given: NewLead) -> HttpResponse:
    """Create a lead.

    Without `user_id`, a user's lead is their own; an application's has no owner.
    """
    caller = caller_of_call(request)
    actor = caller.actor
    values = writing.values(actor, given, caller.account.currency)
    if actor.kind is ActorKind.USER:
        values.setdefault("owner_id", actor.user_id)
    with transaction.atomic(), calling(client_folder="client_folder_id"):
        tags = tagging.resolved(actor, given.tags or ())
        lead = moves.create(actor, title=given.title, tags=tags, origin=Origin.API, **values)
    return answer(shapes.new(lead, tags), status=201)


@router.get(
    "/leads/unassigned", response=list[shapes.ListedLead], summary="List leads that nobody owns"
)
def unassigned(request: HttpRequest, wanted: Query[UnassignedAsked]) -> HttpResponse:
    """Return the leads that nobody owns, newest first."""
    actor = actor_of(request)
    rows = queries.visible(actor).filter(owner=None)
    ordered = rows.order_by("pk" if wanted.direction == "asc" else "-pk")
    page = wanted.page(ordered)
    return answer(shapes.many(page), total=figures.count(actor, rows))


@router.delete("/leads/delete_multiple", response=DeletedMany, summary="Delete several leads")
def delete_several(request: HttpRequest, given: Ids) -> HttpResponse:
    """Move several leads to the trash in one act: all of them, or none."""
    actor = actor_of(request)
    wanted = numbered.some_numbers(given.ids, "ids")
    if not wanted:
        raise missing("ids")
    rows = queries.visible(actor).filter(pk__in=wanted)
    ids = list(rows.order_by("pk").values_list("pk", flat=True))
    act = door.delete(actor, rows)
    return answer({"ids": ids, "count": act.count})


@router.get("/leads/{id:pk}", response=shapes.FullLead, summary="Get a lead")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a lead with everything that its description says."""
    return answer(_told(actor_of(request), pk))


@router.put("/leads/{id:pk}", response=shapes.FullLead, summary="Change a lead")
def change(request: HttpRequest, pk: int, given: LeadEdit) -> HttpResponse:
    """Change a lead. Fields left out stay unchanged."""
    actor = actor_of(request)
    lead = seen(actor, pk)
    with emptying.watching(actor), calling(client_folder="client_folder_id"):
        # Changes based on a text, an amount or a step must be based on the present one.
        history.hold(lead)
        moves.require_edit(actor, lead)
        told, own = writing.described(lead, given)
        values = {**writing.values(actor, given, lead.currency, lead), **told}
        if given.title is not None:
            values["title"] = given.title
        moves.edit(actor, lead, own=own, **values)
        if given.tags is not None:
            moves.set_tags(actor, lead, given.tags)
    return answer(_told(actor, pk))


@router.delete("/leads/{id:pk}", response=Deleted, summary="Delete a lead")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a lead to the trash, with everything attached to it."""
    actor = actor_of(request)
    deleting.require(actor, queries.visible(actor).filter(pk=pk))
    door.delete(actor, [seen(actor, pk)])
    return answer({"id": pk})


@router.post("/leads/{id:pk}/assign", response=shapes.FullLead, summary="Assign a lead")
def assign(request: HttpRequest, pk: int, given: Assignee) -> HttpResponse:
    """Assign a lead to a user to whom the caller may assign leads."""
    actor = actor_of(request)
    lead, user = seen(actor, pk), params.user_named(given.user_id)
    if user is None or not user.is_active:
        raise params.no_user(given.user_id)
    moves.edit(actor, lead, owner=user)
    return answer(_told_to_who_gave(actor, lead))


@router.post(
    "/leads/{id:pk}/duplicate_lead", response={201: shapes.FullLead}, summary="Copy a lead"
)
def duplicate(request: HttpRequest, pk: int, given: Copy) -> HttpResponse:
    """Copy a lead. Without a step the copy is in the first step of the same pipeline."""
    actor = actor_of(request)
    lead = seen(actor, pk)
    with transaction.atomic():
        made = copying.duplicate(actor, lead)
        if given.step:
            moves.edit(actor, made, step=writing.step_named(given.step, lead))
    return answer(_told(actor, made.pk), status=201)


@router.post(
    "/leads/{id:pk}/add_to_client",
    response=shapes.FullLead,
    summary="Add a lead to a client folder",
)
def add_to_client(request: HttpRequest, pk: int, given: Folder) -> HttpResponse:
    """Add a lead to a client folder that the caller can see and that is active."""
    actor = actor_of(request)
    lead = seen(actor, pk)
    with calling(client_folder="client_id"):
        moves.edit(actor, lead, client_folder=writing.folder_of(actor, given.client_id))
    return answer(_told(actor, pk))


@router.get(
    "/leads/{id:pk}/duplicates",
    response=list[shapes.ListedLead],
    summary="Find duplicates of a lead",
)
def duplicates(request: HttpRequest, pk: int, wanted: Query[params.Paged]) -> HttpResponse:
    """Return the leads with the same title, and those with the same value in a key field."""
    actor = actor_of(request)
    lead = seen(actor, pk)
    fields = default_fields.offered(Lead.kind.name)
    same = key_fields.others(actor, Lead.kind.name, lead.field_values, fields, besides=pk, most=100)
    titled = queries.visible(actor).filter(title_folded=lead.title_folded).exclude(pk=pk)
    ids = {other.pk for _field, other in same} | set(titled.values_list("pk", flat=True)[:100])
    rows = queries.visible(actor).filter(pk__in=ids).order_by("-pk")
    page = wanted.page(rows)
    return answer(shapes.many(page), total=len(ids))


def seen(actor: Actor, pk: int) -> Lead:
    """Return a lead that the actor can see; any other answers 404."""
    rows = queries.visible(actor).select_related("step__pipeline", "owner")
    shown.show(Lead.kind.name, [pk])
    return or_404(rows.filter(pk=pk).first())


def _told(actor: Actor, pk: int) -> dict[str, Any]:
    shape = shapes.one(actor, pk)
    if shape is None:
        raise not_found()
    return shape


def _told_to_who_gave(actor: Actor, lead: Lead) -> dict[str, Any]:
    """Return a lead that has just been assigned, even if the caller can no longer see it."""
    shape = shapes.one(actor, lead.pk)
    return shape if shape is not None else shapes.given_away(lead)
