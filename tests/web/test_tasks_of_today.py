"""Tasks among what there is to do today."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.leads.queries import today
from custode.postsales import moves, waking
from custode.postsales.models import State, Task
from custode.postsales.moves import Wanted
from tests.cast import Cast
from tests.postsales.processes import a_task, won


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def due(cast: Cast, text: str, days: int, who: Any = None) -> Task:
    """A task of Ugo's, or of somebody, that is due so many days from today."""
    return a_task(cast, won(cast, cast.bruna), who or cast.ugo, text, today() + timedelta(days))


def page(client: Client, of: str = "") -> str:
    answer = client.get(f"/today/{of}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_tasks_stand_among_leads_in_their_part(ferri: Cast, ugo: Client) -> None:
    for text, days in (("Late", -3), ("Now", 0), ("Soon", 2), ("Far", 30)):
        due(ferri, text, days)
    ferri.lead(ferri.ugo, "Lead between", remind_date=today() + timedelta(days=1))
    done = due(ferri, "Done already", 0)
    moves.set_state(ferri.actor(ferri.ugo), done, State.DONE)
    due(ferri, "Somebody else's", 0, ferri.bruna)
    shown = page(ugo)
    places = [shown.index(f">{text}<") for text in ("Late", "Now", "Lead between", "Soon")]
    assert places == sorted(places)
    for text in (">Far<", "Done already", "Somebody else"):
        assert text not in shown


def test_one_is_done_and_one_put_off(ferri: Cast, ugo: Client) -> None:
    first, second = due(ferri, "Call", -1), due(ferri, "Write", 0)
    until = today() + timedelta(days=3)
    ugo.post(f"/today/tasks/{first.pk}/", {"was": first.due_date, "day": until})
    ugo.post(f"/today/tasks/{second.pk}/", {"was": second.due_date, "done": "1"})
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.status, first.remind_date, first.due_date) == (State.STANDBY, until, until)
    assert (second.status, second.done_by) == (State.DONE, ferri.ugo)
    shown = page(ugo)
    assert ">Call<" in shown
    assert ">Write<" not in shown


def test_one_that_is_put_off_keeps_its_hour(ferri: Cast, ugo: Client) -> None:
    task, until = due(ferri, "Call", 0), today() + timedelta(days=3)
    moves.set_state(ferri.actor(ferri.anna), task, State.STANDBY, today(), time(14, 30))
    ugo.post(f"/today/tasks/{task.pk}/", {"was": today(), "day": until})
    task.refresh_from_db()
    assert (task.status, task.remind_date, task.remind_time) == (
        State.STANDBY, until, time(14, 30),
    )  # fmt: skip


def test_what_has_changed_in_the_meantime_is_left_as_it_is(ferri: Cast, ugo: Client) -> None:
    task = due(ferri, "Call", 0)
    later = today() + timedelta(days=5)
    moves.change_task(ferri.actor(ferri.anna), task, Wanted("Call", later, ferri.ugo))
    ugo.post(f"/today/tasks/{task.pk}/", {"was": today(), "done": "1"})
    assert "has been changed in the meantime" in page(ugo)
    task.refresh_from_db()
    assert (task.status, task.due_date) == (State.TODO, later)


def test_others_tasks_are_looked_at_as_far_as_one_sees_and_edits(
    ferri: Cast, ugo: Client, come_in: Any
) -> None:
    task = due(ferri, "Of Bruna", 0, ferri.bruna)
    address = f"/today/tasks/{task.pk}/"
    of = f"?of={ferri.bruna.pk}"
    shown = page(ugo, of)
    assert "Of Bruna" in shown
    assert address not in shown
    assert ugo.post(address, {"was": task.due_date, "done": "1"}).status_code == 403
    assert address in page(come_in(ferri.anna), of)
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "members", "everybody"))
    assert ugo.post(address, {"was": task.due_date, "done": "1"}).status_code == 404
    mine = due(ferri, "Given to Ugo", 0)
    shown = page(ugo)
    assert "Given to Ugo" in shown
    assert mine.process.lead.title not in shown
    assert mine.process.title not in shown


def undo_of(answer: Any) -> str:
    """The address of the undo that is offered beside what was told; "" for none."""
    found = re.search(r'action="(/leads/changes/\d+/back/)"', answer.content.decode())
    return found[1] if found else ""


def test_a_tick_is_taken_back_beside_what_tells_of_it(
    ferri: Cast, ugo: Client, come_in: Any
) -> None:
    task = due(ferri, "Call", 0)
    ticked = {"was": task.due_date, "done": "1"}
    undo = undo_of(ugo.post(f"/today/tasks/{task.pk}/", ticked, follow=True))
    assert come_in(ferri.bruna).post(undo).status_code == 404
    answer = ugo.post(undo, {"next": "/today/"}, follow=True)
    assert answer.redirect_chain == [("/today/", 302)]
    assert "Undone: “Call” is to do again." in answer.content.decode()
    task.refresh_from_db()
    assert (task.status, task.done_at, task.done_by) == (State.TODO, None, None)
    assert task.due_date == today()


def test_a_tick_is_taken_back_of_a_task_that_came_back_from_standby(
    ferri: Cast, ugo: Client
) -> None:
    task, actor = due(ferri, "Call", 0), ferri.actor(ferri.ugo)
    moves.set_state(actor, task, State.STANDBY, today() + timedelta(days=1), time(9, 30))
    with clock.at(clock.now() + timedelta(days=2)):
        waking.wake(Actor.system(task.account_id, "end of tasks' standby"))
        task.refresh_from_db()
        ticked = {"was": task.due_date, "done": "1"}
        undo = undo_of(ugo.post(f"/today/tasks/{task.pk}/", ticked, follow=True))
        assert "“Call” is to do again." in ugo.post(undo, follow=True).content.decode()
    task.refresh_from_db()
    assert (task.status, task.done_at) == (State.TODO, None)


def test_a_tick_after_which_something_was_changed_is_not_taken_back(
    ferri: Cast, ugo: Client
) -> None:
    task = due(ferri, "Call", 0)
    ticked = {"was": task.due_date, "done": "1"}
    undo = undo_of(ugo.post(f"/today/tasks/{task.pk}/", ticked, follow=True))
    wanted = Wanted("Call", today() + timedelta(days=5), ferri.ugo)
    moves.change_task(ferri.actor(ferri.anna), task, wanted)
    assert "has been changed in the meantime" in ugo.post(undo, follow=True).content.decode()
    task.refresh_from_db()
    assert task.status == State.DONE


def test_the_undo_of_a_tick_is_for_whoever_may_set_the_task(ferri: Cast, ugo: Client) -> None:
    task = due(ferri, "Call", 0)
    ticked = {"was": task.due_date, "done": "1"}
    undo = undo_of(ugo.post(f"/today/tasks/{task.pk}/", ticked, follow=True))
    Task.objects.filter(pk=task.pk).update(assignee=ferri.bruna)
    assert ugo.post(undo).status_code == 403
    task.refresh_from_db()
    assert task.status == State.DONE
