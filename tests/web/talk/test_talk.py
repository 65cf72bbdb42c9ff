"""What is said about things, at the screens: the same on leads, client folders and prospects."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.activities import moves
from custode.activities.files import Incoming
from custode.activities.models import Attachment, Comment
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.guard import door
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.activities.test_comments_on_more import a_folder, a_prospect, close
from tests.cast import Cast
from tests.emails.made import an_email
from tests.prospecting.sheets import a_list, row_of
from tests.web.conftest import HTMX


def a_lead(ferri: Cast) -> Guarded:
    return ferri.lead(ferri.ugo, "Press")


THINGS = {"leads": a_lead, "clients": a_folder, "prospects": a_prospect}


@pytest.fixture(params=sorted(THINGS))
def about(request: pytest.FixtureRequest, ferri: Cast) -> Guarded:
    """Something of Ugo's that one comments on."""
    return THINGS[request.param](ferri)


def page_of(about: Guarded) -> str:
    names = {"lead": "leads", "client_folder": "clients", "prospect": "prospects"}
    return f"/{names[about.kind.name]}/{about.pk}/"


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


@pytest.fixture
def bruna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.bruna)


def test_a_comment_is_written_and_stands_in_the_timeline(about: Guarded, ugo: Client) -> None:
    answer = ugo.post(f"{page_of(about)}comments/", {"text": "**Spoke** to Ada"}, headers=HTMX)
    assert "<strong>Spoke</strong> to Ada" in answer.text
    told = json.loads(answer["HX-Trigger"])["talked"]
    assert told == {"kind": about.kind.name, "pk": about.pk, "count": 1}
    assert "<strong>Spoke</strong> to Ada" in ugo.get(page_of(about)).text
    answer = ugo.post(f"{page_of(about)}comments/", {"text": "Again"})
    assert answer["Location"] == f"{page_of(about)}#history"
    answer = ugo.post(f"{page_of(about)}comments/", {"text": " "}, headers=HTMX)
    assert (answer.status_code, Comment.objects.count()) == (422, 2)
    assert "A comment cannot be empty. Write something." in answer.text


def test_it_is_shown_beside_something_else(ferri: Cast, about: Guarded, ugo: Client) -> None:
    moves.write(ferri.actor(ferri.ugo), about, "Spoke to Ada")
    answer = ugo.get(f"{page_of(about)}comments/", headers=HTMX)
    assert "Spoke to Ada" in answer.text
    assert "<html" not in answer.text
    assert ugo.get(f"{page_of(about)}comments/")["Location"] == f"{page_of(about)}#history"


def test_its_writer_edits_pins_and_deletes_it(ferri: Cast, about: Guarded, ugo: Client) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), about, "One")
    answer = ugo.post(f"/comments/{comment.pk}/", {"text": "Two", "was": "0"}, headers=HTMX)
    assert "edited, once" in answer.text
    assert "One" in ugo.get(f"/comments/{comment.pk}/versions/").text
    answer = ugo.post(f"/comments/{comment.pk}/pin/", {"on": "1"}, headers=HTMX)
    assert 'class="story is-pinned"' in answer.text
    answer = ugo.post(f"/comments/{comment.pk}/delete/")
    assert answer["Location"] == f"{page_of(about)}#history"
    assert not Comment.objects.exists()
    undo = LogEntry.objects.get(verb="delete", kind="comment").seq
    ugo.post(f"/undo/{undo}/")
    assert Comment.objects.get().pinned


