"""How the door takes what it is given: nothing, too much, the wrong thing, twice, in the middle."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.guard import door, log, refusals
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, LogPerson, Outcome, TrashEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import moves, tagging
from custode.leads.models import Lead, Tag
from tests.cast import Cast


def test_nothing_to_delete_is_nothing_done(ferri: Cast) -> None:
    before = LogEntry.objects.count()
    assert door.delete(ferri.actor(ferri.ugo), []).count == 0
    assert door.delete(ferri.actor(ferri.ugo), Lead.objects.none()).count == 0
    assert LogEntry.objects.count() == before


def test_two_kinds_at_once_are_refused(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="one kind at a time"):
        door.delete(ferri.actor(ferri.anna), [ferri.lead(), ferri.anna])  # type: ignore[list-item]  # the mistake


def test_what_is_not_declared_cannot_be_deleted(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="not declared"):
        door.delete(ferri.actor(ferri.anna), Tag.objects.all())


def test_a_lead_deleted_twice_is_deleted_once(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    assert door.delete(ferri.actor(ferri.ugo), [lead]).count == 1
    assert door.delete(ferri.actor(ferri.ugo), [lead]).count == 0
    assert TrashEntry.objects.count() == 1


def test_one_lead_and_many_take_the_same_number_of_statements(ferri: Cast) -> None:
    counts = []
    for many in (1, 60):
        for i in range(many):
            ferri.lead(ferri.ugo, f"Lead {i}")
        with CaptureQueriesContext(connection) as queries:
            act = door.delete(ferri.actor(ferri.ugo), Lead.objects.all())
        with CaptureQueriesContext(connection) as back:
            door.restore(ferri.actor(ferri.ugo), act.entry or 0)
        counts.append((len(queries), len(back)))
        door.delete(ferri.actor(ferri.ugo), Lead.objects.all())
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_the_door_is_the_outermost_transaction(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo)
    with pytest.raises(RuntimeError, match="durable"), transaction.atomic():
        door.delete(ferri.actor(ferri.ugo), [lead])
    assert Lead.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_an_ordinary_save_costs_two_statements_more(ferri: Cast) -> None:
    """The lead as it is now, with whether a webhook is to be told, and its line of history."""
    lead = ferri.lead(ferri.ugo)
    with CaptureQueriesContext(connection) as bare:
        lead.save(update_fields=["title"])
    with CaptureQueriesContext(connection) as whole:
        moves.edit(ferri.actor(ferri.anna), lead, title="Scanner 2")
    told = [q["sql"] for q in whole if not q["sql"].startswith(("BEGIN", "COMMIT"))]
    assert len(told) - len([q for q in bare if not q["sql"].startswith(("BEGIN", "COMMIT"))]) == 2


def test_one_may_not_delete_part_of_what_one_asked(ferri: Cast) -> None:
    mine, hers = ferri.lead(ferri.ugo), ferri.lead(ferri.bruna)
    with pytest.raises(Refused, match="1 of these 2 leads"):
        door.delete(ferri.actor(ferri.ugo), [mine, hers])
    assert Lead.objects.count() == 2


def test_repeated_refusals_are_summed_up_and_do_not_flood_the_log(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    leads = [ferri.lead(ferri.ugo)]
    start = clock.now()

    def try_at(seconds: int) -> None:
        with clock.at(start + timedelta(seconds=seconds)), pytest.raises(Refused):
            door.delete(ferri.actor(ferri.ugo), leads)

    def told() -> list[int]:
        found = LogEntry.objects.filter(outcome="refused").order_by("seq")
        return list(found.values_list("count", flat=True))

    for second in range(10):
        try_at(second)
    assert told() == [1]
    try_at(61)
    assert told() == [1, 9, 1]
    try_at(62)
    system = Actor.system(ferri.ferri.account.pk, "refusals")
    with clock.at(start + timedelta(seconds=63)):
        assert refusals.close_windows(system) == 0
    with clock.at(start + timedelta(seconds=200)):
        assert refusals.close_windows(system) == 1
    assert told() == [1, 9, 1, 1]


def test_a_harmless_refusal_hides_nothing_that_follows(ferri: Cast) -> None:
    """What was found by trying: first one lead, then within the same minute all."""
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    device = replace(ferri.actor(ferri.ugo), origin=Origin("192.0.2.7", "Edge", "31"))
    for actor, many in ((ferri.actor(ferri.ugo), 1), (device, 1), (device, 3), (device, 3)):
        with pytest.raises(Refused):
            door.delete(actor, leads[:many])
    told = LogEntry.objects.filter(outcome="refused").order_by("seq")
    assert list(told.values_list("count", "session")) == [(1, ""), (1, "31"), (3, "31")]


def test_a_program_that_tries_ever_new_things_does_not_flood_the_log(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(14)]
    device = replace(ferri.actor(ferri.ugo), origin=Origin("192.0.2.7", "Edge", "31"))
    for many in (*range(1, 11), 14, 12):
        with pytest.raises(Refused):
            door.delete(device, leads[:many])
    with clock.at(clock.now() + timedelta(minutes=2)):
        refusals.close_windows(Actor.system(ferri.ferri.account.pk, "refusals"))
    told = LogEntry.objects.filter(outcome="refused").order_by("seq")
    assert list(told.values_list("count", flat=True)) == [*range(1, 11), 2]
    more = told[10]
    assert json.loads(more.details) == {"repeated": 2, "largest": 14}
    assert (more.about, more.session) == (told[0].seq, "31")
    assert json.loads(LogPerson.objects.get(seq=more.seq).data)["ip"] == "192.0.2.7"


def test_different_refusals_each_stand_in_the_log(ferri: Cast) -> None:
    for verb in (Verb.DELETE, Verb.EXPORT):
        account_moves.set_privacy(ferri.actor(ferri.anna), verb, "lead", True)
    leads = [ferri.lead(ferri.ugo)]
    for who in (ferri.ugo, ferri.bruna):
        with pytest.raises(Refused):
            door.delete(ferri.actor(who), leads)
        with pytest.raises(Refused):
            door.export(ferri.actor(who), Lead.objects.all(), format="csv")
    assert LogEntry.objects.filter(outcome="refused").count() == 4


def test_the_trash_is_purged_when_its_days_are_over(ferri: Cast) -> None:
    account_moves.set_trash_days(ferri.actor(ferri.anna), 7)
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    system = Actor.system(ferri.ferri.account.pk, "trash")
    with clock.at(clock.now() + timedelta(days=6, hours=23)):
        assert door.purge_due(system) == 0
    with clock.at(clock.now() + timedelta(days=7, seconds=1)):
        assert door.purge_due(system) == 1
    assert not Lead.with_trashed.exists()
    purge = LogEntry.objects.get(verb="purge")
    assert (purge.actor_kind, purge.count) == ("system", 1)


def test_an_export_left_in_the_middle_says_so(ferri: Cast) -> None:
    for i in range(3):
        ferri.lead(ferri.ugo, f"Lead {i}")
    rows = door.export(ferri.actor(ferri.ugo), Lead.objects.all(), format="csv").rows()
    next(rows)
    rows.close()  # type: ignore[attr-defined]  # a generator
    end = LogEntry.objects.filter(verb="export").order_by("-seq")[0]
    assert (end.outcome, end.count) == ("broken_off", 1)


def test_of_two_who_find_an_export_killed_one_logs_its_end(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ugo, hold = ferri.actor(ferri.ugo), log.hold
    begun = log.write(ugo, Verb.EXPORT, kind="lead", outcome=Outcome.STARTED)

    def another_is_first(account_id: int) -> LogHead:
        monkeypatch.setattr(log, "hold", hold)
        log.write(
            ugo, Verb.EXPORT, kind="lead", outcome=Outcome.BROKEN_OFF, about=begun.seq,
            details={"killed": True},
        )  # fmt: skip
        return hold(account_id)

    monkeypatch.setattr(log, "hold", another_is_first)
    door.log_killed_export(ugo, begun.seq, "lead")
    assert LogEntry.objects.filter(about=begun.seq, verb="export").count() == 1


def test_an_import_is_unseen_until_it_is_whole(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with (
        pytest.raises(Refused, match="somebody else"),
        door.import_chunk(ferri.actor(ferri.bruna), entry),
    ):
        raise AssertionError
    with door.import_chunk(ugo, entry):
        lead = Lead(title="Arriving", step=ferri.ferri.steps[0])
        lead.derive()
        door.save_imported(entry, [lead])
    assert not Lead.objects.exists()
    with pytest.raises(Gone):
        door.restore(ugo, entry)
    system = Actor.system(ferri.ferri.account.pk, "imports")
    door.abandon_import(system, entry, reason="The file was withdrawn.")
    assert not Lead.with_trashed.exists()
    told = LogEntry.objects.filter(verb="import").order_by("seq").values_list("outcome", flat=True)
    assert list(told) == ["started", "failed"]


def test_the_first_few_of_a_query_can_be_deleted(ferri: Cast) -> None:
    for i in range(3):
        ferri.lead(ferri.ugo, f"Lead {i}")
    assert door.delete(ferri.actor(ferri.ugo), Lead.objects.order_by("title")[:2]).count == 2
    assert Lead.objects.get().title == "Lead 2"


def test_what_is_found_twice_is_taken_once(ferri: Cast) -> None:
    """Asked for any of two tags, a lead that has both is one lead: of Ugo's own, not of others."""
    ugo = ferri.actor(ferri.ugo)
    both = ferri.lead(ferri.ugo, "Both", tags=tagging.tags_named(ugo, ["Hot", "Fair"]))
    ferri.lead(ferri.ugo, "One", tags=tagging.tags_named(ugo, ["Hot"]))
    found = Lead.objects.filter(tags__name__in=["Hot", "Fair"])
    assert found.count() == 3
    assert door.change(ugo, found, "step", ferri.ferri.steps[2]).count == 2
    assert len(list(door.export(ugo, found, format="csv").rows())) == 2
    act = door.delete(ugo, found)
    assert (act.count, LogEntry.objects.get(seq=act.seq).count) == (2, 2)
    both.refresh_from_db()
    assert both.trash_id is not None


def test_of_a_query_over_all_accounts_only_ones_own_are_taken(people: Cast) -> None:
    """The door limits what it is given, however wide the query was when it was made."""
    with scope.account(people.lodi.account.pk):
        theirs = moves.create(people.actor(people.carla), title="Theirs", step=people.lodi.steps[0])
    mine = people.lead(people.anna, "Mine")
    with scope.everywhere("a test"):
        all_of_them = Lead.objects.all()
        assert all_of_them.count() == 2
    with scope.account(people.ferri.account.pk):
        anna = people.actor(people.anna)
        titles = [row[0] for row in door.export(anna, all_of_them, format="csv").rows()]
        assert door.change(anna, all_of_them, "step", people.ferri.steps[2]).count == 1
        assert door.delete(anna, all_of_them).count == 1
    assert len(titles) == 1
    with scope.everywhere("a test"):
        theirs.refresh_from_db()
        mine.refresh_from_db()
    assert (theirs.trash_id, theirs.step_id) == (None, people.lodi.steps[0].pk)
    assert mine.trash_id is not None
