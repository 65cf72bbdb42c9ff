"""Undoing that a user has ticked a task as done."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.postsales import moves
from custode.postsales.models import State, Task

FIELDS = frozenset({"status", "done_at", "done_by", "remind_date", "remind_time"})
"""The fields that ticking changes on a task to do: one that came back from standby has its day."""


def offered(actor: Actor, task: Task) -> int:
    """Return the number of the actor's tick, if it is the task's latest edit; else 0."""
    lines = history.last_edit(task)
    told = next((line for line in lines if line.field == "status"), None)
    if told is None or not _is_by(actor, told) or not {line.field for line in lines} <= FIELDS:
        return 0
    return int(told.pk) if (told.old, told.new) == (State.TODO, State.DONE) else 0


def task_of(actor: Actor, number: int) -> int:
    """Return the number of the task that the actor changed by an edit; 0 for none."""
    line = Change.objects.filter(pk=number, kind=Task.kind.name, seq=None).first()
    return int(line.object_id) if line is not None and _is_by(actor, line) else 0


def take_back(actor: Actor, task: Task, number: int) -> None:
    """Set a task back to do that the actor ticked by the edit with this number.

    Raises:
        Invalid: the task has been edited again since.
        Refused: the task and its lead belong to somebody else by now.
    """

    def look(now: Task) -> None:
        if offered(actor, now) != number:
            raise Invalid(
                _("“%(task)s” has been changed in the meantime. This is how it stands now.")
                % {"task": now.text}
            )

    moves.set_state(actor, task, State.TODO, look=look)


def _is_by(actor: Actor, line: Change) -> bool:
    return (line.actor_kind, line.actor_id) == (actor.kind.value, actor.id)
