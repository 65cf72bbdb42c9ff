"""Lists in the trash, and what is deleting by another name."""

from __future__ import annotations

from typing import Any

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
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


# the rule on lists is ticked: what Ugo tries on his own list -> whether it is done
UNDER_THE_RULE = {
    "delete the list": False,
    "delete a row": False,
    "delete all rows": False,
    "take a column out": False,
    "empty eleven cells": False,
    "empty ten cells": True,
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

    tries: dict[str, Any] = {
        "delete the list": lambda: door.delete(ugo, [one]),
        "delete a row": lambda: door.delete(ugo, [row_of(one, "Name 3")]),
        "delete all rows": lambda: door.delete(ugo, Prospect.objects.filter(in_list=one)),
        "take a column out": lambda: columns.retire(ugo, columns.of(one)[0], True),
        "empty eleven cells": lambda: cells(11, ""),
        "empty ten cells": lambda: cells(10, ""),
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
