"""A whole import by a person who works in Italian: file, columns, trial, import, export, undo.

What a screen says is found by its form, not by its words, which the catalogue's own tests judge;
numbers and dates must be written as Italians write them.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from custode.exchange import making
from custode.exchange.importing import job
from custode.exchange.models import ExportFile, ImportRun
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.people import moves
from tests.browser.conftest import Entering, Visit
from tests.cast import Cast

ROWS = 1200


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A file as an Italian spreadsheet program saves it: `;`, decimal commas, Windows-1252."""
    lines = ["cliente;prodotto;agente;fase;valore;creata il"]
    for n in range(ROWS):
        agent = ("Ugo Conti", "Mara Gallo")[n % 2]
        stage = ("Incoming", "Vinta", "Qualificata")[n % 3]
        lines.append(f"Società {n};Pressa;{agent};{stage};1.{n % 900 + 100},50;03/02/2026")
    lines.append("Ultima;Pressa;Ugo Conti;Incoming;molti;04/02/2026")
    path = tmp_path / "opportunità.csv"
    path.write_bytes("\r\n".join(lines).encode("cp1252"))
    return path


def _work(people: Cast) -> None:
    """What the worker would do: the import whose turn it is."""
    with scope.account(people.ferri.account.pk):
        run = ImportRun.objects.latest("pk")
        job.work(run.account_id, run.pk)


def _to_the_trial(visit: Visit, axe: Callable[[Page], None], file: Path) -> Page:
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", "it")
    axe(page)
    page.set_input_files("#file", file)
    expect(page.locator("#mapping")).to_be_visible()
    axe(page)
    # 03/02 can be two days: it is asked, and nothing goes on before the answer.
    asked = page.locator(".map-column.is-asked")
    expect(asked).to_have_count(1)
    page.locator("button[form=mapping]").click()
    expect(page.locator("[role=alert]")).to_be_visible()
    asked.locator("select[name^=way-]").select_option("dmy")
    expect(page.locator(".map-column.is-asked")).to_have_count(0)
    expect(page.locator(".preview tbody tr").first).to_contain_text("03/02/2026")
    expect(page.locator(".preview tbody tr").first).to_contain_text("1.100,50")
    # The title is made of other columns, and shows at once.
    page.locator("#title-1").select_option(label="prodotto")
    expect(page.locator(".preview .is-name").first).to_have_text("Pressa")
    page.locator("#title-2").select_option(label="cliente")
    expect(page.locator(".preview .is-name").first).to_have_text("Pressa · Società 0")
    page.locator("button[form=mapping]").click()
    expect(page.locator(".outcome")).to_contain_text("1.200")
    axe(page)
    return page


def test_a_whole_import_in_italian(
    people: Cast, enter: Entering, axe: Callable[[Page], None], file: Path
) -> None:
    visit = enter(people.anna, language="it", path="/imports/")
    visit.expect_in_console("422")
    page = _to_the_trial(visit, axe, file)
    page.locator("form[action$='/start/'] button").click()
    expect(page.locator("#state progress")).to_be_visible()
    axe(page)
    _work(people)
    expect(page.locator(".outcome")).to_contain_text("1.200")
    expect(page.locator(".preview tbody tr")).to_have_count(1)
    expect(page.locator(".preview tbody tr")).to_contain_text("molti")
    axe(page)
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.count() == ROWS
        assert Lead.objects.filter(status="won").count() == ROWS // 3
        assert {str(lead.owner) for lead in Lead.objects.all()} == {"Ugo Conti", "Mara Gallo"}
    page.locator("a[href*='import=']").click()
    expect(page.locator(".list-count")).to_contain_text("1.200")
    page.go_back()
    page.locator("form[action^='/undo/'] button").first.click()
    expect(page.locator("a[href='/trash/'].btn")).to_be_visible()
    with scope.account(people.ferri.account.pk):
        assert not Lead.objects.exists()


def test_chosen_leads_are_exported(
    people: Cast, enter: Entering, axe: Callable[[Page], None]
) -> None:
    with scope.account(people.ferri.account.pk):
        for n in range(3):
            people.lead(people.ugo, title=f"Città {n}", amount_minor=123450)
    page = enter(people.ugo, language="it", path="/leads/").page
    page.locator("input[name=ids]").first.check()
    page.locator(".bulk button[formaction^='/exports/start/']").click()
    dialog = page.locator("#dialog")
    expect(dialog).to_be_visible()
    axe(page)
    with page.expect_download() as coming:
        dialog.locator(".btn-primary").click()
    text = Path(coming.value.path()).read_text("utf-8-sig")
    (row,) = csv.DictReader(io.StringIO(text, newline=""), delimiter=";")
    assert row["Titolo"].startswith("Città")
    assert row["Importo"] == "1234,50"
    expect(dialog).to_be_hidden()


def test_a_workbook_is_made_and_downloaded(
    people: Cast, enter: Entering, axe: Callable[[Page], None]
) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead(people.ugo)
    page = enter(people.ugo, language="it", theme="dark", phone=True, path="/leads/").page
    page.locator("input[name=ids]").first.check()
    page.locator(".bulk button[formaction^='/exports/start/']").click()
    page.locator("#dialog input[value=xlsx]").check()
    page.locator("#dialog .btn-primary").click()
    expect(page.locator("#files progress")).to_be_visible()
    axe(page)
    with scope.account(people.ferri.account.pk):
        made = ExportFile.objects.get()
        making.make(made.account_id, made.pk)
    with page.expect_download() as coming:
        page.locator("#files a.btn").click()
    assert Path(coming.value.path()).read_bytes().startswith(b"PK")
    axe(page)
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(verb="export").count() == 3


def test_who_is_meant_is_asked_and_what_stays_is_told(
    people: Cast, enter: Entering, axe: Callable[[Page], None], tmp_path: Path
) -> None:
    operator = Actor.operator(people.ferri.account.pk)
    for email in ("mario@rossi.example", None):
        moves.create(operator, first_name="Mario", last_name="Rossi", email=email)
    file = tmp_path / "lead.csv"
    file.write_text('titolo,agente\nA,"Rossi, Mario"\nB,mario rossi\nC,Zoe Neri\nD,"Neri, Zoe"\n')
    visit = enter(people.anna, language="it", theme="dark", path="/imports/")
    visit.expect_in_console("422")
    page = visit.page
    page.set_input_files("#file", file)
    asked = page.locator(".map-who.is-asked")
    expect(asked).to_have_count(1)
    axe(page)
    page.locator("button[form=mapping]").click()
    expect(page.locator("[role=alert]")).to_contain_text("Mario Rossi")
    asked.locator("select").select_option(index=1)
    expect(asked).to_have_count(0)
    page.locator("button[form=mapping]").click()
    expect(page.locator(".outcome-list")).to_contain_text("Zoe")
    axe(page)
    page.locator("form[action$='/start/'] button").click()
    _work(people)
    expect(page.locator(".outcome")).to_contain_text("4")
    with scope.account(people.ferri.account.pk):
        owners = sorted(str(lead.owner) for lead in Lead.objects.all())
        assert owners == ["Mario Rossi", "Mario Rossi", "Zoe Neri", "Zoe Neri"]
    page.locator("form[action^='/undo/'] button").first.click()
    expect(page.locator(".left-over")).to_contain_text("Zoe Neri")
    axe(page)
