"""What stays in view on long pages: the side bar, the heads of the board's columns, the tabs."""

from __future__ import annotations

import re
from datetime import time, timedelta

import pytest
from playwright.sync_api import expect

from custode.guard import door
from custode.leads.queries import today
from tests.jobs.processes import until

MANY = 60


@pytest.fixture
def many(people):
    """Two full columns, one with little in it, and a long log."""
    leads = [
        people.lead(people.ugo, f"Scanner {n}", step=people.ferri.steps[n % 2]) for n in range(MANY)
    ]
    people.lead(people.ugo, "Alone", step=people.ferri.steps[2])
    for lead in leads[-20:]:
        door.undo(people.actor(people.anna), door.delete(people.actor(people.ugo), [lead]).seq)
    return people


def scroll(page, by):
    """Turn the mouse's wheel over the middle of the page, until it has arrived."""
    page.mouse.move(700, 500)
    page.mouse.wheel(0, by)
    page.wait_for_timeout(300)


def top_of(page, selector):
    """Where an element begins, seen from the top of the window."""
    return page.locator(selector).first.bounding_box()["y"]


@pytest.mark.parametrize("path", ["/leads/", "/board/", "/security/actions/"])
def test_the_side_bar_stays(many, enter, path):
    page = enter(many.anna, path=path).page
    last = page.locator("main [data-row], [data-column]:nth-child(2) [data-card], main .deed").last
    expect(last).not_to_be_in_viewport()
    scroll(page, 400)
    assert abs(top_of(page, "#side")) < 1
    expect(page.locator("#side").get_by_role("link", name="Trash")).to_be_in_viewport()
    last.scroll_into_view_if_needed()
    assert abs(top_of(page, "#side")) < 1


def test_on_a_low_screen_an_admin_sees_all_places_or_that_there_are_more(people, enter):
    page = enter(people.anna, language="it", path="/today/").page
    page.set_viewport_size({"width": 1280, "height": 800})
    nav = page.locator(".side-nav")
    assert nav.evaluate("one => one.scrollHeight <= one.clientHeight")
    expect(nav).not_to_have_class(re.compile("is-more"))
    page.set_viewport_size({"width": 1280, "height": 640})
    expect(nav).to_have_class(re.compile("is-more"))
    nav.evaluate("one => one.scrollTo(0, one.scrollHeight)")
    expect(nav).not_to_have_class(re.compile("is-more"))


