"""Only rows that a person has chosen are acted on, and they stay chosen."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from custode.kernel import scope
from custode.prospecting.models import ProspectingList
from tests.browser.sheeting import Entering, cell, kept, opened, saved
from tests.cast import Cast
from tests.prospecting.sheets import a_list


@pytest.fixture
def fair(people: Cast) -> ProspectingList:
    """Ugo's list."""
    with scope.account(people.ferri.account.pk):
        return a_list(people.actor(people.ugo))


def test_what_is_chosen_stays_chosen_and_nothing_is_by_itself(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    bar = page.locator("[data-sheet-bar]")
    not_interested = bar.get_by_role("button", name="Not interested")
    expect(bar.locator("[data-sheet-chosen]")).to_have_text("No row chosen")
    expect(not_interested).to_be_disabled()
    expect(bar.get_by_role("button", name="Delete")).to_be_disabled()
    cell(page, 3, "City").click()
    expect(bar.locator("[data-sheet-chosen]")).to_have_text("1 row chosen")
    not_interested.click()
    expect(page.locator("#toasts")).to_contain_text("“Verdi 2000” is not interested.")
    expect(page.locator(".is-not_interested .tabulator-cell").first).to_be_visible()
    page.wait_for_timeout(300)
    bar.get_by_role("button", name="Left to qualify").click()
    expect(page.locator("#toasts")).to_contain_text("“Verdi 2000” is left to qualify.")
    bar.get_by_label("All that match").check()
    expect(bar.locator("[data-sheet-chosen]")).to_have_text("3 rows chosen")
    bar.get_by_label("All that match").uncheck()
    # A row that is gone leaves nothing chosen: not the one that has taken its place.
    bar.get_by_role("button", name="Delete").click()
    expect(page.locator("#toasts")).to_contain_text("1 prospect moved to the trash.")
    expect(bar.locator("[data-sheet-chosen]")).to_have_text("No row chosen")
    expect(not_interested).to_be_disabled()


def test_an_empty_row_is_written_in_at_once(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    page.get_by_role("button", name="Add rows").click()
    page.get_by_role("button", name="Add one empty row").click()
    expect(cell(page, 4, "Company")).to_be_visible()
    page.wait_for_timeout(500)
    page.keyboard.type("Neri")
    page.keyboard.press("Enter")
    expect(cell(page, 4, "Company")).to_have_text("Neri")
    saved(page)
    page.wait_for_timeout(300)
    assert kept(people, fair)[3][0] == "Neri"
