"""What only admins look at, and what an account's edition has."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import policy
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


def require_admin(actor: Actor) -> None:
    """Raise `Refused` for whoever looks at what only admins see; a key takes the scope admin.

    Acts ask the door instead, which logs its no.
    """
    if not actor.is_admin:
        why = " ".join([_("Only admins can do this."), policy.ask(actor)])
        raise Refused(why, because="admins")


def require_log(account: Account) -> None:
    """Raise `Refused` in an edition without the log of sensitive actions."""
    why = _("The sensitive actions are part of the Dream Team edition.")
    editions.require(account.edition, Feature.SENSITIVE_ACTIONS, why)