def test_the_side_bar_shows_where_one_is(people, enter):
    visit = enter(people.anna, path="/today/")
    page = visit.page
    page.set_viewport_size({"width": 1280, "height": 560})
    page.goto(page.url.replace("/today/", "/admin-panel/account/"))
    expect(page.locator(".side-nav [aria-current]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("scrollY") == 0
    inside = page.evaluate(
        """() => document.querySelector('.side-nav').getBoundingClientRect().bottom
            - document.querySelector('.side-nav [aria-current]').getBoundingClientRect().bottom"""
    )
    assert inside >= 0


def test_the_heads_of_the_columns_stay_above_their_cards(many, enter):
    page = enter(many.anna, path="/board/").page
    before = page.locator(".column-head").first.bounding_box()
    scroll(page, 1500)
    expect(page.get_by_text("Alone", exact=True)).not_to_be_in_viewport()
    head = page.get_by_role("heading", name="Incoming", exact=True)
    expect(head).to_be_in_viewport()
    assert page.locator(".column-head").first.bounding_box() == before
    # That of a column which has long ended too: one sees where a card can go.
    expect(page.get_by_role("heading", name="Meeting", exact=True)).to_be_in_viewport()
    expect(page.get_by_role("heading", name="Negotiation", exact=True)).to_be_in_viewport()
    # No card shows above or through the head.
    covered = page.evaluate(
        "([x, y]) => document.elementFromPoint(x, y).closest('.column-head') !== null",
        [before["x"] + 4, before["y"] + 4],
    )
    assert covered


def test_a_board_wider_than_the_window_is_moved_sideways_where_one_is(many, enter):
    page = enter(many.anna, path="/board/").page
    page.set_viewport_size({"width": 1000, "height": 700})
    scroll(page, 900)
    page.mouse.wheel(600, 0)
    expect(page.get_by_role("heading", name="Negotiation", exact=True)).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_who_comes_back_to_the_board_finds_it_where_it_was(many, enter):
    page = enter(many.anna, path="/board/").page
    card = page.locator("[data-card]").nth(25)
    card.scroll_into_view_if_needed()
    card.locator("[data-card-link]").click()
    expect(page).to_have_url(re.compile(r"/leads/\d+/"))
    page.go_back()
    expect(page.locator("[data-card]").nth(25)).to_be_in_viewport()


def test_on_a_low_window_the_whole_page_is_moved(many, enter):
    page = enter(many.anna, path="/board/").page
    page.set_viewport_size({"width": 1440, "height": 420})
    scroll(page, 600)
    assert page.evaluate("scrollY") > 300
    assert abs(top_of(page, "#side")) < 1


def test_on_a_phone_the_tabs_of_the_steps_stay(many, enter):
    page = enter(many.anna, path="/board/", phone=True).page
    page.evaluate("window.scrollTo({top: 2000, behavior: 'instant'})")
    tab = page.locator(".step-switch").get_by_role("link", name="Meeting")
    expect(tab).to_be_in_viewport()
    assert top_of(page, ".step-switch") < 80
    tab.click()
    # A short column is shown from its first card, not the emptiness below its last.
    expect(page.get_by_text("Alone", exact=True)).to_be_in_viewport(ratio=1)
    until(lambda: top_of(page, ".step-switch") < top_of(page, "[data-card]:has-text('Alone')"))


LONG = "\n".join(
    [*(f"Field {n}: value {n}" for n in range(12)), *["A line of the description"] * 20]
)


def test_on_a_phone_the_comments_of_a_lead_stand_near_the_top(people, enter):
    lead = people.lead(people.ugo, "Scanner", description=LONG, amount_minor=120_000)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", phone=True).page
    write = page.get_by_label("Write a comment")
    expect(write).to_be_in_viewport(ratio=1)
    facts, details = page.locator("#lead-facts"), page.get_by_role("button", name="Details")
    expect(facts).to_be_hidden()
    # The folded facts tell what matters most, and keep up with what is edited.
    expect(details).to_contain_text("€ 1,200")
    expect(details).to_contain_text("Ugo Conti")
    details.click()
    expect(details).to_have_attribute("aria-expanded", "true")
    page.locator("#field-amount .edit").click()
    page.locator("#field-amount input[name=amount]").fill("1500")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#field-amount")).to_contain_text("€ 1,500")
    details.click()
    expect(facts).to_be_hidden()
    expect(details).to_contain_text("€ 1,500")
    # A description that is being edited is shown whole.
    page.locator("#field-description .edit").click()
    area = page.get_by_role("textbox", name="Description")
    expect(area).to_be_focused()
    area.press("Control+Enter")
    expect(area).to_have_count(0)


def test_a_long_description_is_shortened_by_whole_lines_and_opened_by_its_own_button(people, enter):
    text = LONG.replace("Field 9: value 9", "Telephone: +39 011 555 0100")
    lead = people.lead(people.ugo, "Scanner", description=text)
    short = people.lead(people.ugo, "Printer", description="E-mail: a@b.example\nJust this")
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", phone=True).page
    # Whom to call is never cut, however far down it was written.
    expect(page.get_by_role("link", name="+39 011 555 0100")).to_be_visible()
    expect(page.get_by_text("value 8", exact=True)).to_be_hidden()
    rest = page.locator(".description")
    assert rest.bounding_box()["height"] < 60
    page.get_by_role("button", name="Show all").click()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()
    expect(page.get_by_text("value 8", exact=True)).to_be_visible()
    assert rest.evaluate("one => one.scrollHeight <= one.clientHeight + 1")
    page.goto(page.url.replace(f"/{lead.pk}/", f"/{short.pk}/"))
    expect(page.get_by_text("Just this")).to_be_visible()
    expect(page.get_by_role("button", name="Show all")).to_be_hidden()


def test_on_a_phone_the_title_of_a_lead_has_the_whole_width(people, enter):
    lead = people.lead(people.ugo, "Pallet scanner with many words in its title " * 3)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", phone=True).page
    title, main = page.locator(".edit-title").bounding_box(), page.locator("main").bounding_box()
    assert title["width"] > main["width"] - 30
    act = page.locator(".head > .act").bounding_box()
    assert act["y"] + act["height"] <= title["y"] + 1


def test_a_fact_that_an_address_opens_is_not_folded_away(people, enter):
    lead = people.lead(people.ugo, "Scanner")
    page = enter(people.ugo, path=f"/leads/{lead.pk}/?edit=amount", phone=True).page
    expect(page.locator("#field-amount input[name=amount]")).to_be_visible()


def test_on_a_desktop_the_facts_stand_beside_and_nothing_is_cut(people, enter):
    lead = people.lead(people.ugo, "Scanner", description=LONG)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/").page
    expect(page.locator("#lead-facts")).to_be_visible()
    expect(page.locator("[data-unfold]")).to_be_hidden()
    body = page.locator(".lead-text > .card-body")
    assert body.evaluate("one => one.scrollHeight <= one.clientHeight")


@pytest.mark.parametrize("phone", [True, False])
def test_no_message_lies_over_the_button_that_sends_a_comment(people, enter, phone):
    lead = people.lead(people.ugo, "Scanner", description=LONG)
    page = enter(people.ugo, path=f"/leads/{lead.pk}/", phone=phone).page
    page.get_by_role("button", name="Lost").click()
    expect(page.locator("#toasts .note")).to_be_visible()
    button = page.get_by_role("button", name="Comment", exact=True)
    # At the foot of the window, where it ends when one has just written.
    button.evaluate("one => one.scrollIntoView({block: 'end', behavior: 'instant'})")
    expect(page.locator("#toasts .note")).to_be_visible()
    for share in (0.05, 0.5, 0.95):
        assert button.evaluate(
            """(one, share) => {
                const box = one.getBoundingClientRect();
                const at = document.elementFromPoint(
                    box.x + box.width * share, box.y + box.height / 2);
                return one.contains(at);
            }""",
            share,
        )


def test_what_there_is_to_do_begins_at_one_line_with_or_without_a_time(people, enter):
    for days in (-2, 0, 1):
        day = today() + timedelta(days=days)
        people.lead(people.ugo, "At ten", remind_date=day, remind_time=time(10, 30))
        people.lead(people.ugo, "Some time", remind_date=day)
    names = enter(people.ugo, path="/today/").page.locator(".today-name").all()
    assert len(names) == 6
    assert len({name.bounding_box()["x"] for name in names}) == 1
