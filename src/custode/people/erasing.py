"""Erases a person who has left from the log, which keeps what was done without the name."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.guard import door
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User


def erase(actor: Actor, user: User, *, reason: str = "") -> door.Act:
    """Erase the personal data of somebody who has left from all log entries, permanently.

    Raises:
        Refused: the actor is no admin.
        Invalid: the user has not left.
        Gone: nothing is left to erase.
    """
    if user.is_active:
        raise Invalid(
            _("%(name)s has not left. Disable the user first.") % {"name": user.get_full_name()}
        )
    return door.erase_person(actor, user.pk, [user.get_full_name()], reason=reason)
