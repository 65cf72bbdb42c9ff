"""New entries come to the top of an open page of the log, and who reads it is not disturbed."""

from __future__ import annotations

import pytest

from custode.guard import door

PAGE = "/security/actions/?verb=delete"
TEN_SECONDS = 10_500


@pytest.fixture
def log(people, enter):
    """The page of deletions, open before Anna: more than fits. Its clock is the test's."""
    for n in range(15):
        door.delete(people.actor(people.ugo), [people.lead(people.ugo, f"Pallet {n}")])
    visit = enter(people.anna)
    visit.page.clock.install()
    return visit.open(PAGE)


def test_new_entries_appear_and_focus_and_place_stay(people, log):
    line = log.locator(".deed").nth(12)
    line.focus()
    log.evaluate("scrollTo({top: 300, behavior: 'instant'})")
    before = line.bounding_box()["y"]
    assert log.evaluate("scrollY") > 0
    act = door.delete(people.actor(people.bruna), [people.lead(people.bruna, "New one")])
    log.clock.run_for(TEN_SECONDS)
    first = log.locator(".deed").first
    first.filter(has_text="Bruna Sala deleted 1 lead.").wait_for()
    assert first.get_attribute("id") == f"act-{act.seq}"
    assert log.locator("#news-said").inner_text() == "New: Bruna Sala deleted 1 lead."
    held = log.locator(":focus")
    assert held.inner_text().startswith("Ugo Conti deleted 1 lead.")
    assert abs(held.bounding_box()["y"] - before) < 2
    # What somebody undoes elsewhere loses its button here.
    door.undo(people.actor(people.anna), act.seq)
    log.clock.run_for(TEN_SECONDS)
    log.locator(f"#act-{act.seq}.is-undone").wait_for()
    assert log.locator(f"#act-{act.seq} form").count() == 0


def test_a_page_that_nobody_looks_at_asks_for_nothing(people, log):
    asked = []
    log.on("request", lambda request: asked.append(request.url))
    log.evaluate(
        "Object.defineProperty(document, 'visibilityState', {value: 'hidden', writable: true})"
    )
    log.clock.run_for(3 * TEN_SECONDS)
    assert [url for url in asked if "after=" in url] == []
    log.evaluate("document.visibilityState = 'visible'")
    with log.expect_request("**/security/actions/**after=**"):
        log.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
