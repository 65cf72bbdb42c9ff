"""Post-sales on a lead's page, in the list of tasks, on a client's folder and in the panel."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.clients import moves as folder_moves
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.leads import moves as lead_moves
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.people.models import User
from custode.postsales import moves, queries
from custode.postsales.models import Process, State, Task
from tests.cast import Cast
from tests.postsales.processes import a_process, a_task, a_template, won

HTMX = {"HX-Request": "true"}


def browser(who: User) -> Client:
    client = Client()
    with scope.everywhere("a test signs in"):
        client.force_login(who)
    return client


@pytest.fixture
def ugo(ferri: Cast) -> Client:
    """Ugo's browser."""
    return browser(ferri.ugo)


def test_after_won_the_question_is_asked_once(ferri: Cast, ugo: Client) -> None:
    a_template(ferri)
    lead = ferri.lead(ferri.ugo)
    answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, headers=HTMX)
    assert "is won. Start a post-sales process?" in answer.text
    assert "Onboarding" in answer.text
    assert "Start a post-sales process?" not in ugo.get(f"/leads/{lead.pk}/").text
    again = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, headers=HTMX)
    assert "Start a post-sales process?" not in again.text


def test_without_scripts_it_is_asked_on_the_next_page(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, follow=True)
    assert answer.redirect_chain == [(f"/leads/{lead.pk}/?won=1", 302)]
    assert "Start a post-sales process?" in answer.text


def test_the_board_asks_too(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    answer = ugo.post(f"/leads/{lead.pk}/move/", {"status": "won"}, headers=HTMX)
    assert "Start a post-sales process?" in answer.text
    other = ferri.lead(ferri.ugo)
    for sent in ({"status": "lost"}, {"step": ferri.ferri.steps[1].pk}):
        moved = ugo.post(f"/leads/{other.pk}/move/", sent, headers=HTMX)
        assert "Start a post-sales process?" not in moved.text


def test_whoever_wants_no_question_is_asked_no_more_until_they_want_it(
    ferri: Cast, ugo: Client
) -> None:
    def asks() -> bool:
        lead = ferri.lead(ferri.ugo)
        answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, headers=HTMX)
        return "Start a post-sales process?" in answer.text

    assert asks()
    ugo.post("/post-sales/asking/", {"on": "0"})
    assert not asks()
    assert '<option value="no" selected>' in ugo.get("/profile/").text
    ugo.post("/profile/", {"theme": "dark"})
    assert not asks()
    assert ugo.post("/profile/", {"asks": "yes"}).status_code == 302
    assert asks()
    assert ugo.post("/profile/", {"asks": "perhaps"}).status_code == 422
    assert asks()


def test_a_process_begins_from_a_template_on_any_closed_lead(ferri: Cast, ugo: Client) -> None:
    template = a_template(ferri)
    for status in (Status.WON, Status.LOST, Status.CANCELLED):
        lead = ferri.lead(ferri.ugo, status=status)
        page = ugo.get(f"/leads/{lead.pk}/").text
        assert page.count(f'href="/leads/{lead.pk}/processes/"') == 2
        sent = {"template": template.pk, "title": ""}
        answer = ugo.post(f"/leads/{lead.pk}/processes/", sent, headers=HTMX)
        assert answer["HX-Retarget"] == "#lead-processes"
        assert "0 of 3" in answer.text
    lead = ferri.lead(ferri.ugo)
    assert "/processes/" not in ugo.get(f"/leads/{lead.pk}/").text
    answer = ugo.post(f"/leads/{lead.pk}/processes/", {"title": "Mine"}, headers=HTMX)
    assert (answer.status_code, Process.objects.filter(lead=lead).count()) == (422, 0)
    assert "Post-sales begins when a lead is won" in answer.text


def test_tasks_are_ticked_in_place_and_the_lead_tells_how_far_it_is(
    ferri: Cast, ugo: Client
) -> None:
    lead = won(ferri)
    process = a_process(ferri, lead, None, "Delivery", "One", "Two")
    task = Task.objects.get(text="Two")
    answer = ugo.post(f"/tasks/{task.pk}/state/?at=lead", {"status": "done"}, headers=HTMX)
    assert answer.status_code == 200
    assert "1 of 2" in answer.text
    assert "did the post-sales task “Two”" in answer.text
    assert "Done by Ugo Conti" in answer.text
    page = ugo.get(f"/leads/{lead.pk}/").text
    assert "1 of 2" in page
    ugo.post(f"/tasks/{task.pk}/state/", {"status": "todo", "untick": "1"}, headers=HTMX)
    assert queries.progress([process])[process.pk].done == 0


