"""Post-sales by the API: processes, their tasks, and what they begin with."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.api.v2 import follow_ups
from custode.guard import door
from custode.guard.models import Change
from custode.kernel import clock, scope
from custode.postsales import moves, templates
from custode.postsales.models import Process, Task
from tests.api.calling import Caller
from tests.postsales.processes import a_process, a_task, a_template, tasks, won


@pytest.fixture
def lead(ferri):
    """A lead of Ugo's that is won."""
    return won(ferri)


@pytest.fixture
def process(ferri, lead):
    """A process with two tasks."""
    return a_process(ferri, lead, ferri.ugo, "Delivery", "Send the contract", "Install")


def today() -> date:
    """The day as the account counts it."""
    return timezone.localdate(clock.now(), ZoneInfo("Europe/Rome"))


def at(task):
    return f"/follow_ups/{task.process_id}/tasks/{task.pk}"


def test_a_process_has_the_fields_of_the_reference(app, people, lead, process):
    (told,) = app("read").get("/follow_ups").json
    assert told.keys() == {
        "id", "title", "description", "status", "lead_id", "user_id", "tags", "next_action_at",
        "tasks_count", "tasks_done_count", "tasks", "created_at", "updated_at",
    }  # fmt: skip
    assert (told["title"], told["status"], told["lead_id"]) == ("Delivery", "todo", lead.pk)
    assert (told["user_id"], told["tags"], told["next_action_at"]) == (people.ugo.pk, [], None)
    assert (told["tasks_count"], told["tasks_done_count"]) == (2, 0)
    assert [one["title"] for one in told["tasks"]] == ["Send the contract", "Install"]


def test_processes_are_found_by_their_lead(app, ferri, lead, process):
    other = a_process(ferri, won(ferri, title="Press"), title="Other")
    key = app()
    for query, found in (
        ({}, [process.pk, other.pk]),
        ({"lead_id": str(lead.pk)}, [process.pk]),
        ({"lead_id": "999999"}, []),
        ({"direction": "desc"}, [other.pk, process.pk]),
        ({"limit": 1, "offset": 1}, [other.pk]),
    ):
        assert [one["id"] for one in key.get("/follow_ups", **query).json] == found, query
    assert key.get("/follow_ups", limit=1).headers["X-TOTAL-COUNT"] == "2"
    assert key.get("/follow_ups", lead_id="x").status == 422


def test_a_sync_costs_few_queries(app, ferri, process, django_assert_max_num_queries):
    for n in range(5):
        a_process(ferri, won(ferri, title=f"Lead {n}"), title="Other")
    key = app("read")
    key.get("/follow_ups")
    with django_assert_max_num_queries(6):
        assert len(key.get("/follow_ups").json) == 6


def test_a_process_begins_with_a_template(app, ferri, lead):
    template = a_template(ferri)
    path = f"/leads/{lead.pk}/follow_ups/create_from_template"
    for named in (template.pk, str(template.pk), "onboarding"):
        made = app("read", "write").post(path, {"post_sales_template_id": named})
        assert (made.status, made.json["title"]) == (201, "Onboarding")
        days = [one["due_date"] for one in made.json["tasks"]]
        assert days == [(today() + timedelta(days=n)).isoformat() for n in (0, 7, 30)]
        people = [one["user_id"] for one in made.json["tasks"]]
        assert people == [ferri.ugo.pk, ferri.bruna.pk, ferri.ugo.pk]
        assert made.json["next_action_at"] is not None
    line = Change.objects.filter(field="process").latest("pk")
    assert (line.actor_kind, line.actor_name) == ("key", "Zapp")


def test_no_process_begins_with_what_is_not_there_or_on_an_open_lead(app, ferri, lead):
    template, old = a_template(ferri), a_template(ferri, "Old")
    templates.retire(ferri.actor(ferri.anna), old, True)
    key, path = app(), "/leads/{}/follow_ups/create_from_template"
    for body, kind in (
        ({}, "missing_parameter"),
        ({"post_sales_template_id": "nothing"}, "invalid_parameter"),
        ({"post_sales_template_id": old.pk}, "invalid_parameter"),
    ):
        answer = key.post(path.format(lead.pk), body)
        assert (answer.status, answer.kind) == (422, kind)
        assert answer.json["field"] == "post_sales_template_id"
    still_open = ferri.lead(ferri.ugo)
    given = {"post_sales_template_id": template.pk}
    assert key.post(path.format(still_open.pk), given).status == 422
    assert key.post(path.format(999999), given).status == 404
    assert not Process.objects.exists()


