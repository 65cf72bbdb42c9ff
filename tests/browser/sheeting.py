"""What the tests of the sheet in a browser have in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from custode.kernel import scope
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import texts

Entering = Callable[..., Any]


def kept(people: Cast, one: ProspectingList) -> list[list[str]]:
    with scope.account(people.ferri.account.pk):
        return texts(one)


def cell(page: Page, row: int, column: str) -> Locator:
    """The cell in the row of this number, from 1, under this head."""
    field = page.locator(".tabulator-col", has_text=column).get_attribute("tabulator-field")
    return page.locator(".tabulator-row").nth(row - 1).locator(f"[tabulator-field={field}]")


def opened(enter: Entering, who: Any, one: ProspectingList, **options: Any) -> Page:
    page: Page = enter(who, path=f"/prospecting/{one.pk}/", **options).page
    expect(cell(page, 1, "Company")).to_have_text("Rossi S.r.l.")
    return page


def saved(page: Page) -> None:
    expect(page.locator("[data-sheet-state]")).to_have_text("Saved")


def paste(page: Page, text: str) -> None:
    """What the browser does when somebody presses Ctrl+V with this in the clipboard."""
    page.evaluate(
        """text => {
            const data = new DataTransfer();
            data.setData("text/plain", text);
            document.activeElement.dispatchEvent(new ClipboardEvent(
                "paste", { clipboardData: data, bubbles: true, cancelable: true }));
        }""",
        text,
    )
