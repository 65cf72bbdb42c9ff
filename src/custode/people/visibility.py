"""Conditions for the database on who is within an actor's reach."""

from __future__ import annotations

from django.db.models import Q

from custode.kernel.actor import Actor, Whose
from custode.people.models import Membership


def within(actor: Actor, whose: Whose, person: str) -> Q:
    """Return the condition that `person` is in the circle that `whose` names around the actor.

    Teams are read by the same statement: whoever leaves one sees less immediately.

    Args:
        person: the name of the rows' foreign key to a user, or `pk` among the users themselves.
    """
    if whose is Whose.ALL:
        return Q()
    found = Q(**{person: actor.user_id})
    if whose is Whose.OWN:
        return found
    own = Membership.objects.filter(account_id=actor.account_id, user=actor.user_id)
    if whose is Whose.MANAGED:
        own = own.filter(manages=True)
    beside = Membership.objects.filter(account_id=actor.account_id, team__in=own.values("team"))
    return found | Q(**{f"{person}__in": beside.values("user")})


def within_or_nobodys(actor: Actor, whose: Whose, person: str) -> Q:
    """Return the condition of `within`, or that the row is nobody's."""
    found = within(actor, whose, person)
    return found | Q(**{person: None}) if found else found
