"""The list in a real browser: search while typing, choosing, bulk acts and their undo."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.accounts import moves as account_moves
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from custode.leads.queries import today
from tests.cast import Cast


def some(people: Cast, count: int = 60) -> None:
    """Leads of Ugo's, and one with everything too long."""
    actor = people.actor(people.anna)
    with scope.account(people.ferri.account.pk):
        for i in range(count):
            people.lead(people.ugo, f"Lead {i:02}")
        long = people.lead(
            people.ugo, "Città " + "with a very long name " * 8, amount_minor=10**14 + 1,
            starred=True, remind_date=today().replace(year=2020),
        )  # fmt: skip
        names = [f"a tag with a long name, number {i}" for i in range(40)]
        moves.set_tags(actor, long, tagging.tags_named(actor, names))


def count(people: Cast, **wanted: Any) -> int:
    """How many living leads there are now."""
    with scope.account(people.ferri.account.pk):
        return Lead.objects.filter(**wanted).count()


def test_search_while_typing(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/leads/").page
    rows = page.locator("tbody [data-row]")
    expect(rows).to_have_count(50)
    page.keyboard.press("/")
    page.keyboard.type("citta")
    expect(rows).to_have_count(1)
    expect(page).to_have_url(page.url.partition("/leads/")[0] + "/leads/?q=citta")
    page.go_back()
    expect(rows).to_have_count(50)


def test_filters_marks_and_order(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/leads/?sort=title").page
    rows = page.locator("tbody [data-row]")
    expect(rows.first).to_contain_text("Città")
    page.locator("#filters").get_by_text("More", exact=True).click()
    page.get_by_label("Starred", exact=True).check()
    expect(rows).to_have_count(1)
    assert "starred=1" in page.url
    assert "sort=title" in page.url
    page.get_by_role("link", name="Reset all").click()
    expect(rows).to_have_count(50)
    page.get_by_role("link", name="Last page").click()
    expect(page.locator(".paging-words")).to_have_text("51–61 of 61")


def test_a_range_is_chosen_deleted_and_brought_back(
    people: Cast, enter: Callable[..., Any]
) -> None:
    some(people)
    page = enter(people.ugo, path="/leads/?sort=-title").page
    boxes = page.locator("input[name=ids]")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    boxes.nth(1).click()
    boxes.nth(4).click(modifiers=["Shift"])
    expect(page.locator("[data-chosen-number]")).to_have_text("4")
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    expect(page.locator("#toasts")).to_contain_text("4 leads moved to the trash.")
    expect(page.get_by_role("toolbar")).to_be_hidden()
    assert count(people) == 57
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    assert count(people) == 61
    assert "sort=-title" in page.url


def test_all_that_match_are_asked_about_once(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/leads/?q=lead").page
    page.locator("[data-choose-page]").check()
    expect(page.locator("[data-chosen-number]")).to_have_text("50")
    page.get_by_role("button", name="Choose all 60 that match").click()
    expect(page.locator("[data-chosen-all]")).to_have_text("All 60 that match are chosen")
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Delete 60 leads?")
    dialog.get_by_role("button", name="Delete 60 leads").click()
    expect(page.locator("#toasts")).to_contain_text("60 leads moved to the trash.")
    expect(dialog).to_be_hidden()
    assert count(people) == 1


def test_what_belongs_to_others_is_said_before(people: Cast, enter: Callable[..., Any]) -> None:
    some(people, 12)
    for i in range(3):
        people.lead(people.bruna, f"Hers {i}")
    page = enter(people.ugo, path="/leads/").page
    page.locator("[data-choose-page]").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Delete 13 of these 16 leads?")
    expect(dialog).to_contain_text("3 belong to somebody else and stay")
    dialog.get_by_role("button", name="Delete only 13 leads").click()
    expect(page.locator("#toasts")).to_contain_text("13 leads moved to the trash.")
    expect(dialog).to_be_hidden()
    assert (count(people), count(people, owner=people.bruna)) == (3, 3)


def test_a_no_to_a_dialog_closes_it(people: Cast, enter: Callable[..., Any]) -> None:
    some(people, 12)
    visit = enter(people.ugo, path="/leads/")
    visit.expect_in_console("403")
    page = visit.page
    page.locator("[data-choose-page]").check()
    page.get_by_role("toolbar").get_by_role("button", name="Delete").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    dialog.get_by_role("button", name="Delete 13 leads").click()
    expect(page.locator("#problem")).to_contain_text("Only admins can delete leads.")
    expect(dialog).to_be_hidden()
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    assert count(people) == 13


def test_bulk_edits_by_keyboard(people: Cast, enter: Callable[..., Any]) -> None:
    some(people, 5)
    page = enter(people.ugo, path="/leads/?sort=-title").page
    page.keyboard.press("j")
    page.keyboard.press("Space")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen-number]")).to_have_text("2")
    bar = page.get_by_role("toolbar")
    bar.locator("summary", has_text="Tags").press("Enter")
    bar.get_by_label("Tags", exact=True).fill("Hot, Fair")
    bar.get_by_label("Tags", exact=True).press("Enter")
    expect(page.locator("#toasts")).to_contain_text("2 leads have the tags “Hot” and “Fair” now.")
    assert count(people, tags__name="Hot") == 2
    assert count(people, step=people.ferri.steps[0]) == 6
    page.locator("[data-row-link]").nth(2).press("Enter")
    expect(page.locator("h1")).to_contain_text("Lead 02")


def test_a_forbidden_act_explains_itself(people: Cast, enter: Callable[..., Any]) -> None:
    some(people, 3)
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    page = enter(people.ugo, path="/leads/").page
    page.locator("input[name=ids]").first.check()
    page.get_by_role("toolbar").locator(".shield summary").click()
    why = page.get_by_role("toolbar").locator(".shield-why")
    expect(why).to_contain_text("Only admins can delete leads. You can ask Anna Ferri.")
    box, width = why.bounding_box(), page.evaluate("document.documentElement.clientWidth")
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= width, "the explanation is within the window"


def test_columns(people: Cast, enter: Callable[..., Any]) -> None:
    some(people, 3)
    page = enter(people.ugo, path="/leads/?q=lead").page
    page.get_by_role("button", name="Columns").click()
    page.locator("#columns").get_by_label("Weighted amount").check()
    page.locator("#columns").get_by_label("Step", exact=True).uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("th", has_text="Weighted amount")).to_be_visible()
    expect(page.locator("th", has_text="Step")).to_have_count(0)
    expect(page.locator("tbody [data-row]")).to_have_count(3)


def test_quick_creation(people: Cast, enter: Callable[..., Any]) -> None:
    visit = enter(people.ugo, path="/leads/")
    visit.expect_in_console("422")
    page = visit.page
    expect(page.get_by_role("heading", name="No leads yet")).to_be_visible()
    page.keyboard.press("n")
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("a", has_text="New lead").first).to_be_focused()
    page.keyboard.press("n")
    dialog.get_by_label("Title").fill("Scanner")
    dialog.get_by_label("Amount").fill("12,34")
    page.keyboard.press("Enter")
    expect(dialog.locator("#new-amount-wrong")).to_contain_text("Write it like 1,234.50")
    expect(dialog.get_by_label("Amount")).to_be_focused()
    dialog.get_by_label("Amount").fill("1,234.50")
    dialog.get_by_role("button", name="Create and add another").click()
    expect(page.locator("#toasts")).to_contain_text("“Scanner” was created.")
    expect(dialog.get_by_label("Title")).to_have_value("")
    dialog.get_by_label("Title").fill("Crane")
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_contain_text("Crane")
    assert count(people) == 2


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast,
    enter: Callable[..., Any],
    axe: Callable[[Page], None],
    theme: str,
    phone: bool,
) -> None:
    page = enter(people.anna, path="/leads/", theme=theme, phone=phone).page
    axe(page)
    some(people)
    page.reload()
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator("input[name=ids]").first.check()
    page.locator("#filters").get_by_text("More", exact=True).click()
    axe(page)
    page.goto(page.url + "?q=nothing&step=x")
    axe(page)
    page.keyboard.press("n")
    expect(page.locator("#new-title")).to_be_focused()
    axe(page)
