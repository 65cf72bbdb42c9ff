"""Two-factor authentication and the proof of identity in a real browser, passkeys included.

The passkeys are made by Chromium's virtual authenticator (WebAuthn's automation, by its DevTools).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Page, expect

from custode.guard import door
from custode.guard.models import LogEntry, PrivacySetting, TrashState
from custode.kernel import clock, scope
from custode.people.models import User
from custode.signin.factors import moves, totp
from custode.signin.models import Passkey, Session
from tests.cast import PASSWORD, Cast


def authenticator(page: Page) -> None:
    """Plug in a virtual authenticator that knows who touches it."""
    tools = page.context.new_cdp_session(page)
    tools.send("WebAuthn.enable")
    tools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
                "hasUserVerification": True, "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )  # fmt: skip


def on_localhost(visit: Any) -> Any:
    """Passkeys are for names, not for numbers: go by the name of this machine."""
    visit.url = visit.url.replace("127.0.0.1", "localhost")
    return visit


def secure(people: Cast, user: User) -> pyotp.TOTP:
    """Somebody's authenticator app, set up half a minute ago."""
    secret = totp.new_secret()
    program = pyotp.TOTP(secret)
    before = program.at(clock.now() - timedelta(seconds=30))
    with scope.account(user.account_id):
        this = Session.objects.get(user=user, ended_at=None).pk
        moves.add_totp(people.actor(user), user, secret, before, this=this)
    return program


def grow_old(user: User) -> None:
    """The proof of their sessions runs out."""
    with scope.account(user.account_id):
        Session.objects.filter(user=user, ended_at=None).update(
            proved_at=clock.now() - timedelta(minutes=11)
        )


def type_in(page: Page, email: str) -> None:
    page.get_by_label("E-mail address").fill(email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.keyboard.press("Enter")


def test_an_authenticator_is_set_up_and_asked_for(people: Cast, enter: Callable[..., Any]) -> None:
    page = enter(people.ugo, path="/profile/sign-in/").page
    page.get_by_role("link", name="Set up an app").click()
    key = page.locator(".authenticator-key").inner_text().replace(" ", "")
    page.get_by_label("Type the six digits").fill(
        pyotp.TOTP(key).at(clock.now() - timedelta(seconds=30))
    )
    page.get_by_role("button", name="Set up").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.locator(".badge", has_text="on")).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    type_in(page, "ugo@conti.example")
    page.get_by_label("Code", exact=True).fill(pyotp.TOTP(key).at(clock.now()))
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/today/$"))


def test_a_passkey_is_added_and_signs_in_alone(people: Cast, enter: Callable[..., Any]) -> None:
    visit = on_localhost(enter())
    page = visit.open("/sign-in/")
    authenticator(page)
    type_in(page, "ugo@conti.example")
    expect(page).to_have_url(re.compile("/today/$"))
    visit.open("/profile/sign-in/")
    page.get_by_label("Name of the new passkey").fill("Laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.locator(".codes li")).to_have_count(10)
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("Laptop", exact=False).first).to_be_visible()
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/today/$"))
    with scope.account(people.ugo.account_id):
        assert Session.objects.order_by("-pk")[0].way == "passkey"
        assert Passkey.objects.get().used_at is not None


def test_a_passkey_is_the_second_step_and_the_proof(
    people: Cast, enter: Callable[..., Any]
) -> None:
    visit = on_localhost(enter())
    page = visit.open("/sign-in/")
    authenticator(page)
    type_in(page, "anna@ferri.example")
    expect(page).to_have_url(re.compile("/today/$"))
    visit.open("/profile/sign-in/")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("link", name="I have kept them").click()
    page.get_by_role("button", name="Sign out").click()
    type_in(page, "anna@ferri.example")
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    page.get_by_role("button", name="Use a passkey").click()
    expect(page).to_have_url(re.compile("/today/$"))
    grow_old(people.anna)
    visit.open("/admin-panel/account/privacy/")
    page.get_by_label("Only admins can delete leads").check()
    page.locator("#proof").get_by_role("button", name="Use a passkey").click()
    expect(page.locator("#proof")).to_be_hidden()
    expect(page.locator(".rule-mark.is-on")).to_have_count(1)
    expect(page.get_by_label("Only admins can delete leads")).to_be_checked()
    with scope.account(people.anna.account_id):
        assert PrivacySetting.objects.get().ticked


