"""Cells written over, rows pasted, marks given at once: what stands, and undone in part."""

from __future__ import annotations

import pytest

from custode.guard import door
from custode.guard.door import UndoPart, UndoStatus
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.prospecting import outcomes, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, edit, row_of, texts
from tests.prospecting.test_cells_written_over import acts, cities, thirty, write

LEFT, CHANGED, SETTLED, TRASHED = (
    UndoStatus.AS_LEFT, UndoStatus.CHANGED, UndoStatus.SETTLED, UndoStatus.TRASHED,
)  # fmt: skip


def standing(actor: Actor, one: ProspectingList, rows: range) -> list[UndoStatus]:
    """How these rows stand in the preview of the only act."""
    (preview,) = door.undo_previews(actor, acts()[0])
    found = dict(preview.rows.values_list("pk", "stands"))
    return [UndoStatus(found[row_of(one, f"Name {n}").pk]) for n in rows]


def seen(actor: Actor, one: ProspectingList, *rows: int) -> dict[int, str]:
    """What somebody has seen of these rows in the preview."""
    (preview,) = door.undo_previews(actor, acts()[0])
    ids = [row_of(one, f"Name {n}").pk for n in rows]
    return preview.seen_of(preview.rows.filter(pk__in=ids))


def test_the_preview_tells_what_was_changed_since(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = thirty(ugo)
    both = [edit(one, f"Name {n}", "E-mail", "x@y.example") for n in range(12)]
    sheet.write(ugo, one, both + [edit(one, f"Name {n}", "City", "Bari") for n in range(12)])
    sheet.write(anna, one, [edit(one, "Name 0", "City", "Como")])
    sheet.write(anna, one, [edit(one, "Name 1", name, "z") for name in ("City", "E-mail")])
    sheet.write(anna, one, [edit(one, "Name 2", "City", "Asti"), edit(one, "Name 2", "E-mail", "")])
    door.delete(anna, [row_of(one, "Name 3")])
    assert [*standing(ugo, one, range(3)), *standing(ugo, one, range(4, 6))] == [
        LEFT, CHANGED, SETTLED, LEFT, LEFT,
    ]  # fmt: skip
    (preview,) = door.undo_previews(ugo, acts()[0])
    assert preview.counts() == {LEFT: 9, CHANGED: 1, SETTLED: 1, TRASHED: 1}
    told = preview.states or {}
    first = told[row_of(one, "Name 0").pk]
    assert (first.before, first.after, first.now) == (
        "E-mail: nothing, City: Asti", "E-mail: x@y.example, City: Bari", "City: Como",
    )  # fmt: skip
    second = told[row_of(one, "Name 1").pk]
    assert second.now == "E-mail: z, City: z"
    assert told[row_of(one, "Name 5").pk].now == ""


def test_a_part_of_the_rows_goes_back_and_the_rest_later(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(20))
    (entry,) = acts()
    some = frozenset(row_of(one, f"Name {n}").pk for n in range(5))
    part = door.undo(ugo, entry.seq, UndoPart(only=some))
    assert (part.count, part.stayed) == (5, 0)
    assert cities(one) == ["Asti"] * 5 + ["Bari"] * 15 + ["Asti"] * 10
    with pytest.raises(Gone, match="undone before"):
        door.undo(ugo, entry.seq, UndoPart(only=some))
    most = door.undo(ugo, entry.seq, UndoPart(but=frozenset({row_of(one, "Name 19").pk})))
    assert (most.count, most.stayed) == (14, 0)
    assert cities(one)[19] == "Bari"
    assert door.undo(ugo, entry.seq).count == 1
    assert cities(one) == ["Asti"] * 30
    with pytest.raises(Gone, match="undone before"):
        door.undo(ugo, entry.seq)


def test_what_was_taken_back_is_not_taken_back_again_though_it_reads_so(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(20))
    door.undo(ugo, acts()[0].seq, UndoPart(only=frozenset({row_of(one, "Name 0").pk})))
    write(ugo, one, [0])
    assert standing(ugo, one, range(2)) == [SETTLED, LEFT]
    assert door.undo(ugo, acts()[0].seq).count == 19
    assert cities(one)[0] == "Bari"


def test_what_was_changed_since_is_overwritten_where_one_asks(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = thirty(ugo)
    write(ugo, one, range(12))
    for n in (0, 1):
        sheet.write(anna, one, [edit(one, f"Name {n}", "City", "Como")])
    looked = seen(anna, one, 0, 1)
    # What comes after the look is not what was seen.
    sheet.write(ugo, one, [edit(one, "Name 1", "City", "Pisa")])
    act = door.undo(anna, acts()[0].seq, UndoPart(over=looked))
    assert (act.count, act.stayed) == (11, 1)
    assert cities(one)[:3] == ["Asti", "Pisa", "Asti"]
    undone = LogEntry.objects.latest("seq")
    assert (undone.verb, '"over":1' in undone.details) == ("undo", True)


def test_of_a_row_the_cells_that_were_changed_go_back_too(ferri: Cast) -> None:
    """First what stands, then, as somebody asks for it, what was changed."""
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    both = [edit(one, f"Name {n}", "E-mail", "x@y.example") for n in range(12)]
    sheet.write(ugo, one, both + [edit(one, f"Name {n}", "City", "Bari") for n in range(12)])
    sheet.write(ugo, one, [edit(one, "Name 0", "City", "Como")])
    entry = acts()[0]
    assert door.undo(ugo, entry.seq).count == 12
    assert texts(one)[0] == ["Name 0", "Como", ""]
    assert standing(ugo, one, range(2)) == [CHANGED, SETTLED]
    assert door.undo(ugo, entry.seq, UndoPart(only=frozenset(), over=seen(ugo, one, 0))).count == 1
    assert texts(one)[0] == ["Name 0", "Asti", ""]


def test_rows_that_a_paste_added_stand_until_somebody_works_on_them(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[(f"Name {n}", "Asti", "") for n in range(12)])
    sheet.write(ugo, one, [edit(one, "Name 3", "City", "Bari")])
    assert standing(ugo, one, range(2, 4)) == [LEFT, CHANGED]
    some = frozenset(row_of(one, f"Name {n}").pk for n in range(2))
    assert door.undo(ugo, acts()[0].seq, UndoPart(only=some, over=seen(ugo, one, 3))).count == 3
    (preview,) = door.undo_previews(ugo, acts()[0])
    assert preview.counts() == {LEFT: 9, TRASHED: 3}
    assert [row[0] for row in texts(one)] == [f"Name {n}" for n in (2, *range(4, 12))]
    with pytest.raises(Invalid, match="no such part"):
        door.undo(ugo, acts()[0].seq, UndoPart("lead"))


def test_marks_go_back_in_part_and_over_what_came_since(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    ids = [row_of(one, f"Name {n}").pk for n in range(15)]
    outcomes.mark(ugo, one, ids, Outcome.NOT_INTERESTED)
    outcomes.mark(ugo, one, ids[:1], Outcome.LEFT)
    outcomes.mark(ugo, one, ids[1:2], Outcome.LEFT)
    outcomes.mark(ugo, one, ids[1:2], Outcome.NOT_INTERESTED)
    outcomes.into_leads(ugo, one, ids[2:3], ferri.ferri.steps[0])
    assert standing(ugo, one, range(4)) == [SETTLED, LEFT, SETTLED, LEFT]
    entry = acts()[0]
    assert door.undo(ugo, entry.seq, UndoPart(only=frozenset(ids[3:5]))).count == 2
    assert door.undo(ugo, entry.seq).count == 11
    rows = Prospect.objects.filter(pk__in=ids)
    assert set(rows.values_list("outcome", flat=True)) == {Outcome.LEFT, Outcome.LEAD}


def test_what_goes_on_under_one_entry_is_told_as_a_whole(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    for n in range(14):
        write(ugo, one, [n])
    (entry,) = acts()
    (preview,) = door.undo_previews(ugo, entry)
    assert (entry.count, preview.counts()) == (11, {LEFT: 14})
