"""The shapes of a webhook and of its deliveries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ninja import Schema
from pydantic import Field

from custode.exchange.webhooks import events, signature_keys, signing
from custode.exchange.webhooks.models import Delivery, Webhook
from custode.kernel.clock import iso


class WebhookShape(Schema):
    """A webhook: one event that is sent to one target."""

    id: int
    event: str = Field(description="`lead.creation`, `lead.status.changed.to.won`, …")
    target_type: str = Field(description="`url` or `email`.")
    target: str
    name: str
    params: dict[str, Any] = Field(
        description="For `lead.manual.trigger`: `add_to_lead_action_menu`."
    )
    is_disabled: bool
    awaits_confirmation: bool = Field(
        description=(
            "For an e-mail address: whether its owner has yet to confirm it; until then nothing "
            "is sent."
        )
    )
    created_at: str


class NewWebhookShape(WebhookShape):
    """A webhook that was just created."""

    secret: str | None = Field(
        description=(
            "The secret with which deliveries are signed (Standard Webhooks), shown only once; "
            "null for an e-mail address."
        )
    )


class DeliveryShape(Schema):
    """The delivery of one event to one webhook."""

    id: int
    event: str
    webhook_id: int
    data: dict[str, Any] = Field(description="The object concerned, as it was then.")
    signature: str = Field(
        description=(
            "Hex SHA-1 of the number and the API key that created the webhook, if that key is "
            "stored encrypted; otherwise empty."
        )
    )
    has_succeeded: bool
    state: str = Field(description="`waiting`, `sending`, `delivered` or `failed`.")
    try_count: int
    last_returned_code: int | None
    created_at: str


def webhook(hook: Webhook) -> dict[str, Any]:
    """Return a webhook."""
    is_manual = hook.event == events.MANUAL
    return {
        "id": hook.pk,
        "event": hook.event,
        "target_type": hook.target_type,
        "target": hook.target,
        "name": hook.name,
        "params": {"add_to_lead_action_menu": hook.in_lead_menu} if is_manual else {},
        "is_disabled": not hook.is_on,
        "awaits_confirmation": hook.awaits_a_yes,
        "created_at": iso(hook.created_at),
    }


def deliveries(rows: Sequence[Delivery]) -> list[dict[str, Any]]:
    """Return deliveries in their order; each webhook's key is looked up once."""
    signing_keys: dict[int, str | None] = {}
    for row in rows:
        if row.webhook_id not in signing_keys:
            signing_keys[row.webhook_id] = signature_keys.readable(row.webhook)
    return [_delivery(row, signing_keys[row.webhook_id]) for row in rows]


def _delivery(row: Delivery, key: str | None) -> dict[str, Any]:
    return {
        "id": row.pk,
        "event": row.event,
        "webhook_id": row.webhook_id,
        "data": row.data,
        "signature": signing.reference_signature(row.pk, key),
        "has_succeeded": row.has_succeeded,
        "state": row.state,
        "try_count": row.try_count,
        "last_returned_code": row.last_returned_code,
        "created_at": iso(row.made_at),
    }
