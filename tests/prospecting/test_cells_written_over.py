"""Many cells written over are one act: in the log, and undone from there. Few are editing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Refused
from custode.prospecting import columns, moves, outcomes, sheet
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, add, edit, row_of, texts


def thirty(actor: Actor, title: str = "Fair") -> ProspectingList:
    """A list of thirty people in Asti, brought in lots that nobody takes for an act."""
    one = a_list(actor, title, rows=())
    for n in range(0, 30, 10):
        add(actor, one, [(f"Name {k}", "Asti", "") for k in range(n, n + 10)])
    return one


def write(who: Actor, one: ProspectingList, rows: Iterable[int], text: str = "Bari") -> None:
    """Write into the cities of some rows, as one act."""
    sheet.write(who, one, [edit(one, f"Name {n}", "City", text) for n in rows])


def cities(one: ProspectingList) -> list[str]:
    return [city for _name, city, _mail in texts(one)]


def acts() -> list[LogEntry]:
    return list(LogEntry.objects.filter(verb="change", kind="prospect").order_by("seq"))


# How many cells are written over, at once -> whether it is an act.
AT_ONCE = {1: False, 10: False, 11: True, 30: True}


@pytest.mark.parametrize(("cells", "act"), AT_ONCE.items())
def test_more_than_ten_cells_at_once_are_an_act_with_its_undo(
    ferri: Cast, cells: int, act: bool
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(cells))
    assert [entry.count for entry in acts()] == ([cells] if act else [])
    lines = Change.objects.filter(field=columns.of(one)[1].key, new="Bari")
    assert lines.filter(seq__isnull=False).count() == (cells if act else 0)
    if act:
        back = door.undo(ugo, acts()[0].seq)
        assert (back.count, back.stayed) == (cells, 0)
        assert cities(one) == ["Asti"] * 30


def test_the_threshold_is_met_one_by_one_too_and_what_follows_within_the_hour_belongs_to_it(
    ferri: Cast,
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    start = clock.now()
    for n in range(20):
        with clock.at(start + timedelta(minutes=2 * n)):
            write(ugo, one, [n])
    (entry,) = acts()
    assert (entry.count, '"cells":11' in entry.details) == (11, True)
    with clock.at(start + timedelta(minutes=50)):
        assert door.undo(ugo, entry.seq).count == 20
    assert cities(one) == ["Asti"] * 30


def test_how_many_are_many_is_the_accounts(ferri: Cast) -> None:
    """The settings by which deletions are many are those of cells, too; an hour counts at least."""
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = thirty(ugo)
    account_moves.set_numbers(anna, {"many_count": 3, "many_minutes": 120})
    account_moves.set_privacy(anna, Verb.DELETE, "prospecting_list", True)
    write(ugo, one, range(3))
    assert acts() == []
    with clock.at(clock.now() + timedelta(minutes=110)):
        write(ugo, one, [3])
    assert ['"cells":4' in entry.details for entry in acts()] == [True]
    with clock.at(clock.now() + timedelta(hours=9)), pytest.raises(Refused, match="more than 3"):
        write(ugo, one, range(4, 8), "")
    with clock.at(clock.now() + timedelta(hours=9)):
        ids = [row_of(one, f"Name {n}").pk for n in range(4)]
        outcomes.mark(ugo, one, ids, Outcome.NOT_INTERESTED)
    assert ['"marked"' in entry.details for entry in acts()] == [False, True]
    account_moves.set_numbers(anna, {"many_count": 25})
    with clock.at(clock.now() + timedelta(hours=18)):
        write(ugo, one, range(25), "Como")
    assert len(acts()) == 2


def test_after_an_hour_the_count_begins_anew(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(10))
    with clock.at(clock.now() + timedelta(minutes=61)):
        write(ugo, one, range(10, 20))
    assert acts() == []
    with clock.at(clock.now() + timedelta(minutes=62)):
        write(ugo, one, [20])
    assert len(acts()) == 1
    with clock.at(clock.now() + timedelta(minutes=62 + 61)):
        write(ugo, one, [21])
    assert Change.objects.order_by("-pk")[0].seq is None


def test_what_others_write_and_what_was_empty_does_not_count(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = thirty(ugo)
    moves.share(ugo, one, True)
    write(ugo, one, range(10))
    write(bruna, one, range(10, 20))
    sheet.write(ugo, one, [edit(one, f"Name {n}", "E-mail", "a@b.example") for n in range(30)])
    assert acts() == []


def test_cells_in_several_lists_count_together(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    for title in ("One", "Two"):
        write(ugo, thirty(ugo, title), range(6))
    (entry,) = acts()
    assert door.undo(ugo, entry.seq).count == 12
    assert {row.cells[key] for row in Prospect.objects.all() for key in row.cells} >= {"Asti"}
    assert not Prospect.objects.filter(searched__contains="bari").exists()


def test_what_was_undone_takes_nothing_more_in(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    for n in range(11):
        write(ugo, one, [n])
    (entry,) = acts()
    door.undo(ugo, entry.seq)
    write(ugo, one, [20])
    assert Change.objects.order_by("-pk")[0].seq is None


def test_a_paste_of_rows_is_one_act_and_its_undo_moves_them_to_the_trash(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    before = texts(one)
    numbers = [column.pk for column in columns.of(one)]
    wanted = [edit(one, f"Name {n}", "City", "Bari") for n in range(25)]
    rows = [dict(zip(numbers, (f"New {n}", "Bari", ""), strict=True)) for n in range(500)]
    sheet.write(ugo, one, wanted, rows)
    (entry,) = acts()
    assert entry.count == 525
    back = door.undo(ugo, entry.seq)
    assert (back.count, back.stayed, texts(one)) == (525, 0, before)
    undone = LogEntry.objects.filter(verb="undo", about=entry.seq).order_by("seq")
    assert [(one.count, one.outcome) for one in undone] == [(25, "done"), (500, "done")]
    again = door.undo(ugo, undone[1].seq)
    assert again.count == 500
    assert len(texts(one)) == 530


def test_ten_rows_more_are_no_act(ferri: Cast) -> None:
    thirty(ferri.actor(ferri.ugo))
    assert acts() == []


def test_undo_leaves_alone_what_was_written_since_cell_by_cell(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    changes = [
        edit(one, f"Name {n}", name, text)
        for n in range(12)
        for name, text in (("City", "Bari"), ("E-mail", "x@y.example"))
    ]
    sheet.write(ugo, one, changes)
    sheet.write(ugo, one, [edit(one, "Name 0", "City", "Como")])
    sheet.write(ugo, one, [edit(one, "Name 1", name, "z") for name in ("City", "E-mail")])
    door.delete(ugo, [row_of(one, "Name 2")])
    (entry,) = [act for act in acts() if act.count == 12]
    back = door.undo(ugo, entry.seq)
    assert (back.count, back.stayed) == (10, 2)
    assert texts(one)[0] == ["Name 0", "Como", ""]
    assert texts(one)[1] == ["Name 1", "z", "z"]
    assert texts(one)[2] == ["Name 3", "Asti", ""]


def test_new_rows_in_which_somebody_has_worked_since_stay(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo, rows=[(f"Name {n}", "Asti", "") for n in range(12)])
    sheet.write(ugo, one, [edit(one, "Name 3", "City", "Bari")])
    outcomes.mark(ugo, one, [row_of(one, "Name 4").pk], Outcome.NOT_INTERESTED)
    back = door.undo(ugo, acts()[0].seq)
    assert (back.count, back.stayed) == (10, 2)
    assert [row[0] for row in texts(one)] == ["Name 3", "Name 4"]


# Who wrote over Ugo's shared list, who undoes it -> done, refused, or nothing left of it.
WHO = [
    ("ugo", "ugo", "done"),
    ("ugo", "anna", "done"),
    ("ugo", "bruna", "refused"),
    ("bruna", "bruna", "done"),
    ("bruna", "ugo", "refused"),
    ("bruna", "bruna, no longer shared", "nothing left"),
]


@pytest.mark.parametrize(("writer", "undoer", "answer"), WHO)
def test_who_may_undo_it(ferri: Cast, writer: str, undoer: str, answer: str) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    moves.share(ugo, one, True)
    write(ferri.actor(getattr(ferri, writer)), one, range(20))
    name, _comma, closed = undoer.partition(",")
    if closed:
        closed_to_others = Sharing("admins", False, "managers", "everybody")
        sharing.change(ferri.actor(ferri.anna), closed_to_others)
        moves.share(ugo, one, False)
        ferri.bruna.account.refresh_from_db()
    actor, seq = ferri.actor(getattr(ferri, name)), acts()[0].seq
    if answer == "done":
        assert door.undo(actor, seq).count == 20
        with pytest.raises(Gone, match="undone before"):
            door.undo(actor, seq)
    else:
        with pytest.raises(Refused if answer == "refused" else Gone):
            door.undo(actor, seq)
        assert cities(one).count("Bari") == 20
        refused = LogEntry.objects.filter(verb="undo", outcome="refused")
        assert refused.exists() is (answer == "refused")


def test_rows_that_a_paste_added_go_by_the_rule_on_deleting(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = a_list(ugo, rows=[(f"Name {n}", "Asti", "") for n in range(12)])
    account_moves.set_privacy(anna, Verb.DELETE, "prospecting_list", True)
    with pytest.raises(Refused, match="Only admins can delete prospecting lists"):
        door.undo(ugo, acts()[0].seq)
    assert len(texts(one)) == 12
    assert door.undo(anna, acts()[0].seq).count == 12
    assert texts(one) == []


def test_a_list_that_others_have_open_learns_of_the_undo(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    write(ugo, one, range(20))
    one.refresh_from_db()
    before = one.updated_at
    door.undo(ugo, acts()[0].seq)
    one.refresh_from_db()
    assert one.updated_at > before


def test_an_act_that_goes_on_ends_at_a_hundred_cells_and_another_begins(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    for n in range(15):
        write(ugo, one, range(10), f"City {n}")
    first, second = acts()
    of_first = Change.objects.filter(kind="prospect", seq=first.seq).count()
    assert 100 <= of_first <= 110
    assert Change.objects.filter(kind="prospect", seq=second.seq).count() + of_first == 150


def test_undoing_the_first_of_two_takings_does_not_undo_the_second(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    city = columns.of(one)[1]
    first = columns.take_out(ugo, city)
    columns.put_back(ugo, columns.taken_out(one)[0])
    second = columns.take_out(ugo, columns.of(one)[1])
    with pytest.raises(Gone):
        door.undo(ugo, first.seq)
    assert [column.name for column in columns.taken_out(one)] == [city.name]
    door.undo(ugo, second.seq)
    assert columns.taken_out(one) == []
