"""Exports for people: heads and values in their language; for programs the same everywhere."""

from __future__ import annotations

import csv
import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone, translation

from custode.exchange import exporting, folders, making
from custode.exchange.models import ExportFile
from custode.exchange.orders import Order
from custode.exchange.reading.opening import open_table
from custode.exchange.writing.layout import layout_of
from custode.guard import door
from custode.guard.door.export_rows import _asked
from custode.kernel import clock, scope
from custode.leads.models import Lead, Status
from custode.people.models import User
from custode.prospecting import moves as lists
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.fields.made import a_field

START = "/exports/start/"
SENT = {"go": "1", "all": "1", "format": "csv", "dialect": "semicolon"}

# Column -> head and value in words, in Italian, and by name: by hand.
TOLD = {
    "title": ("Titolo", "Pressa", "Pressa"),
    "status": ("Stato", "Da fare", "todo"),
    "starred": ("Preferita", "sì", "yes"),
    "origin": ("Origine", "A mano", "manual"),
}


@pytest.fixture
def ugo(ferri: Cast, client: Client) -> Client:
    """Ugo, who reads Italian; his one lead."""
    ferri.lead(ferri.ugo, "Pressa", starred=True, status=Status.TODO)
    User.objects.filter(pk=ferri.ugo.pk).update(language="it")
    ferri.ugo.refresh_from_db()
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    return client


