"""A field or a choice comes back, by itself or by an undo, only where there is room for it."""

from __future__ import annotations

import pytest

from custode.fields import models, moves
from custode.fields.models import FieldChoice, Sort
from custode.guard import door
from custode.kernel.errors import Invalid
from tests.cast import Cast
from tests.fields.made import a_field


def test_a_field_comes_back_by_no_way_beside_another_of_its_name(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    gone = a_field(ferri, "Région")
    act = moves.retire(anna, gone, True)
    a_field(ferri, "REGION")
    for way in (lambda: moves.retire(anna, gone, False), lambda: door.undo(anna, act.seq)):
        with pytest.raises(Invalid, match="There is a field “REGION” already"):
            way()
    assert [one.name for one in moves.offered("lead")] == ["REGION"]


def test_there_are_never_more_fields_than_there_may_be(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = ferri.actor(ferri.anna)
    monkeypatch.setattr(models, "MOST", 2)
    one, _two = a_field(ferri, "One"), a_field(ferri, "Two")
    act = moves.retire(anna, one, True)
    a_field(ferri, "Three")
    for way in (lambda: moves.retire(anna, one, False), lambda: door.undo(anna, act.seq)):
        with pytest.raises(Invalid, match="There are 2 fields already"):
            way()
    assert len(moves.offered("lead")) == 2


def test_a_field_keeps_a_choice_whichever_way_one_comes(ferri: Cast) -> None:
    anna, field = ferri.actor(ferri.anna), a_field(ferri, "Region", Sort.CHOICE, "North", "South")
    north, south = FieldChoice.objects.order_by("pk")
    moves.retire_choice(anna, north, True)
    back = moves.retire_choice(anna, north, False)
    moves.retire_choice(anna, south, True)
    for way in (lambda: moves.retire_choice(anna, north, True), lambda: door.undo(anna, back.seq)):
        with pytest.raises(Invalid, match="“North” is the last choice"):
            way()
    moves.add_choice(anna, field, "south")
    with pytest.raises(Invalid, match="There is a choice “South” already"):
        moves.retire_choice(anna, south, False)
    assert [one.name for one in FieldChoice.offered.all()] == ["North", "south"]
