"""What an application does in users' names is the application's, and is told with both names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from custode.accounts import moves as account_moves
from custode.guard import door, refusals
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.logbook import Wanted, found
from custode.guard.logged import AS_A_USER
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people import alerting
from custode.people.alerting import Wanted as WantedRule
from custode.signin.api_keys.models import ApiKey
from tests.api.calling import Caller
from tests.cast import Cast
from tests.guard.emptied import LONG

Calling = Callable[..., Caller]


def acting_as(key: Caller, who: Any) -> Caller:
    """The application, as a user."""
    return Caller(token=key.get("/auth/log_as", user_id=who.pk).json["token"])


def seqs(people: Cast, who: str, **more: Any) -> list[int]:
    """The numbers of what the log has of somebody, the latest first."""
    with scope.account(people.ferri.account.pk):
        return list(found(Wanted(who=who, **more)).values_list("seq", flat=True))


def some(people: Cast, owner: Any, many: int) -> list[Lead]:
    """Leads of somebody's that say something."""
    return [people.lead(owner, f"{owner.first_name} {n}", description=LONG) for n in range(many)]


def alerts_of(people: Cast) -> list[tuple[str, str, int | None]]:
    """The open alerts: rule, and whose acts; without the news that a key acts as somebody."""
    judging.judge(people.ferri.account.pk)
    with scope.account(people.ferri.account.pk):
        rows = Alert.objects.filter(acknowledged_at=None).exclude(rule="new_ways")
        rows = rows.order_by("pk")
        return list(rows.values_list("rule", "actor_kind", "actor_id"))


def numbers(people: Cast) -> list[int]:
    """The keys of Ferri's, the first before the others."""
    with scope.account(people.ferri.account.pk):
        return list(ApiKey.objects.order_by("pk").values_list("pk", flat=True))


def test_the_log_finds_it_as_the_applications_and_in_the_users_name(
    app: Calling, people: Cast
) -> None:
    key, other = app(name="Phones"), app(name="Other")
    as_ugo = acting_as(key, people.ugo)
    acting_as(other, people.bruna)
    by_hand = people.lead(people.ugo, "By hand")
    with scope.account(people.ferri.account.pk):
        door.delete(people.actor(people.ugo), [by_hand])
        own = LogEntry.objects.latest("seq").seq
    assert as_ugo.delete(f"/leads/{people.lead(people.ugo, 'As Ugo').pk}").status == 200
    assert key.delete(f"/leads/{people.lead(people.ugo, 'Itself').pk}").status == 200
    phones, others = numbers(people)
    with scope.account(people.ferri.account.pk):
        itself, as_him = LogEntry.objects.order_by("-seq").values_list("seq", flat=True)[:2]
    of_phones = seqs(people, f"key:{phones}", verb="delete")
    assert of_phones == [itself, as_him]
    assert seqs(people, f"user:{people.ugo.pk}", verb="delete") == [as_him, own]
    assert seqs(people, f"key:{others}", verb="delete") == []
    # Nor what a key did whose number begins alike.
    assert seqs(people, f"key:{phones}0") == []
    assert key.get("/sensitive_actions", who=f"key:{phones}").json[1]["id"] == as_him


def test_the_trash_finds_it_so_too_and_calls_the_user_by_their_own_name(
    app: Calling, people: Cast, come_in_web: Callable[..., Client]
) -> None:
    by_hand(people, some(people, people.ugo, 1))
    with scope.account(people.ferri.account.pk):
        door.delete(people.actor(people.anna), some(people, people.anna, 1))
    gone = people.lead(people.ugo, "Gone as Ugo")
    acting_as(app(name="Phones"), people.ugo).delete(f"/leads/{gone.pk}")
    (phones,) = numbers(people)
    anna = come_in_web(people.anna)
    page = anna.get("/trash/", {"who": f"key:{phones}"}).content.decode()
    assert "Gone as Ugo" in page
    assert "Ugo 0" not in page
    called = re.search(rf'<option value="user:{people.ugo.pk}"[^>]*>([^<]*)</option>', page)
    assert called is not None
    assert called[1] == "Ugo Conti"
    both = anna.get("/trash/", {"who": f"user:{people.ugo.pk}"}).content.decode()
    assert "Gone as Ugo" in both
    assert "Ugo 0" in both


def test_the_database_finds_it_by_an_index(app: Calling, people: Cast) -> None:
    acting_as(app(), people.ugo).delete(f"/leads/{people.lead(people.ugo, 'Gone').pk}")
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.filter(AS_A_USER).count() == 1
        plan = LogEntry.objects.filter(AS_A_USER).order_by("-seq").explain()
    if connection.vendor == "sqlite":
        assert "log_as_key" in plan


