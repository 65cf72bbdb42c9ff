"""An undo that empties what an act had filled in: of many fields that is deleting, as by hand."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, rewriting
from custode.guard.door import UndoPart
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from custode.prospecting import columns, sheet
from custode.prospecting import moves as list_moves
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.overwriting import Edit
from tests.alerts.judged import forget_what_was, judge, opened
from tests.cast import Cast
from tests.guard.emptied import LONG
from tests.guard.undoing import seen

AFTER: Final = timedelta(hours=2)
"""When nothing of what was filled in counts any more."""


@pytest.fixture
def filled(ferri: Cast) -> ProspectingList:
    """Anna's shared list of thirty, in which one paste of Ugo's filled in every telephone."""
    one = list_moves.create(
        ferri.actor(ferri.anna), "Fair", ("Company", "City", "Phone"), shared=True
    )
    company, city, phone = (column.pk for column in columns.of(one))
    for some in (range(10), range(10, 20), range(20, 30)):
        new = [{company: f"Name {n}", city: "Asti"} for n in some]
        sheet.write(ferri.actor(ferri.anna), one, rows=new)
    rows = list(Prospect.objects.filter(in_list=one).order_by("pk"))
    sheet.write(
        ferri.actor(ferri.ugo), one,
        [Edit(row.pk, city, "Asti", "Torino") for row in rows[:11]]
        + [Edit(row.pk, phone, "", f"+39 011 {555000 + n}") for n, row in enumerate(rows)],
    )  # fmt: skip
    return one


@pytest.fixture
def described(ferri: Cast) -> list[Lead]:
    """Twelve leads of Ugo's, whose descriptions he wrote where next to nothing had stood."""
    leads = [ferri.lead(ferri.ugo, f"Lead {n}", description="n/a") for n in range(12)]
    for lead in leads:
        moves.edit(ferri.actor(ferri.ugo), lead, description=LONG)
    rewriting.gather_left(Actor.system(ferri.ferri.account.pk, "x"), rests=timedelta(0))
    return leads


def the_act() -> int:
    """The number of what was filled in."""
    return LogEntry.objects.filter(verb="change", outcome="done").latest("seq").seq


def phones(one: ProspectingList) -> list[str]:
    """The telephones of the list, row by row."""
    key = columns.of(one)[2].key
    return [row.cells.get(key, "") for row in Prospect.objects.filter(in_list=one).order_by("pk")]


def reserve(cast: Cast, kind: str) -> None:
    """Anna ticks that only admins delete these."""
    account_moves.set_privacy(cast.actor(cast.anna), Verb.DELETE, kind, True)


def part_of(one: ProspectingList, rows: slice) -> UndoPart:
    """These rows of the list, by their places."""
    ids = list(Prospect.objects.filter(in_list=one).order_by("pk").values_list("pk", flat=True))
    return UndoPart(only=frozenset(ids[rows]))


def test_whoever_may_not_delete_does_not_empty_many_cells_by_undoing(
    ferri: Cast, filled: ProspectingList
) -> None:
    act, before = the_act(), phones(filled)
    reserve(ferri, "prospecting_list")
    with clock.at(clock.now() + AFTER), pytest.raises(Refused) as no:
        door.undo(ferri.actor(ferri.ugo), act)
    assert str(no.value) == (
        "Emptying more than 10 fields within an hour is deleting."
        " Only admins can delete prospecting lists. You can ask Anna Ferri."
    )
    assert no.value.rule == "delete:prospecting_list"
    assert phones(filled) == before
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.outcome, entry.actor_id) == ("undo", "refused", ferri.ugo.pk)
    assert not LogEntry.objects.filter(about=act, outcome="done").exists()


def test_nor_what_others_have_corrected_since(ferri: Cast, filled: ProspectingList) -> None:
    """All was corrected by Anna, who is looked at closely and then chosen to be overwritten."""
    act, phone = the_act(), columns.of(filled)[2]
    rows = list(Prospect.objects.filter(in_list=filled).order_by("pk"))
    sheet.write(
        ferri.actor(ferri.anna), filled,
        [Edit(row.pk, phone.pk, row.cells[phone.key], "+39 02 7654321") for row in rows],
    )  # fmt: skip
    reserve(ferri, "prospecting_list")
    over = seen(ferri.actor(ferri.anna), act, rows[11:])
    with clock.at(clock.now() + AFTER), pytest.raises(Refused):
        door.undo(ferri.actor(ferri.ugo), act, UndoPart(only=frozenset(), over=over))
    assert set(phones(filled)) == {"+39 02 7654321"}


def test_nor_the_descriptions_of_many_leads(ferri: Cast, described: list[Lead]) -> None:
    act = the_act()
    reserve(ferri, "lead")
    with clock.at(clock.now() + AFTER), pytest.raises(Refused, match="Only admins can delete"):
        door.undo(ferri.actor(ferri.ugo), act)
    assert set(Lead.objects.values_list("description", flat=True)) == {LONG}


