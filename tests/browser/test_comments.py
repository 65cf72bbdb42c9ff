"""Comments in a real browser: written, formatted, edited, pinned, deleted and brought back."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.activities import moves, types
from custode.activities.files import Incoming
from custode.activities.models import Comment
from custode.kernel import scope
from custode.leads.models import Lead
from tests.activities.test_attachments import PNG
from tests.cast import Cast
from tests.prospecting.sheets import a_list, row_of


def commented(people: Cast) -> Lead:
    """Ugo's lead with what two people wrote."""
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
        ugo, call = people.actor(people.ugo), types.offered()[0]
        first = moves.write(ugo, lead, "Agreed:\n\n- ten percent off\n- two years", call)
        moves.pin(ugo, first, True)
        second = moves.write(people.actor(people.bruna), lead, "They called **me** too. " * 20)
        moves.edit(people.actor(people.bruna), second, "They called **me** too.", None, was=0)
    return lead


def test_a_comment_from_the_first_word_to_the_undo(people: Cast, enter: Callable[..., Any]) -> None:
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    text = page.get_by_label("Write a comment", exact=True)
    text.fill("Spoke to Mario")
    text.press("Control+a")
    text.press("Control+b")
    expect(text).to_have_value("**Spoke to Mario**")
    page.get_by_label("Activity").select_option("Call")
    text.press("Control+Enter")
    comment = page.locator(".comment")
    expect(comment.locator("strong")).to_have_text("Spoke to Mario")
    expect(comment).to_contain_text("Call")
    expect(text).to_have_value("")

    comment.locator("summary").click()
    comment.get_by_role("button", name="Edit").click()
    edit = page.get_by_label("The comment")
    expect(edit).to_be_focused()
    edit.fill("Spoke to Mario and Ada")
    edit.press("Control+Enter")
    expect(comment).to_contain_text("Mario and Ada")
    comment.get_by_text("edited, once").click()
    expect(comment.locator(".version")).to_contain_text("**Spoke to Mario**")

    comment.locator(".comment-menu > summary").click()
    comment.get_by_role("button", name="Pin to the top").click()
    expect(page.locator(".is-pinned .comment-text")).to_have_text("Spoke to Mario and Ada")
    comment.locator(".comment-menu > summary").click()
    comment.get_by_role("button", name="Delete this comment").click()
    expect(comment).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator(".is-pinned .comment-text")).to_have_text("Spoke to Mario and Ada")


def test_files_are_attached_named_and_shown(
    people: Cast, enter: Callable[..., Any], settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT, settings.ATTACHMENT_BYTES = tmp_path, 2**20
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    field = page.locator("#comment-new input[type=file]")
    field.set_input_files({"name": "big.bin", "mimeType": "", "buffer": b"x" * 2**21})
    expect(page.get_by_text("A file has at most 1 MB.")).to_be_visible()
    field.set_input_files(
        [
            {"name": "photo.png", "mimeType": "image/png", "buffer": PNG},
            {"name": "wrong.txt", "mimeType": "text/plain", "buffer": b"wrong"},
            {"name": "offer.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"},
        ]
    )
    # What was chosen by mistake is taken away before it is sent, with the keyboard as well.
    page.get_by_role("button", name="Take away wrong.txt").press("Enter")
    chosen = page.locator("[data-chosen-files] li")
    expect(chosen).to_have_text([re.compile("photo.png"), re.compile("offer.pdf")])
    expect(page.get_by_role("button", name="Take away offer.pdf")).to_be_focused()
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator(".comment-file")).to_have_count(2)
    picture = page.locator(".comment-picture")
    picture.scroll_into_view_if_needed()
    expect(picture).to_have_js_property("naturalWidth", 1)
    with page.expect_download() as told:
        page.locator(".comment-file").nth(1).click()
    assert told.value.suggested_filename == "offer.pdf"


