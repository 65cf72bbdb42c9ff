"""Post-sales in a real browser: the question after Won, tasks ticked and put off, templates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from custode.kernel import scope
from custode.leads.queries import today
from custode.postsales.models import TemplateTask
from tests.cast import Cast
from tests.postsales.processes import a_task, a_template, won


def test_from_won_to_the_last_task(people: Cast, enter: Callable[..., Any]) -> None:
    with scope.account(people.ferri.account.pk):
        lead = people.lead(people.ugo, "Scanner")
        a_template(people)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    page.get_by_role("button", name="Won", exact=True).click()
    offer = page.locator("[data-offer]")
    expect(offer).to_contain_text("“Scanner” is won. Start a post-sales process?")
    offer.get_by_role("button", name="Start", exact=True).click()
    process = page.get_by_role("article", name="Onboarding")
    expect(process).to_contain_text("0 of 3")

    tick = process.get_by_role("checkbox", name="Done: Install the press")
    tick.focus()
    page.keyboard.press("Space")
    expect(process).to_contain_text("1 of 3")
    expect(tick).to_be_checked()
    expect(tick).to_be_focused()
    expect(page.locator("#history")).to_contain_text("did the post-sales task")

    process.get_by_role("link", name="Add a task").click()
    dialog = page.locator("#dialog")
    dialog.get_by_label("What is to be done").fill("Send flowers")
    page.keyboard.press("Enter")
    expect(dialog).not_to_be_visible()
    expect(process).to_contain_text("1 of 4")

    task = process.locator(".task", has_text="Send flowers")
    task.locator("summary").click()
    task.get_by_text("Standby until …").click()
    dialog.get_by_label("Or on this day").fill(str(today() + timedelta(days=40)))
    page.keyboard.press("Enter")
    expect(task).to_contain_text("Standby until")
    task.locator("summary").click()
    task.get_by_role("button", name="Delete this task").click()
    expect(process).to_contain_text("1 of 3")
    page.get_by_role("button", name="Undo").click()
    expect(process).to_contain_text("1 of 4")


def test_on_the_board_not_now_and_never_again(people: Cast, enter: Callable[..., Any]) -> None:
    with scope.account(people.ferri.account.pk):
        for title in ("Scanner", "Press"):
            people.lead(people.ugo, title)
    page = enter(people.ugo, path="/board/").page
    for title in ("Scanner", "Press"):
        page.get_by_role("link", name=title, exact=True).focus()
        page.keyboard.press("m")
        page.locator("#move").get_by_role("button", name="Won", exact=True).click()
        expect(page.locator("[data-offer]")).to_contain_text(f"“{title}” is won.")
        if title == "Scanner":
            page.get_by_role("link", name="Not now").click()
            expect(page.locator("[data-offer]")).to_have_count(0)
    page.get_by_role("button", name="Do not ask me again").click()
    expect(page.get_by_text("You will not be asked any more.")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("Press")


def test_a_list_of_tasks_by_keyboard(people: Cast, enter: Callable[..., Any]) -> None:
    with scope.account(people.ferri.account.pk):
        lead = won(people, title="Press for Rossi")
        for n in range(3):
            a_task(people, lead, people.ugo, f"Task {n}", today() - timedelta(days=3 - n))
    page = enter(people.ugo, path="/leads/").page
    page.keyboard.press("g")
    page.keyboard.press("k")
    page.wait_for_url("**/post-sales/")
    first = page.get_by_role("checkbox", name="Done: Task 0")
    first.focus()
    page.keyboard.press("Space")
    expect(first).to_be_checked()
    expect(first).to_be_focused()
    expect(page.locator("#tasks-parts")).to_contain_text("Overdue2")
    page.keyboard.press("Space")
    expect(first).not_to_be_checked()
    expect(page.locator("#tasks-parts")).to_contain_text("Overdue3")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/leads/{lead.pk}/**")


def test_a_templates_tasks_are_put_in_order_by_keyboard(
    people: Cast, enter: Callable[..., Any]
) -> None:
    with scope.account(people.ferri.account.pk):
        one = a_template(people)
    page = enter(people.anna, path=f"/admin-panel/post-sales/{one.pk}/").page
    down = page.get_by_role("button", name="Move “Send the contract” down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".ordered input[name=text]").nth(1)).to_have_value("Send the contract")
    expect(down).to_be_focused()
    with scope.account(people.ferri.account.pk):
        first = TemplateTask.objects.filter(template=one)[0]
    assert first.text == "Install the press"
