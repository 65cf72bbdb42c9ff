"""The recipients to whom checkpoints of an account's log are mailed, to be kept elsewhere."""

from __future__ import annotations

import re
from typing import Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from custode.accounts.editions import Feature, require
from custode.accounts.models import Account, CheckpointsTo
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid

MOST: Final = 5
"""The maximum number of addresses."""


def change(actor: Actor, to: str, addresses: str = "") -> bool:
    """Set the recipients of the daily checkpoints.

    Args:
        to: one of `CheckpointsTo`.
        addresses: for `ADDRESSES`, separated by commas, blanks or line ends.

    Returns:
        Whether anything changed.

    Raises:
        Refused: the actor is no admin, or the edition has no sensitive actions.
        Invalid: a value is not acceptable.
    """
    if to not in CheckpointsTo.values:
        raise Invalid(_("Choose to whom checkpoints are mailed."), field="checkpoints_to")
    told = _read(addresses) if to == CheckpointsTo.ADDRESSES else []
    account = Account.objects.get(pk=actor.account_id)
    before, new = account.checkpoints_to, ",".join(told)
    if (before, account.checkpoint_addresses) == (to, new):
        return False
    details = {"checkpoints": {"from": before, "to": to}}
    with door.sensitive_act(actor, Verb.ACCOUNT, details=details, labels=told):
        why = _("Checking the log is part of the Dream Team edition.")
        if to != CheckpointsTo.NOBODY:
            require(account.edition, Feature.SENSITIVE_ACTIONS, why)
        Account.objects.filter(pk=account.pk).update(checkpoints_to=to, checkpoint_addresses=new)
    return True


def _read(text: str) -> list[str]:
    found = list(dict.fromkeys(one.lower() for one in re.split(r"[\s,;]+", text) if one))
    if not found:
        raise Invalid(_("Write at least one e-mail address."), field="checkpoint_addresses")
    if len(found) > MOST:
        raise Invalid(
            _("Write at most %(most)s addresses.") % {"most": MOST}, field="checkpoint_addresses"
        )
    for one in found:
        try:
            validate_email(one)
        except ValidationError as error:
            raise Invalid(
                _("“%(address)s” is not an e-mail address.") % {"address": one[:80]},
                field="checkpoint_addresses",
            ) from error
        if len(one) > 254:
            raise Invalid(_("An address is too long."), field="checkpoint_addresses")
    return found
