"""Of a task is changed what is named, as the task is now; standby keeps its day and hour."""

from __future__ import annotations

from datetime import date, time, timedelta

import pytest

from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads.queries import today
from custode.postsales import moves, waking
from custode.postsales.models import State, Task
from custode.postsales.moves import Wanted
from tests.cast import Cast
from tests.postsales.processes import a_task, won

HALF_PAST = time(14, 30)


@pytest.fixture
def task(ferri: Cast) -> Task:
    """A task of Ugo's without a day."""
    return a_task(ferri, won(ferri), ferri.ugo)


def test_a_field_that_is_not_named_stays_as_somebody_else_has_just_set_it(
    ferri: Cast, task: Task
) -> None:
    read_before = Task.objects.get(pk=task.pk)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted("-", date(2030, 1, 2), ferri.bruna),
                      only={"due_date", "assignee"})  # fmt: skip
    moves.change_task(ferri.actor(ferri.ugo), read_before, Wanted("Write"), only={"text"})
    task.refresh_from_db()
    assert (task.text, task.due_date, task.assignee) == ("Write", date(2030, 1, 2), ferri.bruna)
    moves.change_task(ferri.actor(ferri.ugo), task, Wanted("-"), only={"assignee"})
    assert (task.text, task.due_date, task.assignee) == ("Write", date(2030, 1, 2), None)


def test_what_is_changed_is_looked_at_as_it_is_now(ferri: Cast, task: Task) -> None:
    read_before = Task.objects.get(pk=task.pk)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted("Hers"))

    def look(now: Task) -> None:
        raise Invalid(now.text)

    with pytest.raises(Invalid, match="Hers"):
        moves.change_task(ferri.actor(ferri.ugo), read_before, Wanted("His"), look=look)
    task.refresh_from_db()
    assert task.text == "Hers"


def test_standby_keeps_the_hour_and_the_day_unless_others_are_given(
    ferri: Cast, task: Task
) -> None:
    ugo, day = ferri.actor(ferri.ugo), today() + timedelta(days=2)
    read_before = Task.objects.get(pk=task.pk)
    moves.set_state(ferri.actor(ferri.anna), task, State.STANDBY, day, HALF_PAST)
    moves.set_state(ugo, read_before, State.STANDBY)
    assert (read_before.remind_date, read_before.remind_time) == (day, HALF_PAST)
    moves.set_state(ugo, task, State.STANDBY, day + timedelta(days=1))
    assert (task.remind_date, task.remind_time) == (day + timedelta(days=1), HALF_PAST)
    moves.set_state(ugo, task, State.STANDBY, hour=None)
    assert (task.remind_date, task.remind_time) == (day + timedelta(days=1), None)
    moves.set_state(ugo, task, State.STANDBY, day, HALF_PAST)
    moves.set_state(ugo, task, State.TODO)
    moves.set_state(ugo, task, State.STANDBY, day)
    assert (task.remind_date, task.remind_time) == (day, None)


def test_the_day_of_a_task_that_has_come_back_is_taken_away(ferri: Cast, task: Task) -> None:
    ugo = ferri.actor(ferri.ugo)
    moves.set_state(ugo, task, State.STANDBY, today())
    assert waking.wake(Actor.system(ferri.ferri.account.pk, "end of tasks' standby")) == 1
    moves.change_task(ugo, task, Wanted("Install", None, ferri.ugo))
    task.refresh_from_db()
    assert (task.status, task.due_date) == (State.TODO, None)
