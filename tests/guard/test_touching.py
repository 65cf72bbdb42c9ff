"""Which acts touched an object: kept for one and for ten thousand, found by one look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.guard import door, object_log, touched_objects
from custode.guard.models import LogEntry, Touched
from custode.guard.touched_objects import FEW, STRETCH, Marks
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.prospecting.sheets import a_list, row_of

FAR = 40 * STRETCH
"""A number far away from small ones."""


@pytest.mark.parametrize(
    "ids",
    [
        [1], [STRETCH - 1], [STRETCH], [FAR], [1, 2, 3, 4], [1, 2, 3, 4, 5], range(1, 300),
        [*range(5, 20), FAR, FAR + 1], range(STRETCH - 10, STRETCH + 10),
        [7, *range(3 * STRETCH, 4 * STRETCH)],
    ],
)  # fmt: skip
def test_what_is_kept_is_what_was_touched(ferri: Cast, ids: Any) -> None:
    rows = list(Marks(ids).rows(ferri.ferri.account.pk, 1, "lead"))
    assert len(rows) <= len({pk // STRETCH for pk in ids}) * FEW
    for pk in {0, *ids, max(ids) + 1, min(ids) - 1, FAR + 7, STRETCH // 2}:
        met = [Marks([pk]).meets(row.stretch, row.place, row.marks) for row in rows]
        assert (pk, any(met)) == (pk, pk in ids)


def test_marks_of_many_meet_any_of_them() -> None:
    (row,) = Marks(range(10, 20)).rows(1, 1, "lead")
    assert Marks([3, 15, FAR]).meets(row.stretch, row.place, row.marks)
    assert not Marks([3, 9, 20, FAR]).meets(row.stretch, row.place, row.marks)


def test_every_act_on_an_object_is_found_and_no_other(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(8)]
    mine, other = leads[0], leads[7]
    first = door.delete(ugo, leads[:6])
    assert first.entry is not None
    part = door.restore(ugo, first.entry, only=[leads[1].pk])
    rest = door.undo(ugo, first.seq)
    leaving = door.export(ugo, Lead.objects.filter(pk__in=[one.pk for one in leads[:3]]),
                          format="csv")  # fmt: skip
    list(leaving.rows())
    again = door.delete(anna, [mine])
    assert again.entry is not None
    purged = door.purge(anna, again.entry, reason="A test")
    found = touched_objects.acts_on({"lead": [mine.pk]})
    assert found == [purged.seq, again.seq, leaving.seq, rest.seq, first.seq]
    assert touched_objects.acts_on({"lead": [leads[1].pk]}) == [leaving.seq, part.seq, first.seq]
    assert touched_objects.acts_on({"lead": [other.pk]}) == []
    assert touched_objects.acts_on({"comment": [mine.pk]}) == []


def test_an_export_that_is_read_to_no_end_touched_what_had_gone(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    rows = door.export(ferri.actor(ferri.ugo), Lead.objects.order_by("pk"), format="csv").rows()
    next(rows)
    rows.close()  # type: ignore[attr-defined]  # it is a generator
    assert len(touched_objects.acts_on({"lead": [leads[0].pk]})) == 1
    assert touched_objects.acts_on({"lead": [leads[2].pk]}) == []


def test_it_costs_one_statement_for_one_and_for_many(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    many = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(60)]

    def statements(act: Callable[[], Any]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            act()
        return len([one for one in seen if "guard_touched" in one["sql"]])

    assert statements(lambda: door.delete(ugo, many[:1])) == 1
    assert statements(lambda: door.delete(ugo, many[1:])) == 1
    assert Touched.objects.count() == LogEntry.objects.filter(verb="delete").count() == 2


def test_of_a_whole_list_only_rows_near_an_act_are_read(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A list may have a hundred thousand rows: their numbers are not read to tell its story."""
    monkeypatch.setattr(touched_objects, "STRETCH", 8)
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[(f"Name {n}", "", "") for n in range(60)])
    other = a_list(ugo, "Another", rows=[(f"Other {n}", "", "") for n in range(60)])
    left = [row_of(one, f"Name {n}").pk for n in range(16, 24)]
    export = door.export(ugo, Prospect.objects.filter(pk__in=left), format="csv")
    list(export.rows())
    with CaptureQueriesContext(connection) as queries:
        assert export.seq in object_log.acts_on(f"prospecting_list:{one.pk}")
    read = [
        query["sql"]
        for query in queries
        if 'FROM "prospecting_prospect"' in query["sql"] and "MIN(" not in query["sql"]
    ]
    assert 1 <= len(read) <= 4
    assert all('"id" >= ' in sql and '"id" < ' in sql for sql in read)
    assert export.seq not in object_log.acts_on(f"prospecting_list:{other.pk}")
    # Rows in the trash left all the same.
    door.delete(ugo, Prospect.objects.filter(in_list=one))
    assert export.seq in object_log.acts_on(f"prospecting_list:{one.pk}")
