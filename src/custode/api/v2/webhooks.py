"""Routes of webhooks and their deliveries: for applications of scope admin."""

from __future__ import annotations

from typing import Annotated, Final

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema
from pydantic import Field

from custode.api.answers import answer
from custode.api.calls import actor_of
from custode.api.errors import Problem, not_found, or_404
from custode.api.frame import by_key_only, the_door_decides
from custode.api.v2 import admins, params
from custode.api.v2.shapes import webhooks as shapes
from custode.exchange.webhooks import moves, queries
from custode.exchange.webhooks.models import Webhook, place_of
from custode.exchange.webhooks.moves import Exists, Wanted
from custode.guard import door
from custode.guard.door import Attempt
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor

router = Router(tags=["Webhooks"])
ONE = "/webhooks/{id:pk}"
MOST: Final = 100
"""The maximum page size of deliveries."""
_SAME: Final = {"account.step.pipeline.updated": "account.pipeline.updated"}
"""Second spellings of events in the reference, and their names here."""


class NewWebhook(params.Given):
    """A webhook to create: the event, and its target."""

    event: params.Text = Field(description="`lead.creation`, `lead.status.changed.to.won`, …")
    target_type: Annotated[params.Text, params.among("url", "email")] = Field(
        description="`url` or `email`."
    )
    target: params.Text = Field(description="A program's complete URL, or an e-mail address.")
    name: params.Text | None = None
    add_to_lead_action_menu: params.MaybeYes = Field(
        None, description="For `lead.manual.trigger`: whether leads have a button for it."
    )


class Deliveries(params.Paged):
    """A page of deliveries; they are large, so a page has fewer of them."""

    limit: Annotated[int, params.up_to(MOST, MOST), params.LOOSELY] = Field(
        MOST, description="Page size; at most 100."
    )


class DeletedWebhook(Schema):
    """The webhook that was deleted."""

    id: int


@router.get("/webhooks", response=list[shapes.WebhookShape], summary="List webhooks")
@by_key_only
def find(request: HttpRequest, wanted: Query[params.Paged]) -> HttpResponse:
    """Return webhooks, newest first. Needs a key of scope admin, as do all routes of webhooks."""
    admins.require_admin(actor_of(request))
    rows = queries.webhooks()
    page = wanted.page(rows)
    return answer([shapes.webhook(hook) for hook in page], total=rows.count())


@router.post("/webhooks", response={201: shapes.NewWebhookShape}, summary="Create a webhook")
@by_key_only
@the_door_decides
def make(request: HttpRequest, given: NewWebhook) -> HttpResponse:
    """Create a webhook for events from now on.

    If the calling key is stored encrypted, deliveries carry the older `signature` made with it. If
    there is one for the same event and target, the answer is 409 `already_exist` with its `id`.
    """
    actor = actor_of(request)
    event = given.event.strip()
    wanted = Wanted(
        _SAME.get(event, event), given.target_type.strip().lower(), given.target, given.name or "",
        bool(given.add_to_lead_action_menu),
    )  # fmt: skip
    tried = {"did": "made", "event": wanted.event[:200], "target_type": wanted.target_type[:5]}
    label = wanted.name[:80] or place_of(wanted.target.strip())[:80]
    door.check_policy(actor, Verb.WEBHOOKS, "", Attempt(1, tried, [label]))
    try:
        hook, secret = moves.make(actor, wanted)
    except Exists as error:
        raise Problem(409, "already_exist", str(error), id=error.pk) from error
    return answer(shapes.webhook(hook) | {"secret": secret or None}, status=201)


@router.put(f"{ONE}/activate", response=shapes.WebhookShape, summary="Switch a webhook on")
@by_key_only
@the_door_decides
def activate(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook on. Waiting events are sent; events while it was off are not."""
    return _activated(request, pk)


@router.post(f"{ONE}/activate", response=shapes.WebhookShape, summary="Switch a webhook on (POST)")
@by_key_only
@the_door_decides
def activate_by_post(request: HttpRequest, pk: int) -> HttpResponse:
    """Switch a webhook on, as older programs do."""
    return _activated(request, pk)


@router.delete(ONE, response=DeletedWebhook, summary="Delete a webhook")
@by_key_only
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a webhook permanently: secret and waiting deliveries are lost.

    Needs the scope `write`.
    """
    actor = _admitted(request, pk, "deleted")
    moves.delete(actor, _there(pk))
    return answer({"id": pk})


@router.get("/webhook_events", response=list[shapes.DeliveryShape], summary="List deliveries")
@by_key_only
def deliveries(request: HttpRequest, wanted: Query[Deliveries]) -> HttpResponse:
    """Return the deliveries of all webhooks, newest first; they are kept for ten days."""
    admins.require_admin(actor_of(request))
    rows = queries.deliveries()
    page = list(wanted.page(rows))
    return answer(shapes.deliveries(page), total=rows.count())


@router.get("/webhook_events/{id:pk}", response=shapes.DeliveryShape, summary="Get a delivery")
@by_key_only
def delivery(request: HttpRequest, pk: int) -> HttpResponse:
    """Return a delivery with its payload and its outcome."""
    admins.require_admin(actor_of(request))
    found = queries.deliveries().filter(pk=pk).first()
    if found is None:
        raise not_found()
    return answer(shapes.deliveries([found])[0])


def _activated(request: HttpRequest, pk: int) -> HttpResponse:
    actor = _admitted(request, pk, "on")
    moves.switch(actor, _there(pk), on=True)
    return answer(shapes.webhook(_there(pk)))


def _admitted(request: HttpRequest, pk: int, did: str) -> Actor:
    """Return the actor; refuse and log anybody without the right before any lookup."""
    actor = actor_of(request)
    door.check_policy(actor, Verb.WEBHOOKS, "", Attempt(1, {"webhook": pk, "did": did}))
    return actor


def _there(pk: int) -> Webhook:
    return or_404(queries.webhooks().filter(pk=pk).first())
