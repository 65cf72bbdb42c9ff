"""The reference of the API in a browser: unfolded, found by its address, on a phone."""

from __future__ import annotations

import pytest

PAGE = "/api-reference/"


@pytest.mark.parametrize(("theme", "phone"), [("light", False), ("dark", True)])
def test_all_that_unfolds_is_readable_and_no_wider_than_the_screen(
    people, enter, axe, theme, phone
):
    page = enter(people.ugo, theme=theme, phone=phone).open(PAGE)
    # Every sixth of them: axe takes a minute for a hundred.
    page.evaluate(
        "document.querySelectorAll('.reference-route:nth-of-type(6n+1), .reference-more')"
        ".forEach((one) => { one.open = true; })"
    )
    assert page.locator(".reference-route[open]").count() > 20
    axe(page)
    wide = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide[0] <= wide[1]


def test_an_address_with_a_route_unfolds_it(people, enter):
    page = enter(people.ugo).open(f"{PAGE}#custode_api_v2_leads_make")
    opened = page.locator(".reference-route[open]")
    opened.first.wait_for()
    assert opened.count() == 1
    assert opened.locator(".reference-path").inner_text() == "/api/v2/leads"
    assert opened.get_by_text("curl -X POST").is_visible()