def test_a_task_is_put_off_done_and_done_after_all_by_parameters_of_the_address(app, process):
    first, second = tasks(process)
    day, key = (today() + timedelta(days=3)).isoformat(), app("read", "write")
    told = key.put(f"{at(first)}?status=standby&remind_date={day}")
    assert (told.status, told.json["status"]) == (200, "standby")
    assert (told.json["remind_date"], told.json["due_date"]) == (day, day)
    assert key.put(f"{at(first)}?reminder_date={day}").json["status"] == "standby"
    assert key.put(f"{at(second)}?status=DONE").json["status"] == "done"
    (process_told,) = key.get("/follow_ups").json
    assert (process_told["status"], process_told["tasks_done_count"]) == ("standby", 1)
    assert key.put(at(first), {"status": "done"}).json["done_at"].endswith("Z")
    assert key.get("/follow_ups").json[0]["status"] == "done"
    assert key.put(at(first), {"status": "todo"}).json["done_at"] is None
    assert key.get("/follow_ups").json[0]["status"] == "todo"


def test_a_task_gets_another_text_day_and_person(app, people, process):
    first, _second = tasks(process)
    told = app("read", "write").put(
        at(first), {"title": "Send it", "due_date": "2027-01-15", "user_id": "bruna@sala.example"}
    )
    assert (told.json["title"], told.json["due_date"]) == ("Send it", "2027-01-15")
    assert told.json["user_id"] == people.bruna.pk
    assert app("read", "write").put(at(first), {"user_id": None}).json["user_id"] is None
    assert app("read", "write").put(at(first), {}).json["title"] == "Send it"


def test_what_is_not_given_stays_as_somebody_has_set_it_meanwhile(app, ferri, process, monkeypatch):
    first, _second = tasks(process)
    day, half_past = today() + timedelta(days=3), time(14, 30)
    hers, read = moves.Wanted("Hers", date(2027, 1, 15), ferri.bruna), follow_ups._task

    def overtaken(*asked):
        """Read the task, and let Anna change it before it is locked."""
        task = read(*asked)
        anna, same = ferri.actor(ferri.anna), Task.objects.get(pk=task.pk)
        moves.change_task(anna, same, hers)
        moves.set_state(anna, same, "standby", day, half_past)
        return task

    monkeypatch.setattr(follow_ups, "_task", overtaken)
    for body, became in (
        ({"title": "Mine"}, ("Mine", hers.due_date, ferri.bruna)),
        ({"due_date": "2027-02-16"}, ("Hers", date(2027, 2, 16), ferri.bruna)),
        ({"user_id": None}, ("Hers", hers.due_date, None)),
        ({"title": None, "user_id": ferri.ugo.pk}, ("Hers", hers.due_date, ferri.ugo)),
        ({"status": "standby"}, ("Hers", hers.due_date, ferri.bruna)),
    ):
        assert app().put(at(first), body).status == 200
        first.refresh_from_db()
        assert (first.text, first.due_date, first.assignee) == became, body
        assert (first.remind_date, first.remind_time) == (day, half_past), body


def test_a_task_on_standby_until_an_hour_keeps_it(app, ferri, process):
    first, _second = tasks(process)
    day, half_past = today() + timedelta(days=3), time(14, 30)
    moves.set_state(ferri.actor(ferri.anna), first, "standby", day, half_past)
    for body in ({"status": "standby"}, {"remind_date": (day + timedelta(days=1)).isoformat()}):
        assert app().put(at(first), body).status == 200
        first.refresh_from_db()
        assert first.remind_time == half_past, body
    assert first.remind_date == day + timedelta(days=1)


