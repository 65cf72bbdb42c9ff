"""Who sees a post-sales process and its tasks, and who edits them.

Users who see a lead see its processes, and those who edit it edit them. A task's assignee sees the
task without seeing the lead, and may set its state.
"""

from __future__ import annotations

from django.db.models import Q

from custode.guard import kinds
from custode.kernel.actor import Actor


def processes(actor: Actor) -> Q:
    """Return the condition on processes of the leads that an actor sees."""
    return kinds.seen_with_parent("process", actor)


def edits_processes(actor: Actor) -> Q:
    """Return the condition on processes of the leads that an actor edits."""
    return kinds.edited_with_parent("process", actor)


def tasks(actor: Actor) -> Q:
    """Return the condition on tasks of the processes that an actor sees, and on their own."""
    found = kinds.seen_with_parent("task", actor)
    return found | mine(actor) if found else found


def edits_tasks(actor: Actor) -> Q:
    """Return the condition on tasks of the processes that an actor edits."""
    return kinds.edited_with_parent("task", actor)


def mine(actor: Actor) -> Q:
    """Return the condition on tasks assigned to an actor; none if the actor is no user."""
    return Q(pk__in=[]) if actor.user_id is None else Q(assignee=actor.user_id)
