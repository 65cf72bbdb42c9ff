"""A lead's page in a real browser: edited in place by mouse and keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.kernel import scope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from custode.leads.queries import today
from tests.cast import Cast


def scanner(people: Cast, **values: Any) -> Lead:
    """Ugo's lead with a bit of everything."""
    with scope.account(people.ferri.account.pk):
        lead = people.lead(
            people.ugo, "Scanner", amount_minor=18_400_00, probability=50,
            description="Company: Rossi\nWeb: https://example.com\n\nThey want three.", **values,
        )  # fmt: skip
        actor = people.actor(people.ugo)
        moves.set_tags(actor, lead, tagging.tags_named(actor, ["Hot"]))
    return lead


def fresh(people: Cast, lead: Lead) -> Lead:
    """The lead as it is in the database now."""
    with scope.account(people.ferri.account.pk):
        return Lead.objects.select_related("step", "owner").get(pk=lead.pk)


def test_fields_are_edited_in_place(people: Cast, enter: Callable[..., Any]) -> None:
    lead = scanner(people)
    visit = enter(people.ugo, path=f"/leads/{lead.pk}/")
    visit.expect_in_console("422")
    page = visit.page
    page.locator(".edit-amount").click()
    amount = page.get_by_label("Amount", exact=True)
    expect(amount).to_be_focused()
    expect(amount).to_have_value("18,400")
    amount.fill("lots")
    page.keyboard.press("Enter")
    expect(page.locator("#wrong-amount")).to_contain_text("is not an amount")
    amount.fill("20,000.50")
    page.keyboard.press("Enter")
    expect(page.locator("#field-amount")).to_contain_text("20,000.50")
    expect(page.locator(".edit-amount")).to_be_focused()
    expect(page.locator("#lead-derived")).to_contain_text("10,000.25")
    expect(page.locator("#history")).to_contain_text("20,000.50")
    assert fresh(people, lead).amount_minor == 20_000_50


def test_escape_gives_up_and_ctrl_enter_saves(people: Cast, enter: Callable[..., Any]) -> None:
    lead = scanner(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    page.locator(".edit-title").focus()
    page.keyboard.press("Enter")
    title = page.get_by_label("Title", exact=True)
    title.fill("Another")
    page.keyboard.press("Escape")
    expect(page.locator("h1")).to_contain_text("Scanner")
    expect(page.locator(".edit-title")).to_be_focused()
    page.locator(".edit-description").click()
    page.locator("textarea[name=description]").fill("Phone: +39 055 123456")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("link", name="+39 055 123456")).to_be_visible()
    kept = fresh(people, lead)
    assert (kept.title, kept.description) == ("Scanner", "Phone: +39 055 123456")


def test_status_steps_and_star(people: Cast, enter: Callable[..., Any]) -> None:
    lead = scanner(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    page.get_by_role("button", name="Won").click()
    expect(page.locator("#toasts")).to_contain_text("“Scanner” is won.")
    expect(page.get_by_role("button", name="Won")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Meeting").click()
    expect(page.locator("#lead-steps [aria-current=step]")).to_have_text("Meeting")
    page.get_by_role("button", name="Starred").click()
    expect(page.get_by_role("button", name="Starred")).to_have_attribute("aria-pressed", "true")
    page.get_by_role("button", name="Standby").click()
    page.get_by_role("button", name="In 3 days").click()
    expect(page.locator("#toasts")).to_contain_text("on standby until")
    expect(page.locator("#standby")).to_be_hidden()
    kept = fresh(people, lead)
    assert kept.starred
    assert (kept.status, kept.step) == ("standby", people.ferri.steps[2])
    assert kept.remind_date == today() + timedelta(days=3)


def test_standby_is_asked_by_the_day_first_and_enter_takes_the_typed_one(
    people: Cast, enter: Callable[..., Any]
) -> None:
    lead = scanner(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    page.get_by_role("button", name="Standby", exact=True).click()
    day = page.locator("#standby").get_by_label("Or on this day")
    expect(day).to_be_focused()
    day.fill(str(today() + timedelta(days=40)))
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("“Scanner” is on standby until")
    asleep = fresh(people, lead)
    assert (asleep.remind_date, asleep.remind_time) == (today() + timedelta(days=40), None)


def test_deleting_offers_undo(people: Cast, enter: Callable[..., Any]) -> None:
    lead = scanner(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/?in=1&q=scan").page
    page.locator(".act summary").click()
    page.get_by_role("button", name="Delete this lead").click()
    expect(page.locator("#toasts")).to_contain_text("“Scanner” moved to the trash.")
    assert page.url.endswith("/leads/?q=scan")
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("tbody [data-row]")).to_have_count(1)
    assert fresh(people, lead).title == "Scanner"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast,
    enter: Callable[..., Any],
    axe: Callable[[Page], None],
    theme: str,
    phone: bool,
) -> None:
    lead = scanner(people, remind_date=today() - timedelta(days=2))
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", theme=theme, phone=phone).page
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    if phone:
        page.get_by_role("button", name="Details").click()
    for name in ("title", "description", "amount", "reminder", "owner", "tags"):
        page.locator(f".edit-{name}").click()
        page.locator(f".in-place-{name}").wait_for()
    axe(page)
    read_only = enter(people.bruna, path=f"/leads/{lead.pk}/", theme=theme, phone=phone).page
    axe(read_only)
