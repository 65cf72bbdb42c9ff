"""Leads leave with all their comments, in an archive or a second sheet: whole, harmless, told."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import files, moves, types
from custode.activities.files import Incoming
from custode.activities.models import Comment
from custode.exchange import exporting, folders, making
from custode.exchange.models import ExportFile, FileState
from custode.exchange.orders import Order
from custode.exchange.reading.opening import open_table
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.errors import Invalid, Refused
from custode.leads.models import Lead
from tests.cast import Cast

Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr("django.conf.settings.DATA", tmp_path)
    settings.MEDIA_ROOT = tmp_path / "files"


def asked(cast: Cast, **order: Any) -> ExportFile:
    order = {"format": "csv", "comments": True, **order}
    return exporting.file_for(cast.ugo, cast.actor(cast.ugo), Order(**order))


def made(file: ExportFile) -> ExportFile:
    making.make(file.account_id, file.pk)
    file.refresh_from_db()
    assert file.state == FileState.READY, file.why
    return file


def tables(file: ExportFile) -> dict[str, Rows]:
    """The CSV files of an archive, by their names."""
    found = {}
    with zipfile.ZipFile(folders.path_of(folders.EXPORTS, file.token)) as archive:
        assert archive.testzip() is None
        for name in archive.namelist():
            text = archive.read(name).decode("utf-8-sig")
            found[name] = list(csv.DictReader(io.StringIO(text, newline="")))
    return found


def comments_of(file: ExportFile) -> Rows:
    return tables(file)["comments.csv"]


def log() -> list[tuple[str, int, Any, Any]]:
    found = []
    for entry in LogEntry.objects.filter(verb="export").order_by("seq"):
        told = json.loads(entry.details)
        found.append((entry.outcome, entry.count, told.get("with"), told.get("along")))
    return found


def test_every_comment_leaves_whole_with_its_lead(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    first, second = ferri.lead(ferri.ugo, "Città; «Ferri»"), ferri.lead(ferri.bruna, "Quiet")
    call = types.offered()[0]
    long = 'Riga uno\nRiga due; "tre" ' + "è" * 19_000
    said = [moves.write(ugo, first, f"Number {n}") for n in range(6)]
    moves.pin(ugo, said[0], True)
    moves.edit(ugo, said[1], "Other", None, was=0)
    moves.write(bruna, first, long, call)
    with_files = moves.write(
        ugo, first, "", None, [Incoming(name, 1, [b"x"]) for name in ("b.pdf", "a.pdf", "c.pdf")]
    )
    gone = [file.pk for file in files.of(with_files) if file.name == "c.pdf"]
    moves.edit(ugo, with_files, "", None, was=0, without=gone)
    file = made(asked(ferri, columns=("id", "title")))
    found = tables(file)
    assert list(found) == ["leads.csv", "comments.csv"]
    assert {row["id"] for row in found["leads.csv"]} == {str(first.pk), str(second.pk)}
    rows = found["comments.csv"]
    assert list(rows[0]) == [
        "id", "lead_id", "lead_title", "activity", "text", "files", "author_first_name",
        "author_last_name", "pinned", "created_at", "edited_at",
    ]  # fmt: skip
    assert {(row["lead_id"], row["lead_title"]) for row in rows} == {
        (str(first.pk), "Città; «Ferri»")
    }
    assert [row["text"] for row in rows] == [
        "", long, "Number 5", "Number 4", "Number 3", "Number 2", "Other", "Number 0",
    ]  # fmt: skip
    assert [row["files"] for row in rows[:2]] == ["a.pdf, b.pdf", ""]
    assert (rows[1]["activity"], rows[1]["author_first_name"]) == ("Call", "Bruna")
    assert [row["pinned"] for row in rows if row["text"] in {"Number 0", "Other"}] == ["no", "yes"]
    assert [bool(row["edited_at"]) for row in rows[-2:]] == [True, False]
    assert (file.rows, file.along, file.expected) == (2, {"comment": 8}, 10)
    assert log() == [("started", 0, ["comment"], None), ("done", 2, None, {"comment": 8})]


def test_a_workbook_has_them_in_a_second_sheet(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo, "Scanner")
    moves.write(ferri.actor(ferri.ugo), lead, "=1+1")
    file = made(asked(ferri, format="xlsx"))
    path = folders.path_of(folders.EXPORTS, file.token)
    with zipfile.ZipFile(path) as book:
        sheets = book.read("xl/workbook.xml").decode()
        cells = book.read("xl/worksheets/sheet2.xml").decode()
    assert sheets.index('name="Leads"') < sheets.index('name="Comments"')
    assert "<f>" not in cells
    assert "=1+1" in cells
    (row,) = open_table(path).rows()
    assert "Scanner" in row.cells
    assert file.name.endswith(".xlsx")
    assert file.along == {"comment": 1}


def test_a_cell_of_a_comment_is_no_formula(ferri: Cast) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), '=HYPERLINK("http://x.example")')
    (row,) = comments_of(made(asked(ferri)))
    assert row["text"].startswith("'=")


def test_only_what_is_alive_and_hangs_on_the_leads_leaves(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    lead, other, gone = (ferri.lead(ferri.ugo, title) for title in ("One", "Two", "Three"))
    for one in (lead, other, gone):
        moves.write(ugo, one, f"Of {one.title}")
    door.delete(ugo, [moves.write(ugo, lead, "Deleted")])
    door.delete(ugo, [gone])
    assert [row["text"] for row in comments_of(made(asked(ferri, ids=(lead.pk,))))] == ["Of One"]
    assert {row["text"] for row in comments_of(made(asked(ferri)))} == {"Of One", "Of Two"}
    filtered = made(asked(ferri, query="q=two"))
    assert [row["text"] for row in comments_of(filtered)] == ["Of Two"]


def test_without_comments_the_file_is_what_it_was(ferri: Cast) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), "Said")
    file = made(asked(ferri, comments=False))
    assert file.name.endswith(".csv")
    assert b"Said" not in folders.path_of(folders.EXPORTS, file.token).read_bytes()
    assert log() == [("started", 0, None, None), ("done", 1, None, None)]


def test_what_one_does_not_see_does_not_leave(ferri: Cast) -> None:
    mine, other = ferri.lead(ferri.ugo, "Mine"), ferri.lead(ferri.bruna, "Hers")
    for one in (mine, other):
        moves.write(ferri.actor(ferri.anna), one, f"Of {one.title}")
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    ferri.ugo.account.refresh_from_db()
    assert [row["text"] for row in comments_of(made(asked(ferri)))] == ["Of Mine"]


def test_the_rule_on_exporting_leads_holds_for_their_comments(ferri: Cast) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), "Said")
    file = made(asked(ferri))
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "lead", True)
    for act in (
        lambda: asked(ferri),
        lambda: door.export(
            ferri.actor(ferri.ugo), Lead.objects.all(), format="csv", along=["comment"]
        ),
        lambda: exporting.hand_over(ferri.actor(ferri.ugo), file),
    ):
        with pytest.raises(Refused):
            act()


def test_only_what_hangs_on_leads_leaves_with_them(ferri: Cast) -> None:
    ferri.lead()
    with pytest.raises(Invalid, match="does not leave with"):
        door.export(ferri.actor(ferri.anna), Lead.objects.all(), format="csv", along=["lead"])
    assert log() == []


def leaving(cast: Cast) -> door.Export:
    actor = cast.actor(cast.anna)
    return door.export(actor, Lead.objects.order_by("pk"), format="csv", along=["comment"])


def ends() -> list[tuple[str, int, Any]]:
    return [(outcome, count, along) for outcome, count, _with, along in log()[1:]]


def test_the_end_is_told_once_when_all_has_been_read(ferri: Cast) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), "Said")
    act = leaving(ferri)
    list(act.main.pages())
    assert ends() == []
    list(act.along[0].pages())
    assert ends() == [("done", 1, {"comment": 1})]
    act.close()
    assert len(ends()) == 1


def test_letting_go_between_the_two_is_told_with_what_had_gone(ferri: Cast) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), "Said")
    act = leaving(ferri)
    list(act.rows())
    act.close()
    assert ends() == [("broken_off", 1, {"comment": 0})]


def test_a_failure_among_the_comments_is_told_once(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    moves.write(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo), "Said")
    act = leaving(ferri)
    list(act.pages())

    def broken(*_: Any, **__: Any) -> Iterator[Sequence[Any]]:
        raise ValueError("broken")
        yield

    monkeypatch.setattr(act.along[0], "_read", broken)
    with pytest.raises(ValueError, match="broken"):
        list(act.along[0].pages())
    act.close()
    assert ends() == [("failed", 1, {"comment": 0})]


def test_more_comments_than_a_sheet_holds_are_refused_before(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = ferri.lead(ferri.ugo)
    for n in range(3):
        moves.write(ferri.actor(ferri.ugo), lead, f"{n}")
    monkeypatch.setattr(exporting, "MOST_ROWS", 2)
    with pytest.raises(Invalid, match="Export as CSV"):
        asked(ferri, format="xlsx")
    asked(ferri, format="xlsx", comments=False)


def test_statements_do_not_grow_with_the_comments(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    lead = ferri.lead(ferri.ugo)

    def count() -> int:
        with CaptureQueriesContext(connection) as queries:
            act = leaving(ferri)
            for reading in (act.main, *act.along):
                list(reading.pages())
        return len(queries)

    moves.write(ferri.actor(ferri.ugo), lead, "One")
    few = count()
    for n in range(20):
        moves.write(ferri.actor(ferri.ugo), lead, f"{n}")
    assert count() == few
    assert Comment.objects.count() == 21


def test_at_the_screen_it_is_asked_made_downloaded_and_told(ferri: Cast) -> None:
    lead, client = ferri.lead(ferri.ugo), Client()
    for n in range(3):
        moves.write(ferri.actor(ferri.ugo), lead, f"Said {n}")
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    page = client.post("/exports/start/", {"all": "1"}).text
    assert "With all of it: 3 comments" in page
    assert 'name="comments" value="0" checked' in page
    data = {"all": "1", "go": "1", "format": "csv", "dialect": "comma", "comments": "1"}
    assert client.post("/exports/start/", data).status_code == 302
    file = made(ExportFile.objects.latest("pk"))
    assert "with 3 comments" in client.get("/exports/").text
    answer = client.get(f"/exports/{file.pk}/")
    assert answer.headers["Content-Type"] == "application/zip"
    assert answer.headers["Content-Disposition"].endswith('.zip"')
    assert len(b"".join(answer)) == file.size
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    told = client.get("/security/actions/").text
    assert "exported <b>1 lead with 3 comments</b> as" in told
    assert "downloaded the exported file (<b>CSV</b>) with <b>1 lead with 3 comments</b>." in told
