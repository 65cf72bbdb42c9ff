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


def prospects(actor: Actor) -> Q:
    """The prospects an actor sees and edits: those in the lists they see."""
    return kinds.seen_with_parent("prospect", actor)
