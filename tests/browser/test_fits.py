"""What a page or a dialog shows stays inside its borders, and fields stand where they belong."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.signin.api_keys import moves as keys
from tests.cast import Cast


def box(one: Locator) -> FloatRect:
    """Return where an element is on the page."""
    found = one.bounding_box()
    assert found is not None
    return found


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_the_dialog_of_a_new_lead_looks_the_same_from_today(
    people: Cast, enter: Callable[..., Any], phone: bool
) -> None:
    page = enter(people.ugo, path="/today/", phone=phone).page
    page.get_by_role("link", name="New lead").first.click()
    dialog = page.locator("#dialog")
    expect(dialog.get_by_label("Title")).to_be_visible()
    amount, currency = box(dialog.locator("#new-amount")), box(dialog.get_by_label("Currency"))
    assert abs(amount["y"] - currency["y"]) < 2
    title, label = box(dialog.get_by_label("Title")), box(dialog.locator("label[for=new-step]"))
    assert label["y"] - (title["y"] + title["height"]) >= 10


def test_the_table_of_keys_stays_in_its_card(people: Cast, enter: Callable[..., Any]) -> None:
    account = people.ferri.account.pk
    with scope.account(account):
        keys.make(Actor.operator(account), "Bookkeeping of the main office", list(Scope))
    page = enter(people.anna, path="/today/").page
    page.set_viewport_size({"width": 1280, "height": 800})
    page.goto(page.url.replace("/today/", "/admin-panel/keys/"))
    card = box(page.locator("main .card").first)
    ways = page.locator(".key-ways .btn")
    for way in ways.all():
        told = box(way)
        assert told["x"] + told["width"] <= card["x"] + card["width"]
