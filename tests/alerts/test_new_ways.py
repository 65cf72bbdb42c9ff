"""Whoever gives a program a way in or out raises an alert, once, and no flood of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from custode.activities.emails import servers
from custode.activities.emails.servers import Wanted as Servers
from custode.exchange.webhooks import moves as hooks
from custode.exchange.webhooks.moves import Wanted
from custode.guard.alerts.models import Alert
from custode.kernel import clock
from custode.kernel.actor import Actor, Origin, Scope
from custode.signin.api_keys import moves as keys
from custode.signin.sessions import tokens
from custode.signin.sessions.store import Arrival
from tests.alerts.judged import forget_what_was, judge, opened, sent, set_rule
from tests.cast import Cast


@pytest.mark.parametrize(
    ("scopes", "rules"),
    [(["read", "write", "admin"], ["new_ways"]), (["read", "write", "delete", "export"], [])],
    ids=["admin", "all but admin"],
)
def test_a_new_key_of_an_admins_scope_is_told(
    calm: Cast, scopes: list[str], rules: list[str], settings: Any
) -> None:
    settings.HAS_MAIL = True
    sent()
    keys.make(calm.actor(calm.anna), "administration", [Scope(one) for one in scopes])
    judge(calm)
    assert [rule for rule, _acts, _items in opened()] == rules
    assert ["a key of scope admin" in letter.body for letter in sent()] == [True] * len(rules)


def test_a_new_webhook_is_told_and_its_switches_are_not(calm: Cast) -> None:
    anna = calm.actor(calm.anna)
    hook, _secret = hooks.make(anna, Wanted("lead.creation", "url", "https://shop.example/"))
    judge(calm)
    assert opened() == [("new_ways", 1, 1)]
    forget_what_was(calm)
    hooks.switch(anna, hook, False)
    hooks.switch(anna, hook, True)
    hooks.delete(anna, hook)
    judge(calm)
    assert opened() == []


SERVER = Servers("smtp.ferri.example", 587, "starttls", "", "", "sales@ferri.example")


def test_another_host_for_the_e_mails_is_told_and_other_changes_are_not(
    calm: Cast, settings: Any
) -> None:
    settings.HAS_MAIL = True
    anna = calm.actor(calm.anna)
    sent()
    for host in ("smtp.ferri.example", "smtp.thief.example"):
        servers.change(anna, replace(SERVER, host=host))
        judge(calm)
        assert opened() == [("new_ways", 1, 1)]
        assert ["a mail server" in letter.body for letter in sent()] == [True]
        forget_what_was(calm)
    servers.change(anna, replace(SERVER, host="smtp.thief.example", sender="us@ferri.example"))
    servers.take_away(anna)
    judge(calm)
    assert opened() == []
    servers.change(anna, SERVER)
    judge(calm)
    assert opened() == [("new_ways", 1, 1)]


def test_an_application_is_told_the_first_time_that_it_acts_as_somebody(calm: Cast) -> None:
    key, _text = keys.make(Actor.operator(calm.ferri.account.pk), "Zapp", list(Scope))
    forget_what_was(calm)
    begun = clock.now()
    for day in range(5):
        with clock.at(begun + timedelta(days=day)):
            tokens.log_as(key.actor(Origin()), calm.ugo, Arrival())
            judge(calm)
    assert opened() == [("new_ways", 1, 1)]
    with clock.at(begun + timedelta(days=5)):
        tokens.log_as(key.actor(Origin()), calm.bruna, Arrival())
        judge(calm)
    assert [rule for rule, _acts, _items in opened()] == ["new_ways"] * 2


def test_one_that_acts_as_all_of_them_is_one_alert(calm: Cast) -> None:
    key, _text = keys.make(Actor.operator(calm.ferri.account.pk), "Zapp", list(Scope))
    forget_what_was(calm)
    for user in (calm.anna, calm.ugo, calm.bruna):
        for _time in range(4):
            tokens.log_as(key.actor(Origin()), user, Arrival())
    judge(calm)
    assert opened() == [("new_ways", 3, 3)]
    assert Alert.objects.get(acknowledged_at=None).actor_id == key.pk


def test_the_rule_is_switched_off_as_others_are(calm: Cast) -> None:
    set_rule(calm, "new_ways", is_on=False)
    forget_what_was(calm)
    keys.make(calm.actor(calm.anna), "Zapp", list(Scope))
    judge(calm)
    assert opened() == []