def test_a_task_is_written_changed_and_put_on_standby(ferri: Cast, ugo: Client) -> None:
    lead = won(ferri)
    process = a_process(ferri, lead)
    url = f"/processes/{process.pk}/tasks/"
    wrong = ugo.post(url, {"text": "", "due": "soon", "assignee": "99999"}, headers=HTMX)
    assert wrong.status_code == 422
    sent = {"text": "Install", "due": "2026-12-24", "assignee": ferri.bruna.pk}
    assert "Install" in ugo.post(url, sent, headers=HTMX).text
    task = Task.objects.get()
    assert (str(task.due_date), task.assignee) == ("2026-12-24", ferri.bruna)
    form = ugo.get(f"/tasks/{task.pk}/", headers=HTMX).text
    assert 'value="2026-12-24"' in form
    for field, text, why in (
        ("due", "2026-02-30", "is not a day"), ("text", "", "Write what is to be done"),
        ("assignee", ferri.carla.pk, "Choose somebody from the list"),
    ):  # fmt: skip
        no = ugo.post(f"/tasks/{task.pk}/", {**sent, field: text}, headers=HTMX)
        assert (no.status_code, why in no.text) == (422, True), field
    until = today() + timedelta(days=7)
    no = ugo.post(f"/tasks/{task.pk}/state/", {"status": "standby"}, headers=HTMX)
    assert (no.status_code, "Say until when" in no.text) == (422, True)
    yes = {"status": "standby", "quick": until.isoformat(), "remind_date": ""}
    assert "Standby until" in ugo.post(f"/tasks/{task.pk}/state/", yes, headers=HTMX).text
    task.refresh_from_db()
    assert (task.status, task.remind_date, task.remind_time) == (State.STANDBY, until, None)
    no = ugo.post(f"/tasks/{task.pk}/state/", {**yes, "remind_time": "noon"}, headers=HTMX)
    assert (no.status_code, "Write the time like 14:30" in no.text) == (422, True)
    late = {**yes, "remind_time": "14:30"}
    page = ugo.post(f"/tasks/{task.pk}/state/", late, headers=HTMX).text
    assert re.search(r"Standby until [^<]*, 14:30<", page)
    task.refresh_from_db()
    assert task.remind_time == time(14, 30)


def test_what_is_deleted_comes_back_by_undo(ferri: Cast, ugo: Client) -> None:
    lead = won(ferri)
    process = a_process(ferri, lead, None, "Delivery", "One")
    answer = ugo.post(f"/processes/{process.pk}/delete/", headers=HTMX)
    assert "was moved to the trash, with its tasks." in answer.text
    assert ugo.get(f"/processes/{process.pk}/").status_code == 404
    assert "Delivery" in ugo.get("/trash/").text
    ugo.post(f"/undo/{LogEntry.objects.get(verb='delete').seq}/")
    assert "0 of 1" in ugo.get(f"/leads/{lead.pk}/").text


def test_the_rule_is_shown_and_holds_for_both(ferri: Cast, ugo: Client) -> None:
    lead = won(ferri)
    task = a_task(ferri, lead, ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "process", True)
    page = ugo.get(f"/leads/{lead.pk}/").text
    assert page.count("Only admins can delete post-sales processes and tasks.") == 2
    for url in (f"/tasks/{task.pk}/delete/", f"/processes/{task.process_id}/delete/"):
        assert f'action="{url}' not in page
        assert ugo.post(url).status_code == 403
    assert LogEntry.objects.filter(outcome="refused").count() == 2
    assert Task.objects.exists()


def test_my_tasks_stand_under_their_days_and_others_are_asked_for(ferri: Cast, ugo: Client) -> None:
    lead = won(ferri, title="Press for Rossi")
    a_task(ferri, lead, ferri.ugo, "Late one", today() - timedelta(days=1))
    a_task(ferri, lead, ferri.ugo, "One of today", today())
    a_task(ferri, lead, ferri.bruna, "Bruna's one", today())
    page = ugo.get("/post-sales/").text
    assert "Bruna&#x27;s one" not in page
    assert page.index("Late one") < page.index("One of today")
    assert "Press for Rossi" in page
    assert "Late one" not in ugo.get("/post-sales/?when=today").text
    assert "Bruna&#x27;s one" in ugo.get("/post-sales/?who=all").text
    assert "Late one" not in ugo.get(f"/post-sales/?who={ferri.bruna.pk}").text
    for odd in ("who=zzz&when=never&page=x", "page=-1", f"page={'9' * 30}", "who=%00"):
        assert ugo.get(f"/post-sales/?{odd}").status_code == 200


