"""Sharing a list with everybody, or no longer, is an act: in the log, and undone from there."""

from __future__ import annotations

import pytest

from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Refused
from custode.prospecting import moves
from custode.web.security.reading import told
from custode.web.security.sentences import plain
from tests.cast import Cast
from tests.prospecting.sheets import a_list


def last() -> LogEntry:
    return LogEntry.objects.latest("seq")


def said() -> str:
    """What the latest entry tells."""
    (one,) = told([last()])
    return plain(one)


def test_it_is_told_and_undone_either_way(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = a_list(ugo, "Fair")
    for on, words in ((True, "shared"), (False, "stopped sharing")):
        moves.share(ugo, one, on)
        assert said() == f"Ugo Conti {words} the prospecting list Fair with everybody."
        assert (last().verb, last().kind, last().count) == ("change", "prospecting_list", 1)
    unshared = last().seq
    door.undo(anna, unshared)
    one.refresh_from_db()
    assert one.shared_at is not None
    assert said() == "Anna Ferri undid that the prospecting list Fair was no longer shared."
    with pytest.raises(Gone, match="undone before"):
        door.undo(anna, unshared)


def test_what_is_so_already_is_no_act(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    one = a_list(ugo)
    before = last().seq
    moves.share(ugo, one, False)
    assert last().seq == before


def test_who_may_not_is_told_too(ferri: Cast) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    one = a_list(ugo, "Fair")
    moves.share(ugo, one, True)
    with pytest.raises(Refused, match="can share it"):
        moves.share(bruna, one, False)
    assert (last().verb, last().outcome) == ("change", "refused")
    assert said() == (
        "Bruna Sala was not allowed to change with whom the prospecting list Fair is shared."
    )
    with pytest.raises(Refused, match="Only whoever did this"):
        door.undo(bruna, LogEntry.objects.get(verb="change", outcome="done").seq)


def test_a_list_shared_anew_since_stays_as_it_is(ferri: Cast) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one = a_list(ugo)
    moves.share(ugo, one, True)
    first = last().seq
    moves.share(anna, one, False)
    moves.share(anna, one, True)
    with pytest.raises(Gone):
        door.undo(ugo, first)
    (preview,) = door.undo_previews(ugo, LogEntry.objects.get(seq=first))
    act = door.undo(
        ugo, first, door.UndoPart(only=frozenset(), over=preview.seen_of(preview.changed()))
    )
    one.refresh_from_db()
    assert (act.count, one.shared_at) == (1, None)
