"""A prospecting list without rows in a real browser: the sheet invites pasting, and takes it."""

from __future__ import annotations

from playwright.sync_api import expect

from custode.kernel import scope
from custode.prospecting import moves
from tests.browser.sheeting import Entering, cell, kept, paste, saved
from tests.cast import Cast


def test_an_empty_list_takes_what_is_pasted_wherever_the_page_was_clicked(
    people: Cast, enter: Entering
) -> None:
    actor = people.actor(people.ugo)
    with scope.account(people.ferri.account.pk):
        lists = {
            place: moves.create(actor, f"By {place}", ["Company", "City"])
            for place in ("body", "h1", ".tabulator-placeholder")
        }
    visit = enter(people.ugo)
    for place, empty in lists.items():
        page = visit.open(f"/prospecting/{empty.pk}/")
        expect(page.locator(".tabulator-placeholder")).to_contain_text("Paste some here")
        if place != "body":
            page.locator(place).click()
        paste(page, "Neri\tLodi\nVerdi\tPavia\n")
        saved(page)
        expect(cell(page, 2, "City")).to_have_text("Pavia")
        assert kept(people, empty) == [["Neri", "Lodi"], ["Verdi", "Pavia"]]
