"""The panel's page of pipelines: made, named, put in order, and deleted with a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.guard.models import LogEntry
from custode.leads import pipelines
from custode.leads.models import Lead, Pipeline, Step
from tests.cast import Cast

PAGE = "/admin-panel/pipelines/"


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    """Anna's browser."""
    return come_in(ferri.anna)


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return body.content.decode()


def names(pipeline: Pipeline) -> list[str]:
    return [step.name for step in pipelines.steps_of(pipeline)]


def test_an_admin_makes_a_pipeline_with_steps(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, {"name": " Abroad ", "steps": "Enquiry\r\n\r\n  Offer \r\n"})
    made = Pipeline.offered.get(name="Abroad")
    assert names(made) == ["Enquiry", "Offer"]
    assert "Enquiry" in text(anna.get(PAGE))
    assert "Abroad" in text(anna.get("/leads/new/"))


def test_what_is_wrong_stands_beside_what_was_typed(ferri: Cast, anna: Client) -> None:
    answer = anna.post(PAGE, {"name": "Abroad", "steps": " \n"})
    assert answer.status_code == 422
    assert "A pipeline needs a step." in text(answer)
    assert 'value="Abroad"' in text(answer)
    step = ferri.ferri.steps[1]
    answer = anna.post(f"/admin-panel/steps/{step.pk}/", {"name": "Incoming"})
    assert answer.status_code == 422
    assert "There is a step “Incoming” in this pipeline already." in text(answer)
    assert names(ferri.ferri.pipeline)[1] == "Contacted"


def test_names_default_and_further_steps(ferri: Cast, anna: Client) -> None:
    sales, step = ferri.ferri.pipeline, ferri.ferri.steps[1]
    anna.post(PAGE, {"name": "Abroad", "steps": "Enquiry"})
    abroad = Pipeline.offered.get(name="Abroad")
    anna.post(f"{PAGE}{sales.pk}/", {"name": "Home"})
    anna.post(f"/admin-panel/steps/{step.pk}/", {"name": "Called"})
    anna.post(f"{PAGE}{sales.pk}/steps/", {"name": "Signed"})
    anna.post(f"{PAGE}{abroad.pk}/default/")
    sales.refresh_from_db()
    assert sales.name == "Home"
    assert names(sales) == ["Incoming", "Called", "Meeting", "Proposal", "Negotiation", "Signed"]
    assert Pipeline.objects.get(is_default=True) == abroad


def test_the_arrows_move_a_step_one_place_and_find_their_button_again(
    ferri: Cast, anna: Client
) -> None:
    sales, ids = ferri.ferri.pipeline, [step.pk for step in ferri.ferri.steps]
    answer = anna.post(f"{PAGE}{sales.pk}/order/", {"ids": ids, "down": ids[0]}, follow=True)
    assert names(sales)[:2] == ["Contacted", "Incoming"]
    button = f'name="down" value="{ids[0]}"  aria-label="Move “Incoming” down" autofocus'
    assert button in text(answer)
    ids = [step.pk for step in pipelines.steps_of(sales)]
    anna.post(f"{PAGE}{sales.pk}/order/", {"ids": ids, "up": ids[0]})
    assert names(sales)[:2] == ["Contacted", "Incoming"]


def test_an_order_of_steps_that_somebody_has_changed_since_is_not_taken(
    ferri: Cast, anna: Client
) -> None:
    sales, ids = ferri.ferri.pipeline, [step.pk for step in ferri.ferri.steps]
    pipelines.add_steps(ferri.actor(ferri.anna), sales, ["Signed"])
    answer = anna.post(f"{PAGE}{sales.pk}/order/", {"ids": [*reversed(ids)]})
    assert answer.status_code == 400
    assert "in the meantime" in text(answer)
    assert names(sales)[0] == "Incoming"
    theirs = [*ids[:-1], ferri.lodi.steps[0].pk]
    assert anna.post(f"{PAGE}{sales.pk}/order/", {"ids": theirs}).status_code == 400


