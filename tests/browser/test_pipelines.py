"""Steps put in order in a real browser, by keyboard and by pointer; one deleted and restored."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, expect

from custode.kernel import scope
from custode.leads import pipelines
from tests.cast import Cast

PAGE = "/admin-panel/pipelines/"


def names(people: Cast) -> list[str]:
    with scope.account(people.ferri.account.pk):
        return [step.name for step in pipelines.steps_of(people.ferri.pipeline)]


def inputs(page: Page) -> Locator:
    return page.locator(".ordered input[name=name]")


def test_steps_are_put_in_order_by_keyboard(people: Cast, enter: Callable[..., Any]) -> None:
    page = enter(people.anna, path=PAGE).page
    page.get_by_role("button", name="Move “Incoming” down").focus()
    page.keyboard.press("Enter")
    expect(inputs(page).nth(1)).to_have_value("Incoming")
    expect(page.get_by_role("button", name="Move “Incoming” down")).to_be_focused()
    page.keyboard.press("Enter")
    expect(inputs(page).nth(2)).to_have_value("Incoming")
    assert names(people)[:3] == ["Contacted", "Meeting", "Incoming"]


def test_steps_are_put_in_order_by_pointer(people: Cast, enter: Callable[..., Any]) -> None:
    page = enter(people.anna, path=PAGE).page
    grips = page.locator("[data-grip]")
    start, end = grips.nth(3).bounding_box(), grips.nth(0).bounding_box()
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 8, start["y"] + 8)
    page.mouse.down()
    page.mouse.move(end["x"] + 8, end["y"] + 40, steps=8)
    page.mouse.move(end["x"] + 8, end["y"] - 4, steps=8)
    page.mouse.up()
    expect(inputs(page).nth(0)).to_have_value("Proposal")
    page.wait_for_load_state("networkidle")
    assert names(people)[0] == "Proposal"


def test_a_step_is_deleted_and_brought_back(people: Cast, enter: Callable[..., Any]) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead(people.ugo, step=people.ferri.steps[1])
    page = enter(people.anna, path=PAGE).page
    page.get_by_role("link", name="Delete “Contacted” …").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("1 lead is in it.")
    dialog.get_by_label("Its leads go to").select_option("Meeting")
    dialog.get_by_role("button", name="Delete the step").click()
    expect(page.get_by_text("1 lead went to “Meeting”.")).to_be_visible()
    assert "Contacted" not in names(people)
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone: 1 lead")).to_be_visible()
    assert names(people)[1] == "Contacted"
