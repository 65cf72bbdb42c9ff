"""What was emptied and became no act, since the process died, becomes one without another edit."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.guard import door, emptying, unfinished_emptying
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.models import Change, LogEntry
from custode.kernel import clock, schedule, scope
from custode.kernel.actor import Actor
from tests.cast import Cast
from tests.guard.emptied import ROADS, Road, road_of


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def killed(monkeypatch: pytest.MonkeyPatch, road: Road, many: int = 11) -> None:
    """Things are emptied one by one, and the process dies after each edit."""
    with monkeypatch.context() as dying:
        dying.setattr(emptying, "settle", lambda actor: None)
        for n in range(many):
            road.empty(n, ".")
    assert acts() == []


def look(cast: Cast, after: timedelta = timedelta(minutes=2)) -> int:
    """The job looks, a little later; gives how many lines it settled."""
    job = schedule.named("what was emptied")
    assert job is not None
    with clock.at(clock.now() + after):
        done = job.work(Actor.system(cast.ferri.account.pk, job.name))
    assert isinstance(done, int)
    return done


@pytest.mark.parametrize("name", [name for name in ROADS if name != "cells"])
def test_it_is_an_act_of_who_emptied_it_with_its_alert_and_its_way_back(
    ferri: Cast, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = road_of(name, ferri, ferri.actor(ferri.ugo))
    before = road.said()
    killed(monkeypatch, road, road.few + 1)
    assert look(ferri) > road.few
    (entry,) = acts()
    assert (entry.kind, entry.actor_kind, entry.actor_id) == (road.kind, "user", ferri.ugo.pk)
    assert entry.entrance == "job"
    judging.judge(ferri.ferri.account.pk)
    assert "emptied" in Alert.objects.values_list("rule", flat=True)
    door.undo(ferri.actor(ferri.anna), entry.seq)
    assert road.said() == before
    assert look(ferri) == 0
    assert len(acts()) == 1


def test_nothing_is_done_where_it_is_not_many(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(monkeypatch, road_of("lead titles", ferri, ferri.actor(ferri.ugo)), 10)
    killed(monkeypatch, road_of("folder names", ferri, ferri.actor(ferri.bruna)), 10)
    assert look(ferri) == 0
    assert acts() == []


def test_what_was_many_is_found_though_the_hour_is_over(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = road_of("lead titles", ferri, ferri.actor(ferri.ugo))
    killed(monkeypatch, road)
    assert look(ferri, timedelta(hours=30)) == 11
    assert [entry.count for entry in acts()] == [11]


def test_what_was_never_many_within_an_hour_is_not_added_up(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    road, now = road_of("lead titles", ferri, ferri.actor(ferri.ugo)), clock.now()
    for n in range(12):
        with clock.at(now + timedelta(minutes=10 * n)):
            road.empty(n, ".")
    assert look(ferri, timedelta(hours=3)) == 0


def test_an_edit_whose_process_is_at_it_is_left_to_it(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    road = road_of("lead titles", ferri, ferri.actor(ferri.ugo))
    killed(monkeypatch, road)
    assert look(ferri, timedelta(seconds=30)) == 0
    emptying.settle(ferri.actor(ferri.ugo))
    assert look(ferri) == 0
    assert len(acts()) == 1


def test_what_was_settled_before_stays_in_its_act(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    ugo = ferri.actor(ferri.ugo)
    titles, folders = road_of("lead titles", ferri, ugo), road_of("folder names", ferri, ugo)
    for n in range(11):
        titles.empty(n, ".")
    (first,) = acts()
    with monkeypatch.context() as dying:
        dying.setattr(emptying, "settle", lambda actor: None)
        folders.empty(0, ".")
    assert look(ferri) == 1
    assert [(one.kind, one.count) for one in acts()] == [("lead", 11), ("client_folder", 1)]
    assert Change.objects.filter(seq=first.seq).count() == 11


def test_each_account_is_looked_at_by_itself(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    killed(monkeypatch, road_of("lead titles", ferri, ferri.actor(ferri.ugo)))
    with scope.account(ferri.lodi.account.pk):
        assert unfinished_emptying.settle_left(Actor.system(ferri.lodi.account.pk, "trial")) == 0
    assert look(ferri) == 11
