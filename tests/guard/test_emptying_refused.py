"""Who is refused to empty more has emptied some: these are one act, told, found and undone."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, emptying, kinds
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.guard.emptied import LONG, ROADS, Road, road_of


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def stopped(cast: Cast, name: str) -> tuple[Road, list[str]]:
    """Ugo empties as many as he may, and is refused one more; gives the road, and what it said."""
    road = road_of(name, cast, cast.actor(cast.ugo))
    ruling = kinds.rules_kind(road.kind)
    account_moves.set_privacy(cast.actor(cast.anna), Verb.DELETE, ruling.name, True)
    before = road.said()
    for n in range(road.few):
        road.empty(n, ".")
    assert acts() == []
    with pytest.raises(Refused):
        road.empty(road.few, ".")
    return road, before


@pytest.mark.parametrize("name", ROADS)
def test_what_went_before_is_one_act_after_the_refusal_and_comes_back(
    ferri: Cast, name: str
) -> None:
    road, before = stopped(ferri, name)
    refused = LogEntry.objects.get(outcome="refused")
    (act,) = acts()
    # Of one folder and one list.
    objects = 1 if name in {"contacts", "column names"} else road.few
    assert (act.kind, act.actor_id, act.count) == (road.kind, ferri.ugo.pk, objects)
    assert (act.seq, act.entrance, '"stopped":true' in act.details) == (
        refused.seq + 1,
        "web",
        True,
    )
    judging.judge(ferri.ferri.account.pk)
    assert "emptied" in Alert.objects.values_list("rule", flat=True)
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert road.said() == before


@pytest.mark.parametrize("name", ["lead titles", "contacts", "cells"])
def test_it_is_no_way_round(ferri: Cast, name: str) -> None:
    """He is refused still, though it has an entry, and though he undoes it; no entry follows."""
    road, _before = stopped(ferri, name)
    with pytest.raises(Refused):
        road.empty(road.few, ".")
    door.undo(ferri.actor(ferri.ugo), acts()[0].seq)
    with pytest.raises(Refused):
        road.empty(0, ".")
    assert len(acts()) == 1


def test_what_is_emptied_when_the_hour_is_over_has_an_entry_of_its_own(ferri: Cast) -> None:
    road, _before = stopped(ferri, "lead titles")
    with clock.at(clock.now() + timedelta(minutes=61)):
        road.empty(10, ".")
        assert len(acts()) == 1
        titles = [lead for lead in Lead.objects.order_by("pk") if lead.title == "."]
        for lead in titles[:9]:
            moves.edit(ferri.actor(ferri.ugo), lead, description="")
        with pytest.raises(Refused):
            moves.edit(ferri.actor(ferri.ugo), titles[9], description="")
    assert [act.count for act in acts()] == [10, 10]


def test_who_empties_too_much_at_once_has_left_nothing_to_tell(ferri: Cast) -> None:
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    account_moves.set_numbers(ferri.actor(ferri.anna), {"many_count": 2})
    lead = ferri.lead(ferri.ugo, description=LONG, amount_minor=500, probability=60)
    with pytest.raises(Refused):
        moves.edit(
            ferri.actor(ferri.ugo), lead, description="", amount_minor=None, probability=None
        )
    assert (LogEntry.objects.filter(outcome="refused").count(), acts()) == (1, [])


@pytest.mark.parametrize("name", ["lead titles", "column names", "cells"])
def test_where_the_process_died_after_the_refusal_the_job_writes_it(
    ferri: Cast, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as dying:
        dying.setattr(emptying, "settle_stopped", lambda actor: None)
        road, before = stopped(ferri, name)
    job = schedule.named("what was emptied")
    assert (job is not None, acts()) == (True, [])
    assert job is not None
    system = Actor.system(ferri.ferri.account.pk, job.name)
    assert job.work(system) == 0
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert job.work(system) == 10
        assert job.work(system) == 0
    (act,) = acts()
    assert (act.actor_id, act.entrance, '"stopped":true' in act.details) == (
        ferri.ugo.pk, "job", True,
    )  # fmt: skip
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert road.said() == before


def test_few_that_were_emptied_without_a_refusal_are_no_act_of_the_job(ferri: Cast) -> None:
    stopped(ferri, "lead titles")
    bruna = road_of("folder names", ferri, ferri.actor(ferri.bruna))
    for n in range(3):
        bruna.empty(n, ".")
    job = schedule.named("what was emptied")
    assert job is not None
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert job.work(Actor.system(ferri.ferri.account.pk, job.name)) == 0
    assert len(acts()) == 1
