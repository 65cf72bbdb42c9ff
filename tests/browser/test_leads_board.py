"""The board in a real browser: dragged, moved by keyboard, refused, on a phone, seen by axe."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.kernel import scope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.people.models import User
from tests.cast import Cast


def some(people: Cast) -> None:
    """A few leads, with everything a card can show."""
    actor = people.actor(people.anna)
    day = today()
    with scope.account(people.ferri.account.pk):
        long = people.lead(people.ugo, "A very long title of a lead " * 6, amount_minor=10**14 + 1)
        names = [f"a tag with a long name, number {i}" for i in range(40)]
        moves.set_tags(actor, long, tagging.tags_named(actor, names))
        people.lead(people.ugo, "Late", remind_date=day - timedelta(days=3), starred=True)
        people.lead(
            people.ugo, "Scanner", amount_minor=18_400_00, remind_date=day,
            step=people.ferri.steps[1],
        )  # fmt: skip
        people.lead(people.bruna, "Hers", currency="USD", amount_minor=5)
        people.lead(None, "Nobody's")


def lead(people: Cast, title: str) -> Lead:
    """The lead as it is in the database now."""
    with scope.account(people.ferri.account.pk):
        return Lead.objects.select_related("step").get(title=title)


def drag(page: Page, title: str, to: str) -> None:
    """Drag a card with the mouse onto what a selector names, which may appear meanwhile."""
    card = page.locator("[data-card]", has_text=title).first
    box = card.bounding_box()
    assert box is not None
    x, y = box["x"] + 60, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 10, y + 12, steps=4)
    target = page.locator(to)
    target.wait_for(state="visible")
    there = target.bounding_box()
    assert there is not None
    page.mouse.move(there["x"] + there["width"] / 2, there["y"] + 40, steps=12)
    page.mouse.move(there["x"] + there["width"] / 2 + 4, there["y"] + 44, steps=3)
    page.mouse.up()


def test_a_card_is_dragged_to_another_step(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/board/").page
    step = people.ferri.steps[2]
    drag(page, "Scanner", f'[data-step="{step.pk}"]')
    expect(page.get_by_text("“Scanner” is now in “Meeting”.")).to_be_visible()
    expect(page.locator(f"#head-{step.pk} .column-count")).to_contain_text("1")
    expect(page.locator(f"#head-{step.pk} .column-sum")).to_contain_text("18,400")
    assert lead(people, "Scanner").step == step
    page.reload()
    expect(page.locator(f'[data-step="{step.pk}"] [data-card]')).to_contain_text("Scanner")


def test_a_card_is_dropped_on_won(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/board/").page
    expect(page.locator("[data-zones]")).to_be_hidden()
    drag(page, "Scanner", ".zone-won")
    expect(page.locator("#toasts")).to_contain_text("“Scanner” is won.")
    expect(page.locator("[data-card]", has_text="Scanner")).to_have_count(0)
    expect(page.locator("[data-zones]")).to_be_hidden()
    assert lead(people, "Scanner").status == "won"


def test_standby_asks_until_when(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/board/").page
    drag(page, "Scanner", ".zone-standby")
    expect(page.locator("#standby")).to_be_visible()
    expect(page.locator("[data-card]", has_text="Scanner")).to_have_count(1)
    page.keyboard.press("Escape")
    expect(page.locator("#standby")).to_be_hidden()
    assert lead(people, "Scanner").status == "todo"
    drag(page, "Scanner", ".zone-standby")
    page.get_by_label("Time (optional)").fill("09:30")
    page.keyboard.press("Escape")
    # The hour that was typed is asked anew: it may have been another card's.
    drag(page, "Scanner", ".zone-standby")
    expect(page.get_by_label("Time (optional)")).to_have_value("")
    page.get_by_label("Time (optional)").fill("09:30")
    page.get_by_role("button", name="In a week").click()
    expect(page.locator("#toasts")).to_contain_text("“Scanner” is on standby until")
    asleep = lead(people, "Scanner")
    assert asleep.remind_date == today() + timedelta(days=7)
    assert asleep.remind_time == time(9, 30)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(page.locator("#toasts")).to_contain_text("“Scanner” stands as before")
    assert lead(people, "Scanner").status == "todo"


def test_a_refusal_puts_the_card_back_and_explains(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    visit = enter(people.ugo, path="/board/")
    visit.expect_in_console("403")
    page = visit.page
    first, second = people.ferri.steps[:2]
    drag(page, "Hers", f'[data-step="{second.pk}"]')
    expect(page.locator("#problem")).to_contain_text("This lead belongs to Bruna Sala")
    page.locator("#problem [data-close]").last.click()
    expect(page.locator(f'[data-step="{first.pk}"] [data-card]', has_text="Hers")).to_have_count(1)
    assert lead(people, "Hers").step == first


def test_the_menu_of_a_card_that_one_may_not_move_says_why(
    people: Cast, enter: Callable[..., Any]
) -> None:
    some(people)
    page = enter(people.ugo, path="/board/").page
    page.get_by_role("button", name="Move: Hers").click()
    dialog = page.get_by_role("dialog", name="Move to")
    expect(dialog).to_contain_text("This lead belongs to Bruna Sala. Ask them or an admin")
    expect(dialog.locator(".menu-item:visible")).to_have_count(0)
    page.keyboard.press("Escape")
    page.get_by_role("button", name="Move: Scanner").click()
    expect(dialog).not_to_contain_text("belongs to")
    expect(dialog.get_by_role("button", name="Won")).to_be_visible()


def test_the_same_by_keyboard(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/board/").page
    focused = page.locator("[data-card]:has(:focus)")
    page.keyboard.press("ArrowDown")
    expect(focused).to_have_count(1)
    page.locator("[data-card]", has_text="Scanner").locator("[data-card-link]").focus()
    page.keyboard.press("Shift+ArrowRight")
    expect(page.get_by_text("is now in “Meeting”.")).to_be_visible()
    expect(focused).to_contain_text("Scanner")
    assert lead(people, "Scanner").step == people.ferri.steps[2]
    page.keyboard.press("m")
    expect(page.locator("#move")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    expect(page.get_by_text("is now in “Contacted”.")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    expect(focused).not_to_contain_text("Scanner")
    page.keyboard.press("ArrowRight")
    expect(focused).to_contain_text("Scanner")
    page.keyboard.press("m")
    page.locator("#move").get_by_role("button", name="Lost").press("Enter")
    expect(page.locator("#toasts")).to_contain_text("“Scanner” is lost.")
    assert lead(people, "Scanner").status == "lost"


def test_on_a_phone_one_step_at_a_time(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    page = enter(people.ugo, path="/board/", phone=True).page
    first, second = people.ferri.steps[:2]
    expect(page.locator(f"#step-{first.pk}")).to_be_in_viewport()
    expect(page.locator(f"#step-{second.pk}")).not_to_be_in_viewport()
    page.locator(".step-switch").get_by_role("link", name="Contacted").click()
    expect(page.locator(f"#step-{second.pk}")).to_be_in_viewport(ratio=0.5)
    expect(page.locator(f"#step-{first.pk}")).not_to_be_in_viewport()
    wide = page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert not wide


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast,
    enter: Callable[..., Any],
    axe: Callable[[Page], None],
    theme: str,
    phone: bool,
) -> None:
    page = enter(people.anna, path="/board/", theme=theme, phone=phone).page
    axe(page)
    some(people)
    page.reload()
    axe(page)
    page.locator("[data-move]").first.click()
    axe(page)
    page.locator("#move").get_by_role("button", name="Standby").click()
    axe(page)


def test_the_person_sees_italian_amounts(people: Cast, enter: Callable[..., Any]) -> None:
    some(people)
    who: User = people.ugo
    page = enter(who, path="/board/", language="it").page
    expect(page.locator("[data-card]", has_text="Scanner")).to_contain_text("18.400")
