"""The undo of a cut puts the earlier text in the place of another: that is cutting down, too."""

from __future__ import annotations

import pytest

from custode.activities import moves
from custode.activities.files import Incoming
from custode.activities.models import Comment
from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import LogEntry
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from tests.activities.test_cut_comments import SAID, _own_folder, cuts, edit, lead, rule, written
from tests.cast import Cast

__all__ = ["_own_folder", "lead"]

SINCE = "Mr Gallo bought the crane instead, and wants to hear from us again only next autumn."


def cut_and_written_again(cast: Cast, it: Comment) -> UndoPart:
    """Ugo cuts his comment down, and writes another one in its place; what the preview tells."""
    edit(cast, it, "x")
    it.refresh_from_db()
    edit(cast, it, SINCE)
    (preview,) = door.undo_previews(cast.actor(cast.ugo), cuts()[0])
    return UndoPart(only=frozenset(), over=preview.seen_of(preview.rows))


def says(it: Comment) -> str:
    it.refresh_from_db()
    return it.text


def test_what_was_written_since_is_not_cut_down_past_the_rule(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    over = cut_and_written_again(ferri, it)
    rule(ferri)
    with pytest.raises(Refused, match="Only admins can delete comments or e-mails"):
        door.undo(ferri.actor(ferri.ugo), cuts()[0].seq, over)
    assert says(it) == SINCE
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.outcome) == ("undo", "refused")
    door.undo(ferri.actor(ferri.anna), cuts()[0].seq, over)
    assert says(it) == SAID


def test_nor_are_files_taken_away_that_came_with_the_cut(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    offer = [Incoming("offer.txt", 3, [b"abc"])]
    moves.edit(ferri.actor(ferri.ugo), it, "x", None, attached=offer, was=moves.versions(it))
    rule(ferri)
    with pytest.raises(Refused):
        door.undo(ferri.actor(ferri.ugo), cuts()[0].seq)
    assert says(it) == "x"


def test_what_only_comes_back_takes_nothing_away(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    edit(ferri, it, "x")
    rule(ferri)
    door.undo(ferri.actor(ferri.ugo), cuts()[0].seq)
    assert says(it) == SAID


def test_without_the_rule_whoever_wrote_it_puts_it_back(ferri: Cast, lead: Lead) -> None:
    it = written(ferri, lead)
    over = cut_and_written_again(ferri, it)
    door.undo(ferri.actor(ferri.ugo), cuts()[0].seq, over)
    assert says(it) == SAID
