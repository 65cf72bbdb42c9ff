"""What a person has to do, in three parts, where they are."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from django.utils import timezone

from custode.guard import history
from custode.kernel import clock
from custode.kernel.errors import Invalid, Refused
from custode.leads import agenda
from custode.leads.models import Lead, Status
from tests.cast import Cast

NOW = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)  # already the 24th in Rome

# The day of a reminder -> the part it is in on the 24th of November, by hand.
PARTS = {
    date(2026, 1, 1): "overdue",
    date(2026, 11, 23): "overdue",
    date(2026, 11, 24): "today",
    date(2026, 11, 25): "next",
    date(2026, 12, 1): "next",
    date(2026, 12, 2): "",
}


def titles(cast: Cast, name: str) -> list[str]:
    """What is in a part of Ugo's day, as he sees it in Rome."""
    with clock.at(NOW), timezone.override("Europe/Rome"):
        return [lead.title for lead in agenda.part(cast.actor(cast.ugo), cast.ugo.pk, name).leads]


@pytest.mark.parametrize(("day", "part"), PARTS.items(), ids=str)
def test_a_day_is_in_one_part(ferri: Cast, day: date, part: str) -> None:
    ferri.lead(ferri.ugo, "Call", remind_date=day)
    found = {name: titles(ferri, name) for name in ("overdue", "today", "next")}
    assert found == {name: ["Call"] if name == part else [] for name in found}


def test_by_hour_and_what_has_none_comes_last(ferri: Cast) -> None:
    day = date(2026, 11, 24)
    ferri.lead(ferri.ugo, "Any time", remind_date=day)
    ferri.lead(ferri.ugo, "Afternoon", remind_date=day, remind_time=time(15))
    ferri.lead(ferri.ugo, "Morning", remind_date=day, remind_time=time(9, 30))
    assert titles(ferri, "today") == ["Morning", "Afternoon", "Any time"]


def test_only_ones_own_that_are_open_and_not_in_the_trash(ferri: Cast) -> None:
    day = date(2026, 11, 24)
    ferri.lead(ferri.bruna, "Bruna's", remind_date=day)
    ferri.lead(None, "Nobody's", remind_date=day)
    ferri.lead(ferri.ugo, "Won", remind_date=day, status=Status.WON)
    gone = ferri.lead(ferri.ugo, "Gone", remind_date=day)
    with clock.at(NOW):
        ferri.lead(ferri.ugo, "Asleep", remind_date=day, status=Status.STANDBY)
    Lead.objects.filter(pk=gone.pk).update(status=Status.LOST)
    assert titles(ferri, "today") == ["Asleep"]


def test_leads_to_do_on_no_day_are_counted(ferri: Cast) -> None:
    ferri.lead(ferri.ugo, "Some day")
    ferri.lead(ferri.ugo, "Today", remind_date=date(2026, 11, 24))
    ferri.lead(ferri.ugo, "Lost", status=Status.LOST)
    ferri.lead(ferri.bruna, "Bruna's")
    count, wanted = agenda.without_day(ferri.actor(ferri.ugo), ferri.ugo.pk)
    assert (count, wanted.statuses, wanted.reminder) == (1, ("todo",), "none")


def test_put_off_it_keeps_its_hour_and_the_history_tells(ferri: Cast) -> None:
    was, later = date(2026, 11, 24), date(2026, 11, 30)
    lead = ferri.lead(ferri.ugo, "Call", remind_date=was, remind_time=time(9, 30))
    with clock.at(NOW):
        agenda.put_off(ferri.actor(ferri.ugo), lead, later, was)
    lead.refresh_from_db()
    assert (lead.remind_date, lead.remind_time) == (later, time(9, 30))
    (line,) = [line for line in history.of(lead) if line.field == "remind_date"]
    assert (line.old, line.new) == ("2026-11-24", "2026-11-30")


def test_what_is_done_reminds_of_nothing_and_is_to_do(ferri: Cast) -> None:
    was = date(2026, 11, 30)
    with clock.at(NOW):
        lead = ferri.lead(ferri.ugo, "Call", remind_date=was, status=Status.STANDBY)
        agenda.done(ferri.actor(ferri.ugo), lead, was)
    lead.refresh_from_db()
    assert (lead.remind_date, lead.remind_time, lead.status) == (None, None, "todo")


@pytest.mark.parametrize("what", ["another day", "no day", "won", "a day that is over"])
def test_what_does_not_stand_any_more_is_told_and_changes_nothing(ferri: Cast, what: str) -> None:
    was = date(2026, 11, 24)
    lead = ferri.lead(ferri.ugo, "Call", remind_date=was)
    changes: dict[str, dict[str, Any]] = {
        "another day": {"remind_date": date(2026, 11, 26)},
        "no day": {"remind_date": None},
        "won": {"status": Status.WON},
        "a day that is over": {},
    }
    now = changes[what]
    if now:
        Lead.objects.filter(pk=lead.pk).update(**now)
    day = date(2026, 11, 1) if what == "a day that is over" else date(2026, 11, 30)
    with clock.at(NOW), pytest.raises(Invalid) as told:
        agenda.put_off(ferri.actor(ferri.ugo), lead, day, was)
    assert told.value.field == "remind_date"
    if now:
        with clock.at(NOW), pytest.raises(Invalid):
            agenda.done(ferri.actor(ferri.ugo), lead, was)
    lead.refresh_from_db()
    stands = {"remind_date": was, "status": "todo", **now}
    assert {name: getattr(lead, name) for name in stands} == stands


def test_nobody_puts_off_what_is_anothers(ferri: Cast) -> None:
    was = date(2026, 11, 24)
    lead = ferri.lead(ferri.bruna, "Bruna's", remind_date=was)
    ugo = ferri.actor(ferri.ugo)
    with clock.at(NOW), pytest.raises(Refused):
        agenda.put_off(ugo, lead, date(2026, 11, 30), was)
    with clock.at(NOW), pytest.raises(Refused):
        agenda.done(ugo, lead, was)
    lead.refresh_from_db()
    assert lead.remind_date == was
