"""The devices and the user sessions in a browser: by mouse, by keyboard, on a phone, in Italian."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.kernel import scope
from custode.signin.models import Ended, Session
from tests.cast import PASSWORD, Cast
from tests.signin.sessions.making import a_session, days_ago
from tools import catalogues

MINE = "/profile/devices/"
ALL = "/security/sessions/"
Enter = Callable[..., Any]
Axe = Callable[[Page], None]


@pytest.fixture
def devices(people: Cast) -> dict[str, Session]:
    """Devices of everybody's, and one whose session is over."""
    return {
        "desk": a_session(people.ugo, began=9, seen=0.01),
        "phone": a_session(people.ugo, browser="Safari", system="iPhone", form="phone", began=3,
                           ip="2001:db8:85a3:8d3:1319:8a2e:370:7348"),
        "bruna": a_session(people.bruna, browser="Firefox", system="Linux", ip="203.0.113.4"),
        "anna": a_session(people.anna, browser="Edge", system="Windows", began=2, seen=1),
        "past": a_session(people.ugo, ended_at=days_ago(1), ended_why=Ended.DISCONNECTED,
                          ended_by="Anna Ferri"),
    }  # fmt: skip


def going_on(people: Cast, devices: dict[str, Session]) -> set[str]:
    """The names of those that have not ended."""
    with scope.account(people.ferri.account.pk):
        alive = set(Session.objects.filter(ended_at=None).values_list("pk", flat=True))
    return {name for name, row in devices.items() if row.pk in alive}


def test_ones_devices_are_disconnected_by_mouse(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.ugo, path="/profile/").page
    page.get_by_role("link", name="Devices").click()
    page.get_by_role("button", name="Disconnect Safari on iPhone").click()
    expect(page.get_by_role("status")).to_contain_text("Disconnected: Safari on iPhone")
    expect(page.get_by_text("Disconnected by you")).to_be_visible()
    page.get_by_role("button", name="Disconnect all others").click()
    expect(page.get_by_role("status")).to_contain_text("1 other device was disconnected.")
    expect(page.get_by_role("button", name="Disconnect all others")).to_be_hidden()
    expect(page.get_by_text("This device", exact=True)).to_be_visible()
    assert going_on(people, devices) == {"bruna", "anna"}


def test_ones_devices_are_disconnected_by_keyboard(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.ugo, path=MINE).page
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("button", name="Disconnect Safari on iPhone")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("Disconnected: Safari on iPhone")
    assert going_on(people, devices) == {"desk", "bruna", "anna"}


def test_from_ugo_has_left_to_no_device_of_his_is_in(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    his = enter(people.ugo, path="/leads/").page
    page = enter(people.anna, path=ALL).page
    page.get_by_label("User", exact=True).select_option(label="Ugo Conti")
    expect(page).to_have_url(re.compile(f"user={people.ugo.pk}"))
    page.get_by_role("link", name="Disconnect all devices of Ugo Conti").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("3 devices are signed out")
    expect(dialog).to_contain_text("Safari on iPhone")
    dialog.get_by_role("button", name="Disconnect 3 devices").click()
    expect(page.get_by_role("heading", name="No device of Ugo Conti is signed in")).to_be_visible()
    expect(page.get_by_role("status")).to_contain_text("3 devices of Ugo Conti were disconnected.")
    assert going_on(people, devices) == {"bruna", "anna"}
    # He presses something, and is out.
    his.get_by_role("navigation", name="Main menu").get_by_role("link", name="Board").click()
    expect(his.get_by_role("heading", level=1)).to_have_text("Sign in")


def test_the_chosen_are_disconnected_by_mouse(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, path=ALL).page
    bar = page.get_by_role("button", name="Disconnect the chosen")
    expect(bar).to_be_hidden()
    page.get_by_label("Tick Safari on iPhone of Ugo Conti").check()
    page.get_by_label("Tick Firefox on Linux of Bruna Sala").check()
    expect(page.locator("[data-chosen-number]")).to_have_text("2")
    bar.click()
    expect(page.get_by_role("status").first).to_contain_text("2 devices were disconnected.")
    assert going_on(people, devices) == {"desk", "anna"}
    page.get_by_label("Tick all devices of this page").check()
    expect(page.locator("[data-chosen-number]")).to_have_text("2")
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_role("button", name="Disconnect the chosen")).to_be_hidden()


def test_the_chosen_are_disconnected_by_keyboard(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, path=ALL).page
    for _ in range(3):
        page.keyboard.press("ArrowDown")
    page.keyboard.press("Space")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen-number]")).to_have_text("2")
    page.get_by_role("button", name="Disconnect the chosen").press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("2 devices were disconnected.")
    assert going_on(people, devices) == {"desk", "anna"}


