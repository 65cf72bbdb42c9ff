"""A file that is larger than the server takes is told before it is sent."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Entering
from tests.cast import Cast

MOST = 3 * 2**20
DROP = """([form, size]) => {
    const held = new DataTransfer();
    held.items.add(new File([new Uint8Array(size)], "leads.csv", {type: "text/csv"}));
    form.dispatchEvent(new DragEvent("drop", {dataTransfer: held, bubbles: true}));
}"""


@pytest.fixture(autouse=True)
def _small(settings: Any, tmp_path: Path) -> None:
    settings.UPLOAD_BYTES, settings.DATA = MOST, tmp_path


def opened(enter: Entering, people: Cast, **look: Any) -> tuple[Page, list[str]]:
    """The page of imports, and the requests by which it sends something."""
    page = enter(people.ugo, path="/imports/", **look).page
    sent: list[str] = []

    def note(request: Request) -> None:
        if request.method == "POST":
            sent.append(request.url)

    page.on("request", note)
    return page, sent


def file_of(folder: Path, size: int) -> Path:
    """A file of that many bytes, which begins as a list of leads does."""
    path = folder / "leads.csv"
    path.write_bytes(b"title\nPress\n".ljust(size, b" "))
    return path


@pytest.mark.parametrize("way", ["chosen", "dropped"])
def test_too_large_a_file_is_told_and_not_sent(
    people: Cast, enter: Entering, axe: Callable[[Page], None], tmp_path: Path, way: str
) -> None:
    page, sent = opened(enter, people)
    told = page.locator("#file-too-large")
    expect(told).to_be_hidden()
    if way == "chosen":
        page.set_input_files("#file", file_of(tmp_path, MOST + 1))
    else:
        form = page.locator("[data-drop]").element_handle()
        page.evaluate(DROP, [form, MOST + 1])
    expect(told).to_be_visible()
    expect(told).to_have_text("The file has more than 3 MB. Split it into several files.")
    expect(page.locator("#file")).to_have_attribute("aria-invalid", "true")
    expect(page.locator("#file")).to_be_focused()
    expect(page.locator(".drop")).not_to_contain_class("is-sending")
    axe(page)
    assert sent == []
    page.set_input_files("#file", file_of(tmp_path, MOST))
    expect(page.locator("#mapping, #state").first).to_be_visible()
    assert len(sent) == 1


def test_without_scripts_the_server_says_the_same(
    people: Cast, enter: Entering, tmp_path: Path
) -> None:
    visit = enter(people.ugo, path="/imports/", java_script_enabled=False)
    visit.expect_in_console("422")
    visit.page.set_input_files("#file", file_of(tmp_path, MOST + 1))
    visit.page.click(".drop .btn-primary")
    expect(visit.page.locator("#file-wrong")).to_contain_text("more than 3 MB")