def table(content: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def sent(client: Client, **more: str) -> dict[str, str]:
    answer: Any = client.post(START, {**SENT, **more})
    heads, row = table(answer.getvalue())
    return dict(zip(heads, row, strict=True))


def test_the_question_offers_words_first(ugo: Client) -> None:
    page = ugo.post(START, {"all": "1"}).content.decode()
    assert page.index('<option value="1">in parole') < page.index('<option value="0">per nome')


def test_heads_and_values_are_the_readers_or_the_programs(ugo: Client) -> None:
    words, names = sent(ugo, words="1"), sent(ugo)
    for name, (head, value, plain) in TOLD.items():
        assert words[head] == value
        assert names[name] == plain


def test_a_field_of_the_accounts_own_hides_no_column(ferri: Cast, ugo: Client) -> None:
    field = a_field(ferri, "Titolo")
    lead = ferri.lead(ferri.ugo, "Forno")
    type(lead).objects.filter(pk=lead.pk).update(field_values={field.key: "Dottore"})
    answer: Any = ugo.post(START, {**SENT, "words": "1"})
    heads, *rows = table(answer.getvalue())
    assert len(set(heads)) == len(heads)
    told = {row[heads.index("Titolo")]: row[heads.index("Titolo (2)")] for row in rows}
    assert told == {"Pressa": "", "Forno": "Dottore"}


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("in_words", [True, False])
def test_no_column_of_a_file_takes_the_place_of_another(
    ferri: Cast, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, in_words: bool
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    lead, number = ferri.lead(ferri.ugo, "Forno"), "Number" if in_words else "id"
    values = {}
    for name, value in ((number, "a"), (f"{number} (2)", "b"), (f"{number} (3)", "c")):
        values[a_field(ferri, name).key] = value
    Lead.objects.filter(pk=lead.pk).update(field_values=values)
    order = Order(format=form, ids=(lead.pk,), in_words=in_words)
    file = exporting.file_for(ferri.anna, ferri.actor(ferri.anna), order)
    making.make(ferri.ferri.account.pk, file.pk)
    made = folders.path_of(folders.EXPORTS, ExportFile.objects.get(pk=file.pk).token)
    book = open_table(made)
    (row,) = book.rows()
    told = dict(zip(book.headers, map(str, row.cells), strict=False))
    assert len(set(book.headers)) == len(book.headers)
    assert [told[f"{number}{n}"] for n in ("", " (2)", " (3)", " (4)")] == [
        str(lead.pk), "b", "c", "a",
    ]  # fmt: skip


def test_a_program_can_ask_for_each_column_of_a_list_by_its_name(ferri: Cast) -> None:
    actor = ferri.actor(ferri.ugo)
    one = lists.create(actor, "Fair", ["id", "id (2)", "List"], [["a", "b", "c"]])
    rows = Prospect.objects.filter(in_list=one)
    names = [column.name for column in door.exportable(actor, rows)]
    assert names[:4] == ["id (3)", "id (2)", "List", "id"]
    assert len(set(names)) == len(names)
    leaving = door.export(actor, rows, format="csv", columns=["id (3)", "id (2)"])
    assert list(leaving.main.rows()) == [("a", "b")]
    twice = door.export(actor, rows, format="csv", columns=["id", "List", "List"])
    assert layout_of(twice, ZoneInfo("Europe/Rome")).names == ("id", "List (2)", "List")


def test_a_workbook_is_in_the_language_of_who_asked(
    ferri: Cast, ugo: Client, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)
    actor = ferri.actor(ferri.ugo)
    order = Order(format="xlsx", in_words=True)
    file = exporting.file_for(ferri.ugo, actor, order)
    making.make(ferri.ferri.account.pk, file.pk)
    made = folders.path_of(folders.EXPORTS, ExportFile.objects.get(pk=file.pk).token)
    book = open_table(made)
    (row,) = book.rows()
    told = dict(zip(book.headers, row.cells, strict=False))
    assert (told["Stato"], told["Preferita"]) == ("Da fare", True)


def test_a_head_is_no_formula(ferri: Cast, ugo: Client) -> None:
    a_field(ferri, "=1+1")
    for words in ("1", "0"):
        answer: Any = ugo.post(START, {**SENT, "words": words})
        heads = table(answer.getvalue())[0]
        assert not any(head.startswith("=") for head in heads)


def test_a_file_has_a_name_in_the_language_of_who_asked(ferri: Cast, ugo: Client) -> None:
    answer: Any = ugo.post(START, SENT)
    answer.getvalue()
    told = re.fullmatch(
        r'attachment; filename="opportunita-(\S+)\.csv";'
        r" filename\*=UTF-8''opportunit%C3%A0-(\S+)\.csv",
        answer.headers["Content-Disposition"],
    )
    assert told is not None
    assert told[1] == told[2]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-\d+", told[1])
    User.objects.filter(pk=ferri.ugo.pk).update(language="en")
    answer = ugo.post(START, SENT)
    answer.getvalue()
    assert re.fullmatch(
        r'attachment; filename="leads-\d{4}-\d\d-\d\d-\d+\.csv"',
        answer.headers["Content-Disposition"],
    )


ODD = ["Nord", "Sud-Est", "“Là”", 'a "b" \\ c', "$.x", "e'", "100%", "🏭"]


def test_two_hundred_choices_leave_by_their_names(ferri: Cast, ugo: Client) -> None:
    names = [*ODD, *(f"Choice {n}" for n in range(200 - len(ODD)))]
    field = a_field(ferri, "Region", "choice", *names)
    choices = list(field.choices.all())
    for one in choices[:10]:
        lead = ferri.lead(ferri.ugo, f"Lead {one.pk}")
        type(lead).objects.filter(pk=lead.pk).update(field_values={field.key: one.pk})
    gone = ferri.lead(ferri.ugo, "Gone")
    type(gone).objects.filter(pk=gone.pk).update(field_values={field.key: 999_999})
    # The field is read for 200 choices as for one: by one map, not by a branch for each.
    rows = Lead.objects.order_by("pk")
    columns = door.exportable(ferri.actor(ferri.ugo), rows)
    asked = _asked(Lead, next(one for one in columns if one.name == "Region"), plain=False)
    assert str(rows.values_list(asked).query).count("WHEN") < 2
    answer: Any = ugo.post(START, SENT)
    heads, *body = table(answer.getvalue())
    told = {row[heads.index("title")]: row[heads.index("Region")] for row in body}
    assert told == {
        "Pressa": "", "Gone": "", **{f"Lead {one.pk}": one.name for one in choices[:10]},
    }  # fmt: skip


@pytest.mark.parametrize(
    ("zone", "day"), [("Europe/Rome", "2026-03-02"), ("America/New_York", "2026-03-01")]
)
def test_a_file_is_named_after_the_day_where_one_is(zone: str, day: str) -> None:
    at = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    with clock.at(at), timezone.override(zone), translation.override("en"):
        assert Order(format="csv").file_name(7) == f"leads-{day}-7.csv"
