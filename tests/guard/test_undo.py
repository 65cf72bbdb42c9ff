"""Undo touches what the actor may edit: an act gives nobody a right to its objects for later."""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel.errors import Gone, Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast


def test_an_undone_act_is_not_undone_again(ferri: Cast) -> None:
    lead, ugo = ferri.lead(ferri.ugo), ferri.actor(ferri.ugo)
    act = door.change(ugo, [lead], "step", ferri.ferri.steps[1])
    door.undo(ugo, act.seq)
    with pytest.raises(Gone, match="undone before"):
        door.undo(ugo, act.seq)


def test_undo_leaves_alone_what_was_changed_since(ferri: Cast) -> None:
    ugo, steps = ferri.actor(ferri.ugo), ferri.ferri.steps
    first, second = ferri.lead(ferri.ugo, "A"), ferri.lead(ferri.ugo, "B")
    act = door.change(ugo, Lead.objects.all(), "step", steps[3])
    second.refresh_from_db()
    moves.edit(ugo, second, step=steps[4])
    assert door.undo(ugo, act.seq).count == 1
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.step, second.step) == (steps[0], steps[4])


def test_ones_own_bulk_assignment_can_be_taken_back(ferri: Cast) -> None:
    lead, ugo = ferri.lead(ferri.ugo), ferri.actor(ferri.ugo)
    act = door.change(ugo, [lead], "owner", ferri.bruna)
    with pytest.raises(Refused):
        door.undo(ferri.actor(ferri.bruna), act.seq)
    assert door.undo(ugo, act.seq).count == 1
    assert Lead.objects.get().owner == ferri.ugo