def test_the_lead_is_locked_before_its_task_as_when_it_is_deleted(app, process):
    first, _second = tasks(process)
    with CaptureQueriesContext(connection) as made:
        assert app().put(at(first), {"title": "Send it", "status": "done"}).status == 200
    held = [one["sql"].partition("is_heard")[2] for one in made if "is_heard" in one["sql"]]
    tables = [re.findall(r'FROM "((?:leads|postsales)_\w+)"', sql)[0] for sql in held]
    assert tables[:2] == ["leads_lead", "postsales_task"]


def test_what_cannot_be_taken_changes_no_task(app, people, process):
    first, _second = tasks(process)
    yesterday = (today() - timedelta(days=1)).isoformat()
    for body, field in (
        ({"status": "new"}, "status"),
        ({"status": "standby"}, "remind_date"),
        ({"status": "standby", "remind_date": yesterday}, "remind_date"),
        ({"remind_date": "soon"}, "remind_date"),
        ({"title": " "}, "text"),
        ({"due_date": "soon"}, "due_date"),
        ({"user_id": people.carla.pk}, "user_id"),
        ({"title": "Another", "status": "new"}, "status"),
    ):
        answer = app().put(at(first), body)
        assert (answer.status, answer.json["field"]) == (422, field), body
    first.refresh_from_db()
    assert (first.text, first.status, first.assignee) == ("Send the contract", "todo", None)


def test_a_task_is_found_in_its_own_process_alone(app, ferri, process):
    first, _second = tasks(process)
    other = a_process(ferri, won(ferri, title="Press"))
    assert app().put(f"/follow_ups/{other.pk}/tasks/{first.pk}", {"status": "done"}).status == 404
    door.delete(ferri.actor(ferri.anna), [first])
    assert app().put(at(first), {"status": "done"}).status == 404


def test_whoever_has_a_task_says_how_far_it_is_and_no_more(ferri, lead, program):
    bruna = program(ferri.bruna)
    mine, theirs = a_task(ferri, lead, ferri.bruna), a_task(ferri, lead, ferri.ugo, "Call")
    assert bruna.put(at(mine), {"status": "done"}).json["status"] == "done"
    for body in ({"title": "Mine"}, {"title": "Mine", "status": "todo"}):
        assert bruna.put(at(mine), body).kind == "refused"
    assert bruna.put(at(theirs), {"status": "done"}).kind == "refused"
    with scope.account(ferri.ferri.account.pk):
        assert Task.objects.get(pk=mine.pk).text == "Install"
        assert Task.objects.get(pk=theirs.pk).status == "todo"


def test_whose_a_lead_is_that_one_does_not_see_is_not_told_to_whoever_has_its_task(
    ferri, lead, program
):
    mine = a_task(ferri, lead, ferri.bruna)
    with scope.account(ferri.ferri.account.pk):
        wanted = replace(Sharing.of(ferri.ferri.account), visibility="admins")
        sharing.change(ferri.actor(ferri.anna), wanted)
    bruna = program(ferri.bruna)
    nowhere = bruna.put(f"/follow_ups/{mine.process_id}/tasks/999999", {"title": "Mine"})
    assert nowhere.status == 404
    for body in (
        {"title": "Mine"}, {"due_date": "2027-01-15"}, {"user_id": None},
        {"title": "Mine", "status": "done"},
    ):  # fmt: skip
        answer = bruna.put(at(mine), body)
        assert (answer.status, answer.json) == (404, nowhere.json), body
    assert Task.objects.get(pk=mine.pk).status == "todo"
    assert bruna.put(at(mine), {"status": "done"}).json["status"] == "done"
    assert program(ferri.anna).put(at(mine), {"title": "Hers"}).json["title"] == "Hers"


def test_a_key_that_may_only_read_changes_nothing(app, ferri, lead, process):
    key = app("read", "delete", "export", "admin")
    first, _second = tasks(process)
    assert key.put(at(first), {"status": "done"}).kind == "missing_scope"
    path = f"/leads/{lead.pk}/follow_ups/create_from_template"
    given = {"post_sales_template_id": a_template(ferri).pk}
    assert isinstance(key, Caller)
    assert key.post(path, given).kind == "missing_scope"
