"""Reminders, closing dates, probabilities, due days: to leave many empty is deleting, too.

They are set anew all day long, and none of that counts: a lead that is closed, a reminder that is
ticked off on its day, what is put off.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from typing import Any

import pytest
from django.db.models import DateField, DateTimeField, PositiveSmallIntegerField, TimeField

from custode.accounts import moves as account_moves
from custode.guard import door, kinds
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.errors import Refused
from custode.leads import agenda, moves
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.postsales import moves as task_moves
from custode.postsales.models import Task
from custode.postsales.moves import Wanted
from tests.cast import Cast

SOON, LATER, HOUR = timedelta(days=5), timedelta(days=30), time(14, 30)

NOTHING: dict[str, dict[str, Any]] = {
    "reminders": {"remind_date": None, "remind_time": None},
    "hours": {"remind_time": None},
    "closing dates": {"estimated_closing_date": None},
    "probabilities": {"probability": None},
    "probabilities of zero": {"probability": 0},
    "reminders in the year 2999": {"remind_date": date(2999, 12, 31)},
    "standby until the year 2999": {"status": Status.STANDBY, "remind_date": date(2999, 12, 31)},
    "closing dates in the year 1900": {"estimated_closing_date": date(1900, 1, 1)},
}


def leads(cast: Cast, many: int = 12, **values: Any) -> list[Lead]:
    """Leads of Ugo's that have all of it."""
    all_of_it = {
        "remind_date": today() + SOON, "remind_time": HOUR, "probability": 60,
        "estimated_closing_date": today() + LATER,
    }  # fmt: skip
    return [cast.lead(cast.ugo, f"Lead {n}", **(all_of_it | values)) for n in range(many)]


def ruled(cast: Cast) -> None:
    account_moves.set_privacy(cast.actor(cast.anna), Verb.DELETE, "lead", True)
    account_moves.set_privacy(cast.actor(cast.anna), Verb.DELETE, "process", True)


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


@pytest.mark.parametrize("what", NOTHING)
def test_where_only_admins_delete_the_eleventh_is_refused(ferri: Cast, what: str) -> None:
    ruled(ferri)
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    for lead in some[:10]:
        moves.edit(ugo, lead, **NOTHING[what])
    with pytest.raises(Refused, match="Emptying more than 10 fields within an hour"):
        moves.edit(ugo, some[10], **NOTHING[what])


@pytest.mark.parametrize("what", NOTHING)
def test_eleven_are_one_act_and_its_undo_brings_all_back(ferri: Cast, what: str) -> None:
    ugo, some = ferri.actor(ferri.ugo), leads(ferri)
    for lead in some[:10]:
        moves.edit(ugo, lead, **NOTHING[what])
    assert acts() == []
    for lead in some[10:]:
        moves.edit(ugo, lead, **NOTHING[what])
    (act,) = acts()
    # A day and its hour are one; the twelfth belongs to it without being told.
    assert (act.count, '"emptied":11' in act.details) == (11, True)
    door.undo(ferri.actor(ferri.anna), act.seq)
    columns = ("remind_date", "remind_time", "probability", "estimated_closing_date")
    had = (today() + SOON, HOUR, 60, today() + LATER)
    assert set(Lead.objects.values_list(*columns)) == {had}


def test_they_add_up_with_whatever_else_is_emptied(ferri: Cast) -> None:
    ruled(ferri)
    ugo, some = ferri.actor(ferri.ugo), leads(ferri, description="Wants a press by May")
    for lead in some[:4]:
        moves.edit(ugo, lead, remind_date=None, remind_time=None)
    for lead in some[:4]:
        moves.edit(ugo, lead, description="")
    for lead in some[:2]:
        moves.edit(ugo, lead, probability=None)
    with pytest.raises(Refused):
        moves.edit(ugo, some[5], estimated_closing_date=None)


@pytest.mark.parametrize("status", [Status.WON, Status.LOST, Status.CANCELLED])
def test_closing_leads_is_no_emptying(ferri: Cast, status: Status) -> None:
    ruled(ferri)
    for lead in leads(ferri):
        moves.close(ferri.actor(ferri.ugo), lead, status)
    assert (Lead.objects.filter(remind_date=None).count(), acts()) == (12, [])


@pytest.mark.parametrize("status", [Status.TODO, Status.STANDBY])
@pytest.mark.parametrize("days", [0, -1, -400])
def test_ticking_off_what_has_come_is_no_emptying(ferri: Cast, status: Status, days: int) -> None:
    ruled(ferri)
    day = today() + timedelta(days=days)
    some = leads(ferri, remind_date=day)
    Lead.objects.update(status=status)
    for lead in some:
        agenda.done(ferri.actor(ferri.ugo), lead, day)
    assert (Lead.objects.filter(remind_date=None, status="todo").count(), acts()) == (12, [])