def test_the_pages_filter_offers_applications_and_shows_what_they_did_in_whose_name(
    app: Calling, people: Cast, come_in_web: Callable[..., Client]
) -> None:
    as_ugo = acting_as(app(name="Phones"), people.ugo)
    as_ugo.delete(f"/leads/{people.lead(people.ugo, 'Gone').pk}")
    (phones,) = numbers(people)
    answer = come_in_web(people.anna).get("/security/actions/", {"who": f"key:{phones}"})
    page = answer.content.decode()
    assert f'<option value="key:{phones}" selected>Phones</option>' in page
    assert "Phones, as Ugo Conti" in page


def delete(caller: Caller, leads: list[Lead]) -> None:
    """Have leads deleted, one by one."""
    assert {caller.delete(f"/leads/{lead.pk}").status for lead in leads} == {200}


def by_hand(people: Cast, leads: list[Lead]) -> None:
    """Ugo deletes leads himself, one by one."""
    with scope.account(people.ferri.account.pk):
        for lead in leads:
            door.delete(people.actor(people.ugo), [lead])


def set_many(people: Cast, **changes: Any) -> None:
    """Anna sets whose deletions are many at once."""
    with scope.account(people.ferri.account.pk):
        rule = alerting.of_account(people.ferri.account.pk)["many"]
        alerting.change(people.actor(people.anna), rule, WantedRule.of(rule, **changes))
    judging.judge(people.ferri.account.pk)
    with scope.account(people.ferri.account.pk):
        left = list(Alert.objects.filter(acknowledged_at=None).values_list("pk", flat=True))
        if left:
            alerting.acknowledge(people.actor(people.anna), left)


@pytest.mark.parametrize("by", ["anybody", "applications"])
def test_alerts_add_up_what_an_application_does_in_whose_name_ever(
    app: Calling, people: Cast, by: str
) -> None:
    key = app(name="Phones")
    set_many(people, by=by)
    for who in (people.ugo, people.bruna):
        delete(acting_as(key, who), some(people, who, 4))
    delete(key, some(people, people.ugo, 1))
    assert alerts_of(people) == []
    delete(acting_as(key, people.ugo), some(people, people.ugo, 1))
    (phones,) = numbers(people)
    assert alerts_of(people) == [("many", "key", phones)]


@pytest.mark.parametrize("by", ["anybody", "users"])
def test_alerts_do_not_add_it_to_what_the_user_does(app: Calling, people: Cast, by: str) -> None:
    as_ugo = acting_as(app(name="Phones"), people.ugo)
    set_many(people, by=by)
    delete(as_ugo, some(people, people.ugo, 9))
    by_hand(people, some(people, people.ugo, 9))
    assert alerts_of(people) == []
    by_hand(people, some(people, people.ugo, 1))
    assert alerts_of(people) == [("many", "user", people.ugo.pk)]


def test_no_rule_about_users_or_admins_is_met_by_an_application(app: Calling, people: Cast) -> None:
    key = app(name="Phones")
    for by, who in (("users", people.ugo), ("admins", people.anna)):
        set_many(people, by=by)
        delete(acting_as(key, who), some(people, who, 10))
        assert alerts_of(people) == []


def test_who_watches_one_person_watches_what_is_done_in_that_name(
    app: Calling, people: Cast
) -> None:
    as_ugo = acting_as(app(name="Phones"), people.ugo)
    set_many(people, by="one", by_id=people.ugo.pk)
    delete(as_ugo, some(people, people.ugo, 5))
    by_hand(people, some(people, people.ugo, 4))
    assert alerts_of(people) == []
    delete(as_ugo, some(people, people.ugo, 1))
    assert alerts_of(people) == [("many", "user", people.ugo.pk)]


def test_what_is_refused_to_it_often_is_summed_up_as_the_applications(
    app: Calling, people: Cast
) -> None:
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    as_ugo, (lead,) = acting_as(app(name="Phones"), people.ugo), some(people, people.ugo, 1)
    (phones,) = numbers(people)
    now = clock.now()
    for _n in range(3):
        assert as_ugo.delete(f"/leads/{lead.pk}").status == 403
    with scope.account(people.ferri.account.pk):
        with pytest.raises(Refused):
            door.delete(people.actor(people.ugo), [lead])
        with clock.at(now + timedelta(minutes=2)):
            refusals.close_windows(Actor.system(people.ferri.account.pk, "refusals"))
        rows = LogEntry.objects.filter(outcome="refused").order_by("seq")
        told = [(one.actor_id, "as_key" in one.details, one.count) for one in rows]
    ugo = people.ugo.pk
    assert told == [(ugo, True, 1), (ugo, False, 1), (ugo, True, 2)]
    assert len(seqs(people, f"key:{phones}", outcome="refused")) == 2
