"""Whoever waits for the log finds the rules and the roles there as they are by then."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from django.db import connection, connections

from custode.accounts import moves as account_moves
from custode.guard import door, lock, log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, PrivacySetting
from custode.kernel import scope
from custode.kernel.actor import Actor, Scope
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people.models import Role, User
from tests.cast import Cast

Meanwhile = Callable[[Callable[[], object]], None]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Meanwhile:
    """Let something happen once while the next act waits for the log, before it gets it."""

    def happens(what: Callable[[], object]) -> None:
        held: Callable[[int], LogHead] = log.hold
        left = [what]

        def hold(account_id: int) -> LogHead:
            if left:
                left.pop()()
            return held(account_id)

        monkeypatch.setattr(log, "hold", hold)

    return happens


def tick(cast: Cast, verb: Verb) -> None:
    """A rule on leads, as it stands when its own act is over."""
    with lock.opened(f"{Verb.PRIVACY}:{cast.ferri.account.pk}"):
        PrivacySetting.objects.create(verb=verb.value, kind="lead", ticked=True)


def demote(cast: Cast) -> None:
    """Anna is no admin any more."""
    with lock.opened(f"{Verb.USERS}:{cast.ferri.account.pk}"):
        User.objects.filter(pk=cast.anna.pk).update(role=Role.USER)


def test_a_rule_ticked_while_a_deletion_waits_stops_it(ferri: Cast, meanwhile: Meanwhile) -> None:
    lead = ferri.lead(ferri.ugo)
    meanwhile(lambda: tick(ferri, Verb.DELETE))
    with pytest.raises(Refused, match="Only admins can delete leads") as no:
        door.delete(ferri.actor(ferri.ugo), [lead])
    assert no.value.rule == "delete:lead"
    assert Lead.objects.filter(pk=lead.pk).exists()
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.outcome, entry.count) == ("delete", "refused", 1)


def test_a_rule_ticked_while_an_export_waits_stops_it(ferri: Cast, meanwhile: Meanwhile) -> None:
    ferri.lead(ferri.ugo)
    meanwhile(lambda: tick(ferri, Verb.EXPORT))
    with pytest.raises(Refused, match="Only admins can export leads"):
        door.export(ferri.actor(ferri.ugo), Lead.objects.all(), format="csv")


def test_a_rule_about_something_else_stops_nothing(ferri: Cast, meanwhile: Meanwhile) -> None:
    lead = ferri.lead(ferri.ugo)
    meanwhile(lambda: tick(ferri, Verb.EXPORT))
    assert door.delete(ferri.actor(ferri.ugo), [lead]).count == 1


def test_admins_who_wait_are_not_stopped_by_a_rule(ferri: Cast, meanwhile: Meanwhile) -> None:
    lead = ferri.lead(ferri.ugo)
    meanwhile(lambda: tick(ferri, Verb.DELETE))
    assert door.delete(ferri.actor(ferri.anna), [lead]).count == 1


def test_who_is_no_admin_any_more_does_nothing_as_one(ferri: Cast, meanwhile: Meanwhile) -> None:
    """Neither what takes an admin, nor what was begun by an admin's rights."""
    lead = ferri.lead(ferri.bruna)
    anna = ferri.actor(ferri.anna)
    meanwhile(lambda: demote(ferri))
    with pytest.raises(Refused, match="Only admins can do this"):
        account_moves.set_privacy(anna, Verb.DELETE, "lead", True)
    assert not PrivacySetting.objects.filter(ticked=True).exists()
    meanwhile(lambda: demote(ferri))
    with pytest.raises(Refused, match="Only admins can do this"):
        door.delete(anna, [lead])
    assert Lead.objects.filter(pk=lead.pk).exists()


def test_programs_and_commands_have_no_role_to_lose(ferri: Cast) -> None:
    leads = [ferri.lead(ferri.ugo) for _ in range(2)]
    account = ferri.ferri.account.pk
    assert door.delete(Actor.operator(account), leads[:1]).count == 1
    assert door.delete(Actor.system(account, "a job"), leads[1:]).count == 1


@pytest.mark.django_db(transaction=True)
def test_of_two_connections_the_one_that_waits_finds_the_rule_of_the_other(ferri: Cast) -> None:
    """Ugo's deletion begins while Anna's rule is not committed yet, and comes after it."""
    anna, ugo, account = ferri.actor(ferri.anna), ferri.actor(ferri.ugo), ferri.ferri.account.pk
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(3)]
    begun = threading.Event()

    def delete() -> Any:
        try:
            with scope.account(account):
                begun.set()
                return door.delete(ugo, leads)
        except Refused as no:
            return no
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with door.sensitive_act(anna, Verb.PRIVACY, details={"rule": "delete:lead", "on": True}):
            later = pool.submit(delete)
            begun.wait()
            wait_until_it_waits()
            PrivacySetting.objects.create(verb="delete", kind="lead", ticked=True)
        answer = later.result()
    assert isinstance(answer, Refused)
    assert answer.rule == "delete:lead"
    assert Lead.objects.count() == 3


def wait_until_it_waits() -> None:
    """On PostgreSQL until another connection waits for a lock; SQLite lets nobody else begin."""
    for _ in range(200 if connection.vendor == "postgresql" else 0):
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone()[0]:
                return
        time.sleep(0.05)


def test_an_admins_token_without_the_scope_is_refused_before_it_waits(ferri: Cast) -> None:
    narrow = frozenset({Scope.READ, Scope.WRITE, Scope.ADMIN})
    token = replace(ferri.actor(ferri.anna), scopes=narrow, as_key=7)
    lead = ferri.lead(ferri.ugo)
    with pytest.raises(Refused):
        door.delete(token, [lead])
    assert Lead.objects.filter(pk=lead.pk).exists()
    assert door.delete(replace(token, scopes=narrow | {Scope.DELETE}), [lead]).count == 1
