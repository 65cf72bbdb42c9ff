"""Amounts of former times stand in the history in the currency that the lead had then."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from custode.guard.models import Change
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.web.leads.test_taken_back import way_back

_NARROW = "\N{NARROW NO-BREAK SPACE}"


@pytest.fixture
def actor(ferri: Cast) -> Actor:
    """Ugo, acting."""
    return ferri.actor(ferri.ugo)


@pytest.fixture
def lead(ferri: Cast) -> Lead:
    """Ugo's lead of a thousand euros."""
    return ferri.lead(ferri.ugo, amount_minor=1_000_00, currency="EUR")


def told(client: Client, lead: Lead) -> list[str]:
    """What the page's history says of amounts, the latest first."""
    page = client.get(f"/leads/{lead.pk}/").text.replace(_NARROW, " ")
    return re.findall(r"(?:changed|set|emptied) “Amount”[^<\n]*", page)


def test_amount_and_currency_that_changed_in_one_edit(
    actor: Actor, lead: Lead, ugo: Client
) -> None:
    moves.edit(actor, lead, amount_minor=500_00, currency="USD")
    assert told(ugo, lead) == ["changed “Amount” from “€ 1,000” to “$ 500”"]


def test_each_amount_has_the_currency_of_its_time(actor: Actor, lead: Lead, ugo: Client) -> None:
    moves.edit(actor, lead, amount_minor=2_000_00)
    moves.edit(actor, lead, currency="USD")
    moves.edit(actor, lead, amount_minor=None)
    moves.edit(actor, lead, amount_minor=3_000, currency="JPY")
    moves.edit(actor, lead, amount_minor=4_000)
    assert told(ugo, lead) == [
        "changed “Amount” from “¥ 3,000” to “¥ 4,000”",
        "set “Amount” to “¥ 3,000”",
        "emptied “Amount”, which was “$ 2,000”",
        "changed “Amount” from “€ 1,000” to “€ 2,000”",
    ]


def test_what_stands_on_another_page_of_the_history_counts_too(
    actor: Actor, lead: Lead, ugo: Client
) -> None:
    moves.edit(actor, lead, amount_minor=2_000_00)
    number = Change.objects.filter(object_id=lead.pk, field="amount_minor").latest("pk").pk
    moves.edit(actor, lead, currency="USD")
    page = ugo.get(f"/leads/{lead.pk}/history/?change={number + 1}").text.replace(_NARROW, " ")
    assert "changed “Amount” from “€ 1,000” to “€ 2,000”" in page


def test_the_history_of_many_amounts_takes_one_query_more(
    actor: Actor, lead: Lead, ugo: Client, django_assert_max_num_queries
) -> None:
    page = f"/leads/{lead.pk}/history/"
    ugo.get(page)
    with django_assert_max_num_queries(100) as none:
        ugo.get(page)
    for amount, currency in zip(range(10), 5 * ("USD", "EUR"), strict=True):
        moves.edit(actor, lead, amount_minor=amount, currency=currency)
    with django_assert_max_num_queries(100) as many:
        ugo.get(page)
    assert len(many) - len(none) == 1


@pytest.mark.parametrize(("currency", "minor"), [("EUR", 1_000_00), ("JPY", 100_000)])
def test_an_amount_that_was_emptied_is_put_back_in_its_own_currency(
    actor: Actor, lead: Lead, ugo: Client, currency: str, minor: int
) -> None:
    moves.edit(actor, lead, amount_minor=minor, currency=currency)
    moves.edit(actor, lead, amount_minor=None)
    moves.edit(actor, lead, currency="USD")
    page = ugo.get(way_back(ugo, lead)).text
    (amount,) = re.findall(r'<input[^>]*name="amount"[^>]*value="([^"]*)"', page)
    assert re.findall(r"<option selected>(\w+)</option>", page) == [currency]
    sent = {"amount": amount, "currency": currency}
    assert ugo.post(f"/leads/{lead.pk}/field/amount/", sent).status_code == 302
    lead.refresh_from_db()
    assert (lead.amount_minor, lead.currency) == (minor, currency)


def test_a_currency_that_the_form_does_not_offer_is_left_to_the_person(
    actor: Actor, lead: Lead, ugo: Client
) -> None:
    moves.edit(actor, lead, amount_minor=1_500, currency="KWD")
    moves.edit(actor, lead, amount_minor=None)
    moves.edit(actor, lead, currency="USD")
    page = ugo.get(way_back(ugo, lead)).text
    assert 'value="1.500"' in page
    assert re.findall(r"<option selected>(\w+)</option>", page) == ["USD"]
