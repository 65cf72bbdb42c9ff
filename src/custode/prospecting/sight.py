"""Who sees a prospecting list and its prospects: the one answer, for many and for one.

Seeing a list is editing it, as several people work through one.
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor
from custode.people.circles import within


def lists(actor: Actor) -> Q:
    """The lists an actor sees and edits: of those in their reach, nobody's, and shared ones."""
    found = within(actor, actor.reach.sees, "owner")
    return found | Q(owner=None) | Q(shared_at__isnull=False) if found else found


def owned(actor: Actor) -> Q:
    """The lists an actor may rename, put aside and give away: as their leads, and what they made.

    Writing in a list is open to whoever sees it; what becomes of the list as a whole is not.
    """
    found = within(actor, actor.reach.edits, "owner")
    return found | Q(owner=None) | Q(created_by=actor.user_id) if found else found


def prospects(actor: Actor) -> Q:
    """The prospects an actor sees and edits: those in the lists they see."""
    return kinds.seen_with_parent("prospect", actor)
