"""A working day of three people in a real browser, from an imported pipeline to the figures.

Marta, the admin, works in Italian; Ugo and Lia sell, he in English and she in Italian. What each
step leaves is looked at where it is kept, and where a colleague sees it. Run by `make proof`.
"""

from __future__ import annotations

import csv
import io
import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from custode.activities.emails import sending
from custode.activities.emails.models import Email
from custode.activities.models import Comment
from custode.clients.models import ClientFolder
from custode.exchange.importing import job
from custode.exchange.models import ImportRun
from custode.guard import log
from custode.guard.models import LogEntry, TrashEntry
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.postsales.models import Process, Task
from tests.browser.conftest import WAIT, Entering, Visit
from tests.browser.office import HEAD, ROWS, Office, lead, lia_qualifies, office, pipeline

__all__ = ["office"]
pytestmark = pytest.mark.proof


def marta_imports(office: Office, visit: Visit, file: Path) -> None:
    """She brings the file, looks at the trial, and lets it in."""
    page = visit.page
    visit.open("/imports/")
    page.set_input_files("#file", file)
    expect(page.locator("#mapping")).to_be_visible()
    page.locator("button[form=mapping]").click()
    expect(page.locator(".outcome")).to_contain_text(str(ROWS))
    page.locator("form[action$='/start/'] button").click()
    expect(page.locator("#state progress")).to_be_visible()
    with office.here():
        run = ImportRun.objects.latest("pk")
        job.work(run.account_id, run.pk)
    expect(page.locator(".outcome")).to_contain_text(str(ROWS))
    rows = pipeline()
    with office.here():
        found = {one.reference: one for one in Lead.objects.select_related("owner", "step")}
        assert found.keys() == {row["opportunity_id"] for row in rows}
        for row in rows:
            one = found[row["opportunity_id"]]
            assert one.title == f"{row['account']} · {row['product']}"
            assert str(one.owner) == row["sales_agent"]
            status = {"Won": "won", "Lost": "lost"}.get(row["deal_stage"], "todo")
            assert (one.status, one.amount_minor or 0) == (
                status, int(row["close_value"] or 0) * 100,
            )  # fmt: skip
            assert status != "todo" or one.step.name == row["deal_stage"]


def ugo_works_today(office: Office, visit: Visit, title: str) -> None:
    """He finds a lead, sets a reminder, calls on the day, and has it done."""
    page = visit.page
    visit.open(f"/leads/?q={title.split(' ·')[0].replace(' ', '+')}&owner={office.ugo.pk}")
    page.get_by_role("link", name=title).click()
    expect(page.locator("h1")).to_contain_text(title)
    page.locator(".edit-reminder").click()
    page.locator("#field-reminder input[type=date]").fill(str(today()))
    page.keyboard.press("Enter")
    expect(page.locator("#history")).to_contain_text("set “Reminder” to")
    visit.open("/today/")
    item = page.locator(".today-item", has_text=title)
    item.get_by_role("link", name=title).click()
    text = page.get_by_label("Write a comment", exact=True)
    text.fill("Called: **they want two**")
    page.get_by_label("Activity").select_option("Call")
    text.press("Control+Enter")
    expect(page.locator(".comment strong")).to_have_text("they want two")
    visit.open("/today/")
    page.locator(".today-item", has_text=title).locator("button[name=done]").click()
    expect(page.locator(".today-item", has_text=title)).to_have_count(0)
    with office.here():
        said = Comment.objects.get(text__contains="they want two")
        assert (said.lead, said.author, str(said.activity)) == (
            lead(office, title), office.ugo, "Call",
        )  # fmt: skip
        assert lead(office, title).remind_date is None


def ugo_writes(office: Office, visit: Visit, title: str) -> None:
    """He writes an e-mail with a template; it arrives, and its result stands in the timeline."""
    page = visit.page
    visit.open(f"/leads/{lead(office, title).pk}/")
    page.get_by_role("link", name="Write an e-mail").click()
    page.get_by_label("Template").select_option("Offer")
    expect(page.get_by_label("Subject")).to_have_value(f"For {title}")
    page.get_by_label("To", exact=True).fill("mario@rossi.example")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".email")).to_contain_text("Waiting to be sent")
    with office.here():
        email = Email.objects.get()
        sending.send(email.account_id, email.pk)
    expect(page.locator(".email")).to_contain_text("Sent")
    (letter,) = office.box.taken()
    assert letter["To"] == "mario@rossi.example"
    assert str(letter["Subject"]) == f"For {title}"


def ugo_wins(office: Office, visit: Visit, title: str) -> None:
    """On the board he moves it on and wins it, starts post-sales, and opens the client's folder."""
    page = visit.page
    with office.here():
        steps = {step.name: step.pk for step in lead(office, title).step.pipeline.steps.all()}
    visit.open(f"/board/?q={title.split(' ·')[0].replace(' ', '+')}")
    for answer in ("Meeting", "Won"):
        page.get_by_role("link", name=title, exact=True).focus()
        page.keyboard.press("m")
        page.locator("#move").get_by_role("button", name=answer, exact=True).click()
        expect(page.locator("#board-says, #toasts").filter(has_text=title).first).to_be_attached()
    assert steps["Meeting"] == lead(office, title).step_id
    page.locator("[data-offer]").get_by_role("button", name="Start", exact=True).click()
    process = page.get_by_role("article", name="Onboarding")
    expect(process).to_contain_text("0 of 3")
    process.get_by_role("checkbox", name="Done: Send the contract").click()
    expect(process).to_contain_text("1 of 3")
    page.locator(f"a[href='/leads/{lead(office, title).pk}/folder/']").first.click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    dialog.locator("#folder-new").fill("Cliente importante")
    dialog.get_by_role("button", name="Open the folder").click()
    link = page.get_by_role("link", name="Cliente importante").first
    expect(link).to_be_visible(timeout=WAIT)
    with office.here():
        won = lead(office, title)
        assert (won.status, str(won.client_folder)) == ("won", "Cliente importante")
        assert Process.objects.get(lead=won).title == "Onboarding"
        done = Task.objects.get(process__lead=won, status="done")
        assert (done.text, done.done_by) == ("Send the contract", office.ugo)
    visit.open(f"/clients/{won.client_folder_id}/")
    expect(page.locator(".lead-main")).to_contain_text(title)
    expect(page.locator(".lead-main")).to_contain_text("Onboarding")


