"""Who sees a comment or an e-mail, and whose it is."""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor


def sees(actor: Actor, kind: str = "comment", *, about: str = "") -> Q:
    """Who sees what it is about sees a comment or an e-mail.

    Args:
        about: the foreign key of one of its parents: of those on that alone.
    """
    return kinds.seen_with_parent(kind, actor, only=about)


def sees_emails(actor: Actor) -> Q:
    """Who sees what it is about sees an e-mail."""
    return sees(actor, "email")


def edits(actor: Actor) -> Q:
    """Whoever wrote a comment or an e-mail may delete it, and admins may."""
    return Q() if actor.is_admin else Q(author=actor.user_id)
