"""Passwords, and somebody who leaves, in a real browser with its dialogs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from playwright.sync_api import expect

from custode.kernel import clock, scope
from custode.leads.models import Lead
from custode.people.models import User
from custode.signin.models import Session
from tests.cast import PASSWORD, Cast

NEW = "quiet-river-lamp-29"


def grow_old(user: User) -> None:
    """The proof of their sessions runs out."""
    with scope.account(user.account_id):
        past = clock.now() - timedelta(minutes=11)
        Session.objects.filter(user=user).update(proved_at=past)


def test_ugo_has_left_and_no_device_of_his_is_in(people: Cast, enter: Callable[..., Any]) -> None:
    people.lead(people.ugo, "Scanner")
    ugos = [enter(people.ugo), enter(people.ugo, phone=True)]
    for visit in ugos:
        visit.open("/leads/")
    page = enter(people.anna, path=f"/admin-panel/users/{people.ugo.pk}/").page
    grow_old(people.anna)
    page.get_by_role("link", name="Ugo leaves …").click()
    expect(page.locator("main")).to_contain_text("2 devices are signed in; they are signed out")
    page.locator("#heir").select_option(label="goes to Bruna Sala")
    page.get_by_role("button", name="Disable Ugo Conti").click()
    proof = page.locator("#proof")
    proof.get_by_label("Your password").fill(PASSWORD)
    proof.get_by_role("button").last.click()
    expect(page.get_by_text("Ugo Conti is disabled. 2 devices were signed out.")).to_be_visible()
    expect(page.get_by_text("1 lead: owner is Bruna Sala now.")).to_be_visible()
    for visit in ugos:
        visit.page.reload()
        expect(visit.page).to_have_url(f"{visit.url}/sign-in/?next=/leads/&over=disabled")
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.get().owner == people.bruna
    page.get_by_role("button", name="Enable").click()
    expect(page.get_by_text("Ugo Conti can sign in again.")).to_be_visible()
    ugos[0].page.goto(f"{ugos[0].url}/leads/")
    expect(ugos[0].page).to_have_url(f"{ugos[0].url}/sign-in/?next=/leads/")


def test_one_changes_ones_password_and_stays_in(people: Cast, enter: Callable[..., Any]) -> None:
    other = enter(people.ugo, path="/leads/")
    page = enter(people.ugo, path="/profile/sign-in/").page
    grow_old(people.ugo)
    page.get_by_role("link", name="Change the password").click()
    page.get_by_label("Present password").fill(PASSWORD)
    page.get_by_label("New password").fill(NEW)
    page.get_by_label("The same again").fill(NEW)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_text("Your password is changed.")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Sign-in and security")).to_be_visible()
    other.page.reload()
    expect(other.page).to_have_url(f"{other.url}/sign-in/?next=/leads/&over=password")


def test_one_asks_for_another_address_after_a_proof(
    people: Cast, enter: Callable[..., Any], settings: Any
) -> None:
    settings.HAS_MAIL = True
    page = enter(people.ugo, path="/profile/address/").page
    grow_old(people.ugo)
    page.get_by_label("New e-mail address").fill("ugo@new.example")
    page.get_by_role("button", name="Send the link").click()
    proof = page.locator("#proof")
    proof.get_by_label("Your password").fill(PASSWORD)
    proof.get_by_role("button").last.click()
    expect(page.get_by_text("A link to confirm it is on its way")).to_be_visible()
    page.get_by_role("button", name="Keep the old one").click()
    expect(page.get_by_text("Your address stays as it is.")).to_be_visible()