def test_the_question_tells_how_many_leads_move_those_in_the_trash_too(
    ferri: Cast, anna: Client
) -> None:
    gone, into = ferri.ferri.steps[1], ferri.ferri.steps[3]
    for title in ("A", "B", "C"):
        ferri.lead(ferri.ugo, title, step=gone)
    anna.post(f"/leads/{Lead.objects.get(title='C').pk}/delete/")
    page = text(anna.get(f"/admin-panel/steps/{gone.pk}/delete/"))
    assert "2 leads are in it." in page
    assert "1 more is in the trash" in page
    assert f'<option value="{gone.pk}"' not in page
    answer = anna.post(f"/admin-panel/steps/{gone.pk}/delete/", {"into": into.pk}, follow=True)
    assert "The step “Contacted” is deleted. 3 leads went to “Proposal”." in text(answer)
    assert set(Lead.with_trashed.values_list("step", flat=True)) == {into.pk}
    for url in ("/board/", "/leads/", "/leads/new/"):
        assert "Contacted" not in text(anna.get(url))
    seq = LogEntry.objects.get(verb="retire").seq
    log = text(anna.get("/security/actions/"))
    assert "deleted the step <b>Contacted</b>" in log
    assert f"/undo/{seq}/" in log
    assert "Undone: 3 leads" in text(anna.post(f"/undo/{seq}/", follow=True))
    assert "Contacted" in text(anna.get("/leads/new/"))


@pytest.mark.parametrize("into", ["", "0", "x", "same", "theirs"])
def test_without_a_target_nothing_is_deleted(ferri: Cast, anna: Client, into: str) -> None:
    gone = ferri.ferri.steps[1]
    lead = ferri.lead(ferri.ugo, step=gone)
    sent = {"same": str(gone.pk), "theirs": str(ferri.lodi.steps[0].pk)}.get(into, into)
    answer = anna.post(f"/admin-panel/steps/{gone.pk}/delete/", {"into": sent})
    assert answer.status_code == 422
    lead.refresh_from_db()
    assert lead.step == gone
    assert Step.offered.filter(pk=gone.pk).exists()


def test_a_pipeline_goes_with_its_steps(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, {"name": "Abroad", "steps": "Enquiry\nOffer"})
    abroad = Pipeline.offered.get(name="Abroad")
    lead = ferri.lead(ferri.ugo, step=pipelines.steps_of(abroad)[1])
    into = ferri.ferri.steps[0]
    assert "These steps are deleted with it:" in text(anna.get(f"{PAGE}{abroad.pk}/delete/"))
    anna.post(f"{PAGE}{abroad.pk}/delete/", {"into": into.pk})
    lead.refresh_from_db()
    assert lead.step == into
    assert anna.get(f"/board/?pipeline={abroad.pk}").status_code == 404
    assert "deleted the pipeline <b>Abroad</b>" in text(anna.get("/security/actions/"))


def test_the_default_pipeline_and_the_last_step_stay(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, {"name": "Abroad", "steps": "Enquiry"})
    abroad = Pipeline.offered.get(name="Abroad")
    only = pipelines.steps_of(abroad)[0]
    sent = {"into": only.pk}
    answer = anna.post(f"{PAGE}{ferri.ferri.pipeline.pk}/delete/", sent)
    assert (answer.status_code, "Make another pipeline the default" in text(answer)) == (422, True)
    answer = anna.post(f"/admin-panel/steps/{only.pk}/delete/", {"into": ferri.ferri.steps[0].pk})
    assert (answer.status_code, "Delete the pipeline instead" in text(answer)) == (422, True)
    page = text(anna.get(PAGE))
    assert f"{PAGE}{ferri.ferri.pipeline.pk}/delete/" not in page
    assert f"/admin-panel/steps/{only.pk}/delete/" not in page


def test_what_was_deleted_is_not_found(ferri: Cast, anna: Client) -> None:
    gone = ferri.ferri.steps[1]
    pipelines.delete_step(ferri.actor(ferri.anna), gone, ferri.ferri.steps[0])
    for url in (f"/admin-panel/steps/{gone.pk}/", f"/admin-panel/steps/{gone.pk}/delete/"):
        assert anna.post(url, {"name": "x", "into": ferri.ferri.steps[0].pk}).status_code == 404


def test_the_page_asks_no_more_of_many_pipelines(ferri: Cast, anna: Client) -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            anna.get(PAGE)
        return len(queries)

    asked()
    before = asked()
    for n in range(5):
        pipelines.create_pipeline(ferri.actor(ferri.anna), f"P{n}", ["A", "B", "C"])
    assert asked() == before
