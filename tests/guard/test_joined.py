"""What joins an act of emptying after its entry is told by a further one, for rules that add up."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.guard import door, rewriting
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.people import alerting
from custode.people.alerting import Wanted
from tests.alerts.judged import forget_what_was, judge, opened
from tests.cast import Cast
from tests.guard.emptied import road_of


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


def job(cast: Cast) -> None:
    """The job has come round, after everybody has paused."""
    rewriting.look(Actor.system(cast.ferri.account.pk, "job"), timedelta(0))


@pytest.mark.parametrize("name", ["lead descriptions", "folder names"])
def test_a_rule_of_ones_own_that_adds_up_sees_all_that_was_emptied(ferri: Cast, name: str) -> None:
    road = road_of(name, ferri, ferri.actor(ferri.ugo))
    before = road.said()
    wanted = Wanted("Twelve", acts=("emptied",), counts="objects", at_least=12, within=60)
    key = str(alerting.add(ferri.actor(ferri.anna), wanted).pk)
    forget_what_was(ferri)
    for n in range(11):
        road.empty(n, ".")
    job(ferri)
    judge(ferri)
    assert [(rule, many) for rule, _acts, many in opened()] == [("emptied", 11)]
    road.empty(11, ".")
    job(ferri)
    judge(ferri)
    assert [(rule, many) for rule, _acts, many in opened()] == [("emptied", 12), (key, 12)]
    act, further = acts()
    assert (act.count, further.count, further.about) == (11, 1, act.seq)
    assert (further.kind, further.actor_id) == (road.kind, ferri.ugo.pk)
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert road.said() == before


def test_what_is_written_over_joins_nothing_and_has_entries_of_its_own(ferri: Cast) -> None:
    """Of leads and folders: each entry tells of its own lines, and is undone by itself."""
    road = road_of("lead titles", ferri, ferri.actor(ferri.ugo))
    before = road.said()
    for n in range(11):
        road.empty(n, f"Quite another {n}")
    job(ferri)
    road.empty(11, "Quite another too")
    job(ferri)
    job(ferri)
    assert [(act.count, act.about) for act in acts()] == [(11, None), (1, None)]
    for act in acts():
        door.undo(ferri.actor(ferri.anna), act.seq)
    assert road.said() == before
