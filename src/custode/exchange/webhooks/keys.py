"""The API key whose text signs a delivery's body, as noCRM's do (`signing.reference_signature`)."""

from __future__ import annotations

from custode.exchange.webhooks.models import Webhook
from custode.kernel.actor import Actor, ActorKind
from custode.signin import sealing
from custode.signin.keys.models import ApiKey


def signs(actor: Actor, hook: Webhook) -> None:
    """Note within the door, where an application makes a webhook, that its key signs that one."""
    if actor.kind is not ActorKind.KEY:
        return
    key = ApiKey.objects.filter(pk=actor.id or 0).exclude(secret="").first()
    if key is not None:
        ApiKey.objects.filter(pk=key.pk).update(signs=[*key.signs, hook.pk])


def readable(hook: Webhook) -> str | None:
    """The text of the key that signs a webhook's deliveries; None when no key is kept readable.

    That of the application that made the webhook; where none of those that are kept has made it,
    as of one from the screen, the one that is kept, if there is just one.
    """
    kept = list(ApiKey.objects.filter(revoked_at=None).exclude(secret="").order_by("pk"))
    mine = [key for key in kept if hook.pk in key.signs]
    mine = mine or (kept if len(kept) == 1 else [])
    if not mine or mine[0].is_over:
        return None
    try:
        return sealing.unseal(mine[0].secret)
    except sealing.Sealed:
        # The headers sign it all the same, with a secret of the webhook's own.
        return None
