"""Several fields of an object were emptied one by one: each comes back by itself, and once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.fields.models import DefaultField
from custode.guard import door
from custode.guard.door import UndoPart
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor, ActorKind
from custode.leads import moves
from custode.leads.models import Lead
from custode.postsales import moves as post_sales
from tests.cast import Cast
from tests.fields.made import a_field
from tests.guard.emptied import LONG
from tests.guard.undoing import seen
from tests.postsales.processes import a_process, tasks, won


@pytest.fixture
def leads(ferri: Cast) -> list[Lead]:
    """Six of Ugo's, whose titles and descriptions he has emptied: twelve fields, one act."""
    ugo = ferri.actor(ferri.ugo)
    made = [
        moves.create(ugo, title=f"Lead number {n}", description=LONG, owner=ferri.ugo)
        for n in range(6)
    ]
    for lead in made:
        moves.edit(ugo, lead, title=".")
        moves.edit(ugo, lead, description=".")
    return made


def the_act() -> int:
    """Its number in the log."""
    return LogEntry.objects.get(verb="change", outcome="done").seq


def says(lead: Lead) -> tuple[str, str]:
    """Title and description as they are now."""
    now = Lead.with_trashed.get(pk=lead.pk)
    return now.title, now.description


def test_what_was_written_again_stays_and_the_other_field_comes_back(
    ferri: Cast, leads: list[Lead]
) -> None:
    anna = ferri.actor(ferri.anna)
    moves.edit(anna, leads[0], description="Wants two lifts, not three.")
    door.undo(anna, the_act())
    assert says(leads[0]) == ("Lead number 0", "Wants two lifts, not three.")
    assert says(leads[1]) == ("Lead number 1", LONG)


def test_a_field_that_came_back_is_not_given_back_again(ferri: Cast, leads: list[Lead]) -> None:
    anna, seq = ferri.actor(ferri.anna), the_act()
    moves.edit(anna, leads[0], description="Wants two lifts, not three.")
    door.undo(anna, seq)
    moves.edit(anna, leads[0], title=".")
    door.undo(anna, seq, UndoPart(only=frozenset(), over=seen(anna, seq, leads[:1])))
    assert says(leads[0]) == (".", LONG)


def test_what_lies_in_the_trash_stays_as_it_is_there(ferri: Cast, leads: list[Lead]) -> None:
    anna = ferri.actor(ferri.anna)
    door.delete(anna, leads[:1])
    door.undo(anna, the_act())
    assert says(leads[0]) == (".", ".")
    assert says(leads[1]) == ("Lead number 1", LONG)


def test_what_sorts_and_finds_a_lead_comes_back_with_its_title(
    ferri: Cast, leads: list[Lead]
) -> None:
    before = Lead.objects.get(pk=leads[0].pk).title_folded
    door.undo(ferri.actor(ferri.anna), the_act())
    after = Lead.objects.get(pk=leads[0].pk).title_folded
    assert (before, after) == (".", "lead number 0")


def test_an_application_of_the_same_number_is_somebody_else(ferri: Cast) -> None:
    """The sixth field that a key empties is not the twelfth of the user whose number it shares."""
    ugo = ferri.actor(ferri.ugo)
    key = replace(ferri.actor(ferri.anna), kind=ActorKind.KEY, id=ugo.id, name="Sync")
    made = [
        moves.create(ugo, title=f"Lead number {n}", description=LONG, owner=ferri.ugo)
        for n in range(12)
    ]
    for n, lead in enumerate(made):
        moves.edit(ugo if n % 2 else key, lead, description=".")
    assert not LogEntry.objects.filter(verb="change").exists()


def tasks_of_processes(cast: Cast, actor: Actor, many: int) -> None:
    """They hang on processes, which hang on leads: whether one lives is no question of its own."""
    names = [f"Call Mrs Neri about lift {n} of {many}" for n in range(many)]
    for task in tasks(a_process(cast, won(cast), None, "Delivery", *names)):
        post_sales.change_task(actor, task, post_sales.Wanted("."))


def own_fields(cast: Cast, actor: Actor, many: int) -> None:
    """What a field is called stands in the database."""
    field = DefaultField.objects.filter(name="Needs").first() or a_field(cast, "Needs")
    for n in range(many):
        lead = cast.lead(cast.ugo, own={field.pk: f"A need of {n} lifts"})
        moves.edit(actor, lead, own={field.pk: "."})


@pytest.mark.parametrize("emptied", [tasks_of_processes, own_fields])
def test_the_preview_asks_no_more_of_many_than_of_few(
    ferri: Cast, emptied: Callable[[Cast, Actor, int], None]
) -> None:
    anna = ferri.actor(ferri.anna)
    asked = []
    for many in (12, 20):
        emptied(ferri, anna, many)
        entry = LogEntry.objects.filter(verb="change", outcome="done").latest("seq")
        with CaptureQueriesContext(connection) as queries:
            (preview,) = door.undo_previews(anna, entry)
        asked.append((preview.rows.count(), len(queries)))
    assert [count for count, _ in asked] == [12, 32]
    assert asked[0][1] == asked[1][1]
