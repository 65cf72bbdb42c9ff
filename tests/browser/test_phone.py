"""The side bar, the filters and the admin panel on a phone: in reach, in sight, and of use."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, expect

from custode.guard import door
from custode.kernel import scope
from tests.browser.conftest import DESKTOP, PHONE
from tests.browser.sheeting import cell, opened
from tests.cast import Cast
from tests.prospecting.sheets import a_list

Entering = Callable[..., Any]


def sides(of: Locator) -> tuple[float, float]:
    """Where something begins and ends, from the left of the window."""
    box = of.bounding_box()
    assert box is not None
    return box["x"], box["x"] + box["width"]


def test_on_a_phone_the_side_bar_leads_everywhere_and_out(people: Cast, enter: Entering) -> None:
    page = enter(people.anna, phone=True, path="/trash/").page
    page.get_by_role("link", name="Menu", exact=True).tap()
    menu = page.get_by_role("navigation", name="Main menu")
    # Who one is and the way out stand below the places, however many these are.
    expect(page.get_by_role("button", name="Sign out")).to_be_in_viewport()
    last = menu.get_by_role("link", name="Admin panel")
    last.scroll_into_view_if_needed()
    last.tap()
    expect(page.get_by_role("heading", level=1)).to_have_text("Account management")
    expect(menu).to_be_hidden()


def test_on_a_phone_filters_are_folded_and_stay_open_while_they_hold(
    people: Cast, enter: Entering
) -> None:
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Pallet scanner")])
    page = enter(people.anna, phone=True, path="/security/actions/").page
    action = page.get_by_label("Action", exact=True)
    expect(action).to_be_hidden()
    expect(page.get_by_text("Pallet scanner")).to_be_in_viewport()
    page.get_by_text("Filter", exact=True).first.tap()
    action.select_option("export")
    expect(page).to_have_url(re.compile("verb=export"))
    expect(page.get_by_role("heading", name="No action matches")).to_be_visible()
    # Whoever finds nothing sees why, and the way back.
    expect(action).to_have_value("export")
    expect(action).to_be_visible()
    page.get_by_role("search", name="Filter the actions").get_by_role("link").tap()
    expect(page.get_by_text("Pallet scanner")).to_be_visible()


def test_the_admin_panel_has_groups_beside_the_page_and_tabs_on_a_phone(
    people: Cast, enter: Entering
) -> None:
    page = enter(people.anna, path="/admin-panel/account/privacy/").page
    parts = page.get_by_role("navigation", name="Parts of the admin panel")
    expect(parts.get_by_role("link")).to_have_count(12)
    expect(parts.get_by_role("link", name="Webhooks")).to_be_in_viewport()
    assert sides(parts)[1] <= sides(page.locator(".card").first)[0]
    page.set_viewport_size(PHONE)
    shown = ["Account", "Account management", "Privacy settings", "People", "Sales", "Applications"]
    expect(parts.get_by_role("link")).to_have_text(shown)
    parts.get_by_role("link", name="Applications").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("API keys")
    expect(parts.get_by_role("link", name="Webhooks")).to_be_in_viewport()
    page.set_viewport_size(DESKTOP)
    expect(parts.get_by_role("link", name="API keys")).to_have_attribute("aria-current", "page")


def test_on_a_phone_the_open_tab_of_security_is_in_sight(people: Cast, enter: Entering) -> None:
    page = enter(people.anna, phone=True, path="/security/log-check/").page
    open_tab = page.get_by_role("link", name="Check of the log")
    expect(open_tab).to_have_attribute("aria-current", "page")
    begins, ends = sides(open_tab)
    assert begins >= 0
    assert ends <= PHONE["width"]


def test_the_column_that_stays_lies_above_the_frame_of_what_is_chosen(
    people: Cast, enter: Entering
) -> None:
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo))
    page = opened(enter, people.ugo, one, phone=True)
    cell(page, 1, "Company").click()
    frame = page.locator(".tabulator-range-cell-active")
    page.locator(".tabulator-tableholder").evaluate("holder => { holder.scrollLeft = 80; }")
    stays = page.locator(".tabulator-row .tabulator-frozen").first
    expect(frame).to_be_visible()
    assert sides(frame)[0] < sides(stays)[1], "the frame is not below the column"
    # The overlay is not met by the pointer: what is painted last is asked of the sheet itself.
    layer = "part => Number(getComputedStyle(part).zIndex)"
    assert stays.evaluate(layer) > page.locator(".tabulator-range-overlay").evaluate(layer)


def test_a_mistake_makes_the_form_of_a_new_lead_no_wider(people: Cast, enter: Entering) -> None:
    visit = enter(people.ugo, phone=True, path="/leads/new/")
    visit.expect_in_console("422")
    page = visit.page
    page.get_by_label("Title").fill("Press")
    page.get_by_label("Amount", exact=True).fill("500 USD")
    page.get_by_role("button", name="Create and open").click()
    expect(page.locator("main")).to_contain_text("“500 USD” is not an amount.")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    begins, ends = sides(page.get_by_label("Title"))
    assert ends <= PHONE["width"] - begins, "it stays within its frame"
