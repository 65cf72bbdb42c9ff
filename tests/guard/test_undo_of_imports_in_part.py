"""An import that others have worked on since: that stays, unless somebody takes it along."""

from __future__ import annotations

import pytest

from custode.activities import moves as comment_moves
from custode.guard import door
from custode.guard.door import UndoPart, UndoStatus
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.guard.undoing import by_place, seen, stands


def arrived(cast: Cast, who: Actor, count: int = 4) -> tuple[int, list[Lead]]:
    entry = door.begin_import(who, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(who, entry):
        rows = [Lead(title=f"Row {n}", step=cast.ferri.steps[0], owner=cast.ugo)
                for n in range(count)]  # fmt: skip
        for row in rows:
            row.derive()
        door.save_imported(entry, list(rows))
    seq = door.finish_import(who, entry, details={}).seq
    return seq, list(Lead.objects.order_by("pk"))


def test_an_import_worked_on_since_is_undone_but_for_that(ferri: Cast) -> None:
    anna, ugo, bruna = (ferri.actor(one) for one in (ferri.anna, ferri.ugo, ferri.bruna))
    seq, rows = arrived(ferri, ugo)
    moves.edit(anna, rows[0], title="Called")
    comment_moves.write(bruna, rows[1], "They want an offer")
    moves.edit(ugo, rows[2], title="Mine")  # who imported may correct it, and still undo
    assert by_place(stands(ugo, seq), rows) == [
        UndoStatus.CHANGED, UndoStatus.CHANGED, UndoStatus.AS_LEFT, UndoStatus.AS_LEFT,
    ]  # fmt: skip
    assert by_place(stands(anna, seq), rows)[2] == UndoStatus.CHANGED
    done = door.undo(ugo, seq)
    assert (done.count, done.stayed) == (2, 2)
    with pytest.raises(Gone, match="worked on since"):
        door.undo(ugo, seq)
    looked = seen(ugo, seq, rows[:2])
    comment_moves.write(bruna, rows[1], "And another")
    over = door.undo(ugo, seq, UndoPart(only=frozenset(), over=looked))
    assert (over.count, over.stayed) == (1, 1)
    assert list(Lead.objects.all()) == [rows[1]]
    assert LogEntry.objects.get(seq=over.seq).details == '{"over":1,"taken":true}'


def test_what_the_program_did_by_itself_holds_up_no_undo(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    seq, rows = arrived(ferri, ugo, 1)
    moves.edit(Actor.system(ferri.ferri.account.pk, "standby"), rows[0], title="By the clock")
    assert door.undo(ugo, seq).count == 1
