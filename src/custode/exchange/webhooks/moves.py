"""Operations on webhooks, for admins, the API and users."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import transaction
from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.exchange.webhooks import confirming, events, signature_keys, signing, tasks
from custode.exchange.webhooks.models import Delivery, State, TargetType, Webhook, place_of
from custode.exchange.webhooks.payloads import other_objects
from custode.guard import database_time, door, history, naming, policy
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind, Scope
from custode.kernel.errors import Gone, Invalid, read_all
from custode.kernel.text import line
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.signin import limits, sealing

LONGEST_NAME: Final = 80
LONGEST_TARGET: Final = 500
MOST: Final = 100
"""The maximum number of an account's webhooks."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """The desired properties of a webhook; the fields are those of `models.Webhook`."""

    event: str
    target_type: str
    target: str
    name: str = ""
    in_lead_menu: bool = False


class Exists(Invalid):
    """There is a webhook for the same event and target already.

    Args:
        pk: its number.
    """

    def __init__(self, pk: int) -> None:
        super().__init__(_("There is a webhook for this event and this target already."), "target")
        self.pk = pk


def make(actor: Actor, wanted: Wanted) -> tuple[Webhook, str]:
    """Create a webhook; it tells what happens from now on.

    Returns:
        The webhook, and its secret, which is shown only this once; "" for an e-mail address.

    Raises:
        Refused: the actor is no admin, their key lacks the scope for exports, or the edition lacks
            what the event is about.
        ProofNeeded: the actor must prove their identity first.
        Exists: there is one for the same event and target already.
        Invalid: a value is not acceptable, or there are too many. Nothing is created.
    """
    read = _read(wanted)
    details = {"did": "made", "event": read.event, "target_type": read.target_type}
    by_url, place = read.target_type == TargetType.URL, place_of(read.target)
    with door.sensitive_act(
        actor, Verb.WEBHOOKS, details=details, labels=[read.name or place, place]
    ):
        # What a webhook tells leaves the account, as an export does.
        policy.require_scope(actor, Scope.EXPORT)
        _require_edition(actor, read.event)
        _require_free(read)
        # Within the door, so that no key rotation comes in between.
        secret = signing.new_secret() if by_url else ""
        hook = Webhook(
            account_id=actor.account_id,
            event=read.event,
            target_type=read.target_type,
            target=read.target,
            name=read.name,
            in_lead_menu=read.in_lead_menu and read.event == events.MANUAL,
            secret=sealing.seal(secret) if secret else "",
            made_by_id=actor.user_id,
            made_by_key=_key_of(actor),
            made_by_name=actor.name[:200],
            awaits_since=None if confirming.needs_no_yes(read) else clock.now(),
        )
        meanwhile = Invalid(_("Somebody has made this webhook in the meantime."), "target")
        with naming.unless_taken(meanwhile):
            hook.save(force_insert=True)
        signature_keys.signs(actor, hook)
        if hook.awaits_a_yes:
            tasks.ask_for_a_yes.enqueue(hook.account_id, hook.pk)
    return hook, secret


def switch(actor: Actor, hook: Webhook, on: bool) -> bool:
    """Switch a webhook on or off; while it is off, events are not recorded, and deliveries wait.

    Returns:
        Whether that changed anything.

    Raises:
        Refused, ProofNeeded: as `make`; switching off requires no scope for exports.
        Gone: it has been deleted in the meantime.
    """
    policy.require(actor, Verb.WEBHOOKS)
    may = not on or actor.has(Scope.EXPORT)
    # Whoever may not do it is refused below, and logged, even if nothing would change.
    there = _there(hook) if may else hook
    # One whose address is not confirmed is switched on again to ask anew.
    if may and there.is_on is on and not (on and there.awaits_a_yes):
        return False
    values: dict[str, Any] = {"disabled_at": None if on else clock.now(), "given_up_at": None}
    if on:
        values["failing_since"] = None
    with door.sensitive_act(
        actor, Verb.WEBHOOKS, details=_told(hook, "on" if on else "off"), labels=hook.labels
    ):
        if on:
            policy.require_scope(actor, Scope.EXPORT)
        _require_changed(Webhook.living.filter(pk=hook.pk).update(**values))
        waiting = Webhook.living.filter(pk=hook.pk, awaits_since__isnull=False)
        if on and waiting.update(awaits_since=clock.now()):
            # The previous link is invalid then, whoever has it.
            tasks.ask_for_a_yes.enqueue(hook.account_id, hook.pk)
    return True


def delete(actor: Actor, hook: Webhook) -> None:
    """Delete a webhook permanently: its secret is removed, and waiting deliveries are not sent.

    Raises:
        Refused, ProofNeeded: as `make`.
        Gone: it has been deleted in the meantime.
    """
    with door.sensitive_act(
        actor, Verb.WEBHOOKS, details=_told(hook, "deleted"), labels=hook.labels
    ):
        gone = Webhook.living.filter(pk=hook.pk)
        _require_changed(gone.update(deleted_at=clock.now(), secret=""))