def test_a_task_ticked_in_the_list_stays_to_be_taken_back(ferri: Cast, ugo: Client) -> None:
    task = a_task(ferri, won(ferri), ferri.ugo, "Install", today())
    url = f"/tasks/{task.pk}/state/?at=list&"
    answer = ugo.post(url, {"status": "done"}, headers=HTMX)
    assert f'id="task-{task.pk}"' in answer.text
    assert 'id="tasks-parts"' in answer.text
    assert "Install" not in ugo.get("/post-sales/").text
    assert "Install" in ugo.get("/post-sales/?when=done").text
    ugo.post(url, {"status": "todo", "untick": "1"}, headers=HTMX)
    assert "Install" in ugo.get("/post-sales/").text
    plain = ugo.post(f"/tasks/{task.pk}/state/", {"status": "done", "next": "/post-sales/"})
    assert (plain.status_code, plain["Location"]) == (302, "/post-sales/")


def test_whoever_does_not_see_the_lead_reads_nothing_of_it(ferri: Cast) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "members", "everybody"))
    lead = won(ferri, ferri.bruna, "Secret press")
    task = a_task(ferri, lead, ferri.ugo, "Install", today())
    other = a_task(ferri, lead, ferri.bruna, "Of Bruna", today())
    ugo = browser(ferri.ugo)
    for path in ("/post-sales/", "/post-sales/?who=all", f"/post-sales/?who={ferri.bruna.pk}"):
        page = ugo.get(path).text
        assert "Secret press" not in page
        assert "Process of Install" not in page
        assert "Of Bruna" not in page
        assert "Bruna Sala" not in page
    assert "On a lead that you do not see" in ugo.get("/post-sales/").text
    for url in (
        f"/processes/{task.process_id}/", f"/tasks/{other.pk}/", f"/leads/{lead.pk}/processes/",
        f"/tasks/{other.pk}/state/", f"/processes/{task.process_id}/tasks/",
    ):  # fmt: skip
        assert ugo.get(url).status_code == 404
        assert ugo.post(url, {"text": "x", "status": "done"}).status_code == 404
    for url in (f"/tasks/{other.pk}/delete/", f"/processes/{task.process_id}/delete/"):
        assert ugo.post(url).status_code == 404
    for headers in ({}, HTMX):
        answer = ugo.post(f"/tasks/{task.pk}/state/", {"status": "done"}, headers=headers)
        assert answer.status_code < 400
        assert "Secret press" not in answer.text
    task.refresh_from_db()
    assert task.status == State.DONE
    assert ugo.get(f"/tasks/{task.pk}/").status_code == 404


def test_a_folder_shows_the_processes_of_the_leads_one_sees(ferri: Cast) -> None:
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "members", "everybody"))
    anna = ferri.actor(ferri.anna)
    folder = folder_moves.create(anna, "Rossi")
    for who in (ferri.ugo, ferri.bruna):
        lead = won(ferri, who, f"Press of {who.first_name}")
        lead_moves.edit(anna, lead, client_folder=folder)
        process = a_process(ferri, lead, ferri.anna, f"Delivery by {who.first_name}", "1", "2")
        moves.set_state(anna, Task.objects.filter(process=process)[0], State.DONE)
    page = browser(ferri.ugo).get(f"/clients/{folder.pk}/").text
    assert "Delivery by Ugo" in page
    assert "1 of 2" in page
    assert "Delivery by Bruna" not in page
    page = browser(ferri.anna).get(f"/clients/{folder.pk}/").text
    assert "Delivery by Bruna" in page
    assert "2 of 4" in page


def test_no_more_is_asked_of_many(ferri: Cast, ugo: Client) -> None:
    def asked(lead: Lead) -> list[int]:
        found = []
        for path in (f"/leads/{lead.pk}/", "/post-sales/?who=all", "/post-sales/"):
            with CaptureQueriesContext(connection) as made:
                assert ugo.get(path).status_code == 200
            found.append(len(made))
        return found

    few, many = won(ferri), won(ferri, title="Many")
    for name in ("One", "Two"):
        a_task(ferri, few, ferri.ugo, name, today())
    first = asked(few)
    for n in range(9):
        a_task(ferri, many, ferri.ugo, f"Task {n}", today())
    assert asked(many) == first
