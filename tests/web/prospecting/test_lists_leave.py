"""Prospecting lists leave as files: one, several, and as they were before the trash."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from custode.accounts import sharing
from custode.guard.models import TrashEntry
from custode.kernel import scope
from custode.prospecting import columns, outcomes
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import COLUMNS, ROWS, a_list, row_of
from tests.teams import SETTINGS


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


def rows_of_file(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))


def test_lists_leave_as_one_file_whose_columns_of_one_name_are_one(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    actor = ferri.actor(ferri.ugo)
    other = a_list(actor, "Other", [("Neri", "Bari", "=1+1")])
    columns.rename(actor, columns.of(other)[0], "Id")
    asked = {"all": "1", "format": "csv", "kind": "prospect", "go": "1"}
    (first, *_more, last) = rows_of_file(
        ugo.post(f"/exports/start/?list={fair.pk}&list={other.pk}", asked)
    )
    assert list(first) == [
        "Company", "City", "E-mail", "Id", "id", "list", "outcome", "lead_id", "created_at",
        "updated_at",
    ]  # fmt: skip
    assert (first["Company"], first["City"], first["Id"]) == ("Rossi S.r.l.", "Torino", "")
    assert (last["Company"], last["Id"], last["list"]) == ("", "Neri", "Other")
    # What a spreadsheet program would run is made harmless, in one's own columns too.
    assert last["E-mail"] == "'=1+1"


def test_an_export_before_and_after_the_trash_is_the_same(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    outcomes.into_leads(ferri.actor(ferri.ugo), fair, [row_of(fair, "Verdi 2000").pk])
    asked = {"all": "1", "format": "csv", "kind": "prospect", "go": "1"}
    path = f"/exports/start/?list={fair.pk}"
    before = rows_of_file(ugo.post(path, asked))
    ugo.post(f"/prospecting/{fair.pk}/delete/")
    assert ugo.post(path, asked).status_code == 410
    page = ugo.get("/trash/").text
    assert "1 prospecting list" in page
    entry = TrashEntry.objects.latest("pk").pk
    ugo.post(f"/trash/{entry}/restore/")
    assert rows_of_file(ugo.post(path, asked)) == before
    assert len(before) == len(ROWS)


def test_settings_are_changed_one_by_one(ferri: Cast, ugo: Client, fair: ProspectingList) -> None:
    path = f"/prospecting/{fair.pk}"
    ugo.post(f"{path}/settings/", {"title": "Fair 2027", "description": "x", "tags": "a"})
    ugo.post(f"{path}/columns/", {"add": "1", "name": "Phone"})
    ugo.post(f"{path}/columns/", {"up": "1", "column": columns.of(fair)[3].pk})
    before = [column.name for column in columns.of(fair)]
    for way, at in (("down", 0), ("up", 1), ("up", 0), ("down", -1)):
        ugo.post(f"{path}/columns/", {way: "1", "column": columns.of(fair)[at].pk})
    assert [column.name for column in columns.of(fair)] == before
    ugo.post(f"{path}/columns/", {"out": "1", "column": columns.of(fair)[0].pk})
    wrong = ugo.post(f"{path}/columns/", {"add": "1", "name": "phone"}, follow=True)
    assert "There is a column “Phone” already." in wrong.text
    assert [c.name for c in columns.of(fair)] == [COLUMNS[1], "Phone", COLUMNS[2]]
    ugo.post(f"{path}/share/", {"on": "1"})
    ugo.post(f"{path}/assign/", {"owner": ferri.bruna.pk})
    ugo.post(f"{path}/archive/", {"on": "1"})
    fair.refresh_from_db()
    assert (fair.title, fair.owner) == ("Fair 2027", ferri.bruna)
    assert fair.shared_at
    assert fair.archived_at
    ugo.get("/leads/")  # which tells what was done
    assert "Fair 2027" not in ugo.get("/prospecting/").text
    assert "Fair 2027" in ugo.get("/prospecting/?archived=1").text


def test_several_lists_that_are_chosen_leave_as_one_file(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    actor = ferri.actor(ferri.ugo)
    other, third = a_list(actor, "Other", [("Neri", "Bari", "")]), a_list(actor, "Third")
    page = ugo.get("/prospecting/").text
    assert f'name="ids" value="{other.pk}"' in page
    chosen = {"kind": "prospecting_list", "ids": [fair.pk, other.pk]}
    asked = ugo.post("/exports/start/", chosen, headers={"HX-Request": "true"}).text
    assert "Export 4 prospects" in asked
    assert f"?list={fair.pk}&amp;list={other.pk}" in asked
    assert "Third" not in asked
    rows = rows_of_file(ugo.post("/exports/start/", {**chosen, "format": "csv", "go": "1"}))
    assert [row["list"] for row in rows] == ["Fair in Bologna"] * 3 + ["Other"]
    none = ugo.post("/exports/start/", {"kind": "prospecting_list", "go": "1"})
    assert none.status_code == 400
    assert third.title not in none.text


def test_chosen_lists_that_one_does_not_see_are_not_there(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    theirs = a_list(ferri.actor(ferri.bruna), "Secret")
    sharing.change(ferri.actor(ferri.anna), SETTINGS["own only, no teams"])
    chosen = {"kind": "prospecting_list", "ids": [fair.pk, theirs.pk], "go": "1"}
    rows = rows_of_file(ugo.post("/exports/start/", {**chosen, "format": "csv"}))
    assert {row["list"] for row in rows} == {"Fair in Bologna"}
    alone = {**chosen, "ids": [theirs.pk]}
    assert ugo.post("/exports/start/", alone).status_code == 410
