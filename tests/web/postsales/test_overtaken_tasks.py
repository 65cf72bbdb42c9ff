"""Two people with the same task: nobody's words are replaced unseen, and no hour is lost."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time, timedelta

import pytest
from django.test import Client
from django.utils.html import escape

from custode.leads.queries import today
from custode.people.models import User
from custode.postsales import moves
from custode.postsales.models import State, Task
from custode.postsales.moves import Wanted
from tests.cast import Cast
from tests.postsales.processes import a_task, won

HTMX = {"HX-Request": "true"}
SAID = {
    "en": ("Anna Ferri has changed this while you were editing. Save again to replace it.",
           "What stands here now: “{}”.", "It is empty now."),
    "it": ("Anna Ferri ha modificato questo campo nel frattempo. Salva di nuovo per sostituirlo.",
           "Ciò che si legge adesso: “{}”.", "Adesso è vuoto."),
}  # fmt: skip
DUE = date(2030, 12, 24)
HERS = "<b>Anna’s</b>"


@pytest.fixture
def task(ferri: Cast) -> Task:
    """A task of Ugo's on his lead."""
    return a_task(ferri, won(ferri), ferri.ugo, "Install", DUE)


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def was(page: str) -> str:
    """What the form on a page knows of how things stood."""
    (found,) = re.findall(r'name="was" value="([^"]*)"', page)
    return str(found)


def sent(who: User | None, text: str = "Install", due: str = "2030-12-24") -> dict[str, str]:
    return {"text": text, "due": due, "assignee": str(who.pk) if who else ""}


def now(task: Task) -> tuple[str, date | None, User | None]:
    task.refresh_from_db()
    return task.text, task.due_date, task.assignee


@pytest.mark.parametrize("language", SAID)
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["with scripts", "without"])
def test_the_second_of_two_people_is_told_who_was_faster_and_what_stands_there(
    ferri: Cast, ugo: Client, task: Task, language: str, headers: dict[str, str]
) -> None:
    User.objects.filter(pk=ferri.ugo.pk).update(language=language)
    address = f"/tasks/{task.pk}/"
    before = was(ugo.get(address, headers=headers).text)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted(HERS, None, ferri.bruna))
    his = sent(ferri.ugo) | {"was": before}
    answer = ugo.post(address, his, headers=headers)
    assert answer.status_code == 422
    anna, stands, empty = SAID[language]
    assert f"{anna} {stands.format(escape(HERS))}" in answer.text
    assert empty in answer.text
    assert stands.format("Bruna Sala") in answer.text
    assert 'value="Install"' in answer.text
    assert now(task) == (HERS, None, ferri.bruna)
    assert ugo.post(address, his | {"was": was(answer.text)}, headers=HTMX).status_code == 200
    assert now(task) == ("Install", DUE, ferri.ugo)


def test_a_day_that_stands_there_now_is_told_as_people_read_it(
    ferri: Cast, ugo: Client, task: Task
) -> None:
    address = f"/tasks/{task.pk}/"
    before = was(ugo.get(address).text)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted("Install", date(2031, 1, 2), None))
    answer = ugo.post(address, sent(ferri.ugo) | {"was": before})
    assert "What stands here now: “2 Jan 2031”." in answer.text
    assert "What stands here now: “Nobody”." in answer.text
    assert "What stands here now: “Install”." not in answer.text


def test_another_mistake_hides_nobodys_change(ferri: Cast, ugo: Client, task: Task) -> None:
    address = f"/tasks/{task.pk}/"
    before = was(ugo.get(address).text)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted(HERS, DUE, ferri.ugo))
    wrong = ugo.post(address, sent(ferri.ugo, due="soon") | {"was": before})
    assert "is not a day" in wrong.text
    told = ugo.post(address, sent(ferri.ugo) | {"was": was(wrong.text)})
    assert SAID["en"][0] in told.text
    assert now(task)[0] == HERS


def test_what_the_form_does_not_hold_is_no_conflict(ferri: Cast, ugo: Client, task: Task) -> None:
    address = f"/tasks/{task.pk}/"
    before = was(ugo.get(address).text)
    moves.set_state(ferri.actor(ferri.anna), task, State.DONE)
    assert ugo.post(address, sent(ferri.bruna) | {"was": before}).status_code == 302
    assert now(task) == ("Install", DUE, ferri.bruna)
    assert task.status == State.DONE


def test_a_new_task_has_nothing_to_be_overtaken(ferri: Cast, ugo: Client, task: Task) -> None:
    address = f"/processes/{task.process_id}/tasks/"
    assert 'name="was"' not in ugo.get(address).text
    assert ugo.post(address, sent(ferri.ugo, "Write")).status_code == 302


def test_the_standby_of_a_task_is_asked_with_its_day_and_hour(
    ferri: Cast, ugo: Client, task: Task
) -> None:
    address, day = f"/tasks/{task.pk}/state/", today() + timedelta(days=2)
    assert 'name="remind_time" value=""' in ugo.get(address).text
    moves.set_state(ferri.actor(ferri.anna), task, State.STANDBY, day, time(14, 30))
    page = ugo.get(address).text
    assert 'name="remind_time" value="14:30"' in page
    assert f'name="remind_date" value="{day}"' in page
    later = (day + timedelta(days=1)).isoformat()
    ugo.post(address, {"status": "standby", "remind_date": later})
    task.refresh_from_db()
    assert (str(task.remind_date), task.remind_time) == (later, time(14, 30))
    ugo.post(address, {"status": "standby", "remind_date": later, "remind_time": ""})
    task.refresh_from_db()
    assert (str(task.remind_date), task.remind_time) == (later, None)
    no = ugo.post(address, {"status": "standby", "remind_date": "", "remind_time": ""})
    assert (no.status_code, "Say until when" in no.text) == (422, True)
