"""A list of 50,000 rows: imported, scrolled, written in by two people, turned into leads, deleted
and restored, all in real browsers; its exports before and after are equal.

On PostgreSQL with 10,000 rows, as the same program has gone through 50,000 on SQLite.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection
from playwright.sync_api import Page, expect

from custode.exchange.importing import job
from custode.exchange.models import ImportRun
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel import scope
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList
from tests.browser.sheeting import cell, paste
from tests.cast import Cast

Entering = Callable[..., Any]
ROW = 37
"""The height of a row."""


def many() -> int:
    return 50_000 if connection.vendor == "sqlite" else 10_000


def a_file(folder: Path, rows: int) -> Path:
    lines = ["Company;City;E-mail"]
    lines += [f"Firm {n:05};City {n % 97};info@firm{n}.example" for n in range(1, rows + 1)]
    path = folder / "fair.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def worked(people: Cast) -> None:
    """What the worker would do."""
    with scope.account(people.ferri.account.pk):
        run = ImportRun.objects.latest("pk")
        job.work(run.account_id, run.pk)


def imported(people: Cast, page: Page, axe: Callable[[Page], None], folder: Path) -> str:
    """The address of a new list, made by a file."""
    page.set_input_files("#file", a_file(folder, many()))
    page.wait_for_url("**/imports/*/")
    worked(people)
    expect(page.locator("#mapping")).to_be_visible(timeout=20_000)
    axe(page)
    page.locator("#title").fill("Fifty thousand")
    page.get_by_role("button", name="Check the whole file").first.click()
    page.wait_for_url("**/imports/*/")
    worked(people)
    page.reload()
    expect(page.locator(".outcome")).to_contain_text(f"{many():,} prospects will be added")
    page.get_by_role("button", name=f"Import {many():,} prospects").click()
    expect(page.locator("progress")).to_be_visible()
    worked(people)
    page.reload()
    page.get_by_role("link", name="Open the list").click()
    page.wait_for_url("**/prospecting/*/")
    return page.url


def to_row(page: Page, place: int) -> None:
    """Scroll so that a row, from 1, is the first that is seen."""
    page.evaluate(
        "top => { document.querySelector('.tabulator-tableholder').scrollTop = top; }",
        (place - 1) * ROW,
    )


def first_seen(page: Page) -> int:
    """The number of the first row that is seen, from 1."""
    number: int = page.evaluate(
        """() => {
            const holder = document.querySelector(".tabulator-tableholder");
            const { top } = holder.getBoundingClientRect();
            const rows = [...document.querySelectorAll(".tabulator-row")];
            const first = rows.find((row) => row.getBoundingClientRect().bottom > top + 1);
            return Number(first.getAttribute("aria-rowindex")) - 1;
        }"""
    )
    return number


def of_firm(page: Page, n: int, column: str) -> Any:
    """The cell of a firm that is seen."""
    field = page.locator(".tabulator-col", has_text=column).get_attribute("tabulator-field")
    row = page.locator(".tabulator-row", has_text=f"Firm {n:05}")
    return row.locator(f"[tabulator-field={field}]")


def heap(page: Page) -> float:
    """Megabytes of the page, after what is not needed has been let go."""
    session = page.context.new_cdp_session(page)
    session.send("HeapProfiler.collectGarbage")
    used: float = session.send("Runtime.getHeapUsage")["usedSize"]
    return used / 2**20


def exported(page: Page) -> list[dict[str, str]]:
    """All of the list as a CSV file, by its own button."""
    page.get_by_label("All that match").check()
    page.locator("[data-sheet-export]").click()
    dialog = page.locator("#dialog")
    with page.expect_download(timeout=60_000) as download:
        dialog.get_by_role("button", name="Export").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text)))


def _scrolled_through(page: Page) -> None:
    """From end to end, and to anywhere at once; the page weighs no more afterwards."""
    expect(cell(page, 1, "Company")).to_have_text("Firm 00001")
    expect(page.get_by_role("grid")).to_have_attribute("aria-rowcount", str(many() + 1))
    at_first = heap(page)
    for step in range(1, 41):
        place = many() * step // 40 - 20
        to_row(page, place)
        expect(of_firm(page, place + 3, "Company")).to_be_visible()
    for step in range(200):
        to_row(page, 10_000 - step * 40)
        page.wait_for_timeout(15)
    assert page.evaluate("document.querySelectorAll('.tabulator-row').length") < 150
    assert heap(page) < at_first + 60
    # The place stands in the address, just as it is seen.
    to_row(page, many() - 4_999)
    expect(of_firm(page, many() - 4_990, "Company")).to_be_visible()
    page.wait_for_timeout(300)
    place = first_seen(page)
    assert f"at={place - 1}" in page.url
    page.reload()
    expect(of_firm(page, place + 3, "Company")).to_be_visible()
    assert first_seen(page) == place
    to_row(page, 5_001)
    expect(of_firm(page, 5_004, "Company")).to_be_visible()


def _pasted(people: Cast, page: Page) -> None:
    """500 rows at once, over rows that are there and were not all looked at."""
    requests: list[str] = []
    page.on("request", lambda one: requests.append(one.url) if "/write/" in one.url else None)
    of_firm(page, 5_004, "City").click()
    paste(page, "".join(f"Pasted {n}\tp{n}@paste.example\n" for n in range(500)))
    expect(page.locator("[data-sheet-state]")).to_have_text("Saved", timeout=20_000)
    assert len(requests) == 1
    with scope.account(people.ferri.account.pk):
        row = Prospect.objects.get(name="Firm 05503")
        assert "Pasted 499" in row.cells.values()
    page.locator(".tabulator-tableholder").focus()
    page.keyboard.press("Control+z")
    expect(of_firm(page, 5_004, "City")).to_have_text(f"City {5_004 % 97}", timeout=20_000)
    with scope.account(people.ferri.account.pk):
        assert not Prospect.objects.filter(searched__contains="pasted").exists()


def _worked_by_two(people: Cast, ugo: Page, bruna: Page) -> None:
    """Each sees what the other writes, wherever in the list, and nothing is lost."""
    for page in (ugo, bruna):
        expect(page.locator(".tabulator-row").first).to_be_visible()
        to_row(page, 8_001)
    of_firm(ugo, 8_003, "City").dblclick()
    ugo.keyboard.type("Asti")
    ugo.keyboard.press("Enter")
    expect(of_firm(bruna, 8_003, "City")).to_have_text("Asti", timeout=15_000)
    of_firm(bruna, 8_003, "E-mail").dblclick()
    bruna.keyboard.type("new@firm.example")
    bruna.keyboard.press("Enter")
    expect(of_firm(ugo, 8_003, "E-mail")).to_have_text("new@firm.example", timeout=15_000)
    with scope.account(people.ferri.account.pk):
        cells = set(Prospect.objects.get(name="Firm 08003").cells.values())
    assert cells == {"Firm 08003", "Asti", "new@firm.example"}


def _turned_into_leads(people: Cast, page: Page) -> None:
    of_firm(page, 8_003, "Company").click()
    page.keyboard.press("Shift+ArrowDown")
    page.get_by_role("button", name="Turn into leads").click()
    expect(page.locator("#toasts")).to_contain_text("2 prospects are leads now.")
    with scope.account(people.ferri.account.pk):
        assert set(Lead.objects.values_list("title", flat=True)) == {"Firm 08003", "Firm 08004"}


def _deleted_and_restored(people: Cast, page: Page, url: str) -> None:
    page.goto(url + "settings/")
    page.get_by_role("button", name="Delete this list").click()
    expect(page.locator("#toasts")).to_contain_text("moved to the trash")
    with scope.account(people.ferri.account.pk):
        assert not ProspectingList.objects.exists()
        entry = TrashEntry.objects.filter(state="trashed").latest("pk")
        assert entry.along == {"prospect": many()}
        assert LogEntry.objects.filter(verb="delete").count() == 1
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("Undone")
    with scope.account(people.ferri.account.pk):
        assert Prospect.objects.count() == many()
        lead = Lead.objects.get(title="Firm 08003")
        assert Prospect.objects.get(lead=lead).name == "Firm 08003"


@pytest.mark.proof
def test_a_list_of_fifty_thousand_is_worked_deleted_and_restored(
    people: Cast, enter: Entering, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    page: Page = enter(people.ugo, path="/imports/?into=new").page
    url = imported(people, page, axe, tmp_path)
    _scrolled_through(page)
    axe(page)
    _pasted(people, page)
    bruna: Page = enter(people.bruna, path=urlsplit(url).path).page
    _worked_by_two(people, page, bruna)
    bruna.close()
    _turned_into_leads(people, page)
    before = exported(page)
    assert len(before) == many()
    _deleted_and_restored(people, page, url)
    page.goto(url)
    after = exported(page)
    assert after == before