def test_an_edit_adds_files_and_takes_them_away(
    people: Cast, enter: Callable[..., Any], settings: Any, tmp_path: Path, axe: Any
) -> None:
    settings.MEDIA_ROOT, settings.ATTACHMENT_BYTES = tmp_path, 2**20
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
        sent = [Incoming(name, 1, [b"x"]) for name in (f"{'very-long-' * 11}.pdf", "kept.pdf")]
        moves.write(people.actor(people.ugo), lead, "See", None, sent)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", phone=True).page
    comment = page.locator(".comment")
    comment.locator(".comment-menu > summary").click()
    comment.get_by_role("button", name="Edit").click()
    comment.get_by_label("Take away very-long").check()
    comment.locator("input[type=file]").set_input_files(
        {"name": "new.png", "mimeType": "image/png", "buffer": PNG}
    )
    expect(comment.locator("[data-chosen-files]")).to_contain_text("new.png")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    axe(page)
    comment.get_by_role("button", name="Save").click()
    expect(comment.locator(".comment-file")).to_have_text([re.compile("kept"), re.compile("new")])
    comment.get_by_text("edited, once").click()
    version = comment.locator(".version .comment-file")
    expect(version).to_have_text([re.compile("very-long"), re.compile("kept")])
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    with page.expect_download():
        version.first.click()


def test_a_comment_that_is_being_written_outlives_an_edit_beside_it(
    people: Cast, enter: Callable[..., Any]
) -> None:
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    text = page.get_by_label("Write a comment", exact=True)
    text.fill("Half a sentence")
    page.locator(".edit-amount").click()
    page.get_by_label("Amount", exact=True).fill("100")
    page.keyboard.press("Enter")
    expect(page.locator("#history")).to_contain_text("100")
    expect(text).to_have_value("Half a sentence")


def test_without_a_word_it_says_so_and_nothing_is_lost(
    people: Cast, enter: Callable[..., Any]
) -> None:
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
    visit = enter(people.ugo, path=f"/leads/{lead.pk}/")
    visit.expect_in_console("422")
    page = visit.page
    page.get_by_role("button", name="Comment", exact=True).click()
    expect(page.locator("#comment-mistake")).to_contain_text("cannot be empty")
    with scope.account(people.ferri.account.pk):
        assert not Comment.objects.exists()


def test_a_row_of_a_sheet_is_commented_beside_it_without_a_mouse(
    people: Cast, enter: Callable[..., Any], axe: Any
) -> None:
    with scope.account(people.ferri.account.pk):
        one = a_list(people.actor(people.ugo))
        row = row_of(one, "Rossi S.r.l.")
    page = enter(people.ugo, path=f"/prospecting/{one.pk}/").page
    said = page.locator(f'[data-talk="/prospects/{row.pk}/comments/"]')
    expect(said).to_have_text("+")
    page.locator(".tabulator-cell", has_text="Torino").click()
    page.keyboard.press("Shift+F2")
    panel = page.locator("#talk")
    expect(panel.get_by_role("heading", name="Rossi S.r.l.")).to_be_visible()
    text = panel.get_by_label("Write a comment", exact=True)
    expect(text).to_be_focused()
    page.keyboard.type("Wants an offer")
    page.keyboard.press("Control+Enter")
    expect(panel.locator(".comment-text")).to_have_text("Wants an offer")
    expect(said).to_have_text("1")
    axe(page)
    panel.locator(".comment-menu > summary").click()
    panel.get_by_role("button", name="Delete this comment").click()
    expect(said).to_have_text("+")
    page.keyboard.press("Escape")
    expect(panel).to_be_hidden()
    # The keyboard is in the sheet again; and what is half written is not lost by a key.
    page.keyboard.press("Shift+F2")
    expect(text).to_be_focused()
    page.keyboard.type("Half a sentence")
    page.keyboard.press("Escape")
    expect(text).to_have_value("Half a sentence")
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast,
    enter: Callable[..., Any],
    axe: Callable[[Page], None],
    theme: str,
    phone: bool,
) -> None:
    lead = commented(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", theme=theme, phone=phone).page
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator(".is-pinned .comment-menu > summary").click()
    axe(page)
    page.get_by_role("button", name="Edit", exact=True).click()
    page.get_by_label("The comment").wait_for()
    axe(page)
