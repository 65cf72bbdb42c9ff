"""Who sees a comment, and whose it is."""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor


def sees(actor: Actor) -> Q:
    """Who sees what it is about sees a comment."""
    return kinds.seen_with_parent("comment", actor)


def edits(actor: Actor) -> Q:
    """Whoever wrote a comment may delete it, and admins may."""
    return Q() if actor.is_admin else Q(author=actor.user_id)
