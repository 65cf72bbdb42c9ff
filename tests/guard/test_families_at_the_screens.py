"""What the trash's screens say of what hangs on other things."""

from __future__ import annotations

import pytest
from django.test import Client

from custode.guard import door, history
from custode.guard.models import TrashEntry
from custode.kernel import scope
from custode.leads.models import Lead
from custode.people.models import User
from tests.cast import Cast
from tests.guard.kinds import Journey, Stop


def at_the_screens(who: User) -> Client:
    """Somebody's browser."""
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(who)
    return client


def page(client: Client, address: str, **sent: str) -> str:
    """What a form's answer says."""
    return client.post(address, sent, follow=True).content.decode()


@pytest.fixture
def stop(ferri: Cast, journey: Journey) -> TrashEntry:
    """The entry of a stop that Ugo deleted, and then its journey."""
    ugo = ferri.actor(ferri.ugo)
    entry = door.delete(ugo, Stop.objects.filter(place="Como")).entry
    door.delete(ugo, [journey])
    assert entry is not None
    return entry


@pytest.mark.parametrize("way", ["trash/{0.pk}/restore", "undo/{0.seq}"])
def test_a_restore_offers_what_it_hangs_on(ferri: Cast, stop: TrashEntry, way: str) -> None:
    ugo = at_the_screens(ferri.ugo)
    said = page(ugo, f"/{way.format(stop)}/")
    top = TrashEntry.objects.get(kind="journey")
    assert "What this hangs on is still in the trash: 1 journey “Round of the lakes”." in said
    assert "note-act" in said
    assert f'action="/trash/{top.pk}/restore/"' in said
    said = page(ugo, f"/trash/{top.pk}/restore/")
    assert "Restored: 1 journey" in said
    assert "What this hangs on" not in said
    assert (Journey.objects.count(), Stop.objects.count()) == (1, 2)


def test_it_says_who_can_restore_what_somebody_else_deleted(ferri: Cast, journey: Journey) -> None:
    entry = door.delete(ferri.actor(ferri.ugo), Stop.objects.filter(place="Como")).entry
    assert entry is not None
    door.delete(ferri.actor(ferri.anna), [journey])
    said = page(at_the_screens(ferri.ugo), f"/trash/{entry.pk}/restore/")
    assert "1 journey. Anna Ferri deleted it; only they or an admin can restore it." in said
    assert "note-act" not in said


def test_of_many_it_offers_the_first(ferri: Cast, journey: Journey) -> None:
    ugo = ferri.actor(ferri.ugo)
    journeys = [Journey(name=f"Journey {n}", owner_id=ferri.ugo.pk) for n in range(5)]
    for one in journeys:
        history.create(ugo, one)
        history.create(ugo, Stop(journey=one, place="Asolo"))
    stops = door.delete(ugo, Stop.objects.filter(place="Asolo")).entry
    assert stops is not None
    for one in journeys:
        door.delete(ugo, [one])
    said = page(at_the_screens(ferri.ugo), f"/trash/{stops.pk}/restore/")
    assert said.count("note-act") == 3
    assert "also deleted in 2 more acts" in said


def test_the_question_before_a_purge_counts_what_lies_elsewhere(
    ferri: Cast, stop: TrashEntry
) -> None:
    anna, top = at_the_screens(ferri.anna), TrashEntry.objects.get(kind="journey")
    asked = anna.get(f"/trash/{top.pk}/purge/").content.decode()
    assert "What hangs on it goes too: 2 stops." in asked
    said = page(anna, f"/trash/{top.pk}/purge/", reason="Wrong country")
    assert "Deleted for ever: 1 journey, 2 stops" in said
    told = anna.get("/security/actions/").content.decode()
    assert "for ever, and what hung on it: <b>2 stops</b>." in told


def test_a_purge_that_would_take_something_living_says_what(ferri: Cast, stop: TrashEntry) -> None:
    door.restore(ferri.actor(ferri.ugo), stop)
    top = TrashEntry.objects.get(kind="journey")
    answer = at_the_screens(ferri.anna).post(f"/trash/{top.pk}/purge/", {"reason": "Away"})
    assert answer.status_code == 422
    assert "1 stop that hangs on this is not in the trash." in answer.content.decode()


def test_an_undo_says_how_many_stay(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"L{n}") for n in range(3)]
    act = door.change(ugo, leads, "step", ferri.ferri.steps[1])
    door.change(ferri.actor(ferri.anna), leads[:2], "owner", ferri.bruna)
    said = page(at_the_screens(ferri.ugo), f"/undo/{act.seq}/")
    assert "Undone: 1 lead. 2 others stay as they are: changed or deleted since" in said
    assert Lead.objects.filter(step=ferri.ferri.steps[1]).count() == 2