def ugo_deletes_until_a_rule_is_ticked(
    office: Office, ugo: Visit, marta: Visit, first: str, second: str
) -> None:
    """He deletes a lead; Marta ticks the rule; from then on he is told no, and whom to ask."""
    page = ugo.page
    ugo.open(f"/leads/{lead(office, first).pk}/")
    page.locator(".menu > summary").first.click()
    page.get_by_role("button", name="Delete this lead").click()
    expect(page.locator("#toasts")).to_contain_text("trash")
    ugo.open(f"/leads/{lead(office, second).pk}/")
    marta.open("/admin-panel/account/privacy/")
    box = marta.page.get_by_label("Solo gli amministratori possono eliminare le opportunità")
    box.check()
    expect(marta.page.locator(".rule", has=box).locator(".rule-mark.is-on")).to_be_visible()
    # His page still shows the button; the server says no.
    ugo.expect_in_console("403")
    page.locator(".menu > summary").first.click()
    page.get_by_role("button", name="Delete this lead").click()
    expect(page.get_by_text("Only admins can delete leads.").first).to_be_visible()
    expect(page.get_by_text("Marta Riva").first).to_be_visible()
    assert lead(office, second).lives


def marta_looks(office: Office, visit: Visit, deleted: str) -> None:
    """The log tells it in Italian, and she takes the deletion back from there; then the trash."""
    page = visit.page
    visit.open("/security/actions/?outcome=refused")
    refused = page.locator(".deed").first
    expect(refused).to_contain_text("Ugo Conti ha provato a")
    expect(refused).to_contain_text("Solo gli amministratori possono eliminare le opportunità")
    visit.open("/trash/")
    expect(page.locator(".deed").first).to_contain_text(deleted)
    visit.open(f"/security/actions/?verb=delete&outcome=done&who=user:{office.ugo.pk}")
    page.locator(".deed", has_text=deleted).get_by_role("button").click()
    expect(page.locator("#toasts")).to_contain_text("Azione ritirata: 1 opportunità")
    assert lead(office, deleted).lives
    visit.open("/trash/")
    expect(page.locator(".deed")).to_have_count(0)
    with office.here():
        (entry,) = [one for one in TrashEntry.objects.all() if deleted in one.labels]
        assert entry.state == "restored"


def marta_counts(office: Office, visit: Visit) -> None:
    """The figures are those of the file and of the day, and the file that leaves holds the same."""
    page = visit.page
    rows = pipeline()
    won = sum(row["deal_stage"] == "Won" for row in rows) + 1
    lost = sum(row["deal_stage"] == "Lost" for row in rows)
    visit.open("/figures/?from=2026-01&to=2026-12")
    all_of = page.locator("tr", has=page.get_by_role("rowheader", name="Tutti i mesi")).first
    told = [int(re.sub(r"\D", "", one) or 0) for one in all_of.locator("a").all_inner_texts()]
    assert told[:3] == [ROWS + 1, won, lost], told
    visit.open("/leads/?status=won")
    page.locator("thead input[type=checkbox]").first.check()
    page.locator("[data-choose-all]").click()
    page.locator(".bulk button[formaction^='/exports/start/']").click()
    with page.expect_download() as coming:
        page.locator("#dialog .btn-primary").click()
    text = Path(coming.value.path()).read_text("utf-8-sig")
    file = list(csv.DictReader(io.StringIO(text, newline=""), delimiter=";"))
    with office.here():
        titles = sorted(Lead.objects.filter(status="won").values_list("title", flat=True))
    assert sorted(row["Titolo"] for row in file) == titles
    assert len(file) == won
    with office.here():
        left = LogEntry.objects.filter(verb="export").order_by("seq")
        assert [(one.actor_id, one.outcome, one.count) for one in left] == [
            (office.marta.pk, "started", 0), (office.marta.pk, "done", won),
        ]  # fmt: skip


def test_a_day_from_the_import_to_the_figures(
    office: Office, enter: Entering, tmp_path: Path
) -> None:
    file = tmp_path / "sales_pipeline.csv"
    rows = pipeline()
    file.write_text("\n".join([HEAD, *(",".join(row.values()) for row in rows)]) + "\n")
    open_ones = [
        f"{row['account']} · {row['product']}" for row in rows
        if row["sales_agent"] == "Ugo Conti" and row["deal_stage"] == "Engaging"
    ]  # fmt: skip
    marta = enter(office.marta, language="it", path="/today/")
    ugo = enter(office.ugo, path="/today/")
    lia = enter(office.lia, language="it", path="/today/")
    marta_imports(office, marta, file)
    ugo_works_today(office, ugo, open_ones[0])
    ugo_writes(office, ugo, open_ones[0])
    ugo_wins(office, ugo, open_ones[0])
    lia_qualifies(office, lia, ugo)
    ugo_deletes_until_a_rule_is_ticked(office, ugo, marta, open_ones[1], open_ones[2])
    marta_looks(office, marta, open_ones[1])
    marta_counts(office, marta)
    with office.here():
        assert list(log.verify(office.people.ferri.account.pk)) == []
        assert ClientFolder.objects.count() == 1
