"""The screens of prospecting lists: what they take, what they say, and what they keep."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.kernel import clock, scope
from custode.leads.models import Lead, Tag
from custode.prospecting import columns, moves, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import ROWS, a_list, add, edit, row_of, texts


@pytest.fixture
def ugo(ferri: Cast, client: Client) -> Client:
    """Ugo's browser."""
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.ugo)
    return client


@pytest.fixture
def fair(ferri: Cast) -> ProspectingList:
    """Ugo's list."""
    return a_list(ferri.actor(ferri.ugo))


def send(client: Client, one: ProspectingList, body: Any) -> Any:
    text = body if isinstance(body, (str, bytes)) else json.dumps(body)
    return client.post(f"/prospecting/{one.pk}/write/", text, content_type="application/json")


def test_a_list_is_made_with_its_columns(ugo: Client) -> None:
    sent = {"title": " Fair ", "columns": "Company\n\nCity\r\n", "tags": "fair, north"}
    answer = ugo.post("/prospecting/new/", sent, follow=True)
    assert "“Fair” was created." in answer.text
    one = ProspectingList.objects.get()
    assert [column.name for column in columns.of(one)] == ["Company", "City"]
    assert sorted(tag.name for tag in one.tags.all()) == ["fair", "north"]
    again = ugo.post("/prospecting/new/", {"title": "", "columns": "A\na"})
    assert (again.status_code, "needs a title" in again.text) == (422, True)
    twice = ugo.post("/prospecting/new/", {"title": "x", "columns": "A\na"})
    assert "There are two columns “a”." in twice.text


