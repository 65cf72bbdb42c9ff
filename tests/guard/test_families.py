"""What hangs on a thing goes its own way too: each act's entry holds its own, and none is lost."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from custode.guard import door, history, trash
from custode.guard.door import purging
from custode.guard.models import Change, LogEntry, TrashEntry
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from tests.cast import Cast
from tests.guard.kinds import Guest, Journey, Note, Receipt, Stop


@pytest.fixture
def guest(ferri: Cast, journey: Journey) -> Guest:
    """Somebody who waits in Como."""
    found = Guest(stop=Stop.objects.get(place="Como"), name="Ada Neri")
    history.create(ferri.actor(ferri.ugo), found)
    return found


def thrown_away(ferri: Cast, *things: Guarded) -> list[TrashEntry]:
    """Each thing deleted by Ugo in an act of its own, in this order."""
    found = [door.delete(ferri.actor(ferri.ugo), [thing]).entry for thing in things]
    return [entry for entry in found if entry is not None]


def states() -> list[tuple[str, str, int]]:
    """The trash's entries: kind, state, how many."""
    return list(TrashEntry.objects.order_by("pk").values_list("kind", "state", "count"))


def test_a_stop_deleted_before_its_journey_stays_where_it_is(ferri: Cast, journey: Journey) -> None:
    ugo = ferri.actor(ferri.ugo)
    door.delete(ugo, Stop.objects.filter(place="Como"))
    act = door.delete(ugo, [journey])
    door.restore(ugo, act.entry or 0)
    assert [stop.place for stop in Stop.objects.all()] == ["Iseo"]


@pytest.fixture
def notes(ferri: Cast, journey: Journey) -> list[Note]:
    """One note on the journey, one on its stop in Como."""
    found = [
        Note(journey=journey, text="Rain"),
        Note(stop=Stop.objects.get(place="Como"), text="Late"),
    ]
    for note in found:
        history.create(ferri.actor(ferri.ugo), note)
    return found


def test_what_hangs_on_several_kinds_goes_along_with_each(
    ferri: Cast, journey: Journey, notes: list[Note]
) -> None:
    ugo = ferri.actor(ferri.ugo)
    stops = door.delete(ugo, Stop.objects.filter(place="Como"))
    assert stops.along == {"note": 1}
    assert [note.text for note in Note.objects.all()] == ["Rain"]
    whole = door.delete(ugo, [journey])
    assert whole.along == {"stop": 1, "note": 1}
    assert not Note.objects.exists()
    door.restore(ugo, whole.entry or 0)
    assert [note.text for note in Note.objects.all()] == ["Rain"]
    door.restore(ugo, stops.entry or 0)
    assert Note.objects.count() == 2


def test_it_is_told_under_which_of_them_it_lies(
    ferri: Cast, journey: Journey, notes: list[Note]
) -> None:
    _, of_stop, of_journey = thrown_away(ferri, notes[1], notes[1].stop, journey)
    act = door.restore(ferri.actor(ferri.ugo), TrashEntry.objects.get(kind="note"))
    assert act.above == (of_stop, of_journey)


def test_a_purge_takes_it_by_whichever_way_it_hangs(
    ferri: Cast, journey: Journey, notes: list[Note]
) -> None:
    *_, last = thrown_away(ferri, *notes, journey)
    act = door.purge(ferri.actor(ferri.anna), last, reason="wrong country")
    assert act.along == {"stop": 2, "note": 2}
    assert not Note.with_trashed.exists()


