"""Lists in the trash, and what is deleting by another name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Refused
from custode.prospecting import columns, moves, sheet
from custode.prospecting.models import ListColumn, Prospect
from tests.cast import Cast
from tests.prospecting.sheets import ROWS, a_list, add, edit, row_of, texts


def test_a_list_goes_with_its_rows_and_comes_back_with_them(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    door.delete(ugo, [row_of(one, "Verdi 2000")])
    act = door.delete(ugo, [one])
    assert act.along == {"prospect": 2}
    assert not Prospect.objects.exists()
    with pytest.raises(Gone):
        add(ugo, one, [("a", "b", "c")])
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert texts(one) == [list(row) for row in ROWS[:2]]


def test_a_purge_takes_rows_columns_and_tags_for_ever(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = a_list(ugo)
    entry = door.delete(ugo, [one]).entry
    assert entry is not None
    door.purge(anna, entry, reason="A wrong list")
    assert not Prospect.with_trashed.exists()
    assert not ListColumn.objects.exists()
    assert not Change.objects.filter(kind__in=["prospect", "prospecting_list"]).exists()


def test_a_list_that_is_gone_is_not_written_in(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    wanted = edit(one, "Rossi S.r.l.", "City", "Asti")
    door.delete(ugo, [row_of(one, "Rossi S.r.l.")])
    assert sheet.write(ugo, one, [wanted]).missing == [wanted.row]
    door.delete(ugo, [one])
    with pytest.raises(Gone):
        sheet.write(ugo, one, [wanted])
    with pytest.raises(Gone):
        moves.describe(ugo, one, "Mine", "")
    with pytest.raises(Gone):
        columns.add(ugo, one, "Phone")


def test_a_cell_of_which_nothing_is_seen_is_an_empty_one(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    sheet.write(ugo, one, [edit(one, "Rossi S.r.l.", "City", "\u200b\u2060")])
    assert texts(one)[0] == ["Rossi S.r.l.", "", "info@rossi.example"]


# the rule on lists is ticked: what Ugo tries on his own list -> whether it is done
UNDER_THE_RULE = {
    "delete the list": False,
    "delete a row": False,
    "delete all rows": False,
    "take a column out": False,
    "empty eleven cells": False,
    "empty ten cells": True,
    "empty ten cells and then one": False,
    "empty eleven cells to what is not seen": False,
    "empty eleven cells to a space that is none": False,
    "write over eleven cells": True,
    "put the list aside": True,
}


@pytest.mark.parametrize(("what", "done"), UNDER_THE_RULE.items())
def test_deleting_by_other_names_goes_by_the_lists_rule(ferri: Cast, what: str, done: bool) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[(f"Name {n}", "Asti", "") for n in range(11)])
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    before = texts(one)

    def cells(n: int, text: str) -> None:
        sheet.write(ugo, one, [edit(one, f"Name {k}", "City", text) for k in range(n)])

    def one_by_one() -> None:
        """Ten first, which is editing; the row as it is then is what the rest is measured by."""
        nonlocal before
        cells(10, "")
        before = texts(one)
        with clock.at(clock.now() + timedelta(minutes=50)):
            sheet.write(ugo, one, [edit(one, "Name 10", "City", "")])

    tries: dict[str, Any] = {
        "delete the list": lambda: door.delete(ugo, [one]),
        "delete a row": lambda: door.delete(ugo, [row_of(one, "Name 3")]),
        "delete all rows": lambda: door.delete(ugo, Prospect.objects.filter(in_list=one)),
        "take a column out": lambda: columns.take_out(ugo, columns.of(one)[0]),
        "empty eleven cells": lambda: cells(11, ""),
        "empty ten cells": lambda: cells(10, ""),
        "empty ten cells and then one": one_by_one,
        "empty eleven cells to what is not seen": lambda: cells(11, "\u200b\u2060\ufe0f"),
        "empty eleven cells to a space that is none": lambda: cells(11, "\u2800\u3164"),
        "write over eleven cells": lambda: cells(11, "Bari"),
        "put the list aside": lambda: moves.archive(ugo, one, True),
    }
    if done:
        tries[what]()
    else:
        with pytest.raises(Refused, match="Only admins can delete prospecting lists"):
            tries[what]()
        assert texts(one) == before
    refused = LogEntry.objects.filter(outcome="refused", verb="delete")
    assert refused.exists() is not done


def test_what_was_emptied_an_hour_ago_does_not_count_nor_what_another_did(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = a_list(ugo, rows=[(f"Name {n}", "Asti", "") for n in range(30)])
    moves.share(ugo, one, True)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)

    def ten(who: Actor, first: int) -> None:
        sheet.write(
            who, one, [edit(one, f"Name {n}", "City", "") for n in range(first, first + 10)]
        )

    ten(ugo, 0)
    ten(bruna, 10)
    with clock.at(clock.now() + timedelta(minutes=61)):
        ten(ugo, 20)
    assert not any(city for _name, city, *_rest in texts(one))


def test_the_log_tells_what_somebody_tried_to_empty(ferri: Cast, client: Client) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, "Fair", [(f"Name {n}", "Asti", "x@y.example") for n in range(6)])
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    cells = [edit(one, f"Name {n}", name, "") for n in range(6) for name in ("City", "E-mail")]
    with pytest.raises(Refused):
        sheet.write(ugo, one, cells)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    page = client.get("/security/actions/").content.decode()
    told = "was not allowed to empty 12 cells of <b>6 prospects</b> in the list <b>Fair</b>."
    assert told in page
