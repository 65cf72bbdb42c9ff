"""Ends the standby of tasks when their day and hour come, in the assignee's time zone."""

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
    """Register the job."""
    schedule.add(Periodic("end of tasks' standby", timedelta(minutes=1), wake))


def wake(system: Actor) -> int:
    """End the standby of every task whose day has come, and return how many."""
    return waking.wake_all(system, TASKS)
