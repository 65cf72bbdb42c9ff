"""Who sees a comment or an e-mail, and whose it is."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery

from custode.guard import history, kinds
from custode.guard.models import Change
from custode.kernel.actor import Actor, ActorKind


def sees(actor: Actor, kind: str = "comment", *, about: str = "") -> Q:
    """Return the condition on comments or e-mails whose subject the actor sees.

    Args:
        about: the foreign key of one parent, to consider that one alone.
    """
    return kinds.seen_with_parent(kind, actor, only=about)


def sees_emails(actor: Actor) -> Q:
    """Return the condition on e-mails whose subject the actor sees."""
    return sees(actor, "email")


def edits(actor: Actor, kind: str = "comment") -> Q:
    """Return the condition on comments or e-mails that the actor wrote; all, for an admin."""
    if actor.is_admin:
        return Q()
    by_key = actor.kind is ActorKind.KEY
    return Q(written_by_key(actor, kind)) if by_key else Q(author=actor.user_id)


def edits_emails(actor: Actor) -> Q:
    """Return the condition on e-mails that the actor wrote; all, for an admin."""
    return edits(actor, "email")


def written_by_key(actor: Actor, kind: str = "comment") -> Exists:
    """Return the condition on comments that this application wrote, by their history.

    Args:
        kind: comments or e-mails, whose numbers overlap.
    """
    return Exists(
        Change.objects.filter(
            kind=kind,
            object_id=OuterRef("pk"),
            field=history.CREATED,
            actor_kind=actor.kind.value,
            actor_id=actor.id,
        )
    )


def program(kind: str) -> Subquery:
    """Return the name of the application that wrote a comment or e-mail, also on a user's behalf.

    None for what a person wrote.
    """
    made = Change.objects.filter(kind=kind, object_id=OuterRef("pk"), field=history.CREATED)
    if kind != "comment":
        # A person's comment has no such line; an e-mail has one, whoever wrote it.
        made = made.filter(Q(actor_kind=ActorKind.KEY.value) | Q(by_key__isnull=False))
    return Subquery(made.values("actor_name")[:1])
