"""Quick creation."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest
from django.test import Client

from custode.leads import pipelines
from custode.leads.models import Lead, Pipeline
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def form(cast: Cast, **data: Any) -> dict[str, Any]:
    """What the form sends when nothing but the title was touched."""
    return {
        "title": "Scanner", "step": cast.ferri.steps[0].pk, "owner": cast.ugo.pk, "amount": "",
        "currency": "EUR", "remind_date": "", "tags": "", "description": "", **data,
    }  # fmt: skip


def test_a_lead_is_created_and_opened(ferri: Cast, ugo: Client) -> None:
    data = form(ferri, amount="1,500", tags="Hot, Fair", description="Company: Rossi")
    answer = ugo.post("/leads/new/", data, headers=HTMX)
    lead = Lead.objects.get()
    assert (answer.status_code, answer["HX-Redirect"]) == (204, f"/leads/{lead.pk}/")
    assert (lead.title, lead.amount_minor, lead.owner) == ("Scanner", 150_000, ferri.ugo)
    assert sorted(tag.name for tag in lead.tags.all()) == ["Fair", "Hot"]
    assert ugo.post("/leads/new/", form(ferri))["Location"].startswith("/leads/")


def test_another_one_keeps_the_step(ferri: Cast, ugo: Client) -> None:
    data = form(ferri, step=ferri.ferri.steps[2].pk, another="1", amount="5")
    page = ugo.post("/leads/new/", data, headers=HTMX).content.decode()
    assert "“Scanner” was created." in page
    assert f'value="{ferri.ferri.steps[2].pk}" selected' in page
    assert 'value="Scanner"' not in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"title": " "}, "A lead needs a title."),
        ({"title": "x" * 201}, "at most 200"),
        ({"amount": "many"}, "is not an amount"),
        ({"step": "x"}, "Choose a step"),
        ({"owner": "x"}, "Choose a user"),
        ({"currency": "XXX"}, "Choose a currency"),
        ({"remind_date": "soon"}, "is not a day"),
        ({"tags": "x" * 61}, "at most 60"),
        ({"description": "x" * 50_001}, "at most 50,000"),
    ],
)
def test_what_is_wrong_stands_beside_its_field(
    ferri: Cast, ugo: Client, data: dict[str, str], words: str
) -> None:
    answer = ugo.post("/leads/new/", form(ferri, **data), headers=HTMX)
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Lead.objects.exists()
    assert ugo.post("/leads/new/", form(ferri, **data)).status_code == 422


def test_all_that_is_wrong_is_told_at_once(ferri: Cast, ugo: Client) -> None:
    wrong = {
        "title": "",
        "amount": "many",
        "probability": "101",
        "closing": "x",
        "remind_date": "y",
    }
    page = ugo.post("/leads/new/", form(ferri, **wrong), headers=HTMX).content.decode()
    for words in ("needs a title", "is not an amount", "from 0 to 100", "“x” is not", "“y” is not"):
        assert words in page.replace("&quot;", '"'), words
    assert page.count("autofocus") == 1


def test_a_new_lead_has_its_probability_and_its_estimated_closing(ferri: Cast, ugo: Client) -> None:
    ugo.post("/leads/new/", form(ferri, probability="40 %", closing="2027-03-31"))
    lead = Lead.objects.get()
    assert (lead.probability, lead.estimated_closing_date) == (40, date(2027, 3, 31))


def test_foreign_steps_and_owners_do_not_exist(ferri: Cast, ugo: Client) -> None:
    foreign = [{"step": ferri.lodi.steps[0].pk}, {"owner": ferri.carla.pk}]
    for data in foreign:
        assert ugo.post("/leads/new/", form(ferri, **data)).status_code == 422
    assert not Lead.objects.exists()


def test_the_form_alone(ferri: Cast, ugo: Client) -> None:
    assert "<html" in ugo.get("/leads/new/").content.decode()
    assert "<html" not in ugo.get("/leads/new/", headers=HTMX).content.decode()


@pytest.fixture
def export(ferri: Cast) -> Pipeline:
    """A second pipeline, whose deals are in pounds but for one."""
    made = pipelines.create_pipeline(ferri.actor(ferri.anna), "Export", ["Enquiry", "Quotation"])
    for currency in ("GBP", "EUR", "GBP"):
        ferri.lead(ferri.ugo, "Sample", step=made.steps.all()[1], currency=currency)
    return made


def proposed(client: Client, address: str) -> tuple[str, str]:
    """The step and the currency that a new form has chosen."""
    page = client.get(address, headers=HTMX).content.decode()
    chosen = re.findall(r"<option[^>]* selected>([^<]+)</option>", page)
    return chosen[0], chosen[-1]


def test_the_pipeline_that_one_looks_at_is_proposed(export: Pipeline, ugo: Client) -> None:
    assert proposed(ugo, f"/leads/new/?pipeline={export.pk}") == ("Enquiry", "GBP")
    quotation = export.steps.all()[1]
    assert proposed(ugo, f"/leads/new/?step={quotation.pk}") == ("Quotation", "GBP")


def test_else_it_is_the_usual_one(export: Pipeline, ugo: Client, ferri: Cast) -> None:
    for address in (
        "/leads/new/", "/leads/new/?pipeline=x", f"/leads/new/?pipeline={ferri.lodi.pipeline.pk}",
        f"/leads/new/?step={ferri.lodi.steps[0].pk}",
    ):  # fmt: skip
        assert proposed(ugo, address) == ("Incoming", "EUR")


@pytest.mark.parametrize("address", ["/board/?pipeline={}", "/leads/?pipeline={}"])
def test_board_and_list_say_which_one_that_is(export: Pipeline, ugo: Client, address: str) -> None:
    page = ugo.get(address.format(export.pk)).content.decode()
    assert f'href="/leads/new/?pipeline={export.pk}"' in page
    assert f'hx-get="/leads/new/?pipeline={export.pk}"' in page


def test_a_board_that_remembers_its_pipeline_says_it_too(export: Pipeline, ugo: Client) -> None:
    ugo.get(f"/board/?pipeline={export.pk}")
    assert f'hx-get="/leads/new/?pipeline={export.pk}"' in ugo.get("/board/").content.decode()
    assert 'hx-get="/leads/new/"' in ugo.get("/leads/").content.decode()
