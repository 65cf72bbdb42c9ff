"""Three people at their screens, and the file that one of them brings: for a working day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from custode.activities.emails import templates
from custode.activities.emails.models import EmailTemplate
from custode.kernel import scope
from custode.leads.models import Lead
from custode.people.models import Role, User
from custode.prospecting.models import Prospect, ProspectingList
from tests.browser.conftest import Visit
from tests.browser.sheeting import cell, saved
from tests.cast import Cast, person
from tests.emails import postbox
from tests.postsales.processes import a_template

ROWS = 240
AGENTS = ("Ugo Conti", "Lia Galli", "Moses Frase")
STAGES = ("Won", "Lost", "Engaging", "Prospecting")
HEAD = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value"


def pipeline() -> list[dict[str, str]]:
    """The rows of a file as a sales team keeps it: agents, products, stages, American dates."""
    rows = []
    for n in range(ROWS):
        stage, closed = STAGES[n // 3 % 4], n // 3 % 4 < 2
        rows.append(
            {
                "opportunity_id": f"OP{n:04}", "sales_agent": AGENTS[n % 3],
                "product": ("GTX Plus Basic", "MG Special")[n % 2], "account": f"Cliente {n}",
                "deal_stage": stage, "engage_date": f"{n % 9 + 1}/{n % 15 + 13}/2026",
                "close_date": f"10/{n % 15 + 13}/2026" if closed else "",
                "close_value": str(n + 100) if stage == "Won" else "0" if closed else "",
            }
        )  # fmt: skip
    return rows


@dataclass
class Office:
    """The three of them, each at a screen of their own."""

    people: Cast
    marta: User
    ugo: User
    lia: User
    box: postbox.Postbox

    def here(self) -> Any:
        """Within it, the account's things are looked at."""
        return scope.account(self.people.ferri.account.pk)


@pytest.fixture
def office(people: Cast, tmp_path: Path, settings: Any) -> Iterator[Office]:
    settings.DATA, settings.MEDIA_ROOT = tmp_path, tmp_path / "files"
    settings.ACCOUNT_MAIL_PRIVATE = True
    marta = person(people.ferri, "Marta", "Riva", Role.ADMIN)
    lia = person(people.ferri, "Lia", "Galli", Role.USER)
    (tmp_path / "post").mkdir()
    with postbox.running(tmp_path / "post") as box, scope.account(people.ferri.account.pk):
        actor = people.actor(marta)
        postbox.use(actor, box.port)
        templates.save(
            actor, EmailTemplate(), "Offer", "For {{lead.title}}", "Dear client,\n\nhere it is."
        )
        a_template(people)
        yield Office(people, marta, people.ugo, lia, box)


def lead(office: Office, title: str) -> Lead:
    with office.here():
        return Lead.objects.select_related("owner", "step", "client_folder").get(title=title)


def lia_qualifies(office: Office, lia: Visit, ugo: Visit) -> None:
    """She makes a list, pastes rows, says who is not interested, and makes leads; two at once."""
    page = lia.page
    lia.open("/prospecting/new/")
    page.locator("[name=title]").fill("Fiera di Bologna")
    page.locator("[name=columns]").fill("Azienda\nCittà")
    page.locator("main button.btn-primary").click()
    page.locator("[data-dialog=add-rows]").click()
    page.locator("#add-rows-text").fill("Rossi\tTorino\nÉdile\tRoma\nVerdi\tNapoli\nNeri\tBari\n")
    page.locator("#add-rows button.btn-primary").click()
    expect(cell(page, 4, "Azienda")).to_have_text("Neri")
    with office.here():
        one = ProspectingList.objects.get()
        assert (one.title, one.owner, Prospect.objects.count()) == (
            "Fiera di Bologna", office.lia, 4,
        )  # fmt: skip
    _two_at_once(office, lia, ugo, one)
    cell(page, 3, "Azienda").click()
    page.locator("[data-sheet-act=not_interested]").click()
    expect(page.locator(".is-not_interested .tabulator-cell").first).to_be_visible()
    cell(page, 1, "Azienda").click()
    page.locator("[data-sheet-act=lead]").click()
    expect(page.locator("#toasts")).to_contain_text("Rossi")
    with office.here():
        outcomes = {str(row): row.outcome for row in Prospect.objects.all()}
        assert outcomes == {
            "Rossi": "lead", "Édile": "left", "Verdi": "not_interested", "Neri": "left",
        }  # fmt: skip
        made = Lead.objects.get(title="Rossi")
        assert (made.owner, "Torino" in made.description) == (office.lia, True)


def _two_at_once(office: Office, lia: Visit, ugo: Visit, one: ProspectingList) -> None:
    """Different cells both stand; who wrote the same cell later is told, and decides."""
    hers, his = lia.page, ugo.page
    ugo.open(f"/prospecting/{one.pk}/")
    for page, row, text in ((hers, 2, "Milano"), (his, 3, "Salerno")):
        cell(page, row, "Città").dblclick()
        page.keyboard.type(text)
        page.keyboard.press("Enter")
    saved(his)
    cell(his, 2, "Città").dblclick()
    his.keyboard.type("Pavia")
    his.keyboard.press("Enter")
    notice = his.locator(".sheet-notice")
    expect(notice).to_contain_text("Lia Galli wrote “Milano” in “Città” of “Édile” meanwhile.")
    with office.here():
        cities = [
            next(value for value in row.cells.values() if value != str(row))
            for row in Prospect.objects.order_by("place")
        ]
    assert cities == ["Torino", "Milano", "Salerno", "Bari"]
    hers.reload()
    expect(cell(hers, 3, "Città")).to_have_text("Salerno")
