"""A task on standby is to do again when its day comes, and its hour, where its assignee is."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.leads import waking
from custode.leads.waking import Sleepers
from custode.postsales.models import Task

TASKS: Final = Sleepers(Task, "assignee")


def add() -> None:
    """Have it done from now on."""
    schedule.add(Periodic("end of tasks' standby", timedelta(minutes=1), wake))


def wake(system: Actor) -> int:
    """Have every task whose day has come to do again; gives how many."""
    return waking.wake_all(system, TASKS)
