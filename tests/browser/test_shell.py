"""The frame in a browser: keys, dialogs, messages, the phone's menu, and a lost connection."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from custode.accounts import moves as account_moves
from custode.activities import moves
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel import scope
from tests.cast import PASSWORD


@pytest.fixture
def trashed(people):
    """Seven leads that Ugo threw away."""
    leads = [people.lead(people.ugo, f"Pallet scanner {n}") for n in range(7)]
    return door.delete(people.actor(people.ugo), leads).entry


def test_signing_in_by_keyboard_and_out(people, enter):
    visit = enter()
    visit.expect_in_console("422")
    page = visit.open("/trash/")
    expect(page.get_by_label("E-mail")).to_be_focused()
    page.keyboard.type("ugo@conti.example")
    page.keyboard.press("Tab")
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("is not right")
    # The alert stands there before the field has the focus: what is typed in between goes nowhere.
    expect(page.get_by_label("Password", exact=True)).to_be_focused()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Trash")
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_a_typed_password_can_be_looked_at(people, enter):
    page = enter(path="/sign-in/").page
    field = page.get_by_label("Password", exact=True)
    field.fill("secret")
    page.get_by_role("button", name="Show the password").click()
    expect(field).to_have_attribute("type", "text")


def test_keys_search_go_and_tell_what_they_are(people, enter):
    page = enter(people.anna, path="/profile/").page
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).to_be_focused()
    page.keyboard.type("g?")
    expect(page.get_by_role("searchbox", name="Search everything")).to_have_value("g?")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Keys")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    page.keyboard.press("g")
    page.keyboard.press("t")
    expect(page).to_have_url(re.compile("/trash/$"))


def test_everything_is_searched_as_one_types_and_opened_by_keys(people, enter, axe):
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
        moves.write(people.actor(people.ugo), lead, "Perché **no**? Sentito venerdì.")
    page = enter(people.ugo, path="/profile/").page
    page.keyboard.press("g")
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile("/search/$"))
    field = page.get_by_role("searchbox", name="Search everything")
    expect(field).to_be_focused()
    field.press_sequentially("venerdi", delay=20)
    expect(page.locator(".found-hit mark")).to_have_text("venerdì")
    expect(page).to_have_url(re.compile("q=venerdi$"))
    expect(page.locator("#results [role=status]")).to_have_text("Leads: 1, Comments: 1")
    axe(page)
    page.keyboard.press("Escape")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"/leads/{lead.pk}/.comment=\\d+#comment-"))
    page.go_back()
    expect(page.locator(".found-hit")).to_have_count(2)


def test_single_keys_can_be_switched_off_on_a_device(people, enter):
    page = enter(people.anna, path="/profile/").page
    page.keyboard.press("?")
    page.get_by_label("Single keys are on").uncheck()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("t")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Search everything")).not_to_be_focused()
    assert page.url.endswith("/profile/")


def test_a_list_is_walked_by_arrows_and_opened_by_enter(people, trashed, enter):
    door.delete(people.actor(people.ugo), [people.lead(people.ugo, "Latest")])
    page = enter(people.anna, path="/trash/").page
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("link", name="1 lead", exact=True)).to_be_focused()
    page.keyboard.press("j")
    expect(page.get_by_role("link", name="7 leads", exact=True)).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("7 leads")


def test_the_purge_dialog_asks_why_and_then_does_it(people, trashed, enter, axe):
    visit = enter(people.anna)
    visit.expect_in_console("422")
    page = visit.open("/trash/")
    page.get_by_role("link", name="Delete 7 leads for ever").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Why?")).to_be_focused()
    axe(page)
    dialog.get_by_label("Why?").fill("  ")
    dialog.get_by_role("button", name="Delete 7 leads for ever").click()
    expect(dialog.get_by_role("alert")).to_contain_text("Give a reason")
    dialog.get_by_label("Why?").fill("Twice in the list")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Deleted for ever: 7 leads")
    expect(page.get_by_role("heading", name="The trash is empty")).to_be_visible()


def test_a_box_is_ticked_at_once_and_the_focus_stays(people, enter, axe):
    page = enter(people.anna, path="/admin-panel/account/privacy/").page
    box = page.get_by_role("checkbox", name="Only admins can delete leads")
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_role("status")).to_contain_text("Switched on")
    expect(box).to_be_checked()
    expect(box).to_be_focused()
    axe(page)
    with scope.account(people.ferri.account.pk):
        assert policy.holds(people.ferri.account.pk, Verb.DELETE, "lead")
    page.reload()
    expect(box).to_be_checked()


def test_a_box_that_may_not_be_ticked_explains_itself_and_goes_back(people, enter, axe):
    visit = enter(people.carla)
    visit.expect_in_console("403")
    page = visit.open("/admin-panel/account/privacy/")
    box = page.get_by_role("checkbox", name="Only admins can delete leads")
    box.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Dream Team")
    axe(page)
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    expect(box).not_to_be_checked()


def test_an_undo_beside_an_entry_brings_it_back(people, trashed, enter):
    page = enter(people.anna, path="/security/actions/").page
    page.get_by_role("button", name="Undo: Ugo Conti deleted 7 leads.").click()
    expect(page.locator("[data-toast]")).to_contain_text("Undone: 7 leads")
    expect(page.get_by_text("Undone since")).to_be_visible()


def test_a_filter_is_in_the_address_at_once(people, trashed, enter):
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    page = enter(people.anna, path="/security/actions/").page
    page.get_by_label("Action", exact=True).select_option("delete")
    expect(page).to_have_url(re.compile("verb=delete"))
    expect(page.get_by_text("switched on the rule")).to_be_hidden()
    page.go_back()
    expect(page.get_by_text("switched on the rule")).to_be_visible()


def test_the_phones_menu_opens_over_the_page_and_closes(people, enter, axe):
    page = enter(people.anna, phone=True, path="/trash/").page
    menu = page.get_by_role("navigation", name="Main menu")
    expect(menu).to_be_hidden()
    page.get_by_role("link", name="Menu", exact=True).click()
    expect(menu).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(menu).to_be_hidden()
    expect(page.get_by_role("link", name="Open the menu")).to_be_focused()


def test_the_theme_of_the_device_is_followed(people, enter):
    page = enter(people.anna, theme="auto", path="/profile/").page
    root = page.locator("html")
    expect(root).to_have_attribute("data-bs-theme", "light")
    page.emulate_media(color_scheme="dark")
    expect(root).to_have_attribute("data-bs-theme", "dark")


def test_the_theme_is_changed_with_one_press(people, enter):
    page = enter(people.anna, path="/trash/?q=x").page
    page.get_by_role("button", name="Light theme. Change to dark").click()
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    assert page.url.endswith("/trash/?q=x")


def test_a_lost_connection_is_told_and_taken_back(people, enter):
    visit = enter(people.anna)
    visit.expect_in_console("ERR_INTERNET_DISCONNECTED")
    visit.expect_in_console("htmx:")
    page = visit.open("/admin-panel/account/privacy/")
    page.context.set_offline(True)
    page.get_by_role("checkbox", name="Only admins can delete leads").click()
    note = page.get_by_text("No connection to Custode")
    expect(note).to_be_visible()
    expect(page.get_by_role("checkbox", name="Only admins can delete leads")).not_to_be_checked()
    page.context.set_offline(False)
    expect(note).to_be_hidden()


def test_the_link_for_a_password_is_copied(people, enter):
    visit = enter(people.anna, permissions=["clipboard-read", "clipboard-write"])
    page = visit.open(f"/admin-panel/users/{people.ugo.pk}/")
    page.get_by_role("button", name="Make a link").click()
    page.get_by_role("button", name="Copy").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    assert "/password/" in page.evaluate("navigator.clipboard.readText()")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_warning_can_be_read(people, enter, axe, theme):
    page = enter(people.anna, theme=theme, path="/admin-panel/webhooks/").page
    page.locator("#target").fill("http://127.0.0.1/x")
    page.get_by_role("button", name="Make the webhook").click()
    expect(page.locator(".alert-warning")).to_contain_text("private")
    axe(page)


def test_without_scripts_everything_still_works(people, trashed, enter):
    page = enter(people.anna, java_script_enabled=False, path="/trash/").page
    page.get_by_role("link", name="Delete 7 leads for ever").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Delete 7 leads for ever?")
    page.goto(page.url.partition("/trash/")[0] + "/admin-panel/account/privacy/")
    box = page.get_by_role("checkbox", name="Only admins can delete leads")
    box.check()
    page.locator("form", has=box).get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Switched on")
