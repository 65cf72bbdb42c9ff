"""A refused form comes back as a whole page: what is wrong is in view, not below the fold."""

from __future__ import annotations

from playwright.sync_api import expect

from custode.exchange.webhooks import moves


def test_the_refused_field_is_in_view_and_has_the_focus(people, enter):
    visit = enter(people.anna)
    visit.expect_in_console("422")
    page = visit.open("/admin-panel/account/")
    field = page.locator("#two_factor_grace_days")
    page.locator("#two_factor_for").select_option("all")
    field.fill("0")
    page.locator("form", has=field).get_by_role("button", name="Save").click()
    expect(page.locator("#two_factor_grace_days-mistake")).to_be_in_viewport(ratio=1)
    expect(field).to_be_focused()
    # The top bar stays where it is: it must not cover the field.
    top = page.locator(".top").bounding_box()
    assert field.bounding_box()["y"] >= top["y"] + top["height"]


def test_a_mistake_that_has_no_field_is_in_view(people, enter, monkeypatch):
    monkeypatch.setattr(moves, "MOST", 0)
    visit = enter(people.anna, phone=True)
    visit.expect_in_console("422")
    page = visit.open("/admin-panel/webhooks/")
    # As low as a phone held sideways: the sentence comes after the list of webhooks.
    page.set_viewport_size({"width": 844, "height": 390})
    page.locator("#target").fill("https://example.com/custode")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.locator("[role=alert]", has_text="webhooks already")).to_be_in_viewport(ratio=1)


def test_a_page_without_mistakes_stays_at_its_top(people, enter):
    page = enter(people.anna, path="/admin-panel/account/").page
    expect(page.locator("body")).to_be_focused()
    assert page.evaluate("scrollY") == 0
