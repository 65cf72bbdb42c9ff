"""Who sees a prospecting list and its prospects: the same answer for many and for one.

Seeing a list implies editing it, as several people work through one.
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor
from custode.people.visibility import within


def lists(actor: Actor) -> Q:
    """Return the condition on lists an actor sees and edits: in reach, nobody's, or shared."""
    found = within(actor, actor.reach.sees, "owner")
    return found | Q(owner=None) | Q(shared_at__isnull=False) if found else found


def owned(actor: Actor) -> Q:
    """Return the condition on lists that an actor may rename, archive and assign.

    As for leads, and those that they created. Anybody who sees a list may write in it, but not
    decide about the list as a whole.
    """
    found = within(actor, actor.reach.edits, "owner")
    return found | Q(owner=None) | Q(created_by=actor.user_id) if found else found


def prospects(actor: Actor) -> Q:
    """Return the condition on prospects an actor sees and edits: those in visible lists."""
    return kinds.seen_with_parent("prospect", actor)
