"""What leaves as a file: exact, readable by spreadsheet programs, and harmless."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import given, settings
from hypothesis import strategies as st

from custode.exchange.reading.opening import open_table
from custode.exchange.writing.cells import amount_text
from custode.exchange.writing.csv_file import COMMA, SEMICOLON, Dialect, csv_bytes
from custode.exchange.writing.harmless import harmless, harmless_all, plain
from custode.exchange.writing.layout import Table, layout_of
from custode.exchange.writing.xlsx_file import write_xlsx
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Invalid, NoScope
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast, standing

ROME = ZoneInfo("Europe/Rome")


def _leave(cast: Cast, *columns: str) -> door.Export:
    rows = Lead.objects.order_by("pk")
    return door.export(cast.actor(cast.anna), rows, format="csv", columns=columns)


def _table(cast: Cast, *columns: str, dialect: Dialect = SEMICOLON) -> list[dict[str, str]]:
    leaving = _leave(cast, *columns)
    whole = b"".join(csv_bytes(leaving.pages(), layout_of(leaving, ROME), dialect))
    assert whole.startswith(b"\xef\xbb\xbf")
    text = io.StringIO(whole.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=dialect.separator))


def _leads(leaving: door.Export) -> Table:
    return Table("leads", "Leads", leaving.main.pages(), layout_of(leaving, ROME))


def _full_lead(cast: Cast, **values: object) -> Lead:
    with clock.at(datetime(2026, 7, 1, 22, 30, 15, 123, tzinfo=UTC)):
        lead = cast.lead(
            cast.ugo, title="Città; «Ferri»", amount_minor=123456, starred=True,
            estimated_closing_date=date(2026, 8, 9), remind_date=date(2026, 7, 2),
            remind_time=time(9, 30), status="standby", description="Uno\nDue; tre", **values,
        )  # fmt: skip
    moves.set_tags(cast.actor(cast.ugo), lead, tagging.tags_named(cast.actor(cast.ugo), ["b", "a"]))
    return lead


def test_every_column_leaves_exactly(ferri: Cast) -> None:
    lead = _full_lead(ferri)
    (row,) = _table(ferri)
    assert row == {
        "id": str(lead.pk), "title": "Città; «Ferri»", "pipeline": "Sales", "step": "Incoming",
        "status": "standby", "amount": "1234,56", "currency": "EUR", "probability": "",
        "estimated_closing_date": "2026-08-09", "remind_date": "2026-07-02",
        "remind_time": "09:30", "owner_first_name": "Ugo", "owner_last_name": "Conti",
        "tags": "a, b", "starred": "yes", "client_folder": "", "origin": "manual", "reference": "",
        "created_at": "2026-07-02 00:30:15", "updated_at": "2026-07-02 00:30:15",
        "closed_at": "", "description": "Uno\nDue; tre",
    }  # fmt: skip


def test_amounts_keep_their_currency_even_when_it_is_not_asked_for(ferri: Cast) -> None:
    ferri.lead(amount_minor=1234, currency="JPY")
    ferri.lead(amount_minor=-5, currency="EUR")
    ferri.lead(amount_minor=1500, currency="KWD")
    ferri.lead(amount_minor=None)
    told = [row["amount"] for row in _table(ferri, "amount", dialect=COMMA)]
    assert told == ["1234", "-0.05", "1.500", ""]


@pytest.mark.parametrize(
    ("minor", "exponent", "text"),
    [(0, 2, "0.00"), (7, 2, "0.07"), (-123456, 2, "-1234.56"), (12, 0, "12"), (5, 3, "0.005")],
)
def test_amounts_are_exact(minor: int, exponent: int, text: str) -> None:
    assert amount_text(minor, exponent, ".") == text


@pytest.mark.parametrize(
    "bad",
    ["=1+1", "+1", "-1", "@SUM(A1)", "\tx", "\rx", "\nx", "  =1", '"=1', "' -1", "＝1", "＋1",
     "－1", "＠x", "\u200b=1", "\xa0=1", "\ufeff@x", "−1"],
)  # fmt: skip
def test_what_could_be_a_formula_gets_an_apostrophe(bad: str) -> None:
    assert harmless(bad) == f"'{bad}"
    assert harmless_all(["Rossi", bad]) == ["Rossi", f"'{bad}"]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Rossi;=1+1", "Rossi;'=1+1"),
        ("Rossi,\t=1+1", "Rossi,\t'=1+1"),
        ('Uno\n"=cmd|x', "Uno\n\"'=cmd|x"),
        ("Uno\r\n@x", "Uno\r\n'@x"),
        ("ACME;+cmd|' /C calc'!A0", "ACME;'+cmd|' /C calc'!A0"),
        ("ACME, -HYPERLINK(0)", "ACME, '-HYPERLINK(0)"),
        ("ACME\t＋SUM(A1)", "ACME\t'＋SUM(A1)"),
        ("ACME;−A1", "ACME;'−A1"),
        ("ACME;+A1", "ACME;'+A1"),
        ("ACME;- A1", "ACME;'- A1"),
        ("a;+1+cmd|' /C calc'!A0", "a;'+1+cmd|' /C calc'!A0"),
        ("a;+1;+B2", "a;+1;'+B2"),
        ("a;-1 A1", "a;'-1 A1"),
        ("a\n- cmd|' /C calc'!A0", "a\n'- cmd|' /C calc'!A0"),
        ("a\n- due\n- SUM(A1)", "a\n- due\n'- SUM(A1)"),
        ("a\n-due", "a\n'-due"),
        ("a\n- due; +SUM(A1)", "a\n'- due; '+SUM(A1)"),
        ("a;\n=1", "a;\n'=1"),
        ("a;;=1", "a;;'=1"),
    ],
)
def test_no_formula_begins_where_another_separator_is_believed(text: str, made: str) -> None:
    assert harmless(text) == made
    assert harmless_all(["Rossi", None, text, "+"]) == ["Rossi", None, made, "'+"]


@given(st.text(alphabet='a1"=+-@ ,;\t\n(/.', max_size=12))
@settings(max_examples=500)
def test_what_was_made_harmless_comes_back_as_it_was(text: str) -> None:
    assert plain(harmless(text)) == text


@pytest.mark.parametrize("text", ["L'altro", "'90s", "'", "''", "it's; 'so'", "- 'a' -"])
def test_an_apostrophe_that_somebody_wrote_stays(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize("dialect", [COMMA, SEMICOLON], ids=["comma", "semicolon"])
@pytest.mark.parametrize("believed", [",", ";", "\t"])
def test_no_cell_of_a_file_begins_a_formula_however_it_is_split(
    ferri: Cast, dialect: Dialect, believed: str
) -> None:
    """Split at any separator and at every line end, with no heed to quotation marks."""
    for separator in ",;\t\n":
        for sign in "=+-@":
            ferri.lead(title=f"ACME{separator} {sign}cmd|' /C calc'!A0", reference=f"{sign}A1")
    leaving = _leave(ferri, "title", "reference", "description", "amount")
    whole = b"".join(csv_bytes(leaving.pages(), layout_of(leaving, ROME), dialect)).decode()
    cells = [cell.strip(' "') for line in whole.splitlines() for cell in line.split(believed)]
    assert len(cells) > 16
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize(
    "good",
    ["", "Rossi", "3 = 4", "a@b.example", "x - y", "Uno\n- due", "20 % + IVA", "È", "中",
     "Rossi, +39 02 1234567", "Tel; +39 (0)2 12-34; casa", "Sconto;-5%", "Da;-12.50", "a;- 3",
     "Sconto, -1,5", "x\t-3", "Da fare:\n- chiamare Rossi, oggi; l'offerta\r\n- 2 pezzi",
     "C;(+39) 02"],
)  # fmt: skip
def test_other_text_stays_as_it_is(good: str) -> None:
    assert harmless(good) == good
    assert harmless_all([good, None]) == [good, None]


def test_a_reader_who_stops_early_is_logged_with_the_count(ferri: Cast) -> None:
    ferri.lead()
    leaving = _leave(ferri)
    stream = csv_bytes(leaving.pages(), layout_of(leaving, ROME), COMMA)
    next(stream), next(stream)
    stream.close()
    entry = LogEntry.objects.get(about=leaving.seq)
    assert (entry.outcome, entry.count) == ("broken_off", 1)


def test_an_export_that_nobody_reads_is_logged_too(ferri: Cast) -> None:
    leaving = _leave(ferri)
    leaving.close()
    leaving.close()
    assert LogEntry.objects.get(about=leaving.seq).outcome == "broken_off"


def test_the_stream_needs_no_scope_and_leaves_none(people: Cast) -> None:
    with scope.account(people.ferri.account.pk):
        people.lead()
        leaving = _leave(people)
        layout = layout_of(leaving, ROME)
    seen = []
    for _piece in csv_bytes(leaving.pages(), layout, COMMA):
        with pytest.raises(NoScope):
            scope.limit()
        seen.append(_piece)
    assert len(seen) == 2


def test_unknown_columns_are_refused(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="password"):
        _leave(ferri, "title", "password")


def test_many_leads_come_once_each_and_trashed_ones_never(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, title=f"Lead {n}") for n in range(5)]
    door.delete(ferri.actor(ferri.ugo), leads[:2])
    assert [row["title"] for row in _table(ferri, "title")] == ["Lead 2", "Lead 3", "Lead 4"]


def test_a_workbook_holds_texts_numbers_and_dates(ferri: Cast, tmp_path: Path) -> None:
    lead = _full_lead(ferri, reference="=HYPERLINK(0)")
    leaving = _leave(ferri)
    path = tmp_path / "leads.xlsx"
    write_xlsx([_leads(leaving)], path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=HYPERLINK(0)" in sheet
    table = open_table(path)
    (row,) = table.rows()
    cells = dict(zip(table.headers, row.cells, strict=True))
    assert cells["id"] == lead.pk
    assert str(cells["amount"]) == "1234.56"
    assert cells["estimated_closing_date"] == date(2026, 8, 9)
    assert cells["created_at"] == datetime(2026, 7, 2, 0, 30, 15)  # noqa: DTZ001 (as Excel has it)
    assert cells["starred"] is True


def test_a_workbook_without_rows_has_its_head(ferri: Cast, tmp_path: Path) -> None:
    leaving = _leave(ferri, "title", "amount")
    path = tmp_path / "leads.xlsx"
    write_xlsx([_leads(leaving)], path)
    assert open_table(path).headers == ("title", "amount")


def test_a_text_too_long_for_excel_is_cut_with_an_ellipsis(ferri: Cast, tmp_path: Path) -> None:
    ferri.lead(description="😀" * 20_000)
    leaving = _leave(ferri, "description")
    path = tmp_path / "leads.xlsx"
    write_xlsx([_leads(leaving)], path)
    (row,) = open_table(path).rows()
    assert str(row.cells[0]) == "😀" * 16_383 + "…"


def test_no_transaction_is_open_between_pages(transactional_db: None) -> None:
    people = standing()
    with scope.account(people.ferri.account.pk):
        people.lead()
        assert [connection.in_atomic_block for _page in _leave(people).pages()] == [False]
