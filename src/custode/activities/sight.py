"""Who sees a comment or an e-mail, and whose it is."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, Subquery

from custode.guard import history, kinds
from custode.guard.models import Change
from custode.kernel.actor import Actor, ActorKind


def sees(actor: Actor, kind: str = "comment", *, about: str = "") -> Q:
    """Who sees what it is about sees a comment or an e-mail.

    Args:
        about: the foreign key of one of its parents: of those on that alone.
    """
    return kinds.seen_with_parent(kind, actor, only=about)


def sees_emails(actor: Actor) -> Q:
    """Who sees what it is about sees an e-mail."""
    return sees(actor, "email")


def edits(actor: Actor, kind: str = "comment") -> Q:
    """Whoever wrote a comment or an e-mail may delete it, and admins may."""
    if actor.is_admin:
        return Q()
    by_key = actor.kind is ActorKind.KEY
    return Q(written_by_key(actor, kind)) if by_key else Q(author=actor.user_id)


def edits_emails(actor: Actor) -> Q:
    """Whoever wrote an e-mail may delete it, and admins may."""
    return edits(actor, "email")


def written_by_key(actor: Actor, kind: str = "comment") -> Exists:
    """The condition on comments that this application wrote them: their history says so.

    Args:
        kind: of what: numbers of comments and of e-mails are not the same.
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
    """The name of the application that wrote a comment or an e-mail, be it in a user's name.

    None for what a person wrote.
    """
    made = Change.objects.filter(kind=kind, object_id=OuterRef("pk"), field=history.CREATED)
    if kind != "comment":
        # A comment of a person has no such line; an e-mail has, whoever wrote it.
        made = made.filter(Q(actor_kind=ActorKind.KEY.value) | Q(by_key__isnull=False))
    return Subquery(made.values("actor_name")[:1])