def test_it_hangs_on_one_of_them(ferri: Cast, journey: Journey) -> None:
    stop = Stop.objects.first()
    for on in ({}, {"journey": journey, "stop": stop}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Note.objects.create(text="Nowhere", **on)


def test_a_purge_removes_it_with_all_that_hangs_on_it(ferri: Cast, journey: Journey) -> None:
    act = door.delete(ferri.actor(ferri.ugo), [journey])
    door.purge(ferri.actor(ferri.anna), act.entry or 0, reason="wrong country")
    assert not Journey.with_trashed.exists()
    assert not Stop.with_trashed.exists()
    assert not Receipt.objects.exists()
    assert not Change.objects.filter(kind__in=["journey", "stop"]).exists()


def test_a_purge_takes_what_lies_in_older_entries_and_closes_them(
    ferri: Cast, guest: Guest, journey: Journey
) -> None:
    *_, last = thrown_away(ferri, guest, guest.stop, journey)
    assert trash.goes_along(last) == {"stop": 2, "guest": 1}
    act = door.purge(ferri.actor(ferri.anna), last, reason="wrong country")
    assert (act.count, act.along) == (1, {"stop": 2, "guest": 1})
    assert not any(m.with_trashed.exists() for m in (Journey, Stop, Guest))
    assert not Receipt.objects.exists()
    assert not Change.objects.filter(kind__in=["journey", "stop", "guest"]).exists()
    assert states() == [("guest", "purged", 1), ("stop", "purged", 1), ("journey", "purged", 1)]
    assert not TrashEntry.objects.exclude(labels=[]).exists()
    told = json.loads(LogEntry.objects.get(verb="purge").details)
    assert told == {"along": {"stop": 2, "guest": 1}}


def test_an_entry_keeps_what_hangs_on_nothing_that_was_purged(
    ferri: Cast, journey: Journey
) -> None:
    ugo = ferri.actor(ferri.ugo)
    other = Journey(name="Round of the hills", owner_id=ferri.ugo.pk)
    history.create(ugo, other)
    history.create(ugo, Stop(journey=other, place="Asolo"))
    both = door.delete(ugo, Stop.objects.filter(place__in=["Asolo", "Como"])).entry or 0
    (last,) = thrown_away(ferri, journey)
    act = door.purge(ferri.actor(ferri.anna), last, reason="wrong country")
    assert act.along == {"stop": 2}
    assert states() == [("stop", "trashed", 1), ("journey", "purged", 1)]
    assert TrashEntry.objects.get(kind="stop").labels == ["Asolo"]
    assert door.restore(ugo, both).count == 1
    assert [stop.place for stop in Stop.objects.all()] == ["Asolo"]


def test_nothing_that_lives_is_purged_along(ferri: Cast, journey: Journey) -> None:
    stop, last = thrown_away(ferri, Stop.objects.all()[0], journey)
    door.restore(ferri.actor(ferri.ugo), stop)
    with pytest.raises(Invalid, match="1 stop that hangs on this is not in the trash"):
        door.purge(ferri.actor(ferri.anna), last, reason="wrong country")
    assert Stop.objects.count() == 1
    assert Journey.with_trashed.exists()
    assert not LogEntry.objects.filter(verb="purge").exists()


def test_one_entry_that_cannot_be_purged_holds_up_no_other(ferri: Cast, journey: Journey) -> None:
    stop, _ = thrown_away(ferri, Stop.objects.all()[0], journey)
    door.restore(ferri.actor(ferri.ugo), stop)
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    system = Actor.system(ferri.ferri.account.pk, "trash")
    with clock.at(clock.now() + timedelta(days=31)):
        assert door.purge_due(system, most=1) == 1
        assert door.purge_due(system, most=1) == 0
    assert states() == [("stop", "restored", 1), ("journey", "trashed", 1), ("lead", "purged", 1)]


def test_one_purge_that_breaks_holds_up_no_other(
    ferri: Cast, journey: Journey, monkeypatch: pytest.MonkeyPatch
) -> None:
    thrown_away(ferri, journey)
    door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    erase = purging._erase_whole

    def broken(model: type[Journey], gone: object) -> None:
        if model is Journey:
            raise OSError("The disk is full.")
        erase(model, gone)  # type: ignore[arg-type]  # rows

    monkeypatch.setattr(purging, "_erase_whole", broken)
    with clock.at(clock.now() + timedelta(days=31)), pytest.raises(OSError, match="disk is full"):
        door.purge_due(Actor.system(ferri.ferri.account.pk, "trash"))
    assert states() == [("journey", "trashed", 1), ("lead", "purged", 1)]


def test_one_stop_and_many_are_purged_by_the_same_number_of_statements(
    ferri: Cast, journey: Journey
) -> None:
    ugo, counts = ferri.actor(ferri.ugo), []
    for many in (1, 30):
        for place in range(many):
            history.create(ugo, Stop(journey=journey, place=str(place)))
        door.delete(ugo, Stop.objects.filter(place__in=[str(n) for n in range(many)]))
        entry = door.delete(ugo, [journey]).entry or 0
        with CaptureQueriesContext(connection) as queries:
            door.purge(ferri.actor(ferri.anna), entry, reason="wrong country")
        counts.append(len(queries))
        journey = Journey(name="Again", owner_id=ferri.ugo.pk)
        history.create(ugo, journey)
    assert counts[0] == counts[1]


def test_a_restore_names_what_still_lies_in_the_trash_above_it(
    ferri: Cast, guest: Guest, journey: Journey
) -> None:
    low, middle, top = thrown_away(ferri, guest, guest.stop, journey)
    ugo = ferri.actor(ferri.ugo)
    assert door.restore(ugo, low).above == (middle, top)
    assert Guest.objects.get() == guest
    assert not Stop.objects.exists()
    assert door.restore(ugo, middle).above == (top,)
    assert door.restore(ugo, top).above == ()
    assert (Journey.objects.count(), Stop.objects.count()) == (1, 2)


def test_an_undone_deletion_names_it_too(ferri: Cast, journey: Journey) -> None:
    stop, top = thrown_away(ferri, Stop.objects.all()[0], journey)
    assert door.undo(ferri.actor(ferri.ugo), stop.seq).above == (top,)


def test_where_the_parent_lives_nothing_is_named(ferri: Cast, journey: Journey) -> None:
    (stop,) = thrown_away(ferri, Stop.objects.all()[0])
    assert door.restore(ferri.actor(ferri.ugo), stop).above == ()


def test_who_may_not_purge_a_journey_does_not_purge_its_stops(
    ferri: Cast, journey: Journey
) -> None:
    _, top = thrown_away(ferri, Stop.objects.all()[0], journey)
    with pytest.raises(Refused):
        door.purge(ferri.actor(ferri.ugo), top, reason="mine")
    assert (Journey.with_trashed.count(), Stop.with_trashed.count()) == (1, 2)


def test_a_part_of_an_act_takes_what_hangs_on_it_and_no_more(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    journeys = []
    for name in ("Lakes", "Alps"):
        journey = Journey(name=name, owner_id=ferri.ugo.pk)
        history.create(ugo, journey)
        stop = Stop(journey=journey, place=f"Stop of {name}")
        history.create(ugo, stop)
        history.create(ugo, Guest(stop=stop, name=f"Guest of {name}"))
        history.create(ugo, Note(journey=journey, text=f"Note on {name}"))
        history.create(ugo, Note(stop=stop, text=f"Note on the stop of {name}"))
        journeys.append(journey)
    before = Stop.objects.get(place="Stop of Alps")
    gone_before = thrown_away(ferri, Guest.objects.get(stop=before))
    entry = door.delete(ugo, journeys).entry
    assert entry is not None
    assert entry.along == {"stop": 2, "guest": 1, "note": 4}
    door.restore(ugo, entry, only=[journeys[1].pk])
    assert [journey.name for journey in Journey.objects.all()] == ["Alps"]
    assert [stop.place for stop in Stop.objects.all()] == ["Stop of Alps"]
    assert sorted(note.text for note in Note.objects.all()) == [
        "Note on Alps", "Note on the stop of Alps",
    ]  # fmt: skip
    assert not Guest.objects.exists(), "what an act before took stays with that act"
    entry.refresh_from_db()
    assert (entry.count, entry.along) == (1, {"stop": 1, "guest": 1, "note": 2})
    assert TrashEntry.objects.get(pk=gone_before[0].pk).state == "trashed"


def test_a_part_takes_as_many_statements_for_one_as_for_many(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)

    def statements(many: int) -> int:
        made = [Journey(name=f"Journey {n}", owner_id=ferri.ugo.pk) for n in range(many + 1)]
        for journey in made:
            history.create(ugo, journey)
            history.create(ugo, Stop(journey=journey, place="Como"))
        entry = door.delete(ugo, made).entry
        assert entry is not None
        with CaptureQueriesContext(connection) as asked:
            door.restore(ugo, entry, only=[journey.pk for journey in made[:many]])
        return len(asked)

    assert statements(30) == statements(1)
