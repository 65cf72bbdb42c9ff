"""A lead on standby is to do again when its day comes, where its owner is."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.guard import door, history
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.leads import waking
from custode.leads.models import Lead, Status
from custode.people.models import User
from tests.cast import Cast
from tests.guard.test_at_once import at_once

ROME, NEW_YORK = ZoneInfo("Europe/Rome"), ZoneInfo("America/New_York")

# Day, hour, the last moment at which it has not come, the first at which it has: by hand, in UTC.
WHEN = {
    "a winter's day begins at midnight": (
        ROME, date(2026, 12, 1), None, "2026-11-30 22:59:59", "2026-11-30 23:00:00"),
    "a summer's day begins at midnight": (
        ROME, date(2026, 7, 1), None, "2026-06-30 21:59:59", "2026-06-30 22:00:00"),
    "a day in New York begins later": (
        NEW_YORK, date(2026, 12, 1), None, "2026-12-01 04:59:59", "2026-12-01 05:00:00"),
    "an hour in winter": (
        ROME, date(2026, 12, 1), time(9, 30), "2026-12-01 08:29:59", "2026-12-01 08:30:00"),
    "an hour in summer": (
        ROME, date(2026, 7, 1), time(9, 30), "2026-07-01 07:29:59", "2026-07-01 07:30:00"),
    "the day on which the clock is put forward": (
        ROME, date(2027, 3, 28), None, "2027-03-27 22:59:59", "2027-03-27 23:00:00"),
    "before the clock is put forward": (
        ROME, date(2027, 3, 28), time(1, 59), "2027-03-28 00:58:59", "2027-03-28 00:59:00"),
    "an hour that is left out comes as much later": (
        ROME, date(2027, 3, 28), time(2, 30), "2027-03-28 01:29:59", "2027-03-28 01:30:00"),
    "after the clock was put forward": (
        ROME, date(2027, 3, 28), time(3, 30), "2027-03-28 01:29:59", "2027-03-28 01:30:00"),
    "of an hour that comes twice the first": (
        ROME, date(2026, 10, 25), time(2, 30), "2026-10-25 00:29:59", "2026-10-25 00:30:00"),
    "after the clock was put back": (
        ROME, date(2026, 10, 25), time(3, 0), "2026-10-25 01:59:59", "2026-10-25 02:00:00"),
    "the day after the clock was put back": (
        ROME, date(2026, 10, 26), None, "2026-10-25 22:59:59", "2026-10-25 23:00:00"),
}  # fmt: skip


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def asleep(cast: Cast, who: User | None, day: date, hour: time | None = None) -> Lead:
    """A lead on standby until then; set long before."""
    with clock.at(utc("2026-01-01 12:00:00")):
        return cast.lead(who, status=Status.STANDBY, remind_date=day, remind_time=hour)


def system(cast: Cast) -> Actor:
    return Actor.system(cast.ferri.account.pk, "end of standby")


def woken(cast: Cast, moment: datetime) -> int:
    with clock.at(moment):
        return waking.wake(system(cast))


@pytest.mark.parametrize(("zone", "day", "hour", "before", "at"), WHEN.values(), ids=WHEN.keys())
def test_it_is_to_do_from_that_moment_on(
    ferri: Cast, zone: ZoneInfo, day: date, hour: time | None, before: str, at: str
) -> None:
    User.objects.filter(pk=ferri.ugo.pk).update(time_zone=zone.key)
    lead = asleep(ferri, ferri.ugo, day, hour)
    assert woken(ferri, utc(before)) == 0
    lead.refresh_from_db()
    assert lead.status == Status.STANDBY
    assert woken(ferri, utc(at)) == 1
    lead.refresh_from_db()
    assert (lead.status, lead.remind_date, lead.remind_time) == (Status.TODO, day, hour)
    assert lead.closed_at is None


def test_it_is_done_once_and_told_in_the_history(ferri: Cast) -> None:
    lead = asleep(ferri, ferri.ugo, date(2026, 12, 1))
    moment = utc("2026-12-02 10:00:00")
    assert [woken(ferri, moment), woken(ferri, moment)] == [1, 0]
    told = history.of(lead).filter(field="status")
    assert [(one.old, one.new, one.actor_kind) for one in told] == [("standby", "todo", "system")]
    lead.refresh_from_db()
    assert lead.updated_at == moment


def test_what_nobody_owns_goes_by_the_accounts_time_zone(ferri: Cast) -> None:
    lead = asleep(ferri, None, date(2026, 12, 1))
    assert ferri.ferri.account.time_zone == "Europe/Rome"
    assert woken(ferri, utc("2026-11-30 22:59:59")) == 0
    assert woken(ferri, utc("2026-11-30 23:00:00")) == 1
    lead.refresh_from_db()
    assert lead.status == Status.TODO


def test_only_what_is_on_standby_and_here_is_touched(ferri: Cast) -> None:
    day = date(2026, 12, 1)
    won = ferri.lead(ferri.ugo, "Won", status=Status.WON, remind_date=day)
    later = asleep(ferri, ferri.ugo, date(2027, 1, 1))
    gone = asleep(ferri, ferri.ugo, day)
    entry = door.delete(ferri.actor(ferri.ugo), [gone]).entry
    moment = utc("2026-12-02 10:00:00")
    assert woken(ferri, moment) == 0
    for lead in (won, later):
        was = lead.status
        lead.refresh_from_db()
        assert lead.status == was
    assert entry is not None
    door.restore(ferri.actor(ferri.ugo), entry)
    assert woken(ferri, moment) == 1


def test_another_account_is_left_alone(ferri: Cast) -> None:
    asleep(ferri, ferri.ugo, date(2026, 12, 1))
    with clock.at(utc("2026-12-02 10:00:00")):
        assert waking.wake(Actor.system(ferri.lodi.account.pk, "end of standby")) == 0
    assert Lead.objects.get().status == Status.STANDBY


def test_cut_off_it_goes_on_where_it_was(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    leads = [asleep(ferri, ferri.ugo, date(2026, 12, 1)) for _ in range(5)]
    monkeypatch.setattr(waking, "CHUNK", 2)
    done = waking._wake
    calls: list[int] = []

    def killed(*args: Any) -> int:
        calls.append(1)
        if len(calls) == 2:
            raise KeyboardInterrupt
        return done(*args)

    moment = utc("2026-12-02 10:00:00")
    with monkeypatch.context() as patched:
        patched.setattr(waking, "_wake", killed)
        with pytest.raises(KeyboardInterrupt):
            woken(ferri, moment)
    assert Lead.objects.filter(status=Status.TODO).count() == 2
    assert woken(ferri, moment) == 3
    for lead in leads:
        assert history.of(lead).filter(field="status").count() == 1


def test_a_reminder_that_was_put_off_meanwhile_holds(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = asleep(ferri, ferri.ugo, date(2026, 12, 1))
    found = waking._due

    def late(*args: Any) -> Any:
        due = list(found(*args))
        Lead.objects.filter(pk=lead.pk).update(remind_date=date(2027, 1, 1))
        return due

    monkeypatch.setattr(waking, "_due", late)
    assert woken(ferri, utc("2026-12-02 10:00:00")) == 0
    lead.refresh_from_db()
    assert lead.status == Status.STANDBY


def test_it_asks_no_more_of_many(ferri: Cast) -> None:
    def asked(day: date) -> int:
        with CaptureQueriesContext(connection) as queries:
            woken(ferri, utc(f"{day} 12:00:00"))
        return len(queries)

    first, second = date(2026, 12, 1), date(2026, 12, 2)
    asleep(ferri, ferri.ugo, first)
    one = asked(first)
    for _ in range(20):
        asleep(ferri, ferri.ugo, second)
    assert asked(second) == one


def test_it_comes_round_every_minute() -> None:
    found = schedule.named("end of standby")
    assert found is not None
    assert (found.every, found.work) == (timedelta(minutes=1), waking.wake)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_it_once(transactional_db: None, ferri: Cast) -> None:
    leads = [asleep(ferri, ferri.ugo, date(2026, 1, 2)) for _ in range(20)]
    worker = partial(waking.wake, system(ferri))
    answers = at_once(ferri, worker, worker, worker)
    assert sum(answers) == len(leads)
    for lead in leads:
        assert history.of(lead).filter(field="status").count() == 1
