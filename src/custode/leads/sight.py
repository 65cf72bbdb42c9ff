"""Who sees a lead, and who edits it: the one answer, as SQL for many and for one."""

from __future__ import annotations

from django.db.models import Q

from custode.kernel.actor import Actor


def sees(actor: Actor) -> Q:
    """The leads an actor sees: all of the account."""
    return Q()


def edits(actor: Actor) -> Q:
    """The leads an actor edits: admins all; others their own and those that nobody owns."""
    if actor.is_admin:
        return Q()
    return Q(owner_id=actor.user_id) | Q(owner_id=None)
