"""Writing in a list at the same moment, each on a connection of its own."""

from __future__ import annotations

from functools import partial

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Refused
from custode.prospecting import sheet
from custode.prospecting.sheet import Written
from tests.cast import Cast
from tests.guard.test_at_once import at_once
from tests.prospecting.sheets import edit
from tests.prospecting.test_cells_written_over import acts, cities, thirty, write

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 5


def test_a_list_is_not_emptied_by_many_requests_at_once(
    transactional_db: None, ferri: Cast
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = thirty(ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    lots = [[edit(one, f"Name {n}", "City", "") for n in range(at, at + 10)] for at in (0, 10, 20)]
    answers = at_once(ferri, *(partial(sheet.write, ugo, one, lot) for lot in lots))
    assert sum(isinstance(answer, Refused) for answer in answers) == 2
    assert cities(one).count("") == 10


def test_lists_are_not_emptied_by_requests_at_once_of_more_than_ten_cells_each(
    transactional_db: None, ferri: Cast
) -> None:
    """Each empties ten and writes over one more, in lists of their own."""
    ugo = ferri.actor(ferri.ugo)
    lists = [thirty(ugo, f"List {n}") for n in range(3)]
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    lots = [
        [edit(one, f"Name {n}", "City", "" if n else "Bari") for n in range(size)]
        for one, size in zip(lists, (11, 11, 10), strict=True)
    ]
    answers = at_once(
        ferri, *(partial(sheet.write, ugo, *both) for both in zip(lists, lots, strict=True))
    )
    emptied = sum(cities(one).count("") for one in lists)
    assert emptied <= 10
    assert sum(isinstance(answer, Refused) for answer in answers) == 2


def test_of_two_who_undo_it_at_once_one_does(transactional_db: None, ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = thirty(ugo)
    write(ugo, one, range(20))
    seq = acts()[0].seq
    answers = at_once(ferri, partial(door.undo, ugo, seq), partial(door.undo, anna, seq))
    assert sum(isinstance(answer, Gone) for answer in answers) == 1
    assert cities(one) == ["Asti"] * 30
    assert LogEntry.objects.filter(verb="undo").count() == 1


def test_an_undo_and_an_edit_at_once_lose_nothing_and_wait_in_no_circle(
    transactional_db: None, ferri: Cast
) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    for n in range(ROUNDS):
        one = thirty(ugo, f"List {n}")
        write(ugo, one, range(20))
        wanted = edit(one, "Name 3", "City", "Como")
        undone, written = at_once(
            ferri,
            partial(door.undo, anna, acts()[-1].seq),
            partial(sheet.write, ugo, one, [wanted]),
        )
        assert isinstance(written, Written)
        was_first = not written.conflicts
        assert (undone.count, undone.stayed) == ((19, 1) if was_first else (20, 0))
        assert cities(one)[3] == ("Como" if was_first else "Asti")
