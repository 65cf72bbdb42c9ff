"""Two who undo at once, and one who edits meanwhile: nothing goes back twice or is lost."""

from __future__ import annotations

from functools import partial

import pytest

from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import Change, LogEntry
from custode.kernel.errors import CustodeError, Gone
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.guard.test_at_once import at_once, whole

__all__ = ["whole"]

pytestmark = pytest.mark.django_db(transaction=True)


def test_of_two_undos_at_once_each_object_goes_back_once(whole: Cast) -> None:
    leads = [whole.lead(whole.ugo, f"Lead {n}") for n in range(10)]
    anna, ugo = whole.actor(whole.anna), whole.actor(whole.ugo)
    act = door.change(anna, Lead.objects.all(), "step", whole.ferri.steps[1])
    ids = [lead.pk for lead in leads]
    answers = at_once(
        whole,
        partial(door.undo, anna, act.seq, UndoPart(only=frozenset(ids[:6]))),
        partial(door.undo, anna, act.seq, UndoPart(only=frozenset(ids[4:]))),
        partial(door.undo, anna, act.seq),
    )
    assert sum(one.count for one in answers if isinstance(one, door.Act)) == 10
    assert all(isinstance(one, (door.Act, Gone)) for one in answers)
    back = Change.objects.filter(seq__gt=act.seq)
    assert sorted(back.values_list("object_id", flat=True)) == sorted(ids)
    assert not Lead.objects.exclude(step=whole.ferri.steps[0]).exists()
    assert ugo.id != anna.id


def test_an_edit_during_an_undo_is_overwritten_only_if_it_came_first_and_is_not_lost(
    whole: Cast,
) -> None:
    anna, steps = whole.actor(whole.anna), whole.ferri.steps
    for round_ in range(5):
        lead = whole.lead(whole.ugo, f"Round {round_}")
        act = door.change(anna, [lead], "step", steps[1])
        copy = Lead.objects.get(pk=lead.pk)
        undone, edited = at_once(
            whole,
            partial(door.undo, anna, act.seq),
            partial(moves.edit, anna, copy, step=steps[3]),
        )
        assert not isinstance(edited, CustodeError)
        # Whoever came first: what the person set last stands.
        assert Lead.objects.get(pk=lead.pk).step == steps[3]
        went = not isinstance(undone, CustodeError)
        assert LogEntry.objects.filter(about=act.seq, verb="undo").exists() is went


def test_two_who_overwrite_the_same_do_it_once(whole: Cast) -> None:
    anna, steps = whole.actor(whole.anna), whole.ferri.steps
    lead = whole.lead(whole.ugo)
    act = door.change(anna, [lead], "step", steps[1])
    lead.refresh_from_db()
    moves.edit(anna, lead, step=steps[3])
    (preview,) = door.undo_previews(anna, LogEntry.objects.get(seq=act.seq))
    over = UndoPart(only=frozenset(), over=preview.seen_of(preview.rows))
    answers = at_once(whole, *(partial(door.undo, anna, act.seq, over) for _ in range(3)))
    assert sum(isinstance(one, door.Act) for one in answers) == 1
    assert Lead.objects.get().step == steps[0]
