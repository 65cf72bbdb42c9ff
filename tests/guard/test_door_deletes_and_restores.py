"""Deleting, restoring and purging through the door."""

from __future__ import annotations

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, log
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, TrashEntry
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads.models import Lead, LeadTag, Tag
from custode.leads.moves import set_tags
from custode.leads.tagging import tags_named
from tests.cast import Cast


def test_a_deleted_lead_is_gone_and_comes_back(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    assert act.count == 1
    assert not Lead.objects.exists()
    assert act.entry is not None
    back = door.restore(ferri.actor(ferri.ugo), act.entry)
    assert back.count == 1
    assert Lead.objects.get() == lead


def test_a_part_comes_back_and_the_rest_lies_there_still(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(5)]
    entry = door.delete(ugo, leads).entry
    assert entry is not None
    stranger = ferri.lead(ferri.ugo, "Another")
    other = door.delete(ugo, [stranger]).entry
    act = door.restore(ugo, entry, only=[leads[1].pk, leads[3].pk, stranger.pk, 10**12])
    assert act.count == 2
    assert sorted(lead.title for lead in Lead.objects.all()) == ["Lead 1", "Lead 3"]
    entry.refresh_from_db()
    assert (entry.state, entry.count, entry.labels) == (
        "trashed", 3, ["Lead 0", "Lead 2", "Lead 4"]
    )  # fmt: skip
    noted = LogEntry.objects.get(seq=act.seq)
    assert (noted.verb, noted.count, noted.about) == ("restore", 2, entry.seq)
    with pytest.raises(Gone):
        door.restore(ugo, entry, only=[leads[1].pk])
    with pytest.raises(Gone):
        door.restore(ugo, entry, only=[])
    door.restore(ugo, entry, only=[leads[0].pk, leads[2].pk, leads[4].pk])
    entry.refresh_from_db()
    assert entry.state == "restored"
    assert Lead.objects.count() == 5
    assert other is not None
    assert TrashEntry.objects.get(pk=other.pk).state == "trashed"


def test_what_is_left_of_a_deletion_is_undone_from_the_log(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    act = door.delete(ugo, leads)
    door.restore(ugo, act.entry or 0, only=[leads[0].pk])
    assert door.undo(ugo, act.seq).count == 2
    assert Lead.objects.count() == 3


def test_nobody_restores_a_part_of_what_another_deleted_or_against_a_rule(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    entry = door.delete(ferri.actor(ferri.ugo), leads).entry
    assert entry is not None
    with pytest.raises(Refused):
        door.restore(ferri.actor(ferri.bruna), entry, only=[leads[0].pk])
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    with pytest.raises(Refused):
        door.restore(ferri.actor(ferri.ugo), entry, only=[leads[0].pk])
    assert not Lead.objects.exists()
    assert door.restore(ferri.actor(ferri.anna), entry, only=[leads[0].pk]).count == 1


def test_the_rule_stops_a_user_and_the_refusal_is_logged(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    with pytest.raises(Refused, match=r"Only admins can delete leads\. You can ask Anna Ferri"):
        door.delete(ferri.actor(ferri.ugo), [lead])
    assert Lead.objects.get() == lead
    assert LogEntry.objects.get(outcome="refused").verb == "delete"


def test_only_admins_purge_and_they_say_why(ferri: Cast) -> None:
    act = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    assert act.entry is not None
    with pytest.raises(Refused):
        door.purge(ferri.actor(ferri.ugo), act.entry, reason="mine")
    with pytest.raises(Invalid):
        door.purge(ferri.actor(ferri.anna), act.entry, reason=" ")
    door.purge(ferri.actor(ferri.anna), act.entry, reason="asked by the customer")
    assert not Lead.with_trashed.exists()
    with pytest.raises(Gone):
        door.restore(ferri.actor(ferri.anna), act.entry)


def test_a_purged_leads_tags_and_history_go_with_it(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    lead = ferri.lead(ferri.ugo, tags=tags_named(ugo, ["Hot"]))
    act = door.delete(ugo, [lead])
    door.purge(ferri.actor(ferri.anna), act.entry or 0, reason="asked by the customer")
    assert not LeadTag.objects.exists()
    assert not Change.objects.exists()
    assert [tag.name for tag in Tag.objects.all()] == ["Hot"]


def test_the_chain_holds_after_all_this(ferri: Cast) -> None:
    act = door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    assert act.entry is not None
    door.restore(ferri.actor(ferri.ugo), act.entry)
    assert list(log.verify(ferri.ferri.account.pk)) == []


def test_bulk_changes_go_back(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, title=f"Lead {i}") for i in range(3)]
    step = ferri.ferri.steps[2]
    act = door.change(ferri.actor(ferri.ugo), Lead.objects.all(), "step", step)
    assert act.count == 3
    assert {lead.step_id for lead in Lead.objects.all()} == {step.pk}
    back = door.undo(ferri.actor(ferri.ugo), act.seq)
    assert back.count == 3
    assert {lead.step_id for lead in Lead.objects.all()} == {leads[0].step_id}


def test_bulk_tags_go_back(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo, title=f"Lead {i}") for i in range(3)]
    hot, cold = tags_named(ferri.actor(ferri.ugo), ["Hot", "Cold"])
    set_tags(ferri.actor(ferri.ugo), leads[0], [hot, cold])
    act = door.change_labels(
        ferri.actor(ferri.ugo), Lead.objects.all(), "tag", add=[hot], remove=[cold]
    )
    assert [list(lead.tags.all()) for lead in Lead.objects.order_by("pk")] == [[hot]] * 3
    door.undo(ferri.actor(ferri.ugo), act.seq)
    tags = [[t.name for t in lead.tags.all()] for lead in Lead.objects.order_by("pk")]
    assert tags == [["Cold", "Hot"], [], []]


def test_an_export_is_logged_twice(ferri: Cast) -> None:
    ferri.lead(ferri.ugo)
    leaving = door.export(ferri.actor(ferri.ugo), Lead.objects.all(), format="csv")
    assert len(list(leaving.rows())) == 1
    assert [
        (e.outcome, e.count) for e in LogEntry.objects.filter(verb="export").order_by("seq")
    ] == [
        ("started", 0),
        ("done", 1),
    ]


def test_an_import_arrives_whole(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(ugo, entry):
        door.save_imported(entry, [_new(ferri, f"L{i}") for i in range(4)])
    assert not Lead.objects.exists()
    act = door.finish_import(ugo, entry, details={})
    assert act.count == 4
    assert Lead.objects.count() == 4
    door.undo(ugo, act.seq)
    assert not Lead.objects.exists()
    assert TrashEntry.objects.get(state="trashed").count == 4


def _new(ferri: Cast, title: str) -> Lead:
    lead = Lead(title=title, step=ferri.ferri.steps[0])
    lead.derive()
    return lead
