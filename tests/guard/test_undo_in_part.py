"""An act undone in part: what stands, what was changed since, and what somebody overwrites."""

from __future__ import annotations

import pytest

from custode.activities import moves as comment_moves
from custode.guard import door
from custode.guard.door import UndoPart, UndoStatus
from custode.guard.models import LogEntry, TrashEntry
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast
from tests.guard.undoing import by_hand, by_place, numbers, seen, stands, steps


@pytest.fixture
def leads(ferri: Cast) -> list[Lead]:
    """Five leads of Ugo's, in the first step."""
    return [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(5)]


def test_a_part_goes_back_and_the_rest_later(ferri: Cast, leads: list[Lead]) -> None:
    ugo = ferri.actor(ferri.ugo)
    first = steps(leads)[0]
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    moved = steps(leads)[0]
    part = door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:2])))
    assert (part.count, part.stayed) == (2, 0)
    assert steps(leads) == [first, first, moved, moved, moved]
    again = door.undo(ugo, act.seq, UndoPart(only=numbers(leads[1:3])))
    assert (again.count, again.stayed) == (1, 0)
    assert steps(leads) == [first, first, first, moved, moved]
    rest = door.undo(ugo, act.seq)
    assert (rest.count, rest.stayed) == (2, 0)
    assert steps(leads) == [first] * 5
    told = LogEntry.objects.filter(verb="undo").values_list("about", "count")
    assert sorted(told) == [(act.seq, 1), (act.seq, 2), (act.seq, 2)]
    with pytest.raises(Gone, match="undone before"):
        door.undo(ugo, act.seq)
    with pytest.raises(Gone, match="undone before"):
        door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:1])))


def test_what_went_back_is_settled_though_somebody_sets_it_anew(
    ferri: Cast, leads: list[Lead]
) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:1])))
    by_hand(ferri, anna, leads[0], 3)
    assert by_place(stands(ugo, act.seq), leads)[:2] == [UndoStatus.SETTLED, UndoStatus.AS_LEFT]


def test_all_but_some_go_back(ferri: Cast, leads: list[Lead]) -> None:
    ugo = ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    done = door.undo(ugo, act.seq, UndoPart(but=numbers(leads[3:])))
    assert (done.count, done.stayed) == (3, 0)
    assert [row == UndoStatus.SETTLED for row in by_place(stands(ugo, act.seq), leads)] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_all_but_some_of_what_was_deleted_come_back(ferri: Cast, leads: list[Lead]) -> None:
    ugo = ferri.actor(ferri.ugo)
    act = door.delete(ugo, Lead.objects.all())
    assert door.undo(ugo, act.seq, UndoPart(but=numbers(leads[3:]))).count == 3
    assert set(Lead.objects.values_list("pk", flat=True)) == numbers(leads[:3])


def test_how_each_stands(ferri: Cast, leads: list[Lead]) -> None:
    anna, ugo, bruna = (ferri.actor(one) for one in (ferri.anna, ferri.ugo, ferri.bruna))
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    by_hand(ferri, anna, leads[1], 3)  # to another step
    by_hand(ferri, anna, leads[2], 0)  # back where it was
    by_hand(ferri, anna, leads[3], 3)  # away, and here again: somebody meant it to be here
    by_hand(ferri, anna, leads[3], 2)
    door.delete(anna, [leads[4]])
    assert by_place(stands(bruna, act.seq), leads) == [
        UndoStatus.AS_LEFT, UndoStatus.CHANGED, UndoStatus.SETTLED, UndoStatus.CHANGED,
        UndoStatus.TRASHED,
    ]  # fmt: skip
    done = door.undo(ugo, act.seq)
    assert (done.count, done.stayed) == (1, 3)


def test_what_an_undo_brought_back_stands_as_the_act_before_left_it(
    ferri: Cast, leads: list[Lead]
) -> None:
    ugo = ferri.actor(ferri.ugo)
    first = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[1])
    second = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    assert set(stands(ugo, first.seq).values()) == {UndoStatus.CHANGED}
    door.undo(ugo, second.seq)
    assert set(stands(ugo, first.seq).values()) == {UndoStatus.AS_LEFT}
    assert door.undo(ugo, first.seq).count == 5
    assert set(stands(ugo, first.seq).values()) == {UndoStatus.SETTLED}


def test_what_went_back_is_not_taken_back_again_though_it_was_set_anew(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:1])))
    by_hand(ferri, anna, leads[0], 2)
    assert door.undo(ugo, act.seq).count == 4
    assert Lead.objects.get(pk=leads[0].pk).step == ferri.ferri.steps[2]


