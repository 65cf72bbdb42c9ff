"""Who sees a post-sales process and its tasks, and who edits them: the one answer.

Who sees a lead sees its processes, and who edits it edits them. Whoever a task is given to sees
that task, though they do not see the lead, and says how far it is.
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor


def processes(actor: Actor) -> Q:
    """The processes of the leads that an actor sees."""
    return kinds.seen_with_parent("process", actor)


def edits_processes(actor: Actor) -> Q:
    """The processes of the leads that an actor edits."""
    return kinds.edited_with_parent("process", actor)


def tasks(actor: Actor) -> Q:
    """The tasks of the processes that an actor sees, and their own."""
    found = kinds.seen_with_parent("task", actor)
    return found | mine(actor) if found else found


def edits_tasks(actor: Actor) -> Q:
    """The tasks of the processes that an actor edits."""
    return kinds.edited_with_parent("task", actor)


def mine(actor: Actor) -> Q:
    """The tasks that are given to an actor; none for who is no user."""
    return Q(pk__in=[]) if actor.user_id is None else Q(assignee=actor.user_id)
