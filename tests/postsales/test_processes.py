"""Processes begin on closed leads, with tasks that have their days and people."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from custode.guard import door, history
from custode.kernel import clock
from custode.kernel.errors import Gone, Invalid
from custode.leads import moves as lead_moves
from custode.leads.models import Status
from custode.leads.queries import today
from custode.postsales import moves, queries, templates
from custode.postsales.models import State, Task
from custode.postsales.moves import Wanted
from custode.postsales.queries import Progress
from custode.signin import leaving
from tests.cast import Cast
from tests.postsales.processes import a_process, a_task, a_template, tasks, won


@pytest.mark.parametrize("status", [Status.WON, Status.LOST, Status.CANCELLED])
def test_one_begins_on_a_lead_that_is_closed(ferri: Cast, status: str) -> None:
    lead = ferri.lead(ferri.ugo, status=status)
    process = moves.start(ferri.actor(ferri.ugo), lead, "  Delivery \n now ")
    assert (process.title, process.lead, process.created_by) == ("Delivery now", lead, ferri.ugo)
    (line,) = history.of(lead).filter(field=moves.STARTED)
    assert (line.new, line.actor_name) == (str(process.pk), "Ugo Conti")


@pytest.mark.parametrize("status", [Status.TODO, Status.STANDBY])
def test_none_begins_on_a_lead_that_is_open(ferri: Cast, status: str) -> None:
    lead = ferri.lead(ferri.ugo, status=status, remind_date=today())
    with pytest.raises(Invalid, match="won, lost or cancelled"):
        moves.start(ferri.actor(ferri.ugo), lead, "Delivery")
    assert queries.of_lead(lead) == []


def test_a_lead_that_is_opened_again_keeps_its_process(ferri: Cast) -> None:
    lead, ugo = won(ferri), ferri.actor(ferri.ugo)
    process = a_process(ferri, lead, None, "Delivery", "Install")
    lead_moves.edit(ugo, lead, status=Status.TODO)
    (task,) = tasks(process)
    moves.set_state(ugo, task, State.DONE)
    assert queries.progress([process])[process.pk] == Progress(1, 1)


def test_a_templates_tasks_are_counted_from_today_where_one_is(ferri: Cast) -> None:
    template, lead = a_template(ferri), won(ferri)
    night = clock.now().replace(year=2026, month=12, day=31, hour=23, minute=30)
    with clock.at(night), timezone.override("Europe/Rome"):
        process = moves.start(ferri.actor(ferri.anna), lead, template=template)
    assert process.title == "Onboarding"
    assert [(one.text, one.due_date, one.assignee) for one in tasks(process)] == [
        ("Send the contract", date(2027, 1, 1), ferri.ugo),
        ("Install the press", date(2027, 1, 8), ferri.bruna),
        ("Call and ask", date(2027, 1, 31), ferri.anna),
    ]
    assert {one.status for one in tasks(process)} == {State.TODO}


def test_who_works_here_no_more_gets_none_of_a_templates_tasks(ferri: Cast) -> None:
    template = a_template(ferri)
    leaving.disable(ferri.actor(ferri.anna), ferri.bruna)
    ferri.bruna.refresh_from_db()
    process = moves.start(ferri.actor(ferri.anna), won(ferri), template=template)
    assert [one.assignee for one in tasks(process)] == [ferri.ugo, ferri.ugo, ferri.anna]
    with pytest.raises(Invalid, match="Bruna Sala is disabled"):
        moves.add_task(ferri.actor(ferri.ugo), process, Wanted("More", None, ferri.bruna))


def test_a_template_that_is_offered_no_more_begins_nothing(ferri: Cast) -> None:
    template, lead = a_template(ferri), won(ferri)
    templates.retire(ferri.actor(ferri.anna), template, True)
    with pytest.raises(Invalid, match="no longer available"):
        moves.start(ferri.actor(ferri.ugo), lead, template=template)
    assert queries.of_lead(lead) == []
    assert not history.of(lead).filter(field=moves.STARTED).exists()


@pytest.mark.parametrize("title", ["", " \n ", "\x00", "x" * 121])
def test_a_process_has_a_title(ferri: Cast, title: str) -> None:
    ugo, lead = ferri.actor(ferri.ugo), won(ferri)
    with pytest.raises(Invalid) as no:
        moves.start(ugo, lead, title)
    assert no.value.field == "title"
    process = moves.start(ugo, lead, "Delivery")
    with pytest.raises(Invalid):
        moves.rename(ugo, process, title)
    moves.rename(ugo, process, "Delivery, later")
    process.refresh_from_db()
    assert process.title == "Delivery, later"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        (Wanted(""), "text"),
        (Wanted("\x00 "), "text"),
        (Wanted("x" * 201), "text"),
        (Wanted("Install", date(1066, 1, 1)), "due_date"),
        (Wanted("Install", date(3000, 1, 1)), "due_date"),
    ],
)
def test_a_task_that_does_not_fit_is_not_kept(ferri: Cast, wanted: Wanted, field: str) -> None:
    ugo, process = ferri.actor(ferri.ugo), a_process(ferri, won(ferri), None, "Delivery", "Send")
    with pytest.raises(Invalid) as no:
        moves.add_task(ugo, process, wanted)
    assert no.value.field == field
    (task,) = tasks(process)
    with pytest.raises(Invalid):
        moves.change_task(ugo, task, wanted)
    assert [(one.text, one.due_date) for one in tasks(process)] == [("Send", None)]


def test_a_task_that_is_changed_tells_what_it_was(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    task = a_task(ferri, won(ferri), ferri.ugo, "Install", date(2026, 12, 1))
    moves.change_task(ugo, task, Wanted("Install it", date(2026, 12, 2), ferri.bruna))
    task.refresh_from_db()
    assert (task.text, task.due_date, task.assignee) == (
        "Install it", date(2026, 12, 2), ferri.bruna,
    )  # fmt: skip
    told = {one.field: (one.old, one.new) for one in history.of(task).exclude(field="created")}
    assert told == {
        "text": ("Install", "Install it"),
        "due_date": ("2026-12-01", "2026-12-02"),
        "assignee": (str(ferri.ugo.pk), str(ferri.bruna.pk)),
    }


def test_done_says_who_and_when_and_the_lead_tells_it(ferri: Cast) -> None:
    lead, ugo = won(ferri), ferri.actor(ferri.ugo)
    task = a_task(ferri, lead, ferri.bruna)
    moves.set_state(ugo, task, State.DONE)
    task.refresh_from_db()
    assert (task.status, task.done_by) == (State.DONE, ferri.ugo)
    assert task.done_at is not None
    first = task.done_at
    moves.set_state(ferri.actor(ferri.anna), task, State.DONE)
    task.refresh_from_db()
    assert (task.done_by, task.done_at) == (ferri.ugo, first)
    moves.set_state(ugo, task, State.TODO)
    task.refresh_from_db()
    assert task.status == State.TODO
    assert [task.done_by, task.done_at] == [None, None]
    lines = history.of(lead).filter(field__startswith="task").order_by("pk")
    assert [(one.field, one.new) for one in lines] == [
        (moves.DONE, str(task.pk)), (moves.REOPENED, str(task.pk)),
    ]  # fmt: skip


def test_standby_lasts_until_a_day_to_come_and_moves_the_due_day(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    early = a_task(ferri, won(ferri), ferri.ugo, due=today() - timedelta(days=3))
    late = a_task(ferri, won(ferri), ferri.ugo, due=today() + timedelta(days=30))
    for day in (None, today() - timedelta(days=1), date(3000, 1, 1)):
        with pytest.raises(Invalid) as no:
            moves.set_state(ugo, early, State.STANDBY, day)
        assert no.value.field == "remind_date"
    until = today() + timedelta(days=7)
    for task in (early, late):
        moves.set_state(ugo, task, State.STANDBY, until)
        task.refresh_from_db()
        assert (task.status, task.remind_date) == (State.STANDBY, until)
    assert (early.due_date, late.due_date) == (until, today() + timedelta(days=30))
    moves.set_state(ugo, early, State.TODO)
    early.refresh_from_db()
    assert (early.status, early.remind_date) == (State.TODO, None)


def test_there_is_no_other_state(ferri: Cast) -> None:
    task = a_task(ferri, won(ferri), ferri.ugo)
    for state in ("", "won", "deleted"):
        with pytest.raises(Invalid, match="no such status"):
            moves.set_state(ferri.actor(ferri.ugo), task, state)


def test_there_are_so_many_tasks_and_no_more(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(moves, "MOST_TASKS", 2)
    monkeypatch.setattr(moves, "MOST_PROCESSES", 1)
    lead = won(ferri)
    process = a_process(ferri, lead, None, "Delivery", "One", "Two")
    with pytest.raises(Invalid, match="at most 2 tasks"):
        moves.add_task(ferri.actor(ferri.ugo), process, Wanted("Three"))
    with pytest.raises(Invalid, match="at most 1 post-sales process"):
        moves.start(ferri.actor(ferri.ugo), lead, "More")


def test_my_tasks_stand_under_their_days(ferri: Cast) -> None:
    lead, day, ugo = won(ferri), today(), ferri.actor(ferri.ugo)
    days = {"overdue": -1, "today": 0, "next": 1, "undated": None, "standby": 2, "done": 0}
    for name, away in days.items():
        due = None if away is None else day + timedelta(days=away)
        task = a_task(ferri, lead, ferri.ugo, name, due)
        if name == "standby":
            moves.set_state(ugo, task, State.STANDBY, due)
        if name == "done":
            moves.set_state(ugo, task, State.DONE)
    a_task(ferri, lead, ferri.bruna, "Bruna's", day)
    mine = queries.asked(ugo, "")
    assert {name: [one.text for one in queries.part(mine, name)] for name in queries.WHEN} == {
        name: [name] for name in queries.WHEN
    }
    assert queries.counts(mine) == dict.fromkeys(queries.WHEN, 1)
    on_agenda = {"overdue": ["overdue"], "today": ["today"], "next": ["next", "standby"]}
    for who in (ugo, ferri.actor(ferri.anna)):
        assert on_agenda == {
            part: [one.text for one in queries.agenda(who, ferri.ugo.pk, part)]
            for part in on_agenda
        }


def test_the_day_begins_where_one_is(ferri: Cast) -> None:
    task = a_task(ferri, won(ferri), ferri.ugo, due=date(2027, 1, 1))
    night = clock.now().replace(year=2026, month=12, day=31, hour=23, minute=30)
    ugo = ferri.actor(ferri.ugo)
    with clock.at(night):
        with timezone.override("America/New_York"):
            assert list(queries.agenda(ugo, ferri.ugo.pk, "today")) == []
        with timezone.override("Europe/Rome"):
            assert list(queries.agenda(ugo, ferri.ugo.pk, "today")) == [task]


def test_what_is_in_the_trash_is_not_changed(ferri: Cast) -> None:
    lead, ugo = won(ferri), ferri.actor(ferri.ugo)
    task = a_task(ferri, lead, ferri.ugo)
    process = task.process
    door.delete(ugo, [lead])
    for act in (
        lambda: moves.set_state(ugo, task, State.DONE),
        lambda: moves.change_task(ugo, task, Wanted("Mine")),
        lambda: moves.add_task(ugo, process, Wanted("Mine")),
        lambda: moves.rename(ugo, process, "Mine"),
        lambda: moves.start(ugo, lead, "Mine"),
    ):
        with pytest.raises(Gone):
            act()
    assert Task.with_trashed.get().status == State.TODO


def test_no_more_is_asked_of_many(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)

    def asked() -> int:
        with CaptureQueriesContext(connection) as made:
            for process, _tasks in queries.of_lead(lead):
                assert str(process.title)
            assert queries.counts(queries.asked(ugo, "all"))
            queries.progress(list(queries.processes(ugo)))
        return len(made)

    lead = won(ferri)
    a_process(ferri, lead, None, "Delivery", "One")
    few = asked()
    for n in range(8):
        a_process(ferri, lead, None, f"Delivery {n}", "One", "Two", "Three")
    assert asked() == few


def test_a_task_on_standby_is_due_when_it_comes_back_whatever_is_written(ferri: Cast) -> None:
    ugo, until = ferri.actor(ferri.ugo), today() + timedelta(days=7)
    task = a_task(ferri, won(ferri), ferri.ugo)
    moves.set_state(ugo, task, State.STANDBY, until)
    for day in (None, today() - timedelta(days=1)):
        moves.change_task(ugo, task, moves.Wanted("Install", day, ferri.ugo))
        assert task.due_date == until
    later = until + timedelta(days=1)
    moves.change_task(ugo, task, moves.Wanted("Install", later, ferri.ugo))
    assert task.due_date == later