def test_one_row_by_keyboard_to_what_it_did_and_back(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    mine = enter(people.anna, path=ALL).page
    mine.get_by_role("button", name="Disconnect Firefox on Linux of Bruna Sala").press("Enter")
    expect(mine.get_by_role("status").first).to_contain_text("Disconnected: Firefox on Linux")
    mine.keyboard.press("g")
    mine.keyboard.press("u")
    expect(mine.get_by_role("heading", level=1)).to_have_text("User sessions")
    mine.keyboard.press("ArrowDown")
    mine.keyboard.press("Enter")
    expect(mine.get_by_role("heading", level=1)).to_have_text("Sensitive actions")
    expect(mine.get_by_text("Anna Ferri disconnected 1 device of Bruna Sala.")).to_be_visible()
    mine.get_by_role("link", name="See this session").first.click()
    expect(mine.locator("tbody [data-row]")).to_have_count(1)
    mine.get_by_role("link", name="Remove this filter").click()
    expect(mine.locator("tbody [data-row]")).not_to_have_count(1)


def test_everybody_else_is_asked_about_and_may_be_left_in(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, path=ALL).page
    page.get_by_role("link", name="Disconnect everybody else").press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("4 devices of 3 users are signed out")
    expect(dialog).to_contain_text("One of them is yours")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert going_on(people, devices) == {"desk", "phone", "bruna", "anna"}
    page.get_by_role("link", name="Disconnect everybody else").click()
    dialog.get_by_role("button", name="Disconnect 4 devices").click()
    expect(page.get_by_role("status")).to_contain_text("4 devices were disconnected.")
    expect(page.locator("tbody [data-row]")).to_have_count(1)
    assert going_on(people, devices) == set()


def test_filters_are_in_the_address(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, path=ALL).page
    rows = page.locator("tbody [data-row]")
    page.get_by_label("Device: browser, system or kind").fill("safari")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("device=safari"))
    expect(rows).to_have_count(1)
    page.get_by_role("navigation", name="Now and before").get_by_role("link", name="Past").click()
    expect(page.get_by_role("heading", name="No session matches")).to_be_visible()
    expect(page).to_have_url(re.compile("device=safari"))
    page.go_back()
    expect(rows).to_have_count(1)


def test_without_scripts_everything_still_works(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, java_script_enabled=False, path=ALL).page
    page.get_by_label("Tick Firefox on Linux of Bruna Sala").check()
    page.get_by_role("button", name="Disconnect the chosen").click()
    expect(page.get_by_role("status").first).to_contain_text("1 device was disconnected.")
    page.goto(page.url.partition(ALL)[0] + f"{ALL}?user={people.ugo.pk}")
    page.get_by_role("link", name="Disconnect all devices of Ugo Conti").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(
        "Disconnect all devices of Ugo Conti?"
    )
    page.get_by_role("button", name="Disconnect 2 devices").click()
    expect(page.get_by_role("heading", name="No device of Ugo Conti is signed in")).to_be_visible()
    assert going_on(people, devices) == {"anna"}


@pytest.mark.parametrize("phone", [False, True], ids=["desktop", "phone"])
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_any_state(
    people: Cast, devices: dict[str, Session], enter: Enter, axe: Axe, theme: str, phone: bool
) -> None:
    page = enter(people.anna, theme=theme, phone=phone, path=MINE).page
    axe(page)
    for query in ("", "?state=past", "?state=all", f"?session={devices['past'].pk}", "?ip=zz",
                  f"?user={people.carla.pk}"):  # fmt: skip
        page.goto(page.url.partition("/p")[0].partition("/s")[0] + ALL + query)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
    page.goto(page.url.partition("?")[0])
    page.locator("input[name=ids]").first.check()
    axe(page)
    page.get_by_role("link", name="Disconnect everybody else").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    axe(page)


def test_a_phone_in_italian(
    people: Cast, devices: dict[str, Session], enter: Enter, axe: Axe
) -> None:
    catalogues.compile_all()
    page = enter(people.anna, language="it", phone=True, path=ALL).page
    expect(page.get_by_role("heading", level=1)).to_have_text("Sessioni utente")
    page.get_by_label("Seleziona Safari su iPhone di Ugo Conti").check()
    button = page.get_by_role("button", name="Disconnetti i selezionati")
    page.mouse.wheel(0, 500)
    expect(button).to_be_in_viewport()
    box = button.bounding_box()
    assert box is not None
    assert box["height"] >= 44
    button.click()
    expect(page.get_by_role("status").first).to_contain_text("1 dispositivo è stato disconnesso.")
    page.goto(page.url.partition(ALL)[0] + MINE)
    expect(page.get_by_role("heading", level=1)).to_have_text("Dispositivi")
    axe(page)


def prove_long_ago(people: Cast) -> None:
    """Anna's proof of identity does not hold any more."""
    with scope.account(people.ferri.account.pk):
        mine = Session.objects.filter(user=people.anna, ended_at=None)
        mine.update(proved_at=days_ago(0.5))


def test_an_old_proof_is_asked_for_anew_and_the_same_form_goes_through(
    people: Cast, devices: dict[str, Session], enter: Enter
) -> None:
    page = enter(people.anna, path=ALL).page
    prove_long_ago(people)
    page.get_by_label("Tick Firefox on Linux of Bruna Sala").check()
    page.get_by_role("button", name="Disconnect the chosen").click()
    proof = page.locator("#proof")
    proof.get_by_label("Your password").fill(PASSWORD)
    assert going_on(people, devices) == {"desk", "phone", "bruna", "anna"}
    page.keyboard.press("Enter")
    expect(page.get_by_role("status").first).to_contain_text("1 device was disconnected.")
    prove_long_ago(people)
    page.get_by_label("User", exact=True).select_option(label="Ugo Conti")
    page.get_by_role("link", name="Disconnect all devices of Ugo Conti").click()
    page.get_by_role("button", name="Disconnect 2 devices").click()
    proof.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="No device of Ugo Conti is signed in")).to_be_visible()
    assert going_on(people, devices) == {"anna"}
