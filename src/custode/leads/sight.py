"""Who sees a lead, who edits it, and to whom it may be assigned: the same for many and for one.

List, board, page, search, export, counts and the door all use these conditions, which the database
evaluates.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from custode.guard import kinds
from custode.guard.policy import Decision
from custode.kernel.actor import Actor
from custode.people import assigning
from custode.people.models import User
from custode.people.visibility import within_or_nobodys


def sees(actor: Actor) -> Q:
    """Return the condition on leads an actor sees: those in reach, and nobody's."""
    return within_or_nobodys(actor, actor.reach.sees, "owner")


def edits(actor: Actor) -> Q:
    """Return the condition on leads an actor edits: those in reach, and nobody's."""
    return within_or_nobodys(actor, actor.reach.edits, "owner")


def heirs(actor: Actor) -> QuerySet[User, User]:
    """Return the people to whom an actor may assign a lead, including disabled ones."""
    return assigning.heirs(actor)


def may_assign(actor: Actor) -> Decision:
    """Return whether an actor may assign leads at all, and take those that nobody owns."""
    return assigning.may(actor, kinds.model_of("lead").kind)


def require_assign(actor: Actor, owner: User | None) -> None:
    """Raise `Refused` unless the actor may make `owner` the owner of a lead that was not theirs."""
    assigning.require(actor, owner, kinds.model_of("lead").kind)
