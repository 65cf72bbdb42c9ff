"""Templates of processes in the admin panel."""

from __future__ import annotations

import re

from custode.leads.models import Status
from custode.postsales import moves, templates
from custode.postsales.models import Process, ProcessTemplate, TemplateTask
from tests.cast import Cast
from tests.postsales.processes import won
from tests.web.postsales.test_tasks_on_pages import HTMX, browser


def test_templates_are_made_filled_and_put_in_order_in_the_panel(ferri: Cast) -> None:
    anna = browser(ferri.anna)
    assert anna.post("/admin-panel/post-sales/", {"name": ""}).status_code == 422
    answer = anna.post("/admin-panel/post-sales/", {"name": "Onboarding"}, follow=True)
    one = ProcessTemplate.objects.get()
    url = f"/admin-panel/post-sales/{one.pk}/"
    assert answer.redirect_chain == [(url, 302)]
    for text, days, who in (
        ("A", "0", "owner"),
        ("B", "7", "starter"),
        ("C", "30", ferri.bruna.pk),
    ):
        sent = {"text": text, "days": days, "assignee": who}
        assert anna.post(f"{url}tasks/", sent).status_code == 302
    first, second, third = TemplateTask.objects.filter(template=one)
    assert (third.days, third.person, second.who) == (30, ferri.bruna, "starter")
    order = {"ids": [first.pk, second.pk, third.pk], "down": first.pk}
    assert anna.post(f"{url}order/", order)["Location"] == f"{url}?at=down-task-{first.pk}"
    assert [task.text for task in TemplateTask.objects.filter(template=one)] == ["B", "A", "C"]
    for wrong in ({"days": "soon"}, {"days": "-1"}, {"text": ""}, {"assignee": ferri.carla.pk}):
        no = anna.post(
            f"/admin-panel/post-sales-tasks/{first.pk}/",
            {"text": "A", "days": "1", "assignee": "owner", **wrong},
        )
        assert no.status_code == 422
    anna.post(f"/admin-panel/post-sales-tasks/{second.pk}/remove/")
    assert [task.text for task in TemplateTask.objects.filter(template=one)] == ["A", "C"]
    anna.post(f"{url}offer/", {"on": "0"}, follow=True)
    lead = won(ferri)
    assert "Onboarding" not in anna.get(f"/leads/{lead.pk}/processes/").text
    sent = {"template": one.pk}
    assert anna.post(f"/leads/{lead.pk}/processes/", sent, headers=HTMX).status_code == 422
    assert not Process.objects.exists()


def test_what_is_done_for_lost_leads_is_not_offered_after_won(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), browser(ferri.ugo)
    begun = {"Onboarding": Status.WON, "Why it is lost": Status.LOST, "Thanks": None}
    for name, status in begun.items():
        one = templates.create(anna, name)
        if status:
            moves.start(anna, ferri.lead(ferri.ugo, "Earlier", status=status), template=one)
    both = templates.create(anna, "Survey")
    for status in (Status.LOST, Status.WON):
        moves.start(anna, ferri.lead(ferri.ugo, "Earlier", status=status), template=both)
    lead = ferri.lead(ferri.ugo, "Now")
    answer = ugo.post(f"/leads/{lead.pk}/status/", {"status": "won"}, headers=HTMX)
    offer = answer.text.partition('id="after-won"')[2].partition("</select>")[0]
    assert re.findall(r"<option[^>]*>([^<]*)<", offer) == ["Onboarding", "Survey", "Thanks"]
    assert "Why it is lost" in ugo.get(f"/leads/{lead.pk}/processes/").text
