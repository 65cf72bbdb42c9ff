"""Many deletions: added up for each actor, one by one or together, of whatever kind."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.activities import moves as comment_moves
from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.models import LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor, Origin
from custode.leads.models import Lead
from custode.people import alerting
from custode.prospecting.models import ProspectingList
from tests.alerts.judged import acts_of, judge, opened, set_rule
from tests.cast import Cast
from tests.prospecting.sheets import a_list, add


def delete_one_by_one(cast: Cast, many: int, who: Actor | None = None) -> list[int]:
    """Ugo deletes so many of his leads, one after the other; gives the numbers of the acts."""
    actor = who or cast.actor(cast.ugo)
    return [door.delete(actor, [cast.lead(cast.ugo, f"Lead {n}")]).seq for n in range(many)]


def test_ten_single_deletions_are_many_as_one_of_ten_is(calm: Cast) -> None:
    acts = delete_one_by_one(calm, 10)
    judge(calm)
    assert opened() == [("many", 10, 10)]
    assert acts_of(Alert.objects.get(acknowledged_at=None)) == acts
    bruna = calm.actor(calm.bruna)
    door.delete(bruna, [calm.lead(calm.bruna, f"Lead {n}") for n in range(10)])
    judge(calm)
    assert opened() == [("many", 10, 10), ("many", 1, 10)]


def test_nine_are_not_many(calm: Cast) -> None:
    delete_one_by_one(calm, 9)
    judge(calm)
    assert opened() == []


def test_judged_one_at_a_time_they_are_many_all_the_same(calm: Cast) -> None:
    for _ in range(10):
        delete_one_by_one(calm, 1)
        judge(calm)
    assert opened() == [("many", 10, 10)]


def test_what_follows_joins_and_makes_no_second_alert(calm: Cast) -> None:
    delete_one_by_one(calm, 10)
    judge(calm)
    delete_one_by_one(calm, 25)
    judge(calm)
    assert opened() == [("many", 35, 35)]


def test_two_people_are_not_added_up(calm: Cast) -> None:
    delete_one_by_one(calm, 9)
    bruna = calm.actor(calm.bruna)
    door.delete(bruna, [calm.lead(calm.bruna, f"Lead {n}") for n in range(9)])
    judge(calm)
    assert opened() == []


def test_two_sessions_and_two_kinds_of_one_person_are_added_up(calm: Cast) -> None:
    phone = replace(calm.actor(calm.ugo), origin=Origin("192.0.2.9", "", "77"))
    lead = calm.lead(calm.ugo, "Kept")
    said = [comment_moves.write(calm.actor(calm.ugo), lead, f"Said {n}") for n in range(4)]
    delete_one_by_one(calm, 3)
    delete_one_by_one(calm, 3, phone)
    door.delete(calm.actor(calm.ugo), said)
    judge(calm)
    assert opened() == [("many", 7, 10)]


def test_what_is_restored_in_between_was_deleted_all_the_same(calm: Cast) -> None:
    for n in range(5):
        act = door.delete(
            calm.actor(calm.ugo), [calm.lead(calm.ugo, f"Lead {n}{m}") for m in range(2)]
        )
        assert act.entry is not None
        door.restore(calm.actor(calm.ugo), act.entry)
    judge(calm)
    assert opened() == [("many", 5, 10)]


def test_the_rows_of_a_deleted_list_count(calm: Cast) -> None:
    ugo = calm.actor(calm.ugo)
    a_list(ugo, "Small", [("Rossi", "", "")])
    a_list(ugo, "Long", [(f"Rossi {n}", "", "") for n in range(9)])
    door.delete(ugo, ProspectingList.objects.filter(title="Small"))
    judge(calm)
    assert opened() == []
    door.delete(ugo, ProspectingList.objects.filter(title="Long"))
    judge(calm)
    assert opened() == [("many", 2, 12)]


def test_what_was_only_said_about_a_lead_does_not_count(calm: Cast) -> None:
    ugo, lead = calm.actor(calm.ugo), calm.lead(calm.ugo)
    for n in range(12):
        comment_moves.write(ugo, lead, f"Said {n}")
    door.delete(ugo, [lead])
    judge(calm)
    assert opened() == []


def test_an_undone_import_takes_away_many(calm: Cast) -> None:
    anna = calm.actor(calm.anna)
    entry = door.begin_import(anna, "lead", details={}, labels=["leads.csv"])
    with door.import_chunk(anna, entry):
        step = calm.ferri.steps[0]
        door.save_imported(entry, [Lead(title=f"Row {n}", step=step) for n in range(12)])
    act = door.finish_import(anna, entry, details={})
    judge(calm)
    assert opened() == []
    door.undo(anna, act.seq)
    judge(calm)
    assert opened() == [("many", 1, 12)]


def test_an_undone_paste_takes_away_many(calm: Cast) -> None:
    ugo = calm.actor(calm.ugo)
    one = a_list(ugo, rows=())
    add(ugo, one, [(f"Name {n}", "Asti", "") for n in range(12)])
    judge(calm)
    assert opened() == []
    door.undo(ugo, LogEntry.objects.get(verb="change", kind="prospect").seq)
    judge(calm)
    assert opened() == [("many", 1, 12)]


def test_threshold_and_window_are_the_accounts(calm: Cast) -> None:
    anna = calm.actor(calm.anna)
    account_moves.set_numbers(anna, {"many_count": 3, "many_minutes": 60})
    start = clock.now()
    for minutes in (0, 30, 59):
        with clock.at(start + timedelta(minutes=minutes)):
            delete_one_by_one(calm, 1)
    judge(calm)
    assert ("many", 3, 3) in opened()


def test_what_was_deleted_before_the_window_does_not_count(calm: Cast) -> None:
    start = clock.now()
    for minutes in range(12):
        with clock.at(start + timedelta(minutes=2 * minutes)):
            delete_one_by_one(calm, 1)
            judge(calm)
    assert opened() == []


def test_once_acknowledged_the_same_acts_are_no_news(calm: Cast) -> None:
    delete_one_by_one(calm, 10)
    judge(calm)
    alerting.acknowledge(calm.actor(calm.anna), [Alert.objects.latest("pk").pk])
    delete_one_by_one(calm, 9)
    judge(calm)
    assert opened() == []
    delete_one_by_one(calm, 1)
    judge(calm)
    assert opened() == [("many", 10, 10)]


@pytest.mark.parametrize("many", [9, 10])
def test_an_admin_is_not_exempt(calm: Cast, many: int) -> None:
    door.delete(calm.actor(calm.anna), [calm.lead(calm.ugo, f"Lead {n}") for n in range(many)])
    judge(calm)
    assert opened() == ([("many", 1, 10)] if many == 10 else [])


def test_switched_off_it_is_silent(calm: Cast) -> None:
    set_rule(calm, "many", is_on=False)
    door.delete(calm.actor(calm.ugo), [calm.lead(calm.ugo, f"Lead {n}") for n in range(20)])
    judge(calm)
    assert [rule for rule, _acts, _items in opened()] == ["watch"]


def test_the_days_of_the_trash_are_nobodys_act(calm: Cast) -> None:
    delete_one_by_one(calm, 5)
    judge(calm)
    with clock.at(clock.now() + timedelta(days=31)):
        assert door.purge_due(Actor.system(calm.ferri.account.pk, "trash")) == 5
        judge(calm)
    assert opened() == []


def test_nobody_hides_deletions_behind_other_acts(
    calm: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However much else somebody does in between, what the rule is about is looked back on."""
    monkeypatch.setattr(judging, "FARTHEST", 9)
    ugo = calm.actor(calm.ugo)
    leads = [calm.lead(calm.ugo, f"Lead {n}") for n in range(14)]
    for n in range(9):
        door.delete(ugo, [leads[n]])
        door.change(ugo, [leads[12 + n % 2]], "step", calm.ferri.steps[1 + n % 3])
        judge(calm)
    assert opened() == []
    door.delete(ugo, [leads[9]])
    judge(calm)
    assert opened() == [("many", 10, 10)]


def test_looking_back_reads_nothing_of_before_the_window(calm: Cast) -> None:
    """What counts is rare: without a bound the index would be read to where the log begins."""
    ugo = calm.actor(calm.ugo)
    for n in range(3):
        door.delete(ugo, [calm.lead(calm.ugo, f"Old {n}")])
    judge(calm)
    with clock.at(clock.now() + timedelta(hours=3)):
        seq = door.delete(ugo, [calm.lead(calm.ugo, "New")]).seq
        with CaptureQueriesContext(connection) as queries:
            judge(calm)
    back = [one["sql"] for one in queries if "'delete'" in one["sql"] and "LIMIT" in one["sql"]]
    assert back
    assert all(f'"seq" >= {seq}' in one for one in back)
