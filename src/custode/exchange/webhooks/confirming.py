"""Confirmation by the owner of an e-mail address, before a webhook mails anything to it.

A link is mailed there; it is signed, works for some days and once, and whoever follows it controls
the mailbox. The address of a user who signs in to the account has been proved that way already.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Final

from django.utils.translation import gettext as _

from custode.exchange.webhooks.models import TargetType, Webhook
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Gone
from custode.people.models import User
from custode.signin import links
from custode.signin.links import Signature

if TYPE_CHECKING:
    from custode.exchange.webhooks.moves import Wanted

YES: Final = Signature("webhook", timedelta(days=7))


def needs_no_yes(wanted: Wanted) -> bool:
    """Return whether a target needs no confirmation: a program, or a user's address."""
    if wanted.target_type != TargetType.EMAIL:
        return True
    users = User.objects.filter(email__iexact=wanted.target, disabled_at=None)
    return any(user.can_sign_in for user in users)


def link_of(hook: Webhook) -> str:
    """Return the URL at which the owner of a webhook's e-mail address confirms it."""
    return links.link_to("news", hook.pk, YES.of(*_state(hook)))


def hook_of(token: str) -> Webhook | None:
    """Return the webhook of a link; None when it was used, is too old, or is invalid."""
    pk, signed = links.parts_of(token)
    with scope.everywhere("of which webhook a link is"):
        hook = Webhook.living.select_related("account").filter(pk=pk).first()
        if hook is None or not hook.awaits_a_yes:
            return None
    return hook if YES.fits(signed, *_state(hook)) else None


def say_yes(hook: Webhook, origin: Origin) -> None:
    """Record the confirmation; waiting news is mailed.

    Raises:
        Gone: it was given already, or the webhook was deleted or switched on again meanwhile.
    """
    system = replace(Actor.system(hook.account_id, "webhooks"), origin=origin)
    details = {"webhook": hook.pk, "did": "confirmed", "event": hook.event}
    with door.sensitive_act(system, Verb.WEBHOOKS, details=details, labels=hook.labels):
        waiting = Webhook.living.filter(pk=hook.pk, awaits_since=hook.awaits_since)
        if not waiting.update(awaits_since=None):
            raise Gone(_("This link no longer works."))


def _state(hook: Webhook) -> tuple[object, ...]:
    """Return what a link depends on: a confirmation, or a new link, ends it."""
    return hook.account_id, hook.pk, hook.target, hook.awaits_since
