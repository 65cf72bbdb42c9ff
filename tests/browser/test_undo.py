"""Many leads moved by mistake, some of which were put right since: the rest goes back, then one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.guard import door
from custode.kernel import scope
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast

MANY, CHANGED = 20, 3


@pytest.fixture
def moved(people: Cast) -> Cast:
    """Twenty leads of Ugo's moved at once by Anna; he has put three right since."""
    leads = [people.lead(people.ugo, f"Scanner {n}") for n in range(MANY)]
    door.change(people.actor(people.anna), leads, "step", people.ferri.steps[4])
    with scope.account(people.ferri.account.pk):
        for lead in Lead.objects.order_by("pk")[:CHANGED]:
            moves.edit(people.actor(people.ugo), lead, step=people.ferri.steps[2])
    return people


def steps(people: Cast) -> list[int]:
    """How many leads stand in each step."""
    with scope.account(people.ferri.account.pk):
        return [Lead.objects.filter(step=step).count() for step in people.ferri.steps]


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
def test_an_act_is_undone_in_part_from_its_own_page(
    moved: Cast, enter: Callable[..., Any], axe: Callable[[Page], None], phone: bool
) -> None:
    page = enter(moved.anna, path="/security/actions/", phone=phone).page
    page.get_by_role("button", name="Undo: Anna Ferri moved 20 leads").click()
    expect(page.get_by_role("status")).to_contain_text("Some of this was changed since.")
    expect(page.get_by_text("3 were changed since.")).to_be_visible()
    row = page.locator("[data-row]", has_text="Scanner 0")
    expect(row).to_contain_text(f"{moved.ferri.steps[2]}, set by Ugo Conti")
    button = page.get_by_role("button", name="Undo for")
    expect(button).to_have_text("Undo for 17")
    axe(page)

    # One box more and one less count at once; the whole page's box leaves the changed ones alone.
    overwrite = page.get_by_role("checkbox", name="Overwrite what was changed of “Scanner 0”")
    overwrite.check()
    expect(button).to_have_text("Undo for 18")
    overwrite.uncheck()
    page.get_by_role("checkbox", name="Take “Scanner 5” back").uncheck()
    expect(button).to_have_text("Undo for 16")
    if not phone:
        whole = page.get_by_role("checkbox", name="Choose all of this page")
        whole.check()
        expect(button).to_have_text("Undo for 17")
        whole.uncheck()
        expect(button).to_be_disabled()
        whole.check()
    else:
        page.get_by_role("checkbox", name="Take “Scanner 5” back").check()
    expect(button).to_have_text("Undo for 17")
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("Undone: 17 leads")
    assert steps(moved) == [17, 0, CHANGED, 0, 0]
    expect(page.get_by_text("Undone in part: 17 of 20")).to_be_visible()

    overwrite.check()
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("Undone: 1 lead")
    assert steps(moved) == [18, 0, CHANGED - 1, 0, 0]
    expect(page.get_by_text("Undone in part: 18 of 20")).to_be_visible()
    story = page.get_by_role("link", name="1 of which had been changed since")
    expect(story).to_be_visible()

    # What was overwritten comes back from the undo's own entry.
    story.click()
    page.get_by_role("button", name="Undo for 1").click()
    expect(page.get_by_role("status").first).to_contain_text("Undone: 1 lead")
    assert steps(moved) == [17, 0, CHANGED, 0, 0]
