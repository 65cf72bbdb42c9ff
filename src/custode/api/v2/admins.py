"""Checks for routes that only admins may read or that an edition may lack."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import policy
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


def require_admin(actor: Actor) -> None:
    """Raise `Refused` unless the actor may read what only admins see.

    A key needs the scope `admin`.

    Acts ask the door instead, which logs its refusals.
    """
    if not actor.is_admin:
        why = " ".join([_("Only admins can do this."), policy.ask(actor)])
        raise Refused(why, because="admins")


def require_log(account: Account) -> None:
    """Raise `Refused` in an edition without the log of sensitive actions."""
    why = _("The sensitive actions are part of the Dream Team edition.")
    editions.require(account.edition, Feature.SENSITIVE_ACTIONS, why)