def test_few_are_taken_back_by_whoever_wrote_them_rule_or_not(
    ferri: Cast, filled: ProspectingList
) -> None:
    act = the_act()
    reserve(ferri, "prospecting_list")
    with clock.at(clock.now() + AFTER):
        back = door.undo(ferri.actor(ferri.ugo), act, part_of(filled, slice(10)))
    assert (back.count, phones(filled)[:11]) == (10, [""] * 10 + ["+39 011 555010"])


def test_in_parts_they_add_up_within_the_hour(ferri: Cast, filled: ProspectingList) -> None:
    act, ugo, later = the_act(), ferri.actor(ferri.ugo), clock.now() + AFTER
    reserve(ferri, "prospecting_list")
    with clock.at(later):
        door.undo(ugo, act, part_of(filled, slice(10)))
        with pytest.raises(Refused):
            door.undo(ugo, act, part_of(filled, slice(10, 11)))
    with clock.at(later + timedelta(minutes=61)):
        assert door.undo(ugo, act, part_of(filled, slice(10, 20))).count == 10
    assert phones(filled).count("") == 20


def test_what_is_emptied_by_hand_counts_with_what_an_undo_empties(
    ferri: Cast, filled: ProspectingList
) -> None:
    """In either order, and what he emptied before the refusal becomes an act of its own."""
    act, ugo, later = the_act(), ferri.actor(ferri.ugo), clock.now() + AFTER
    lead = ferri.lead(ferri.ugo, "Lift", description=LONG)
    reserve(ferri, "prospecting_list")
    reserve(ferri, "lead")
    with clock.at(later):
        door.undo(ugo, act, part_of(filled, slice(10)))
        with pytest.raises(Refused):
            moves.edit(ugo, lead, description="")
    with clock.at(later + timedelta(hours=2)):
        moves.edit(ugo, lead, description="")
        with pytest.raises(Refused):
            door.undo(ugo, act, part_of(filled, slice(10, 20)))
    stopped = LogEntry.objects.latest("seq")
    assert (stopped.verb, stopped.kind, stopped.count) == ("change", "lead", 1)
    assert '"stopped":true' in stopped.details


def test_how_many_are_many_is_the_accounts(ferri: Cast, filled: ProspectingList) -> None:
    act = the_act()
    account_moves.set_numbers(ferri.actor(ferri.anna), {"many_count": 3})
    reserve(ferri, "prospecting_list")
    with clock.at(clock.now() + AFTER):
        with pytest.raises(Refused, match="more than 3 fields"):
            door.undo(ferri.actor(ferri.ugo), act, part_of(filled, slice(4)))
        assert door.undo(ferri.actor(ferri.ugo), act, part_of(filled, slice(3))).count == 3


def test_admins_undo_it_and_so_does_who_did_it_where_no_rule_stands(
    ferri: Cast, filled: ProspectingList, described: list[Lead]
) -> None:
    of_cells, of_leads = LogEntry.objects.filter(verb="change").order_by("seq")
    reserve(ferri, "prospecting_list")
    assert door.undo(ferri.actor(ferri.anna), of_cells.seq).count == 30
    assert door.undo(ferri.actor(ferri.ugo), of_leads.seq).count == 12
    assert set(phones(filled)) == {""}
    assert set(Lead.objects.values_list("description", flat=True)) == {"n/a"}


def test_bringing_back_what_was_emptied_empties_nothing(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}", description=LONG) for n in range(12)]
    for lead in leads:
        moves.edit(ugo, lead, description="")
    reserve(ferri, "lead")
    assert door.undo(ugo, the_act()).count == 12
    assert set(Lead.objects.values_list("description", flat=True)) == {LONG}


def test_where_it_is_allowed_admins_are_told(ferri: Cast, filled: ProspectingList) -> None:
    """An undo that fills again what somebody emptied tells nobody anything."""
    ugo, act = ferri.actor(ferri.ugo), the_act()
    with clock.at(clock.now() + AFTER):
        forget_what_was(ferri)
        door.undo(ugo, act, part_of(filled, slice(10)))
        judge(ferri)
        assert opened() == []
        door.undo(ugo, act, part_of(filled, slice(10, 12)))
        judge(ferri)
    assert opened() == [("emptied", 1, 2)]
    entry = LogEntry.objects.filter(verb="undo").latest("seq")
    assert '"empties":2' in entry.details


def test_an_undo_over_what_was_written_since_counts_as_writing_over(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}", description=LONG) for n in range(50)]
    for lead in leads:
        moves.edit(ugo, lead, description="Has bought a crane for the harbour of Genoa instead.")
    rewriting.gather_left(Actor.system(ferri.ferri.account.pk, "x"), rests=timedelta(0))
    act = the_act()
    with clock.at(clock.now() + AFTER):
        forget_what_was(ferri)
        for lead in leads:
            lead.refresh_from_db()
            moves.edit(anna, lead, description="Mr Gallo decides in May, with the board's consent.")
        over = seen(anna, act, leads)
        door.undo(ugo, act, UndoPart(only=frozenset(), over=over))
        judge(ferri)
    assert opened() == [("overwritten", 1, 50)]
    assert set(Lead.objects.values_list("description", flat=True)) == {LONG}
