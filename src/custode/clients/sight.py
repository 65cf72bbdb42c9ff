"""Who sees a client folder, and who edits it: the same answer for many and for one."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor
from custode.people import assigning
from custode.people.models import User
from custode.people.visibility import within_or_nobodys


def sees(actor: Actor) -> Q:
    """Return the condition on folders in reach, nobody's folders, and those of visible leads."""
    found = within_or_nobodys(actor, actor.reach.sees, "owner")
    if not found:
        return found
    lead: Any = kinds.model_of("lead")
    theirs = lead.objects.filter(lead.kind.sees(actor), client_folder__isnull=False)
    return found | Q(pk__in=theirs.values("client_folder"))


def edits(actor: Actor) -> Q:
    """Return the condition on folders in the actor's reach, and on nobody's."""
    return within_or_nobodys(actor, actor.reach.edits, "owner")


def require_assign(actor: Actor, owner: User | None) -> None:
    """Raise `Refused` unless the actor may make `owner` the owner of a folder."""
    assigning.require(actor, owner, kinds.model_of("client_folder").kind)