def test_what_is_on_standby_may_be_to_do_before_its_day(ferri: Cast) -> None:
    ruled(ferri)
    for lead in leads(ferri, status=Status.STANDBY):
        agenda.done(ferri.actor(ferri.ugo), lead, today() + SOON)
    assert Lead.objects.filter(remind_date=None, status="todo").count() == 12


def test_ticking_off_days_to_come_takes_them_away(ferri: Cast) -> None:
    ruled(ferri)
    some = leads(ferri)
    for lead in some[:10]:
        agenda.done(ferri.actor(ferri.ugo), lead, today() + SOON)
    with pytest.raises(Refused):
        agenda.done(ferri.actor(ferri.ugo), some[10], today() + SOON)


def test_days_brought_forward_to_today_and_ticked_off_are_taken_away_too(ferri: Cast) -> None:
    ruled(ferri)
    some, ugo = leads(ferri), ferri.actor(ferri.ugo)
    for lead in some:
        agenda.put_off(ugo, lead, today(), today() + SOON)
    for lead in some[:10]:
        agenda.done(ugo, lead, today())
    with pytest.raises(Refused):
        agenda.done(ugo, some[10], today())
    with clock.at(clock.now() + timedelta(hours=2)):
        agenda.done(ugo, some[10], today())


PLANNED: list[dict[str, Any]] = [
    {"remind_date": date(2027, 3, 1)},
    {"remind_date": date(2027, 3, 1), "remind_time": None},
    {"remind_time": time(9, 0)},
    {"remind_time": time(0, 0)},
    {"estimated_closing_date": date(2028, 1, 31)},
    {"probability": 5},
    {"remind_date": None, "remind_time": None, "status": Status.LOST},
]


@pytest.mark.parametrize("values", PLANNED)
def test_planning_anew_is_no_emptying_and_no_writing_over(
    ferri: Cast, values: dict[str, Any]
) -> None:
    ruled(ferri)
    for lead in leads(ferri, remind_date=date(2026, 12, 24)):
        moves.edit(ferri.actor(ferri.ugo), lead, **values)
    assert acts() == []


@pytest.mark.parametrize("is_ruled", [True, False])
def test_due_days_of_tasks_are_the_same(ferri: Cast, is_ruled: bool) -> None:
    if is_ruled:
        ruled(ferri)
    ugo = ferri.actor(ferri.ugo)
    process = task_moves.start(ugo, ferri.lead(ferri.ugo, status=Status.WON), "Delivery")
    due = today() + SOON
    tasks = [
        task_moves.add_task(ugo, process, Wanted(f"Call {n}", due, ferri.ugo)) for n in range(11)
    ]
    for task in tasks[:10]:
        task_moves.change_task(ugo, task, Wanted(task.text, None, ferri.ugo))
    if is_ruled:
        with pytest.raises(Refused):
            task_moves.change_task(ugo, tasks[10], Wanted("Call 10", None, ferri.ugo))
        return
    task_moves.change_task(ugo, tasks[10], Wanted("Call 10", None, ferri.ugo))
    (act,) = acts()
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert set(Task.objects.values_list("due_date", flat=True)) == {due}


@pytest.mark.parametrize(("until", "counts"), [(date(2999, 12, 31), True), (None, False)])
def test_tasks_put_off_for_ever_are_emptied_too_and_those_put_off_are_not(
    ferri: Cast, until: date | None, counts: bool
) -> None:
    ruled(ferri)
    ugo = ferri.actor(ferri.ugo)
    process = task_moves.start(ugo, ferri.lead(ferri.ugo, status=Status.WON), "Delivery")
    tasks = [
        task_moves.add_task(ugo, process, Wanted(f"Call {n}", today() + SOON, ferri.ugo))
        for n in range(11)
    ]
    for task in tasks[:10]:
        task_moves.set_state(ugo, task, "standby", until or today() + LATER)
    if counts:
        with pytest.raises(Refused):
            task_moves.set_state(ugo, tasks[10], "standby", until)
        return
    task_moves.set_state(ugo, tasks[10], "standby", today() + LATER)
    for task in tasks:
        task_moves.set_state(ugo, task, "done")
    assert acts() == []


NOT_PLANNED = {
    ("lead", "closed_at"),  # follows from the status
    ("client_folder", "deactivated_at"),  # the state of being in use, which takes nothing away
    ("task", "remind_date"),  # goes with the status only
    ("task", "remind_time"),  # the hour of that day, which stays
}


def test_every_day_and_number_that_people_edit_is_a_plan_or_named_here(ferri: Cast) -> None:
    sorts = (DateField, DateTimeField, TimeField, PositiveSmallIntegerField)
    found = {
        (model.kind.name, field.name)
        for model in kinds.all_models()
        if model.__module__.startswith("custode.") and model.kind.name != "email"
        for field in model._meta.concrete_fields
        if isinstance(field, sorts) and field.editable and field.null
        if field.name not in model.kind.plans
    }
    assert found == NOT_PLANNED
