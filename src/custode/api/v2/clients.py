"""Routes of client folders: find, create, change, delete."""

from __future__ import annotations

from typing import Any, Final

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Query, Router
from pydantic import Field

from custode.api import shown
from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import not_found, or_404
from custode.api.v2 import deleting, params, writing
from custode.api.v2.leads import Deleted
from custode.api.v2.shapes import clients as shapes
from custode.clients import moves, queries
from custode.clients.models import ClientFolder
from custode.guard import door, emptying
from custode.kernel.actor import Actor, ActorKind

router = Router(tags=["Client folders"])
_ORDERS: Final = {"name": ("name_folded", "pk"), "id": ("pk",)}


class ClientsAsked(params.Directed):
    """A page of the client folders, and its order."""

    order: params.Text | None = Field(None, description="`name` (the default) or `id`.")


class ClientGiven(params.Given):
    """The fields of a client folder; fields left out stay unchanged."""

    description: params.Text | None = Field(None, description="Plain text.")
    user_id: params.Who | None = Field(
        None, description="The owner: a user's number or e-mail address. Only with an API key."
    )
    is_active: params.MaybeYes = Field(None, description="Whether leads can be added to it.")


class NewClient(ClientGiven):
    """A new client folder."""

    name: params.Named


class ClientEdit(ClientGiven):
    """Changes to a client folder."""

    name: params.Text | None = None


@router.get("/clients", response=list[shapes.Client], summary="List client folders")
def find(request: HttpRequest, wanted: Query[ClientsAsked]) -> HttpResponse:
    """Return the client folders that the caller can see, deactivated ones too.

    By default they are sorted by name.
    """
    rows = queries.visible(actor_of(request))
    order = _ORDERS.get(wanted.order or "name", _ORDERS["name"])
    if wanted.direction == "desc":
        order = tuple(f"-{column}" for column in order)
    page = wanted.page(rows.order_by(*order))
    return answer(shapes.many(page), total=rows.count())


@router.post("/clients", response={201: shapes.Client}, summary="Create a client folder")
def make(request: HttpRequest, given: NewClient) -> HttpResponse:
    """Create a client folder.

    Without `user_id`, a user's folder is their own; an application's has no owner.
    """
    actor = actor_of(request)
    values = _values(actor, given)
    if actor.kind is ActorKind.USER:
        values.setdefault("owner_id", actor.user_id)
    with transaction.atomic():
        folder = moves.create(actor, given.name, **values)
        if given.is_active is False:
            moves.deactivate(actor, folder, True)
    return answer(_told(ClientFolder.objects.filter(pk=folder.pk)), status=201)


@router.get("/clients/{id:pk}", response=shapes.Client, summary="Get a client folder")
def one(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a client folder that the caller can see."""
    return answer(_told(queries.visible(actor_of(request)).filter(pk=pk)))


@router.put("/clients/{id:pk}", response=shapes.Client, summary="Change a client folder")
def change(request: HttpRequest, pk: int, given: ClientEdit) -> HttpResponse:
    """Change a client folder. Fields left out stay. An inactive folder accepts no new leads."""
    actor = actor_of(request)
    folder = _seen(actor, pk)
    values = _values(actor, given)
    if given.name is not None:
        values["name"] = given.name
    with emptying.watching(actor):
        moves.edit(actor, folder, **values)
        if given.is_active is not None:
            moves.deactivate(actor, folder, not given.is_active)
    # The caller may have given it to somebody whose folders they cannot see.
    return answer(_told(ClientFolder.objects.filter(pk=pk)))


@router.delete("/clients/{id:pk}", response=Deleted, summary="Delete a client folder")
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a client folder to the trash.

    Its leads stay, outside any folder until it is restored.
    """
    actor = actor_of(request)
    deleting.require(actor, queries.visible(actor).filter(pk=pk))
    door.delete(actor, [_seen(actor, pk)])
    return answer({"id": pk})


def _values(actor: Actor, given: ClientGiven) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if given.description is not None:
        found["description"] = writing.text(given.description)
    if (owner := params.named_by_key(actor, given.user_id)) is not None:
        found["owner"] = owner
    return found


def _seen(actor: Actor, pk: int) -> ClientFolder:
    """Return a folder that the actor can see; any other answers 404."""
    shown.show(ClientFolder.kind.name, [pk])
    return or_404(queries.visible(actor).filter(pk=pk).first())


def _told(folders: queries.Folders) -> dict[str, Any]:
    shape = next(iter(shapes.many(folders)), None)
    if shape is None:
        raise not_found()
    return shape
