"""The sheet: columns of its own, cells that nobody loses, rows that come and go."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.guard import history
from custode.guard.models import Change
from custode.kernel.errors import Invalid
from custode.prospecting import columns, moves, queries, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from custode.prospecting.overwriting import Edit
from custode.prospecting.queries import Wanted
from tests.cast import Cast
from tests.prospecting.sheets import COLUMNS, ROWS, a_list, add, edit, row_of, texts


def test_a_list_has_the_columns_and_rows_it_was_given(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    assert [column.name for column in columns.of(one)] == list(COLUMNS)
    assert texts(one) == [list(row) for row in ROWS]
    assert [row.name for row in Prospect.objects.order_by("place")] == [r[0] for r in ROWS]
    assert (one.owner, one.created_by, one.shared_at) == (ferri.ugo, ferri.ugo, None)


@pytest.mark.parametrize(
    ("title", "names", "field", "why"),
    [
        ("", COLUMNS, "title", "needs a title"),
        ("x" * 121, COLUMNS, "title", "at most 120"),
        ("Fair", [], "columns", "at least one column"),
        ("Fair", ["City", "cìty"], "columns", "two columns “cìty”"),
        ("Fair", ["x" * 61], "name", "more than 60"),
        ("Fair", [f"c{n}" for n in range(61)], "columns", "at most 60 columns"),
    ],
)
def test_what_makes_no_list_is_said(
    ferri: Cast, title: str, names: list[str], field: str, why: str
) -> None:
    with pytest.raises(Invalid, match=why) as no:
        moves.create(ferri.actor(ferri.ugo), title, names)
    assert no.value.field == field
    assert not ProspectingList.objects.exists()


def test_different_cells_of_one_row_both_stand(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    ugos, brunas = (
        edit(one, "Rossi S.r.l.", "City", "Milano"),
        edit(one, "Rossi S.r.l.", "E-mail", "mario@rossi.example"),
    )
    assert not sheet.write(ferri.actor(ferri.ugo), one, [ugos]).conflicts
    assert not sheet.write(ferri.actor(ferri.bruna), one, [brunas]).conflicts
    assert texts(one)[0] == ["Rossi S.r.l.", "Milano", "mario@rossi.example"]


def test_the_later_edit_of_the_same_cell_is_told_and_changes_nothing(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    first = edit(one, "Rossi S.r.l.", "City", "Milano")
    second = edit(one, "Rossi S.r.l.", "City", "Asti")
    other = edit(one, "Verdi 2000", "City", "Bari")
    sheet.write(ferri.actor(ferri.ugo), one, [first])
    written = sheet.write(ferri.actor(ferri.bruna), one, [second, other])
    (clash,) = written.conflicts
    assert (clash.now, clash.mine, clash.by) == ("Milano", "Asti", "Ugo Conti")
    assert [row.name for row in written.saved] == ["Verdi 2000"]
    assert [row[1] for row in texts(one)] == ["Milano", "Roma", "Bari"]
    # Having seen what is there, one may replace it.
    sheet.write(ferri.actor(ferri.bruna), one, [replace(second, was="Milano")])
    assert texts(one)[0][1] == "Asti"


def test_what_two_people_write_alike_is_no_clash(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    same = edit(one, "Rossi S.r.l.", "City", "Milano")
    sheet.write(ferri.actor(ferri.ugo), one, [same])
    written = sheet.write(ferri.actor(ferri.bruna), one, [same])
    assert (written.conflicts, written.saved) == ([], [])


def test_what_a_cell_held_before_stands_in_its_rows_history(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    wanted = edit(one, "Rossi S.r.l.", "City", "")
    sheet.write(ferri.actor(ferri.bruna), one, [wanted])
    line = history.of(row_of(one, "Rossi S.r.l."))[0]
    assert (line.old, line.new, line.actor_name) == ("Torino", None, "Bruna Sala")


def test_a_paste_sets_cells_and_adds_rows_at_once_or_not_at_all(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    numbers = {c.name: c.pk for c in columns.of(one)}
    good = edit(one, "Rossi S.r.l.", "City", "Asti")
    with pytest.raises(Invalid, match="Row 2, column “City”: a cell has at most 2,000"):
        sheet.write(ugo, one, [good], [{numbers["City"]: "Bari"}, {numbers["City"]: "x" * 2001}])
    assert texts(one) == [list(row) for row in ROWS]
    written = sheet.write(ugo, one, [good], [{numbers["City"]: "Bari", numbers["Company"]: "Neri"}])
    assert [row.name for row in written.added] == ["Neri"]
    assert texts(one)[3] == ["Neri", "Bari", ""]
    assert texts(one)[0][1] == "Asti"


def test_a_paste_that_is_too_large_says_how_large_it_may_be(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    first = columns.of(one)[0].pk
    with pytest.raises(Invalid, match="at most 5000 new rows"):
        sheet.write(ugo, one, rows=[{first: "x"}] * 5001)
    assert Prospect.objects.count() == len(ROWS)


def test_a_list_does_not_grow_beyond_its_limit(ferri: Cast, monkeypatch: Any) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    monkeypatch.setattr(sheet, "MOST_ROWS", len(ROWS))
    with pytest.raises(Invalid, match="at most 100,000 rows"):
        add(ugo, one, [("a", "b", "c")])


def test_a_column_of_another_list_takes_nothing(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one, other = a_list(ugo), a_list(ugo, "Other")
    row, column = row_of(one, "Rossi S.r.l."), columns.of(other)[0]
    with pytest.raises(Invalid, match="not in this list"):
        sheet.write(ugo, one, [Edit(row.pk, column.pk, "", "x")])
    # And a row of another list is not there.
    elsewhere = row_of(other, "Rossi S.r.l.")
    written = sheet.write(ugo, one, [Edit(elsewhere.pk, columns.of(one)[0].pk, "", "x")])
    assert written.missing == [elsewhere.pk]
    assert texts(other) == [list(r) for r in ROWS]


def test_no_writing_takes_more_queries_for_more_rows(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[(f"Name {n}", "", "") for n in range(60)])

    def queries_for(n: int, text: str) -> int:
        wanted = [edit(one, f"Name {k}", "City", text) for k in range(n)]
        rows = [{columns.of(one)[0].pk: text}] * n
        with CaptureQueriesContext(connection) as asked:
            sheet.write(ugo, one, wanted, rows)
        return len(asked)

    queries_for(3, "a")
    assert queries_for(2, "b") == queries_for(3, "c")
    assert queries_for(20, "d") == queries_for(40, "e")


def test_a_column_that_is_taken_out_keeps_its_cells(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    city = columns.of(one)[1]
    columns.take_out(ugo, city)
    assert [c.name for c in columns.of(one)] == ["Company", "E-mail"]
    assert columns.taken_out(one) == [city]
    with pytest.raises(Invalid, match="put it back"):
        columns.add(ugo, one, "city")
    columns.put_back(ugo, city)
    assert texts(one) == [list(row) for row in ROWS]


def test_the_last_column_stays(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = moves.create(ugo, "Fair", ["Company"])
    with pytest.raises(Invalid, match="at least one column"):
        columns.take_out(ugo, columns.of(one)[0])
    assert len(columns.of(one)) == 1


def test_columns_are_added_renamed_and_put_in_order(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    phone = columns.add(ugo, one, " Phone ")
    columns.rename(ugo, phone, "Telephone")
    with pytest.raises(Invalid, match="“City” already"):
        columns.rename(ugo, phone, "CITY")
    company, city, mail, _phone = columns.of(one)
    columns.move(ugo, one, [phone.pk, mail.pk])
    assert [c.name for c in columns.of(one)] == ["Telephone", "E-mail", "Company", "City"]
    told = Change.objects.filter(kind="prospecting_list", field="column").order_by("id")
    assert [(c.old, c.new) for c in told] == [(None, "Phone"), ("Phone", "Telephone")]
    assert company.in_list_id == city.in_list_id == one.pk


@pytest.mark.parametrize(
    ("sort", "down", "names"),
    [
        ("", False, ["Nine", "Ten", "zero", "Édile"]),
        ("Company", False, ["Édile", "Nine", "Ten", "zero"]),
        ("Company", True, ["zero", "Ten", "Nine", "Édile"]),
        ("Staff", False, ["Nine", "Ten", "zero", "Édile"]),
        ("Staff", True, ["Ten", "Nine", "zero", "Édile"]),
    ],
)
def test_cells_sort_alike_on_every_database_and_numbers_by_size(
    ferri: Cast, sort: str, down: bool, names: list[str]
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = moves.create(ugo, "Fair", ["Company", "Staff"])
    add(ugo, one, [("Nine", "9"), ("Ten", "10,5"), ("zero", "many"), ("Édile", "")])
    by = next((c.pk for c in columns.of(one) if c.name == sort), 0)
    found = queries.matching(queries.visible(ugo), Wanted(sort=by, down=down))
    assert [row.name for row in found] == names


@pytest.mark.parametrize(
    ("wanted", "names"),
    [
        ({"q": "EDILE"}, ["Édile Bianchi"]),
        ({"q": "verdi napoli"}, ["Verdi 2000"]),
        ({"q": "verdi torino"}, []),
        ({"within": "rom"}, ["Édile Bianchi"]),
        ({"within": "rossi"}, []),
        ({"outcome": "not_interested"}, ["Verdi 2000"]),
        ({"outcome": "left"}, ["Rossi S.r.l.", "Édile Bianchi"]),
    ],
)
def test_rows_are_found_by_words_by_a_column_and_by_what_came_of_them(
    ferri: Cast, wanted: dict[str, str], names: list[str]
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    Prospect.objects.filter(name="Verdi 2000").update(outcome=Outcome.NOT_INTERESTED)
    within = wanted.get("within")
    asked = Wanted(
        q=wanted.get("q", ""),
        outcome=wanted.get("outcome", ""),
        columns={columns.of(one)[1].pk: within} if within else {},
    )
    assert [row.name for row in queries.matching(queries.visible(ugo), asked)] == names