def send_again(actor: Actor, delivery: Delivery) -> None:
    """Send a delivery once more, with the same number and the same data.

    Raises:
        Refused, ProofNeeded: as `make`.
        Invalid: it is being sent just now, or its webhook is off.
    """
    hook = delivery.webhook
    details = _told(hook, "again") | {"delivery": delivery.pk}
    with door.sensitive_act(actor, Verb.WEBHOOKS, details=details, labels=hook.labels):
        # It leaves once more, as it did on behalf of the webhook's creator.
        policy.require_scope(actor, Scope.EXPORT)
        if not Webhook.living.filter(pk=hook.pk, disabled_at=None).exists():
            raise Invalid(_("The webhook is off: switch it on first."))
        settled = Delivery.objects.filter(pk=delivery.pk).exclude(state=State.SENDING)
        if not settled.update(
            state=State.WAITING, due_at=database_time.now(), try_count=0, claim=""
        ):
            raise Invalid(_("It is being sent just now."))


def trigger(actor: Actor, lead: Lead, hook: Webhook) -> Delivery:
    """Send a lead to the webhook whose button was pressed; the lead's history records it.

    Raises:
        Refused: the lead belongs to somebody else.
        Gone: the webhook is no longer offered.
        TooMany: the user, or the application, has pressed such buttons too often lately.
    """
    lead_moves.require_edit(actor, lead)
    if not offered_on_leads().filter(pk=hook.pk).exists():
        raise Gone(_("This webhook is no longer available. Reload the page."))
    limits.spend(limits.BUTTONS, actor.account_id, *actor.counted_as)
    data = other_objects.of(Lead.kind.name, [lead.pk])[lead.pk]
    with transaction.atomic():
        # Whoever looks at the lead sees that it was sent, where to and by whom.
        history.write([history.line(actor, lead, events.PRESSED, None, hook.pk)])
        return Delivery.objects.create(
            account_id=actor.account_id, webhook=hook, event=events.MANUAL, data=data,
            due_at=database_time.now(),
        )  # fmt: skip


def offered_on_leads() -> Any:
    """Return the webhooks that have a button on leads."""
    return Webhook.living.filter(event=events.MANUAL, in_lead_menu=True, disabled_at=None)


def _key_of(actor: Actor) -> int | None:
    """Return the number of the key by which an application acts, also as a user; else None."""
    return actor.id if actor.kind is ActorKind.KEY else actor.as_key


def _told(hook: Webhook, did: str) -> dict[str, Any]:
    return {"webhook": hook.pk, "did": did, "event": hook.event}


def _there(hook: Webhook) -> Webhook:
    found = Webhook.living.filter(pk=hook.pk).first()
    if found is None:
        raise _gone()
    return found


def _require_changed(count: int) -> None:
    if not count:
        raise _gone()


def _gone() -> Gone:
    return Gone(_("This webhook has been deleted in the meantime."))


def _require_edition(actor: Actor, event: str) -> None:
    if event in events.OF_SECURITY:
        account = Account.objects.get(pk=actor.account_id)
        why = _("Sensitive actions are part of the Dream Team edition.")
        editions.require(account.edition, Feature.SENSITIVE_ACTIONS, why)


def _require_free(wanted: Wanted) -> None:
    same = Webhook.living.filter(
        event=wanted.event, target_type=wanted.target_type, target=wanted.target
    ).first()
    if same is not None:
        raise Exists(same.pk)
    if Webhook.living.count() >= MOST:
        raise Invalid(_("There are %(n)s webhooks already: delete one first.") % {"n": MOST})


def _read(wanted: Wanted) -> Wanted:
    name, target = line(wanted.name), wanted.target.strip()
    read_all(
        {
            "event": lambda: _require_event(wanted.event),
            "target": lambda: _require_target(wanted.target_type, target),
            "name": lambda: _require_name(name),
        }
    )
    return Wanted(wanted.event, wanted.target_type, target, name, wanted.in_lead_menu)


def _require_event(event: str) -> None:
    if not events.exists(event):
        raise Invalid(_("Choose the event from the list."), field="event")


def _require_name(name: str) -> None:
    if len(name) > LONGEST_NAME:
        raise Invalid(_("A name has at most %(n)s characters.") % {"n": LONGEST_NAME}, field="name")


def _require_target(target_type: str, target: str) -> None:
    if target_type not in TargetType.values:
        raise Invalid(_("Choose where the webhook sends."), field="target_type")
    if len(target) > LONGEST_TARGET:
        raise Invalid(
            _("A target has at most %(n)s characters.") % {"n": LONGEST_TARGET}, field="target"
        )
    (_require_address if target_type == TargetType.EMAIL else _require_url)(target)


def _require_address(target: str) -> None:
    try:
        validate_email(target)
    except ValidationError as error:
        raise Invalid(_("Write an e-mail address."), field="target") from error


def _require_url(target: str) -> None:
    try:
        parts = urlsplit(target)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
        target.encode("ascii")
    except ValueError:
        fits = False
    else:
        fits = fits and target.isprintable() and " " not in target
    if not fits:
        raise Invalid(
            _("Write the program's whole address, like https://example.com/custode."),
            field="target",
        )
    if parts.username is not None or parts.fragment:
        raise Invalid(
            _("The address takes no user name, no password and no “#”: every delivery is signed."),
            field="target",
        )
