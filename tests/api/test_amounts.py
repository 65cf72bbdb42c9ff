"""Amounts as programs write them: read whole, or refused; never cut down unseen."""

from __future__ import annotations

from typing import Any

import pytest

from custode.kernel import scope
from custode.leads.models import Lead
from tests.api.calling import Caller
from tests.api.conftest import Calling


@pytest.fixture
def key(app: Calling) -> Caller:
    """An application that may everything."""
    return app()


@pytest.mark.parametrize(
    ("told", "currency", "minor"),
    [
        ("1.234,50", "EUR", 123450),
        ("1,234.50", "EUR", 123450),
        ("1,234,567", "EUR", 123456700),
        ("1.234.567,8", "EUR", 123456780),
        ("1200,50", "EUR", 120050),
        ("-0.05", "EUR", -5),
        (" 7 ", "EUR", 700),
        (10.5, "EUR", 1050),
        (12, "EUR", 1200),
        (1200.0, "JPY", 1200),
        (0.1 + 0.2, "EUR", 30),
        (9999999999999.99, "EUR", 999999999999999),
        ("1,234", "KWD", 1234),
        ("1.50", "EUR", 150),
        ("1200.000", "EUR", 120000),
        ("", "EUR", None),
    ],
)
def test_an_amount_is_kept_as_it_was_meant(key, people, told: Any, currency: str, minor: int):
    lead = people.lead(people.ugo, amount_minor=1)
    changed = key.put(f"/leads/{lead.pk}", {"amount": told, "currency": currency})
    assert changed.status == 200, changed.content
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.get(pk=lead.pk).amount_minor == minor


@pytest.mark.parametrize(
    ("told", "currency"),
    [
        ("1,234", "EUR"), ("1.234", "EUR"), (1.234, "EUR"), ("10.5", "JPY"), ("1,2345", "KWD"),
        ("1.234,505", "EUR"), ("1,23,4.5", "EUR"), ("1.234,5.6", "EUR"), ("500 USD", "EUR"),
        ("1e3", "EUR"), ("9" * 60, "EUR"), ("9" * 5000, "EUR"),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_as_it_is_written_is_refused(key, people, told: Any, currency: str):
    lead = people.lead(people.ugo, amount_minor=500)
    told = {"amount": told, "currency": currency}
    for refused in (
        key.put(f"/leads/{lead.pk}", told), key.post("/leads", {"title": "T", **told})
    ):  # fmt: skip
        assert (refused.status, refused.json["field"]) == (422, "amount")
    with scope.account(people.ferri.account.pk):
        assert [one.amount_minor for one in Lead.objects.all()] == [500]


def test_an_amount_that_only_changes_its_currency_is_rounded_to_what_that_has(key, people):
    lead = people.lead(people.ugo, amount_minor=1_234_50, currency="EUR")
    changed = key.put(f"/leads/{lead.pk}", {"currency": "JPY"}).json
    assert (changed["amount"], changed["currency"]) == (1235, "JPY")
