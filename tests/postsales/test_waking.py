"""A task on standby is to do again when its day comes, where its assignee is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from custode.guard import door, history
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.postsales import moves, waking
from custode.postsales.models import State, Task
from tests.cast import Cast
from tests.postsales.processes import a_task, won

DAY = date(2026, 12, 1)
# Whose time zone -> the last moment at which the day has not come, the first at which it has.
WHEN = {
    "Europe/Rome": ("2026-11-30 22:59:59", "2026-11-30 23:00:00"),
    "America/New_York": ("2026-12-01 04:59:59", "2026-12-01 05:00:00"),
    "Pacific/Kiritimati": ("2026-11-30 09:59:59", "2026-11-30 10:00:00"),
}


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asleep(cast: Cast, who: User | None, day: date = DAY) -> Task:
    with clock.at(utc("2026-01-01 12:00:00")):
        task = a_task(cast, won(cast), who, due=date(2026, 1, 2))
        moves.set_state(cast.actor(cast.anna), task, State.STANDBY, day)
    return task


def woken(cast: Cast, moment: str) -> int:
    with clock.at(utc(moment)):
        return waking.wake(Actor.system(cast.ferri.account.pk, "end of tasks' standby"))


@pytest.mark.parametrize(("zone", "moments"), WHEN.items())
def test_it_is_to_do_from_that_moment_on_where_its_assignee_is(
    ferri: Cast, zone: str, moments: tuple[str, str]
) -> None:
    User.objects.filter(pk=ferri.bruna.pk).update(time_zone=zone)
    task = asleep(ferri, ferri.bruna)
    assert [woken(ferri, moment) for moment in (*moments, moments[1])] == [0, 1, 0]
    task.refresh_from_db()
    assert (task.status, task.due_date) == (State.TODO, DAY)
    (line,) = history.of(task).filter(field="status", new="todo")
    assert (line.old, line.actor_kind) == ("standby", "system")


def test_nobodys_goes_by_the_accounts_time_zone(ferri: Cast) -> None:
    assert ferri.ferri.account.time_zone == "Europe/Rome"
    asleep(ferri, None)
    assert [woken(ferri, moment) for moment in WHEN["Europe/Rome"]] == [0, 1]


def test_only_what_is_on_standby_and_here_is_touched(ferri: Cast) -> None:
    done, gone = asleep(ferri, ferri.ugo), asleep(ferri, ferri.ugo)
    asleep(ferri, ferri.ugo, date(2027, 1, 1))
    moves.set_state(ferri.actor(ferri.anna), done, State.DONE)
    entry = door.delete(ferri.actor(ferri.anna), [gone.process]).entry
    assert woken(ferri, "2026-12-02 10:00:00") == 0
    with clock.at(utc("2026-12-02 10:00:00")):
        assert waking.wake(Actor.system(ferri.lodi.account.pk, "end of tasks' standby")) == 0
    assert entry is not None
    door.restore(ferri.actor(ferri.anna), entry)
    assert woken(ferri, "2026-12-02 10:00:00") == 1


def test_it_asks_no_more_of_many(ferri: Cast) -> None:
    def asked(moment: str) -> int:
        with CaptureQueriesContext(connection) as queries:
            woken(ferri, moment)
        return len(queries)

    asleep(ferri, ferri.ugo)
    one = asked("2026-12-01 12:00:00")
    for _ in range(20):
        asleep(ferri, ferri.ugo, date(2026, 12, 2))
    assert asked("2026-12-02 12:00:00") == one


def test_it_comes_round_every_minute() -> None:
    found = schedule.named("end of tasks' standby")
    assert found is not None
    assert (found.every, found.work) == (timedelta(minutes=1), waking.wake)


def test_the_database_keeps_no_standby_without_a_day(ferri: Cast) -> None:
    task = asleep(ferri, ferri.ugo)
    with pytest.raises(IntegrityError), transaction.atomic():
        Task.objects.filter(pk=task.pk).update(remind_date=None)


def test_a_task_comes_back_at_its_hour_where_its_assignee_is(ferri: Cast) -> None:
    task = asleep(ferri, ferri.ugo)
    anna = ferri.actor(ferri.anna)
    with clock.at(utc("2026-11-28 10:00:00")):
        moves.set_state(anna, task, State.STANDBY, date(2026, 12, 1), time(14, 30))
    assert woken(ferri, "2026-12-01 13:29:00") == 0
    assert woken(ferri, "2026-12-01 13:31:00") == 1
    moves.set_state(anna, task, State.DONE)
    assert (task.remind_date, task.remind_time) == (None, None)
