"""The API key that signs a delivery's body, as noCRM's do (`signing.reference_signature`)."""

from __future__ import annotations

from custode.exchange.webhooks.models import Webhook
from custode.kernel.actor import Actor, ActorKind
from custode.signin import sealing
from custode.signin.api_keys.models import ApiKey


def signs(actor: Actor, hook: Webhook) -> None:
    """Record, within the door, that the key of the application creating a webhook signs it."""
    if actor.kind is not ActorKind.KEY:
        return
    key = ApiKey.objects.filter(pk=actor.id or 0).exclude(secret="").first()
    if key is not None:
        ApiKey.objects.filter(pk=key.pk).update(signs=[*key.signs, hook.pk])


def readable(hook: Webhook) -> str | None:
    """Return the key that signs a webhook's deliveries; None when no key is stored readably.

    That is the key of the application that created the webhook; if none of the stored keys did, as
    for one created on screen, the stored key, if there is only one.
    """
    kept = list(ApiKey.objects.filter(revoked_at=None).exclude(secret="").order_by("pk"))
    mine = [key for key in kept if hook.pk in key.signs]
    mine = mine or (kept if len(kept) == 1 else [])
    if not mine or mine[0].is_over:
        return None
    try:
        return sealing.unseal(mine[0].secret)
    except sealing.Sealed:
        # The headers sign it all the same, with the webhook's own secret.
        return None