def test_who_does_not_see_the_thing_finds_neither_comment_nor_file(
    ferri: Cast, about: Guarded, ugo: Client, bruna: Client, tmp_path: Path, settings: Any
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sent = [Incoming("offer.txt", 1, [b"x"])]
    comment = moves.write(ferri.actor(ferri.ugo), about, "Secret", None, sent)
    file = Attachment.objects.get()
    addresses = [
        page_of(about), f"{page_of(about)}history/", f"{page_of(about)}comments/",
        f"/comments/{comment.pk}/", f"/comments/{comment.pk}/versions/", f"/attachments/{file.pk}/",
    ]  # fmt: skip
    forms = [f"{page_of(about)}comments/", *(f"/comments/{comment.pk}/{w}" for w in
             ("", "pin/", "delete/"))]  # fmt: skip
    assert [bruna.get(url, headers=HTMX).status_code for url in addresses] == [200] * 6
    close(ferri)
    assert [bruna.get(url, headers=HTMX).status_code for url in addresses] == [404] * 6
    assert [bruna.post(url, {"text": "Mine"}).status_code for url in forms] == [404] * 4
    assert [ugo.get(url, headers=HTMX).status_code for url in addresses] == [200] * 6
    # And nobody does while it lies in the trash.
    door.delete(ferri.actor(ferri.ugo), [about])
    assert [ugo.get(url, headers=HTMX).status_code for url in addresses] == [404] * 6
    assert [ugo.post(url, {"text": "Mine"}).status_code for url in forms] == [404] * 4
    assert Comment.with_trashed.get().text == "Secret"


def test_a_comment_that_came_back_alone_is_not_shown_without_its_list(
    ferri: Cast, ugo: Client
) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    row = row_of(one, "Verdi 2000")
    comment = moves.write(actor, row, "Secret")
    entry = door.delete(actor, [comment]).entry
    entry_of_row = door.delete(actor, [row]).entry
    door.delete(actor, [one])
    door.restore(actor, entry or 0)
    door.restore(actor, entry_of_row or 0)
    assert Comment.objects.filter(Comment.kind.sees(actor)).exists()
    assert ugo.get(f"/comments/{comment.pk}/", headers=HTMX).status_code == 404
    assert ugo.post(f"/comments/{comment.pk}/delete/").status_code == 404


def test_the_number_of_queries_does_not_grow_with_what_is_said(
    ferri: Cast, about: Guarded, ugo: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert ugo.get(page_of(about)).status_code == 200
        return len(told)

    def write(many: int) -> None:
        for n in range(many):
            comment = moves.write(ferri.actor(ferri.ugo), about, f"Comment {n}")
            moves.edit(ferri.actor(ferri.ugo), comment, f"Edited {n}", None, was=0)

    write(2)
    ugo.get(page_of(about))
    few = queries()
    write(15)
    assert queries() == few


@pytest.fixture
def busy(ferri: Cast) -> ClientFolder:
    """Ugo's folder with a lead of Ugo's and one of Bruna's, about each of which much is said."""
    anna = ferri.actor(ferri.anna)
    folder = folder_moves.create(anna, "Rossi", owner=ferri.ugo)
    for who in (ferri.ugo, ferri.bruna):
        name = who.first_name
        lead = ferri.lead(who, f"Lead of {name}")
        lead_moves.edit(anna, lead, client_folder=folder)
        lead_moves.edit(ferri.actor(who), lead, status="won")
        moves.write(ferri.actor(who), lead, f"Comment of {name}")
        an_email(ferri, lead, subject=f"Letter of {name}")
    moves.write(ferri.actor(ferri.ugo), folder, "On the folder")
    return folder


def test_a_folder_tells_what_happened_at_its_leads(
    ferri: Cast, busy: ClientFolder, ugo: Client
) -> None:
    page = ugo.get(page_of(busy)).text.partition('id="history"')[2]
    for told in (
        "On the folder", "opened the client folder", "Comment of Ugo", "Letter of Ugo",
        "Comment of Bruna", "Letter of Bruna", "from “To do” to “Won”", "created the lead",
    ):  # fmt: skip
        assert told in page
    lead = Lead.objects.get(title="Lead of Ugo")
    assert page.count(f'href="/leads/{lead.pk}/"') == 4
    # What stands on another page is acted on there: one finds no way to delete it twice.
    assert page.count("Delete this comment") == 1
    assert "Delete this e-mail" not in page
    assert "Write another from this one" not in page
    # A step, an amount or a tag of a lead is told on the lead's own page.
    assert "Client folder" not in page


def test_a_folder_tells_of_no_lead_that_one_does_not_see(
    ferri: Cast, busy: ClientFolder, ugo: Client
) -> None:
    close(ferri)
    for address in (page_of(busy), f"{page_of(busy)}history/", f"{page_of(busy)}comments/"):
        page = ugo.get(address, headers=HTMX).text
        assert "Comment of Ugo" in page
        assert not re.findall(r"(Lead|Comment|Letter) of Bruna", page)
    door.delete(ferri.actor(ferri.ugo), [Lead.objects.get(title="Lead of Ugo")])
    page = ugo.get(page_of(busy)).text
    assert not re.findall(r"(Lead|Comment|Letter) of Ugo", page)
    assert "On the folder" in page


def test_show_more_of_a_folder_leaves_nothing_out_and_tells_nothing_twice(
    ferri: Cast, busy: ClientFolder, ugo: Client
) -> None:
    lead = Lead.objects.get(title="Lead of Ugo")
    actor = ferri.actor(ferri.ugo)
    for n in range(18):
        moves.write(actor, busy, f"Folder {n:02}!")
        moves.write(actor, lead, f"Lead {n:02}!")
        lead_moves.edit(actor, lead, status="lost" if n % 2 else "todo")
        folder_moves.edit(actor, busy, name=f"Name {n:02}!")
    seen, address = ugo.get(page_of(busy)).text.partition('id="history"')[2], ""
    for _page in range(9):
        found = re.findall(rf'hx-get="({page_of(busy)}history/\?[^"]+)"', seen)
        if not found or found[-1] == address:
            break
        address = found[-1]
        seen += ugo.get(address.replace("&amp;", "&"), headers=HTMX).text
    for n in range(18):
        for words in (f"Folder {n:02}!", f"Lead {n:02}!", f"to “Name {n:02}!”"):
            assert seen.count(words) == 1, words
    assert seen.count("to “Lost”") == 9
    assert seen.count("opened the client folder") == 1


def test_the_queries_of_a_folder_do_not_grow_with_its_leads(
    ferri: Cast, busy: ClientFolder, ugo: Client
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as told:
            assert ugo.get(page_of(busy)).status_code == 200
        return len(told)

    ugo.get(page_of(busy))
    few = queries()
    for n in range(6):
        lead = ferri.lead(ferri.ugo, f"Lead {n}")
        lead_moves.edit(ferri.actor(ferri.ugo), lead, client_folder=busy)
        moves.write(ferri.actor(ferri.ugo), lead, f"Comment {n}")
        an_email(ferri, lead, subject=f"Letter {n}")
    assert queries() == few


def test_the_sheet_counts_the_comments_of_each_row_by_one_query(ferri: Cast, ugo: Client) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    rows = list(Prospect.objects.filter(in_list=one).order_by("place"))

    def said() -> tuple[list[int], int]:
        with CaptureQueriesContext(connection) as told:
            data = ugo.get(f"/prospecting/{one.pk}/rows/").json()["data"]
        assert [row["talk"] for row in data] == [f"/prospects/{row.pk}/comments/" for row in rows]
        return [row["said"] for row in data], len(told)

    said()
    counts, few = said()
    assert counts == [0, 0, 0]
    for row, many in zip(rows, (2, 0, 1), strict=True):
        for n in range(many):
            moves.write(actor, row, f"Comment {n}")
    gone = moves.write(actor, rows[1], "Deleted")
    door.delete(actor, [gone])
    assert said() == ([2, 0, 1], few)


def test_another_account_finds_no_comment_on_anything(
    ferri: Cast, about: Guarded, come_in: Callable[..., Client]
) -> None:
    comment = moves.write(ferri.actor(ferri.ugo), about, "Secret")
    carla = come_in(ferri.carla)
    for url in (page_of(about), f"{page_of(about)}history/", f"{page_of(about)}comments/",
                f"/comments/{comment.pk}/", f"/comments/{comment.pk}/delete/"):  # fmt: skip
        assert carla.post(url, {"text": "Mine"}).status_code in {404, 405}
        assert carla.get(url, headers=HTMX).status_code in {404, 405}
    assert [one.text for one in Comment.objects.all()] == ["Secret"]
