"""An undo takes as many statements for one object as for hundreds, whole or in part."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.guard import door
from custode.guard.door import UndoPart, UndoStatus
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.leads import tagging
from custode.leads.models import Lead
from tests.cast import Cast

MANY = 300


def deleted(cast: Cast, who: Actor) -> int:
    return door.delete(who, Lead.objects.all()).seq


def moved(cast: Cast, who: Actor) -> int:
    return door.change(who, Lead.objects.all(), "step", cast.ferri.steps[1]).seq


def tagged(cast: Cast, who: Actor) -> int:
    return door.change_labels(
        who, Lead.objects.all(), "tag", add=tagging.tags_named(who, ["Hot"])
    ).seq


def retired(cast: Cast, who: Actor) -> int:
    return door.retire(who, "lead", "step", cast.ferri.steps[:1], cast.ferri.steps[1]).seq


def imported(cast: Cast, who: Actor) -> int:
    entry = door.begin_import(who, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(who, entry):
        door.save_imported(entry, list(rows(cast, Lead.objects.count())))
    return door.finish_import(who, entry, details={}).seq


def rows(cast: Cast, count: int) -> list[Lead]:
    found = [
        Lead(account=cast.ferri.account, title=f"Lead {n}", step=cast.ferri.steps[0])
        for n in range(count)
    ]
    for one in found:
        one.derive()
    return found


def whole(preview: door.UndoPreview) -> UndoPart:
    return door.WHOLE_ACT


def in_part(preview: door.UndoPreview) -> UndoPart:
    return UndoPart(only=frozenset(preview.rows.values_list("pk", flat=True)))


def but_for_one(preview: door.UndoPreview) -> UndoPart:
    return UndoPart(but=frozenset({-1}))


def overwriting(preview: door.UndoPreview) -> UndoPart:
    changed = preview.rows.exclude(stands=UndoStatus.SETTLED)
    return UndoPart(only=frozenset(), over=preview.seen_of(changed))


@pytest.mark.parametrize("part", [whole, in_part, but_for_one])
@pytest.mark.parametrize("act", [deleted, moved, tagged, retired, imported])
def test_as_many_statements_for_one_as_for_many(
    ferri: Cast, act: Callable[[Cast, Actor], int], part: Callable[[door.UndoPreview], UndoPart]
) -> None:
    assert statements(ferri, act, part, 1) == statements(ferri, act, part, MANY)


def test_overwriting_too(ferri: Cast) -> None:
    def moved_again(cast: Cast, who: Actor) -> int:
        seq = moved(cast, who)
        door.change(who, Lead.objects.all(), "step", cast.ferri.steps[2])
        return seq

    assert statements(ferri, moved_again, overwriting, 1) == statements(
        ferri, moved_again, overwriting, MANY
    )


def statements(
    cast: Cast,
    act: Callable[[Cast, Actor], int],
    part: Callable[[door.UndoPreview], UndoPart],
    many: int,
) -> int:
    """How many statements the undo takes of an act on so many leads; all go back."""
    anna = cast.actor(cast.anna)
    door.delete(anna, Lead.objects.all())
    Lead.objects.bulk_create(rows(cast, many))
    seq = act(cast, anna)
    (preview, *_others) = door.undo_previews(anna, LogEntry.objects.get(seq=seq))
    asked, there = part(preview), preview.rows.count()
    with CaptureQueriesContext(connection) as told:
        assert door.undo(anna, seq, asked).count == there >= many
    return len(told)
