"""E-mails in a real browser: written with a template and a file, previewed, told what became of."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from custode.activities.emails import outbox, sending, servers, templates
from custode.activities.emails.models import Email, EmailFile, EmailTemplate, State, Why
from custode.activities.emails.outbox import End
from custode.kernel import scope
from custode.leads.models import Lead
from tests.cast import Cast
from tests.emails.made import NOWHERE, an_email


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, settings: Any) -> None:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"


def ready(people: Cast) -> Lead:
    """Ugo's lead, in an account with a server that is nowhere, and a template."""
    anna = people.actor(people.anna)
    with scope.account(people.ferri.account.pk):
        servers.change(anna, NOWHERE)
        text = "Dear {{field:Contact}},\n\nhere it is."
        templates.save(anna, EmailTemplate(), "Offer", "For {{lead.title}}", text)
        return people.lead(
            people.ugo, "Scanner", description="Contact: Mario\nE-mail: mario@rossi.example"
        )


def test_from_the_first_word_to_its_result(people: Cast, enter: Callable[..., Any]) -> None:
    lead = ready(people)
    visit = enter(people.ugo, path=f"/leads/{lead.pk}/")
    visit.expect_in_console("422")
    page = visit.page
    page.get_by_role("link", name="Write an e-mail").click()
    page.get_by_label("Attach files").set_input_files(
        {"name": "offer.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}
    )
    page.get_by_label("Template").select_option("Offer")
    expect(page.get_by_label("Subject")).to_have_value("For Scanner")
    page.get_by_label("Text", exact=True).press("Control+End")
    page.keyboard.type(" Yours, Ugo")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#email-preview")).to_contain_text("here it is. Yours, Ugo")
    to = page.get_by_label("To", exact=True)
    to.fill("mario at rossi")
    expect(page.locator("#email-preview")).to_be_hidden()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("“mario at rossi” is not an e-mail address.")).to_be_visible()
    expect(to).to_be_focused()
    expect(to).to_have_attribute("aria-invalid", "true")
    # What is wrong takes nothing away: the file that was chosen goes with the next try.
    to.fill("mario@rossi.example")
    page.get_by_role("button", name="Send").click()
    email = page.locator(".email")
    expect(email).to_contain_text("Waiting to be sent")
    expect(email).to_contain_text("offer.pdf")
    with scope.account(people.ferri.account.pk):
        made = Email.objects.get()
        assert EmailFile.objects.get().email_id == made.pk
        claimed = outbox.take(made.pk)
        assert claimed is not None
        outbox.settle(claimed, End(State.PERHAPS, Why.NO_ANSWER))
    expect(email).to_contain_text("Perhaps sent")
    page.get_by_role("button", name="It arrived: mark as sent").click()
    expect(email).to_contain_text("Sent, says Ugo Conti")
    email.locator("summary").first.click()
    page.get_by_role("button", name="Delete this e-mail").click()
    expect(email).to_have_count(0)
    page.locator("#toasts").get_by_role("button", name="Undo").click()
    expect(email).to_contain_text("For Scanner")


def test_an_admin_sets_the_server_and_tries_it(people: Cast, enter: Callable[..., Any]) -> None:
    visit = enter(people.anna, path="/admin-panel/emails/")
    visit.expect_in_console("422")
    page = visit.page
    page.get_by_label("Server", exact=True).fill("smtp.ferri.example")
    page.get_by_label("Sender's address").fill("sales")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("Write the address from which e-mails go")).to_be_visible()
    page.get_by_label("Sender's address").fill("sales@ferri.example")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#toasts")).to_contain_text("Saved.")
    page.get_by_role("button", name="Send a test").click()
    expect(page.locator("#mail-test")).to_contain_text("anna@ferri.example is being sent")
    sending.try_server(people.ferri.account.pk, people.anna.pk)
    expect(page.locator("#mail-test")).to_contain_text("The server could not be reached.")


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True])
def test_axe_finds_nothing(
    people: Cast, enter: Callable[..., Any], axe: Callable[[Page], None], theme: str, phone: bool
) -> None:
    lead = ready(people)
    with scope.account(people.ferri.account.pk):
        for state, why in (
            (State.SENT, ""), (State.FAILED, Why.CONNECT), (State.PERHAPS, Why.CUT_OFF),
        ):  # fmt: skip
            made = an_email(people, lead, subject="A long subject " * 10)
            said = "550 " + "x" * 300
            Email.objects.filter(pk=made.pk).update(state=state, why=why, answer=said)
    visit = enter(people.ugo, path=f"/leads/{lead.pk}/", theme=theme, phone=phone)
    visit.expect_in_console("422")
    page = visit.page
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator(".email-body summary").first.click()
    page.locator(".email .comment-menu > summary").first.click()
    axe(page)
    visit.open(f"/leads/{lead.pk}/emails/new/")
    page.get_by_label("Template").select_option("Offer")
    expect(page.get_by_label("Subject")).to_have_value("For Scanner")
    page.get_by_role("button", name="Preview").click()
    expect(page.locator("#email-preview")).to_be_visible()
    axe(page)
    page.get_by_label("To", exact=True).fill("x")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_text("“x” is not an e-mail address.")).to_be_visible()
    axe(page)
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