def test_the_sheet_is_told_all_rows_by_number_and_the_cells_of_a_part(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    add(ferri.actor(ferri.ugo), fair, [(f"N {n}", "", "") for n in range(300)])
    url = f"/prospecting/{fair.pk}/rows/"
    first = ugo.get(url).json()
    assert (len(first["ids"]), len(first["data"]), first["at"]) == (303, 200, 0)
    assert first["count"] == "303 rows · 303 left to qualify"
    assert [row["id"] for row in first["data"]] == first["ids"][:200]
    middle = ugo.get(f"{url}?at=250").json()
    assert [row["id"] for row in middle["data"]] == first["ids"][200:]
    beyond = ugo.get(f"{url}?at=9999").json()
    assert (beyond["at"], beyond["ids"]) == (302, first["ids"])
    city = columns.of(fair)[1]
    some = ugo.get(f"{url}?in-{city.pk}=rom&sort=-{city.key}").json()
    assert [row["name"] for row in some["data"]] == ["Édile Bianchi"]
    assert some["ids"] == [some["data"][0]["id"]]


def test_cells_are_told_of_rows_of_this_list_alone(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    other = a_list(ferri.actor(ferri.ugo), "Other")
    rows = [*Prospect.objects.filter(in_list=fair), *Prospect.objects.filter(in_list=other)]
    asked = ".".join(str(row.pk) for row in rows)
    found = ugo.get(f"/prospecting/{fair.pk}/rows/?ids={asked}.x.-1.99999999").json()["data"]
    assert [row["id"] for row in found] == [row.pk for row in rows[:3]]
    many = ".".join(["1"] * 100_000)
    assert ugo.get(f"/prospecting/{fair.pk}/rows/?ids={many[:4000]}").status_code == 200


def test_the_sheet_hears_what_others_have_written(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    url = f"/prospecting/{fair.pk}/rows/"
    with clock.at(clock.now() + timedelta(minutes=5)):
        stamp = ugo.get(url).json()["stamp"]
        assert ugo.get(url, {"since": stamp}).json()["data"] == []
    with clock.at(clock.now() + timedelta(minutes=6)):
        sheet.write(ferri.actor(ferri.bruna), fair, [edit(fair, "Verdi 2000", "City", "Bari")])
        told = ugo.get(url, {"since": stamp}).json()
    assert [row["name"] for row in told["data"]] == ["Verdi 2000"]
    assert "Bari" in told["data"][0].values()
    assert told["stamp"] > stamp
    far = ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59-12:00")
    for wrong in ("", "yesterday", "2026-11-28", "9999-99-99T99:99:99+00:00", *far):
        assert ugo.get(url, {"since": wrong}).json()["data"] == []


def test_no_screen_asks_more_of_the_database_for_more(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    def asked() -> list[int]:
        found = []
        for path in ("/prospecting/", "/prospecting/?q=n", f"/prospecting/{fair.pk}/rows/"):
            with CaptureQueriesContext(connection) as queries:
                assert ugo.get(path).status_code == 200
            found.append(len(queries))
        return found

    asked()
    before = asked()
    for n in range(4):
        a_list(ferri.actor(ferri.ugo), f"Another {n}")
    add(ferri.actor(ferri.ugo), fair, [(f"N {n}", "", "") for n in range(60)])
    assert asked() == before


def test_what_is_written_is_saved_and_a_clash_is_told(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    row, city = row_of(fair, "Rossi S.r.l."), columns.of(fair)[1]
    body = {"edits": [[row.pk, city.pk, "Torino", "Asti"]], "rows": [[[city.pk, "Bari"]]]}
    answer = send(ugo, fair, body).json()
    assert (answer["saved"][0][city.key], answer["added"][0][city.key]) == ("Asti", "Bari")
    again = send(ugo, fair, body).json()
    assert again["conflicts"] == []
    other = {"edits": [[row.pk, city.pk, "Torino", "Lecce"]], "rows": []}
    (clash,) = send(ugo, fair, other).json()["conflicts"]
    assert clash == {
        "row": row.pk, "column": city.pk, "now": "Asti", "mine": "Lecce", "by": "Ugo Conti",
    }  # fmt: skip


HOSTILE = [
    "", "[]", "{", '{"edits": []}', '{"edits": [[1]], "rows": []}', b"\xff\xfe",
    '{"edits": [[true, 1, "", ""]], "rows": []}', '{"edits": [[1, 1, null, ""]], "rows": []}',
    '{"edits": [[-1, 1, "", ""]], "rows": []}', '{"edits": [], "rows": [[[1.5, ""]]]}',
    '{"edits": [[99999999999999999999, 1, "", ""]], "rows": []}', '{"edits": 5, "rows": {}}',
    "[" * 20_000,
]  # fmt: skip


@pytest.mark.parametrize("body", HOSTILE, ids=range(len(HOSTILE)))
def test_nonsense_is_refused_and_changes_nothing(
    ugo: Client, fair: ProspectingList, body: str | bytes
) -> None:
    answer = send(ugo, fair, body)
    assert answer.status_code == 400
    assert "why" in answer.json()
    assert texts(fair) == [list(row) for row in ROWS]


def test_letters_that_no_database_takes_are_left_out(ugo: Client, fair: ProspectingList) -> None:
    row, city = row_of(fair, "Rossi S.r.l."), columns.of(fair)[1]
    body = f'{{"edits": [[{row.pk}, {city.pk}, "Torino", "A\\u0000\\ud800sti"]], "rows": []}}'
    assert send(ugo, fair, body).status_code == 200
    assert texts(fair)[0][1] == "A?sti"


def test_a_prospects_page_saves_only_what_was_changed(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    row, (company, city, mail) = row_of(fair, "Rossi S.r.l."), columns.of(fair)
    path = f"/prospects/{row.pk}/"
    form = {c.key: row.cells[c.key] for c in (company, city, mail)}
    form |= {f"was-{key}": text for key, text in form.items()}
    bruna = ferri.actor(ferri.bruna)
    sheet.write(bruna, fair, [edit(fair, "Rossi S.r.l.", "City", "Bari")])
    answer = ugo.post(path, {**form, mail.key: "new@rossi.example"}, follow=True)
    assert "Saved." in answer.text
    assert texts(fair)[0] == ["Rossi S.r.l.", "Bari", "new@rossi.example"]
    clash = ugo.post(path, {**form, city.key: "Asti"})
    assert clash.status_code == 422
    assert "Bruna Sala wrote “Bari” here meanwhile." in clash.text
    assert f'name="was-{city.key}" value="Bari"' in clash.text
    assert texts(fair)[0][1] == "Bari"
    assert "changed “City” from “Torino” to “Bari”" in ugo.get(path).text


def test_a_prospect_becomes_a_lead_and_each_page_links_to_the_other(
    ugo: Client, fair: ProspectingList
) -> None:
    row = row_of(fair, "Rossi S.r.l.")
    answer = ugo.post(f"/prospects/{row.pk}/act/", {"lead": "1"}, follow=True)
    lead = Lead.objects.get()
    assert answer.request["PATH_INFO"] == f"/leads/{lead.pk}/"
    assert f'href="/prospects/{row.pk}/"' in answer.text
    assert f'href="/leads/{lead.pk}/"' in ugo.get(f"/prospects/{row.pk}/").text


def test_a_prospect_that_became_a_lead_from_the_sheet_is_told_with_the_way_there(
    ugo: Client, fair: ProspectingList
) -> None:
    row = row_of(fair, "Rossi S.r.l.")
    answer = ugo.post(f"/prospecting/{fair.pk}/act/", {"ids": [row.pk], "lead": "1"}, follow=True)
    told = answer.text.partition("is a lead now.")[2].partition("data-toast-close")[0]
    assert f'href="/leads/{Lead.objects.get().pk}/">See the lead</a>' in told


def test_rows_are_marked_and_deleted_from_the_sheet(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    ids = [row.pk for row in Prospect.objects.order_by("place")]
    path = f"/prospecting/{fair.pk}/act/"
    ugo.post(path, {"ids": ids[:2], "outcome": "not_interested"})
    assert Prospect.objects.filter(outcome=Outcome.NOT_INTERESTED).count() == 2
    assert ugo.post(path, {"ids": ids, "outcome": "lead"}).status_code == 404
    ugo.post(f"{path}?outcome=not_interested", {"all": "1", "delete": "1"})
    assert [row.pk for row in Prospect.objects.all()] == ids[2:]
    assert ugo.post(path, {"ids": ids[:2], "delete": "1"}).status_code == 410
    assert ugo.post(f"{path}?outcome=nonsense", {"all": "1", "delete": "1"}).status_code == 400
    for act in ({"delete": "1"}, {"lead": "1"}, {"outcome": "not_interested"}):
        answer = ugo.post(path, act)
        assert (answer.status_code, "Tick something" in answer.text) == (400, True)


def test_more_than_ten_rows_are_deleted_after_a_question(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    add(ferri.actor(ferri.ugo), fair, [(f"N {n}", "", "") for n in range(9)])
    path, sent = f"/prospecting/{fair.pk}/act/", {"all": "1", "delete": "1"}
    assert "Delete 12 prospects?" in ugo.post(path, sent).text
    add(ferri.actor(ferri.bruna), fair, [("Later", "", "")])
    again = ugo.post(path, {**sent, "confirmed": "12"})
    assert "the number has changed: it was 12 then" in again.text
    assert Prospect.objects.count() == 13
    ugo.post(path, {**sent, "confirmed": "13"})
    assert not Prospect.objects.exists()


def test_settings_that_are_not_right_change_nothing_and_create_no_tag(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    where, before = f"/prospecting/{fair.pk}/settings/", fair.title
    form = {"title": "x" * 121, "description": "", "tags": "New"}
    assert "120" in ugo.post(where, form).content.decode()
    moves.share(ferri.actor(ferri.ugo), fair, True)
    with scope.everywhere("a test signs in"):
        ugo.force_login(ferri.bruna)
    assert ugo.post(where, form | {"title": "Hers now"}).status_code == 403
    fair.refresh_from_db()
    assert fair.title == before
    assert not Tag.objects.exists()
