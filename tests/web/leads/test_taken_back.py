"""What an edit took from a lead is put back from its history, by the form of the field."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from custode.fields import moves as default_fields
from custode.guard.models import Change
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast


def way_back(client: Client, lead: Lead) -> str:
    """Where the page's first “Take it back” leads; "" for none."""
    page = client.get(f"/leads/{lead.pk}/").text
    found = re.search(r'href="([^"]*earlier=[^"]*)"', page)
    return found[1].replace("&amp;", "&").partition("#")[0] if found else ""


def form_of(page: str) -> dict[str, str]:
    """What the form of the open description would send."""
    was = re.search(r'name="was" value="([^"]*)"', page)
    text = re.search(r'<textarea[^>]*name="description"[^>]*>([^<]*)</textarea>', page)
    assert was
    assert text
    return {"was": was[1], "description": text[1]}


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    """Ugo's lead, whose description he wrote over."""
    one = ferri.lead(ferri.ugo, description="Wants three lifts")
    moves.edit(ferri.actor(ferri.ugo), one, description="Nothing")
    return one


def test_a_text_that_was_written_over_is_put_back(ferri: Cast, lead: Lead, ugo: Client) -> None:
    page = ugo.get(way_back(ugo, lead)).text
    assert form_of(page)["description"] == "Wants three lifts"
    assert "What stands here now:" in page
    assert "Nothing" in page
    # What is written in this form stands in no other.
    assert re.search(r'<textarea[^>]*id="comment-text"[^>]*></textarea>', page)
    ugo.post(f"/leads/{lead.pk}/field/description/", form_of(page))
    lead.refresh_from_db()
    assert lead.description == "Wants three lifts"
    latest = Change.objects.filter(kind="lead", object_id=lead.pk).latest("pk")
    assert (latest.old, latest.new, latest.actor_id) == (
        "Nothing", "Wants three lifts", ferri.ugo.pk,
    )  # fmt: skip


def test_what_somebody_wrote_in_the_meantime_is_not_written_over_unseen(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    page = ugo.get(way_back(ugo, lead)).text
    moves.edit(ferri.actor(ferri.anna), lead, description="Signs tomorrow")
    answer = ugo.post(f"/leads/{lead.pk}/field/description/", form_of(page))
    assert answer.status_code == 422
    lead.refresh_from_db()
    assert lead.description == "Signs tomorrow"


@pytest.mark.parametrize(
    ("values", "field", "put_back"),
    [
        ({"amount_minor": 123450}, "amount", 'value="1,234.50"'),
        ({"probability": 40}, "probability", 'value="40"'),
        ({"own": "IT01"}, "own", 'value="IT01"'),
    ],
)
def test_what_was_emptied_is_put_back(
    ferri: Cast, ugo: Client, values: dict[str, Any], field: str, put_back: str
) -> None:
    actor, one = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    if field == "own":
        vat = default_fields.create(ferri.actor(ferri.anna), "lead", "VAT", "text")
        moves.edit(actor, one, own={vat.pk: "IT01"})
        moves.edit(actor, one, own={vat.pk: ""})
    else:
        moves.edit(actor, one, **values)
        assert way_back(ugo, one) == ""
        nothing: dict[str, Any] = dict.fromkeys(values)
        moves.edit(actor, one, **nothing)
    assert put_back in ugo.get(way_back(ugo, one)).text


def test_only_who_may_edit_is_offered_it(ferri: Cast, lead: Lead, enter) -> None:
    bruna = enter(ferri.bruna)
    assert "The text before" in bruna.get(f"/leads/{lead.pk}/").text
    assert way_back(bruna, lead) == ""
    number = Change.objects.get(kind="lead", object_id=lead.pk, field="description").pk
    page = bruna.get(f"/leads/{lead.pk}/?edit=description&earlier={number}").text
    assert "in-place-back" not in page
    assert 'name="description"' not in page


def test_what_stands_there_again_is_not_offered(ferri: Cast, lead: Lead, ugo: Client) -> None:
    moves.edit(ferri.actor(ferri.ugo), lead, description="Wants three lifts")
    changes = Change.objects.filter(kind="lead", object_id=lead.pk, field="description")
    again = changes.latest("pk")
    assert f"earlier={again.pk}" in way_back(ugo, lead)
    first = changes.earliest("pk")
    assert f"earlier={first.pk}" not in ugo.get(f"/leads/{lead.pk}/").text


def test_a_number_of_another_lead_another_field_or_none_opens_the_plain_form(
    ferri: Cast, lead: Lead, ugo: Client
) -> None:
    other = ferri.lead(ferri.ugo, description="Secret")
    moves.edit(ferri.actor(ferri.ugo), other, description="")
    moves.edit(ferri.actor(ferri.ugo), lead, title="Other")
    theirs = Change.objects.get(kind="lead", object_id=other.pk, field="description").pk
    title = Change.objects.get(kind="lead", object_id=lead.pk, field="title").pk
    for number in (theirs, title, 10**18, "x", ""):
        page = ugo.get(f"/leads/{lead.pk}/?edit=description&earlier={number}").text
        assert form_of(page)["description"] == "Nothing"
        assert "in-place-back" not in page