def test_what_was_changed_since_is_overwritten_only_where_it_is_asked_for(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    for lead in leads[:2]:
        by_hand(ferri, anna, lead, 3)
    only = UndoPart(only=numbers(leads[:3]))
    done = door.undo(anna, act.seq, only)
    assert (done.count, done.stayed) == (1, 2)
    over = UndoPart(only=frozenset(), over=seen(anna, act.seq, leads[:1]))
    done = door.undo(anna, act.seq, over)
    assert (done.count, done.stayed) == (1, 0)
    told = [lead.step for lead in Lead.objects.order_by("pk")]
    assert told[:3] == [ferri.ferri.steps[0], ferri.ferri.steps[3], ferri.ferri.steps[0]]
    assert LogEntry.objects.get(seq=done.seq).details == '{"field":"step","over":1}'


def test_what_is_changed_between_the_look_and_the_press_is_left_and_told(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    by_hand(ferri, anna, leads[0], 3)
    looked = seen(anna, act.seq, leads[:1])
    by_hand(ferri, anna, leads[0], 4)  # what was seen has changed again
    by_hand(ferri, anna, leads[1], 4)  # what was seen as untouched has been touched
    done = door.undo(anna, act.seq, UndoPart(only=numbers(leads[1:]), over=looked))
    assert (done.count, done.stayed) == (3, 2)
    left = {lead.step for lead in Lead.objects.filter(pk__in=numbers(leads[:2]))}
    assert left == {ferri.ferri.steps[4]}


def test_an_overwriting_is_taken_back_from_its_own_entry(ferri: Cast, leads: list[Lead]) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    by_hand(ferri, anna, leads[0], 3)
    over = UndoPart(only=frozenset(), over=seen(anna, act.seq, leads[:1]))
    undone = door.undo(anna, act.seq, over)
    assert Lead.objects.get(pk=leads[0].pk).step == ferri.ferri.steps[0]
    with pytest.raises(Refused):
        door.undo(ugo, undone.seq)
    assert door.undo(anna, undone.seq).count == 1
    assert Lead.objects.get(pk=leads[0].pk).step == ferri.ferri.steps[3]
    with pytest.raises(Gone, match="undone before"):
        door.undo(anna, undone.seq)


def test_nobody_overwrites_what_is_not_theirs_to_edit(ferri: Cast, leads: list[Lead]) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    act = door.change(ugo, [leads[0]], "step", ferri.ferri.steps[2])
    leads[0].refresh_from_db()
    moves.edit(anna, leads[0], step=ferri.ferri.steps[3], owner=ferri.bruna)
    over = UndoPart(only=frozenset(), over=seen(ugo, act.seq, leads[:1]))
    with pytest.raises(Refused, match="belongs to somebody else"):
        door.undo(ugo, act.seq, over)
    assert Lead.objects.get(pk=leads[0].pk).step == ferri.ferri.steps[3]


def test_a_part_of_labels_goes_back(ferri: Cast, leads: list[Lead]) -> None:
    ugo = ferri.actor(ferri.ugo)
    (hot,) = tagging.tags_named(ugo, ["Hot"])
    act = door.change_labels(ugo, Lead.objects.all(), "tag", add=[hot])
    assert door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:2]))).count == 2
    assert Lead.objects.filter(tags=hot).count() == 3
    moves.set_tags(ugo, leads[2], [])
    assert by_place(stands(ugo, act.seq), leads) == [
        UndoStatus.SETTLED, UndoStatus.SETTLED, UndoStatus.SETTLED, UndoStatus.AS_LEFT,
        UndoStatus.AS_LEFT,
    ]  # fmt: skip
    moves.set_tags(ugo, leads[0], [hot])
    assert door.undo(ugo, act.seq).count == 2
    assert list(Lead.objects.filter(tags=hot)) == [leads[0]]


def test_a_part_of_a_deletion_comes_back(ferri: Cast, leads: list[Lead]) -> None:
    ugo = ferri.actor(ferri.ugo)
    comment = comment_moves.write(ugo, leads[0], "Along")
    act = door.delete(ugo, Lead.objects.all())
    done = door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:2])))
    assert (done.count, done.stayed) == (2, 0)
    comment.refresh_from_db()
    assert comment.lives
    door.restore(ferri.actor(ferri.anna), act.entry or 0, only=[leads[2].pk])
    late = door.undo(ugo, act.seq, UndoPart(only=numbers(leads[2:4])))
    assert (late.count, late.stayed) == (1, 1)
    assert door.undo(ugo, act.seq, UndoPart(but=frozenset())).count == 1
    assert Lead.objects.count() == 5
    assert TrashEntry.objects.get().state == "restored"


