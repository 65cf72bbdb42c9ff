"""Taking back that one has ticked a task: it is to do again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.postsales import moves
from custode.postsales.models import State, Task

FIELDS = frozenset({"status", "done_at", "done_by"})
"""What ticking changes of a task that was to do; more is changed of one on standby."""


def offered(actor: Actor, task: Task) -> int:
    """The number by which the actor's tick can be taken back, if it is the latest edit; else 0."""
    lines = history.last_edit(task)
    told = next((line for line in lines if line.field == "status"), None)
    if told is None or not _is_by(actor, told) or not {line.field for line in lines} <= FIELDS:
        return 0
    return int(told.pk) if (told.old, told.new) == (State.TODO, State.DONE) else 0


def task_of(actor: Actor, number: int) -> int:
    """The number of the task with such an edit of the actor's own; 0 for none."""
    line = Change.objects.filter(pk=number, kind=Task.kind.name, seq=None).first()
    return int(line.object_id) if line is not None and _is_by(actor, line) else 0


def take_back(actor: Actor, task: Task, number: int) -> None:
    """Have a task to do again that the actor ticked by the edit with this number.

    Raises:
        Invalid: the task has been edited again since, by whomever.
        Refused: the task and its lead are somebody else's by now.
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
