"""E-mails leave beside the comments; what is said about folders and prospects leaves with them."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities import moves
from custode.activities.files import Incoming
from custode.clients import moves as folder_moves
from custode.exchange import folders
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.errors import Refused
from custode.leads import moves as lead_moves
from tests.cast import Cast
from tests.emails.made import an_email
from tests.exchange.test_with_comments import asked, comments_of, log, made, tables
from tests.prospecting.sheets import a_list, row_of


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    monkeypatch.setattr("django.conf.settings.DATA", tmp_path)
    settings.MEDIA_ROOT = tmp_path / "files"


def test_emails_leave_beside_the_comments(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Scanner")
    moves.write(ugo, lead, "Said")
    an_email(ferri, lead, [Incoming("offer.pdf", 1, [b"x"])], subject="=1+1")
    door.delete(ugo, [an_email(ferri, lead, subject="Deleted")])
    file = made(asked(ferri))
    found = tables(file)
    assert list(found) == ["leads.csv", "comments.csv", "emails.csv"]
    (row,) = found["emails.csv"]
    assert (row["lead_id"], row["lead_title"]) == (str(lead.pk), "Scanner")
    assert (row["to"], row["subject"], row["text"], row["files"]) == (
        "mario@rossi.example", "'=1+1", "Here it is.", "offer.pdf",
    )  # fmt: skip
    assert (row["author_first_name"], row["state"]) == ("Ugo", "queued")
    assert (file.along, file.expected) == ({"comment": 1, "email": 1}, 3)
    assert log()[-1] == ("done", 1, None, {"comment": 1, "email": 1})
    book = made(asked(ferri, format="xlsx"))
    with zipfile.ZipFile(folders.path_of(folders.EXPORTS, book.token)) as opened:
        sheets = opened.read("xl/workbook.xml").decode()
    assert sheets.index('name="Comments"') < sheets.index('name="E-mails"')


def test_emails_that_one_does_not_see_stay(ferri: Cast) -> None:
    for who in (ferri.ugo, ferri.bruna):
        an_email(ferri, ferri.lead(who, who.first_name), subject=who.first_name)
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "managers", "everybody"))
    ferri.ugo.account.refresh_from_db()
    rows = tables(made(asked(ferri)))["emails.csv"]
    assert [row["subject"] for row in rows] == ["Ugo"]


def test_client_folders_leave_with_the_comments_on_them(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    folder = folder_moves.create(ugo, "Rossi; S.r.l.", owner=ferri.ugo)
    other = folder_moves.create(ugo, "Neri", owner=ferri.ugo)
    lead = ferri.lead(ferri.ugo, "Scanner")
    lead_moves.edit(anna, lead, client_folder=folder)
    for about, text in ((folder, "On Rossi"), (other, "On Neri"), (lead, "On the lead")):
        moves.write(ugo, about, text)
    file = made(asked(ferri, kind="client_folder", ids=(folder.pk,)))
    assert file.name.startswith("client-folders-")
    (row,) = comments_of(file)
    assert list(row) == [
        "id", "client_folder_id", "client_folder_name", "activity", "text", "files",
        "author_first_name", "author_last_name", "pinned", "created_at", "edited_at",
    ]  # fmt: skip
    assert (row["client_folder_id"], row["client_folder_name"], row["text"]) == (
        str(folder.pk), "Rossi; S.r.l.", "On Rossi",
    )  # fmt: skip
    assert (file.along, file.expected) == ({"comment": 1}, 2)
    account_moves.set_privacy(anna, Verb.EXPORT, "client_folder", True)
    with pytest.raises(Refused):
        asked(ferri, kind="client_folder")


@pytest.mark.parametrize("format_", ["csv", "xlsx"])
def test_prospects_of_several_lists_leave_with_the_comments_on_them(
    ferri: Cast, format_: str
) -> None:
    ugo = ferri.actor(ferri.ugo)
    first, second, third = (a_list(ugo, title) for title in ("One", "Two", "Three"))
    for one in (first, second, third):
        moves.write(ugo, row_of(one, "Verdi 2000"), f"In {one.title}")
    query = f"list={first.pk}&list={second.pk}"
    file = made(asked(ferri, kind="prospect", query=query, format=format_))
    assert (file.rows, file.along) == (6, {"comment": 2})
    if format_ == "csv":
        rows = comments_of(file)
        assert {row["text"] for row in rows} == {"In One", "In Two"}
        assert {row["prospect_name"] for row in rows} == {"Verdi 2000"}
        assert not {"lead_id", "client_folder_id"} & set(rows[0])
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "prospecting_list", True)
    with pytest.raises(Refused):
        asked(ferri, kind="prospect", query=query)