def test_a_retired_step_is_offered_again_with_a_part_of_its_leads(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, (first, second, *_rest) = ferri.actor(ferri.anna), ferri.ferri.steps
    act = door.retire(anna, "lead", "step", [first], second)
    by_hand(ferri, anna, leads[4], 3)
    part = door.undo(anna, act.seq, UndoPart(only=numbers(leads[:2])))
    assert (part.count, part.stayed) == (2, 0)
    first.refresh_from_db()
    assert first.retired_at is None
    rest = door.undo(anna, act.seq)
    assert (rest.count, rest.stayed) == (2, 1)
    over = UndoPart(only=frozenset(), over=seen(anna, act.seq, leads))
    assert door.undo(anna, act.seq, over).count == 1
    assert {lead.step for lead in Lead.objects.all()} == {first}
    with pytest.raises(Gone, match="undone before"):
        door.undo(anna, act.seq)


def test_what_is_retired_again_is_not_offered_by_the_rest_of_the_older_act(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, (first, second, *_rest) = ferri.actor(ferri.anna), ferri.ferri.steps
    act = door.retire(anna, "lead", "step", [first], second)
    door.undo(anna, act.seq, UndoPart(only=numbers(leads[:2])))
    first.refresh_from_db()
    door.retire(anna, "lead", "step", [first], second)
    with pytest.raises(Invalid, match="has been deleted since"):
        door.undo(anna, act.seq)
    first.refresh_from_db()
    assert first.retired_at is not None


def test_where_nothing_of_a_part_goes_back_nothing_is_offered_again(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna, (first, second, *_rest) = ferri.actor(ferri.anna), ferri.ferri.steps
    act = door.retire(anna, "lead", "step", [first], second)
    by_hand(ferri, anna, leads[0], 3)
    with pytest.raises(Gone, match="changed again"):
        door.undo(anna, act.seq, UndoPart(only=numbers(leads[:1])))
    first.refresh_from_db()
    assert first.retired_at is not None


@pytest.mark.parametrize(
    "part", [UndoPart("client_folder"), UndoPart("zzz"), UndoPart("", frozenset({10**12}))]
)
def test_an_act_has_no_other_parts_than_its_own(
    ferri: Cast, leads: list[Lead], part: UndoPart
) -> None:
    anna = ferri.actor(ferri.anna)
    act = door.change(anna, leads, "step", ferri.ferri.steps[1])
    if part.only:
        with pytest.raises(Gone):
            door.undo(anna, act.seq, part)
    else:
        with pytest.raises(Invalid, match="no such part"):
            door.undo(anna, act.seq, part)
    assert not LogEntry.objects.filter(verb="undo").exists()


def test_what_a_part_of_an_act_gave_away_can_be_taken_back(ferri: Cast, leads: list[Lead]) -> None:
    ugo, bruna = ferri.actor(ferri.ugo), ferri.actor(ferri.bruna)
    act = door.change(ugo, Lead.objects.all(), "owner", ferri.bruna)
    leads[0].refresh_from_db()
    moves.edit(bruna, leads[0], title="Bruna's by now")
    done = door.undo(ugo, act.seq, UndoPart(only=numbers(leads[:2])))
    assert (done.count, done.stayed) == (1, 1)
    owners = list(Lead.objects.order_by("pk").values_list("owner", flat=True))
    assert owners == [ferri.bruna.pk, ferri.ugo.pk, *[ferri.bruna.pk] * 3]


def test_what_was_to_be_overwritten_and_is_as_the_act_left_it_again_stays(
    ferri: Cast, leads: list[Lead]
) -> None:
    ugo = ferri.actor(ferri.ugo)
    act = door.change(ugo, Lead.objects.all(), "step", ferri.ferri.steps[2])
    later = door.change(ugo, leads[:1], "step", ferri.ferri.steps[3])
    over = UndoPart(only=frozenset(), over=seen(ugo, act.seq, leads[:1]))
    door.undo(ugo, later.seq)
    with pytest.raises(Gone):
        door.undo(ugo, act.seq, over)
    assert Lead.objects.get(pk=leads[0].pk).step == ferri.ferri.steps[2]
