"""A file that was found tells whose export it is, whatever a spreadsheet program did to it."""

from __future__ import annotations

import io
import json
import zipfile
import zlib
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from custode.activities import moves as comment_moves
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.exchange import export_origin as whose_module
from custode.exchange import exporting
from custode.exchange.export_origin import find_exports
from custode.exchange.orders import Order
from custode.exchange.reading.opening import open_table
from custode.exchange.writing.properties import entry_in
from custode.guard import cell_digests, door
from custode.guard.cell_digests import Digester
from custode.guard.models import Imprint, LogEntry, Touched
from custode.kernel import scope
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.exchange.found import DISGUISES, asked, best, by_excel, made, read, streamed
from tests.fields.made import a_field
from tests.prospecting.sheets import a_list

pytestmark = pytest.mark.usefixtures("own_folder")


@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_found_file_tells_its_export(ferri: Cast, leads: list[Lead], disguise: str) -> None:
    seq, text = streamed(ferri, ferri.ugo)
    meddle, rows = DISGUISES[disguise]
    answer = asked(ferri, meddle(read(text)))
    assert best(answer)[:2] == (seq, rows)
    assert len(answer.matches) == 1
    assert set(answer.matches[0].objects) <= {lead.pk for lead in leads}


def test_an_unchanged_file_is_the_same_in_every_cell(ferri: Cast, leads: list[Lead]) -> None:
    seq, text = streamed(ferri, ferri.ugo)
    assert best(asked(ferri, text)) == (seq, 30, 30)
    assert best(asked(ferri, by_excel(read(text)))) == (seq, 30, 30)


def test_of_two_exports_the_one_whose_versions_it_holds_comes_first(
    ferri: Cast, leads: list[Lead]
) -> None:
    first, old = streamed(ferri, ferri.ugo)
    for lead in leads[:10]:
        moves.edit(ferri.actor(ferri.ugo), lead, amount_minor=999_00 + lead.pk)
    second, new = streamed(ferri, ferri.anna)
    for text, seq in ((old, first), (new, second)):
        answer = asked(ferri, text)
        assert best(answer) == (seq, 30, 30)
        assert [match.same for match in answer.matches] == [30, 20]


def test_an_export_of_other_rows_does_not_fit(ferri: Cast, leads: list[Lead]) -> None:
    few = tuple(lead.pk for lead in leads[:4])
    _first, text = streamed(ferri, ferri.ugo, ids=few)
    other, _text = streamed(ferri, ferri.anna, ids=tuple(lead.pk for lead in leads[4:]))
    answer = asked(ferri, text)
    assert answer.compared == 2
    assert other not in {match.seq for match in answer.matches}


@pytest.mark.parametrize(
    "text",
    [
        "name,city\nRossi,Roma\nVerdi,Bari\n",
        "title,amount\nSomething else,12\nAnother,13\n",
        "step,status\nIncoming,todo\nIncoming,todo\n",
        "pipeline\nPipeline\n",
        "id\n999999901\n999999902\n",
    ],
)
def test_what_tells_nothing_fits_nothing(ferri: Cast, leads: list[Lead], text: str) -> None:
    streamed(ferri, ferri.ugo)
    assert asked(ferri, text).matches == []


def test_an_export_of_another_account_is_not_compared(ferri: Cast, leads: list[Lead]) -> None:
    _seq, text = streamed(ferri, ferri.ugo)
    with scope.account(ferri.lodi.account.pk):
        answer = find_exports(ferri.lodi.account.pk, io.BytesIO(text.encode()))
    assert (answer.matches, answer.compared) == ([], 0)


@pytest.mark.parametrize("language", ["en", "it"])
def test_a_file_for_people_is_known_by_heads_in_their_language(
    ferri: Cast, leads: list[Lead], language: str
) -> None:
    a_field(ferri, "Partita IVA", "text")
    with translation.override(language):
        seq, text = streamed(ferri, ferri.ugo, in_words=True, dialect="semicolon")
    with translation.override("en"):
        answer = asked(ferri, text)
    assert best(answer) == (seq, 30, 30)
    assert answer.matches[0].columns > 8


def test_a_workbook_names_its_entry_and_holds_what_it_held(ferri: Cast, leads: list[Lead]) -> None:
    file, path = made(ferri, ferri.ugo, format="xlsx")
    assert file.seq is not None
    assert entry_in(str(path)) == file.seq
    assert file.name.endswith(f"-{file.seq}.xlsx")
    assert len(list(open_table(path).rows())) == 30
    with zipfile.ZipFile(path) as book:
        assert book.testzip() is None
        assert len(book.namelist()) == len(set(book.namelist()))
    answer = find_exports(ferri.ferri.account.pk, str(path), "renamed.xlsx")
    assert best(answer) == (file.seq, 30, 30)
    assert answer.says == file.seq


