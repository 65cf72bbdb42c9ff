"""Setting rules and acknowledging alerts: by whom, how, and what is not taken."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.guard import door
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert, AlertRule
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.alerting import Wanted
from custode.people.models import Role
from custode.web.security.reading import told
from custode.web.security.sentences import plain
from tests.alerts.judged import forget_what_was, judge, opened, purged, set_rule
from tests.cast import Cast


def test_the_alert_about_the_alerts_cannot_be_switched_off(calm: Cast) -> None:
    rule = alerting.of_account(calm.ferri.account.pk)["watch"]
    with pytest.raises(Invalid, match="always on"):
        alerting.change(calm.actor(calm.anna), rule, Wanted.of(rule, is_on=False))
    with door.sensitive_act(calm.actor(calm.anna), Verb.ACCOUNT):
        AlertRule.objects.create(
            standard="watch",
            is_on=False,
            outcome="done",
            counts="acts",
            at_least=99,
            within=0,
            by="one",
            recipients=[calm.anna.pk],
        )
    assert alerting.of_account(calm.ferri.account.pk)["watch"] == rule


OWN = Wanted(name="Purges", acts=("purge",), within=0)
# What an admin does to a rule of the account's own -> what its entry says of it.
LOOSENED: dict[str, tuple[dict[str, Any], str]] = {
    "switching it off": ({"is_on": False}, "off"),
    "switching it on": ({"is_on": True}, "on"),
    "giving it another name": ({"name": "Other"}, "renamed"),
    "asking for more": ({"at_least": 99}, "changed"),
    "a name and more": ({"name": "Other", "at_least": 99}, "changed"),
}


@pytest.mark.parametrize("what", LOOSENED)
def test_whatever_is_done_to_a_rule_is_an_alert_as_removing_it_is(calm: Cast, what: str) -> None:
    anna, (changes, did) = calm.actor(calm.anna), LOOSENED[what]
    row = alerting.add(anna, replace(OWN, is_on=what != "switching it on"))
    forget_what_was(calm)
    set_rule(calm, str(row.pk), **changes)
    entry = LogEntry.objects.latest("seq")
    assert json.loads(entry.details) == {"alert_rule": str(row.pk), "did": did}
    judge(calm)
    assert opened() == [("watch", 1, 1)]


def test_a_rule_with_another_name_is_told_by_both(calm: Cast) -> None:
    row = alerting.add(calm.actor(calm.anna), OWN)
    set_rule(calm, str(row.pk), name="Nothing to see")
    (one,) = told([LogEntry.objects.latest("seq")])
    said = "Anna Ferri gave the alert rule “Purges” the name “Nothing to see”."
    assert plain(one) == said


# A value -> which field the refusal of it names.
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no name": ({"name": " "}, "name"),
    "a long name": ({"name": "x" * 81}, "name"),
    "an unknown act": ({"acts": ("dance",)}, "acts"),
    "an unknown kind": ({"kinds": ("elephant",)}, "kinds"),
    "an unknown outcome": ({"outcome": "perhaps"}, "counts"),
    "an unknown count": ({"counts": "sheep"}, "counts"),
    "none at all": ({"at_least": 0}, "at_least"),
    "too many": ({"at_least": 10**9}, "at_least"),
    "minutes below none": ({"within": -1}, "within"),
    "more than a week": ({"within": 10_081}, "within"),
    "by whom": ({"by": "ghosts"}, "by"),
    "by a stranger": ({"by": "one", "by_id": 10**6}, "by"),
    "to a user": ({"recipients": ("ugo",)}, "recipients"),
    "to another account's admin": ({"recipients": ("carla",)}, "recipients"),
}


@pytest.mark.parametrize("what", WRONG)
def test_a_rule_that_makes_no_sense_is_not_taken(calm: Cast, what: str) -> None:
    values, field = WRONG[what]
    if isinstance(to := values.get("recipients"), tuple):
        values = {"recipients": tuple(getattr(calm, name).pk for name in to)}
    before = AlertRule.objects.count()
    with pytest.raises(Invalid) as no:
        alerting.add(calm.actor(calm.anna), replace(Wanted("Own"), **values))
    assert no.value.field == field
    assert AlertRule.objects.count() == before


def test_a_removed_rule_is_silent_and_gone(calm: Cast) -> None:
    anna = calm.actor(calm.anna)
    key = str(alerting.add(anna, Wanted("Own", acts=("delete",))).pk)
    rule = alerting.of_account(calm.ferri.account.pk)[key]
    alerting.remove(anna, rule)
    for again in (lambda: alerting.remove(anna, rule),
                  lambda: alerting.change(anna, rule, Wanted.of(rule, at_least=2))):  # fmt: skip
        with pytest.raises(Gone):
            again()
    with pytest.raises(Invalid, match="switch it off"):
        alerting.remove(anna, alerting.of_account(calm.ferri.account.pk)["many"])
    door.delete(calm.actor(calm.ugo), [calm.lead(calm.ugo)])
    judge(calm)
    assert [rule for rule, _acts, _items in opened()] == ["watch"]


def test_the_other_edition_raises_none_and_says_so(people: Cast) -> None:
    carla, lodi = people.actor(people.carla), people.lodi.account.pk
    with scope.account(lodi):
        people_moves.create(carla, first_name="Nina", role=Role.ADMIN)
        assert judging.judge(lodi) > 0
        assert not Alert.objects.exists()
        # What happened before it moved to Dream Team is no news afterwards.
        account_moves.set_edition(Actor.operator(lodi), Edition.DREAM_TEAM)
        judging.judge(lodi)
        assert not Alert.objects.exists()
        account_moves.set_edition(Actor.operator(lodi), Edition.SALES_ESSENTIALS)
        rule = alerting.of_account(lodi)["exports"]
        for act in (lambda: alerting.change(carla, rule, Wanted.of(rule, is_on=False)),
                    lambda: alerting.add(carla, Wanted("Own")),
                    lambda: alerting.remove(carla, replace(rule, key="1")),
                    lambda: account_moves.set_numbers(carla, {"many_count": 20}),
                    lambda: alerting.acknowledge(carla, [1])):  # fmt: skip
            with pytest.raises(Refused, match="Dream Team"):
                act()


def test_numbers_that_are_refused_in_part_are_all_left_as_they_are(people: Cast) -> None:
    carla, lodi = people.actor(people.carla), people.lodi.account
    with scope.account(lodi.pk):
        before = LogEntry.objects.count()
        for numbers in ({"trash_days": 5, "many_count": 20}, {"many_count": 20, "trash_days": 5}):
            with pytest.raises(Refused, match="Dream Team"):
                account_moves.set_numbers(carla, numbers)
        lodi.refresh_from_db()
        assert (lodi.trash_days, lodi.many_count) != (5, 20)
        assert lodi.trash_days != 5
        told = LogEntry.objects.order_by("seq").values_list("outcome", "details")[before:]
        assert [(how, "many_count" in what) for how, what in told] == [("refused", True)]


def test_several_numbers_are_set_in_one_go_each_with_its_entry(people: Cast) -> None:
    anna, ferri = people.actor(people.anna), people.ferri.account
    with scope.account(ferri.pk):
        before = LogEntry.objects.count()
        account_moves.set_numbers(anna, {"trash_days": 5, "idle_hours": 3, "many_count": 20})
        ferri.refresh_from_db()
        assert (ferri.trash_days, ferri.idle_hours, ferri.many_count) == (5, 3, 20)
        told = LogEntry.objects.order_by("seq").values_list("details", flat=True)[before:]
        assert [list(json.loads(what)) for what in told] == [
            ["many_count"], ["trash_days"], ["idle_hours"],
        ]  # fmt: skip


def test_only_admins_set_rules_and_acknowledge(calm: Cast) -> None:
    purged(calm)
    judge(calm)
    ugo, rule = calm.actor(calm.ugo), alerting.of_account(calm.ferri.account.pk)["many"]
    alert = Alert.objects.get(acknowledged_at=None)
    for n, (act, verb) in enumerate((
        (lambda: alerting.change(ugo, rule, Wanted.of(rule, is_on=False)), Verb.ACCOUNT),
        (lambda: alerting.add(ugo, Wanted("Own")), Verb.ACCOUNT),
        (lambda: alerting.acknowledge(ugo, [alert.pk]), Verb.ALERT),
    )):  # fmt: skip
        with clock.at(clock.now() + timedelta(minutes=2 * n)), pytest.raises(Refused):
            act()
        latest = LogEntry.objects.latest("seq")
        assert (latest.verb, latest.outcome) == (verb, "refused")
    alert.refresh_from_db()
    assert alert.acknowledged_at is None
    assert not AlertRule.objects.filter(standard="many").exists()


def test_an_acknowledgement_says_who_when_and_why_and_stays(calm: Cast) -> None:
    purged(calm)
    judge(calm)
    anna, alert = calm.actor(calm.anna), Alert.objects.get(acknowledged_at=None)
    with pytest.raises(Invalid, match="500"):
        alerting.acknowledge(anna, [alert.pk], "x" * 501)
    with clock.at(clock.now()) as _:
        assert alerting.acknowledge(anna, [alert.pk], "  Was\n agreed ") == 1
        alert.refresh_from_db()
        assert (alert.acknowledged_by, alert.note, alert.acknowledged_at) == (
            "Anna Ferri", "Was agreed", clock.now(),
        )  # fmt: skip
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.count) == (Verb.ALERT, 1)
    with pytest.raises(Gone):
        alerting.acknowledge(anna, [alert.pk])
    assert LogEntry.objects.latest("seq").seq == entry.seq