def imported(ferri: Cast, *owners: User | None) -> int:
    """An import by Ugo of a lead for each of these owners; gives its number in the log."""
    ugo = ferri.actor(ferri.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(ugo, entry):
        leads = [Lead(title="Arriving", step=ferri.ferri.steps[0], owner=who) for who in owners]
        for lead in leads:
            lead.derive()
        door.save_imported(entry, list(leads))
    return door.finish_import(ugo, entry, details={}).seq


def test_somebody_elses_import_is_not_undone(ferri: Cast) -> None:
    seq = imported(ferri, ferri.bruna)
    with pytest.raises(Refused, match="Only whoever did this"):
        door.undo(ferri.actor(ferri.bruna), seq)
    assert Lead.objects.exists()


def test_undoing_ones_import_leaves_the_leads_of_others(ferri: Cast) -> None:
    seq = imported(ferri, ferri.ugo, None, ferri.bruna, ferri.bruna)
    act = door.undo(ferri.actor(ferri.ugo), seq)
    assert (act.count, act.stayed) == (2, 2)
    assert [lead.owner for lead in Lead.objects.all()] == [ferri.bruna, ferri.bruna]
    assert LogEntry.objects.get(verb="undo").count == 2
    with pytest.raises(Refused, match="2 of these 2 leads"):
        door.undo(ferri.actor(ferri.ugo), seq)
    assert door.undo(ferri.actor(ferri.anna), seq).count == 2
    with pytest.raises(Gone, match="Nothing of this import is left"):
        door.undo(ferri.actor(ferri.anna), seq)


def test_a_lead_given_away_since_its_import_is_not_taken_along(ferri: Cast) -> None:
    seq = imported(ferri, ferri.ugo, ferri.ugo)
    door.change(ferri.actor(ferri.anna), [Lead.objects.all()[0]], "owner", ferri.bruna)
    assert door.undo(ferri.actor(ferri.ugo), seq).count == 1
    assert Lead.objects.get().owner == ferri.bruna


def test_the_rule_on_deleting_holds_for_the_undo_of_an_import(ferri: Cast) -> None:
    seq = imported(ferri, ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    with pytest.raises(Refused, match="Only admins can delete leads"):
        door.undo(ferri.actor(ferri.ugo), seq)
    assert Lead.objects.exists()


@pytest.mark.parametrize("field", ["step", "tag"])
def test_a_bulk_change_is_not_undone_on_leads_given_away_since(ferri: Cast, field: str) -> None:
    ugo, steps = ferri.actor(ferri.ugo), ferri.ferri.steps
    mine, hers = ferri.lead(ferri.ugo, "Mine"), ferri.lead(ferri.ugo, "Hers")
    if field == "step":
        act = door.change(ugo, Lead.objects.all(), "step", steps[1])
    else:
        hot = tagging.tags_named(ugo, ["Hot"])
        act = door.change_labels(ugo, Lead.objects.all(), "tag", add=hot)
    hers.refresh_from_db()
    moves.edit(ferri.actor(ferri.anna), hers, owner=ferri.bruna)
    back = door.undo(ugo, act.seq)
    assert (back.count, back.stayed) == (1, 1)
    mine.refresh_from_db()
    hers.refresh_from_db()
    assert (mine.step == steps[0], list(mine.tags.all())) == (True, [])
    assert hers.step == steps[1] if field == "step" else hers.tags.count() == 1
    assert LogEntry.objects.get(verb="undo").count == 1


def test_a_bulk_change_of_leads_that_are_all_given_away_is_not_undone(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    act = door.change(ugo, [lead], "step", ferri.ferri.steps[1])
    lead.refresh_from_db()
    moves.edit(ferri.actor(ferri.anna), lead, owner=ferri.bruna)
    with pytest.raises(Refused, match="it belongs to somebody else"):
        door.undo(ugo, act.seq)
    assert LogEntry.objects.filter(verb="undo").values_list("outcome", flat=True).get() == "refused"
    assert door.undo(ferri.actor(ferri.anna), act.seq).count == 1


def test_what_was_given_away_is_not_taken_back_once_its_new_owner_has_touched_it(
    ferri: Cast,
) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    act = door.change(ugo, [lead], "owner", ferri.bruna)
    lead.refresh_from_db()
    moves.edit(ferri.actor(ferri.bruna), lead, title="Bruna's by now")
    with pytest.raises(Refused, match="belongs to somebody else"):
        door.undo(ugo, act.seq)
    assert Lead.objects.get().owner == ferri.bruna


def test_where_everything_was_changed_again_there_is_nothing_to_undo(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    act = door.change(ugo, [lead], "step", ferri.ferri.steps[1])
    door.change(ugo, [lead], "step", ferri.ferri.steps[2])
    with pytest.raises(Gone, match="changed again or deleted since"):
        door.undo(ugo, act.seq)
    assert not LogEntry.objects.filter(verb="undo").exists()


def test_where_everything_was_deleted_for_ever_there_is_nothing_to_undo(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo)
    act = door.change(ugo, [lead], "step", ferri.ferri.steps[1])
    entry = door.delete(ugo, [lead]).entry or 0
    door.purge(ferri.actor(ferri.anna), entry, reason="asked by the customer")
    with pytest.raises(Gone, match="changed again or deleted since"):
        door.undo(ugo, act.seq)


def test_labels_that_change_nothing_are_no_act(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "A")
    hot, cold = tagging.tags_named(ugo, ["Hot", "Cold"])
    moves.set_tags(ugo, lead, [hot])
    told, lines = LogEntry.objects.count(), Change.objects.count()
    for words in ({"add": [hot]}, {"remove": [cold]}, {"add": [hot], "remove": [cold]}):
        act = door.change_labels(ugo, Lead.objects.all(), "tag", **words)
        assert (act.count, act.seq) == (0, 0)
    assert (LogEntry.objects.count(), Change.objects.count()) == (told, lines)
    lead.refresh_from_db()
    before = lead.updated_at
    ferri.lead(ferri.ugo, "B")
    act = door.change_labels(ugo, Lead.objects.all(), "tag", add=[hot])
    assert act.count == LogEntry.objects.get(seq=act.seq).count == 1
    lead.refresh_from_db()
    assert lead.updated_at == before