def test_comments_that_leave_with_leads_tell_it_too(ferri: Cast, leads: list[Lead]) -> None:
    for lead in leads[:5]:
        comment_moves.write(ferri.actor(ferri.ugo), lead, f"Called about {lead.title}", None, [])
    file, path = made(ferri, ferri.ugo, format="xlsx", comments=True)
    found = {
        match.kind: match.rows for match in find_exports(ferri.ferri.account.pk, str(path)).matches
    }
    assert found == {"lead": 30, "comment": 5}
    assert {match.seq for match in find_exports(ferri.ferri.account.pk, str(path)).matches} == {
        file.seq
    }


def test_rows_of_a_prospecting_list_and_folders_are_told(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    prospects = a_list(ugo)
    for n in range(3):
        folder_moves.create(ugo, f"Client {n} of Lecce", owner=ferri.ugo)
    for order in ({"kind": "prospect", "query": f"list={prospects.pk}"},
                  {"kind": ClientFolder.kind.name}):  # fmt: skip
        seq, text = streamed(ferri, ferri.ugo, **order)
        assert best(asked(ferri, text)) == (seq, 3, 3)


def test_what_had_left_when_it_was_broken_off_is_told(ferri: Cast, leads: list[Lead]) -> None:
    body = exporting.stream(ferri.ugo, ferri.actor(ferri.ugo), Order(format="csv"))
    assert body is not None
    pieces = iter(body)
    text = (next(pieces) + next(pieces)).decode("utf-8-sig")
    body.close()
    entry = LogEntry.objects.get(verb="export", outcome="broken_off")
    assert best(asked(ferri, text)) == (entry.about, 30, 30)


def test_exports_are_looked_at_piece_by_piece(
    ferri: Cast, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much is kept, a few pieces of one export are in memory at a time."""
    monkeypatch.setattr("custode.guard.door.export_records.PIECE", 1)
    monkeypatch.setattr("custode.guard.door.export_rows.PAGE", 3, raising=False)
    monkeypatch.setattr("custode.exchange.export_origin._PIECES", 2)
    anna = ferri.actor(ferri.anna)
    for _n in range(3):
        list(door.export(anna, Lead.objects.all(), format="csv").rows())
    kept = list(Imprint.objects.order_by("-seq", "kind", "place").values_list("pk", flat=True))
    with CaptureQueriesContext(connection) as queries:
        read = [piece.pk for _export, pieces in whose_module._kept() for piece in pieces]
    assert read == kept
    pages = [one["sql"] for one in queries if '"cells"' in one["sql"]]
    assert all("LIMIT 2" in one and "ORDER BY" in one for one in pages)


def test_what_cannot_be_kept_is_an_error_and_the_end_is_told_all_the_same(
    ferri: Cast, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(**_: Any) -> None:
        raise RuntimeError

    monkeypatch.setattr(Imprint.objects, "create", broken)
    with pytest.raises(RuntimeError):
        list(door.export(ferri.actor(ferri.ugo), Lead.objects.all(), format="csv").pages())
    ends = LogEntry.objects.filter(verb="export", about__isnull=False)
    assert [(end.outcome, end.count) for end in ends] == [("done", 30)]
    assert not Touched.objects.exists()


def test_a_digest_says_nothing_without_the_installations_key(
    ferri: Cast, leads: list[Lead], monkeypatch: pytest.MonkeyPatch
) -> None:
    _seq, text = streamed(ferri, ferri.ugo)
    monkeypatch.setattr(settings, "SECRET_KEY", "another" * 10)
    answer = asked(ferri, text)
    assert (answer.matches, answer.compared, answer.elsewhere) == ([], 0, 1)


def test_two_accounts_have_different_digests_of_the_same(ferri: Cast, leads: list[Lead]) -> None:
    streamed(ferri, ferri.ugo)
    kept = Imprint.objects.get()
    assert kept.count == 30
    cells = zlib.decompress(bytes(kept.cells))
    assert Digester(1).of(["Pressa"]) != Digester(2).of(["Pressa"])
    for lead in leads:
        plain = zlib.crc32(cell_digests.text(lead.title).encode()).to_bytes(4, "little")
        assert plain not in cells
    heads = {name for name, _label, _form in json.loads(kept.columns)}
    assert {"id", "title", "amount"} <= heads
    assert not {"status", "starred"} & heads
