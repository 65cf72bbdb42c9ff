"""The sheet of a prospecting list in a real browser: like a spreadsheet, and nothing is lost."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import expect

from custode.accounts import moves as account_moves
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.leads.models import Lead
from custode.prospecting import columns, moves
from custode.prospecting.models import Prospect, ProspectingList
from tests.browser.sheeting import Entering, cell, kept, opened, paste, saved
from tests.cast import Cast
from tests.prospecting.sheets import ROWS, a_list


@pytest.fixture
def fair(people: Cast) -> ProspectingList:
    """Ugo's list."""
    with scope.account(people.ferri.account.pk):
        return a_list(people.actor(people.ugo))


def test_cells_are_written_with_the_keyboard_alone(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    cell(page, 1, "Company").click()
    page.keyboard.press("ArrowRight")
    expect(page.locator("[data-sheet-spoken]")).to_have_text("City, row 1: Torino")
    # Enter opens the cell; what is typed replaces it, since all of it is chosen.
    page.keyboard.press("Enter")
    page.keyboard.type("Asti")
    # Enter saves it and goes one row down, as in every spreadsheet.
    page.keyboard.press("Enter")
    expect(page.locator("[data-sheet-spoken]")).to_have_text("City, row 2: Roma")
    saved(page)
    # Typing opens it too: no single key of the frame is pressed meanwhile.
    page.keyboard.type("nuova Roma")
    page.keyboard.press("Enter")
    expect(cell(page, 2, "City")).to_have_text("nuova Roma")
    saved(page)
    expect(page.locator("[data-sheet-spoken]")).to_have_text("City, row 3: Napoli")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Delete")
    expect(cell(page, 2, "City")).to_have_text("")
    page.wait_for_timeout(300)
    assert [row[1] for row in kept(people, fair)] == ["Asti", "", "Napoli"]
    page.keyboard.press("Control+z")
    expect(cell(page, 2, "City")).to_have_text("nuova Roma")
    page.wait_for_timeout(300)
    assert [row[1] for row in kept(people, fair)] == ["Asti", "nuova Roma", "Napoli"]


def test_values_are_typed_one_below_the_other(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    cell(page, 1, "City").click()
    for text in ("111", "222", "333"):
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    # At the last row it stays; Shift goes up, and Tab on.
    page.keyboard.type("three")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("two")
    page.keyboard.press("Tab")
    page.keyboard.type("x@two.example")
    page.keyboard.press("Enter")
    expect(page.locator("[data-sheet-spoken]")).to_contain_text("E-mail, row 3")
    expect(cell(page, 2, "E-mail")).to_have_text("x@two.example")
    page.wait_for_timeout(500)
    rows = kept(people, fair)
    assert [row[1] for row in rows] == ["111", "two", "three"]
    assert rows[1][2] == "x@two.example"


def test_two_people_lose_nothing_and_the_later_one_is_told(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    ugo, bruna = opened(enter, people.ugo, fair), opened(enter, people.bruna, fair)
    for page, column, text in ((ugo, "City", "Asti"), (bruna, "E-mail", "new@rossi.example")):
        cell(page, 1, column).dblclick()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
        saved(page)
    assert kept(people, fair)[0] == ["Rossi S.r.l.", "Asti", "new@rossi.example"]
    cell(ugo, 3, "City").dblclick()
    ugo.keyboard.type("Bari")
    ugo.keyboard.press("Enter")
    saved(ugo)
    cell(bruna, 3, "City").dblclick()
    bruna.keyboard.type("Lecce")
    bruna.keyboard.press("Enter")
    notice = bruna.locator(".sheet-notice")
    expect(notice).to_contain_text("Ugo Conti wrote “Bari” in “City” of “Verdi 2000” meanwhile.")
    expect(notice).to_contain_text("“Lecce”, was not saved")
    expect(cell(bruna, 3, "City")).to_have_text("Bari")
    assert kept(people, fair)[2][1] == "Bari"
    notice.get_by_role("button", name="Replace with mine").click()
    expect(cell(bruna, 3, "City")).to_have_text("Lecce")
    expect(notice).to_have_count(0)
    bruna.wait_for_timeout(300)
    assert kept(people, fair)[2][1] == "Lecce"


def test_five_hundred_rows_are_pasted_from_a_spreadsheet_program(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    cell(page, 3, "Company").click()
    lines = [f'"Firm ""{n}"""\tCity {n}\t"two\nlines"' for n in range(500)]
    paste(page, "\r\n".join(lines) + "\r\n")
    saved(page)
    expect(page.locator("[data-sheet-count]")).to_contain_text("502 rows")
    rows = kept(people, fair)
    assert rows[:2] == [list(row) for row in ROWS[:2]]
    assert rows[2:] == [[f'Firm "{n}"', f"City {n}", "two\nlines"] for n in range(500)]
    # Rows that were never looked at are written over as well, and Ctrl+Z gives all of them back.
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator("[data-sheet-spoken]")).to_have_text("Company, row 1: Rossi S.r.l.")
    page.keyboard.press("Control+ArrowDown")
    expect(page.locator("[data-sheet-spoken]")).to_contain_text('Company, row 502: Firm "499"')
    page.keyboard.press("Control+ArrowUp")
    expect(page.locator("[data-sheet-spoken]")).to_contain_text("Company, row 1:")
    page.wait_for_timeout(200)
    page.reload()
    expect(cell(page, 1, "Company")).to_have_text("Rossi S.r.l.")
    cell(page, 1, "Company").click()
    paste(page, "".join(f"Over {n}\n" for n in range(502)))
    saved(page)
    page.wait_for_timeout(300)
    assert [row[0] for row in kept(people, fair)] == [f"Over {n}" for n in range(502)]
    page.keyboard.press("Control+z")
    expect(cell(page, 1, "Company")).to_have_text("Rossi S.r.l.")
    page.wait_for_timeout(500)
    assert kept(people, fair) == rows


def test_a_column_is_no_wider_than_the_sheet_and_markup_is_text(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    evil = '<img src=x onerror="alert(1)"><b>bold</b>'
    with scope.account(people.ferri.account.pk):
        columns.add(people.actor(people.ugo), fair, evil[:60])
    page = opened(enter, people.ugo, fair)
    cell(page, 1, "Company").click()
    paste(page, evil)
    saved(page)
    expect(cell(page, 1, "Company")).to_have_text(evil)
    assert page.locator("#sheet img, #sheet b").count() == 0
    paste(page, "a\tb\tc\td\te")
    expect(page.locator(".sheet-notice")).to_contain_text("more columns than are left")


def test_sorting_filtering_and_searching_stand_in_the_address(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    page.locator(".tabulator-col", has_text="City").locator(".tabulator-col-sorter").click()
    expect(cell(page, 1, "City")).to_have_text("Napoli")
    page.get_by_label("Filter by “City”").press_sequentially("tor")
    expect(page.locator(".tabulator-row")).to_have_count(1)
    expect(cell(page, 1, "City")).to_have_text("Torino")
    page.reload()
    expect(page.locator(".tabulator-row")).to_have_count(1)
    expect(page.get_by_label("Filter by “City”")).to_have_value("tor")
    page.get_by_label("Filter by “City”").press("Control+a")
    page.keyboard.press("Backspace")
    expect(page.locator(".tabulator-row")).to_have_count(3)
    page.get_by_role("searchbox", name="Search this list").fill("edile")
    expect(cell(page, 1, "Company")).to_have_text("Édile Bianchi")
    assert "q=edile" in page.url


def test_a_columns_name_sorts_by_it_and_the_head_around_it_chooses_it(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    head = page.get_by_role("columnheader", name="City")
    name = head.get_by_role("button", name="City")
    for way, first, address in (
        ("ascending", "Napoli", "sort=c"),
        ("descending", "Torino", "sort=-c"),
        ("none", "Torino", ""),
    ):
        name.click()
        expect(head).to_have_attribute("aria-sort", way)
        expect(cell(page, 1, "City")).to_have_text(first)
        assert ("sort=" in page.url) == bool(address)
        assert address in page.url
    expect(cell(page, 2, "City")).to_have_text("Roma")
    # By the keyboard too, and no cell is opened by that.
    name.focus()
    page.keyboard.press("Enter")
    expect(cell(page, 1, "City")).to_have_text("Napoli")
    expect(page.locator(".tabulator-editing")).to_have_count(0)
    # Shift chooses the column, as the head around the name does.
    name.click(modifiers=["Shift"])
    expect(head).to_have_attribute("aria-sort", "ascending")


def test_rows_become_leads_are_marked_deleted_and_brought_back(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    cell(page, 1, "Company").click()
    page.keyboard.press("Shift+ArrowDown")
    expect(page.locator("[data-sheet-chosen]")).to_have_text("2 rows chosen")
    page.get_by_role("button", name="Turn into leads").click()
    expect(page.locator("#toasts")).to_contain_text("2 prospects are leads now.")
    expect(page.locator("[data-sheet-count]")).to_contain_text("1 left to qualify")
    with scope.account(people.ferri.account.pk):
        assert set(Lead.objects.values_list("title", flat=True)) == {
            "Rossi S.r.l.",
            "Édile Bianchi",
        }
    cell(page, 3, "Company").click()
    page.get_by_role("button", name="Delete", exact=True).click()
    expect(page.locator(".tabulator-row")).to_have_count(2)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".tabulator-row")).to_have_count(3)


def test_many_rows_are_deleted_after_one_question(people: Cast, enter: Entering) -> None:
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo), rows=[(f"N {n}", "", "") for n in range(12)])
    page = enter(people.ugo, path=f"/prospecting/{one.pk}/").page
    expect(page.locator(".tabulator-row")).to_have_count(12)
    page.get_by_label("All that match").check()
    page.get_by_role("button", name="Delete", exact=True).click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Delete 12 prospects?")
    expect(dialog).to_contain_text("Leads that were made of them stay.")
    dialog.get_by_role("button", name="Delete 12 prospects").click()
    expect(page.locator(".tabulator-row")).to_have_count(0)
    with scope.account(people.ferri.account.pk):
        assert not Prospect.objects.exists()


def test_an_export_leaves_as_the_sheet_is_filtered(
    people: Cast, enter: Entering, fair: ProspectingList
) -> None:
    page = opened(enter, people.ugo, fair)
    page.get_by_label("Filter by “City”").press_sequentially("roma")
    expect(page.locator(".tabulator-row")).to_have_count(1)
    page.get_by_label("All that match").check()
    page.locator("[data-sheet-export]").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_contain_text("Export 1 prospect")
    expect(dialog.get_by_label("E-mail")).to_have_count(1)


def test_what_a_rule_forbids_explains_itself_and_the_cells_come_back(
    people: Cast, enter: Entering
) -> None:
    rows = [(f"N {n}", "Asti", "") for n in range(11)]
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo), rows=rows)
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "prospecting_list", True)
    visit = enter(people.ugo)
    visit.expect_in_console("403")
    page = visit.open(f"/prospecting/{one.pk}/")
    expect(page.locator(".tabulator-row")).to_have_count(11)
    assert page.get_by_role("button", name="Delete", exact=True).count() == 0
    cell(page, 1, "City").click()
    page.keyboard.press("Control+Shift+ArrowDown")
    page.keyboard.press("Delete")
    notice = page.locator(".sheet-notice")
    expect(notice).to_contain_text("Only admins can delete prospecting lists")
    expect(cell(page, 11, "City")).to_have_text("Asti")
    assert kept(people, one) == [list(row) for row in rows]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_sheet(
    people: Cast, enter: Entering, axe: Any, fair: ProspectingList, theme: str, phone: bool
) -> None:
    page = opened(enter, people.ugo, fair, theme=theme, phone=phone)
    cell(page, 1, "City").click()
    grid = page.get_by_role("grid")
    assert grid.get_attribute("aria-rowcount") == "4"
    places = [row.get_attribute("aria-rowindex") for row in page.locator(".tabulator-row").all()]
    assert places == ["2", "3", "4"]
    axe(page)
    with scope.account(people.ferri.account.pk):
        empty = moves.create(people.actor(people.ugo), "Empty", ["Company"])
    page.goto(page.url.replace(f"/{fair.pk}/", f"/{empty.pk}/"))
    expect(page.locator(".tabulator-placeholder")).to_contain_text("No rows yet. Paste some here")
    axe(page)
    page.get_by_role("searchbox", name="Search this list").fill("zzz")
    expect(page.locator(".tabulator-placeholder")).to_contain_text("No rows match")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
