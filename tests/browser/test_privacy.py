"""The boxes of the privacy settings in a real browser, ticked faster than they are answered."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from custode.guard.models import PrivacySetting
from custode.kernel import scope
from tests.browser.test_access import grow_old
from tests.cast import Cast

PATH = "/admin-panel/account/privacy/"
BOXES = "form.rule .rule-box"
TICK_ALL = f"for (const box of document.querySelectorAll('{BOXES}')) box.click()"


def test_eight_boxes_ticked_at_once_are_eight_rules(
    people: Cast, enter: Callable[..., Any]
) -> None:
    page = enter(people.anna, path=PATH).page
    expect(page.locator(BOXES)).to_have_count(8)
    page.evaluate(TICK_ALL)
    expect(page.locator(".rule-mark.is-on")).to_have_count(8)
    page.reload()
    expect(page.locator(f"{BOXES}:checked")).to_have_count(8)
    with scope.account(people.ferri.account.pk):
        assert PrivacySetting.objects.filter(ticked=True).count() == 8


def test_boxes_for_which_no_proof_was_given_say_again_what_holds(
    people: Cast, enter: Callable[..., Any]
) -> None:
    page = enter(people.anna, path=PATH).page
    grow_old(people.anna)
    page.evaluate(TICK_ALL)
    expect(page.locator("#proof")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(f"{BOXES}:checked")).to_have_count(0)
    with scope.account(people.ferri.account.pk):
        assert not PrivacySetting.objects.filter(ticked=True).exists()