def test_the_page_stays_while_one_proves_it(people: Cast, enter: Callable[..., Any]) -> None:
    visit = enter(people.anna)
    visit.expect_in_console("422")
    with scope.account(people.anna.account_id):
        entry = door.delete(people.actor(people.ugo), [people.lead(people.ugo)]).entry
    grow_old(people.anna)
    page = visit.open("/trash/")
    page.get_by_role("link", name=re.compile("for ever")).first.click()
    page.get_by_label("Why?").fill("a duplicate")
    page.get_by_role("button", name=re.compile("Delete 1 lead for ever")).click()
    proof = page.locator("#proof")
    proof.get_by_label("Your password").fill("wrong")
    page.keyboard.press("Enter")
    expect(proof.get_by_role("alert")).to_contain_text("not right")
    proof.get_by_label("Your password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("#toasts")).to_contain_text("for ever")
    with scope.account(people.anna.account_id):
        assert entry is not None
        entry.refresh_from_db()
        assert entry.state == TrashState.PURGED


def test_who_closes_the_dialog_changes_nothing(people: Cast, enter: Callable[..., Any]) -> None:
    visit = enter(people.anna)
    grow_old(people.anna)
    page = visit.open("/admin-panel/account/privacy/")
    box = page.get_by_label("Only admins can export leads")
    box.check()
    expect(page.locator("#proof")).to_be_visible()
    page.keyboard.press("Escape")
    expect(box).not_to_be_checked()
    with scope.account(people.anna.account_id):
        assert not PrivacySetting.objects.exists()


def test_an_export_downloads_after_the_proof(people: Cast, enter: Callable[..., Any]) -> None:
    people.lead(people.ugo, "Scanner")
    visit = enter(people.ugo)
    grow_old(people.ugo)
    page = visit.open("/leads/")
    page.get_by_label(re.compile("Choose all")).first.check()
    page.get_by_role("button", name=re.compile("Export")).first.click()
    page.locator("#dialog").get_by_role("button", name=re.compile("Export 1 lead")).click()
    page.locator("#proof").get_by_label("Your password").fill(PASSWORD)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert "Scanner" in download.value.path().read_text(encoding="utf-8-sig")
    with scope.account(people.ugo.account_id):
        assert LogEntry.objects.filter(verb="export", outcome="done").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast, enter: Callable[..., Any], axe: Callable[[Page], None], theme: str, phone: bool
) -> None:
    visit = enter(people.ugo, theme=theme, phone=phone)
    visit.expect_in_console("422")
    page = visit.open("/profile/sign-in/")
    axe(page)
    visit.open("/profile/sign-in/authenticator/")
    axe(page)
    page.get_by_label("Type the six digits").fill("1")
    page.get_by_role("button", name="Set up").click()
    expect(page.locator("#code-mistake")).to_be_visible()
    axe(page)
    secure(people, people.ugo)
    visit.open("/profile/sign-in/")
    axe(page)
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="Make new codes").click()
    expect(page.locator(".codes li")).to_have_count(10)
    axe(page)
    grow_old(people.ugo)
    visit.open("/profile/sign-in/")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    page.get_by_role("button", name="Switch off two-factor").click()
    expect(page.locator("#proof")).to_be_visible()
    axe(page)
    visit.open("/proof/")
    axe(page)
    second = enter(theme=theme, phone=phone, path="/sign-in/").page
    axe(second)
    type_in(second, "ugo@conti.example")
    expect(second.get_by_role("heading", level=1)).to_have_text("Second step")
    axe(second)
