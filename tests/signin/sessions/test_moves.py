"""Ending sessions without a page in between: whose they may be, and what the door says of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor, ActorKind, Entrance
from custode.kernel.errors import ProofNeeded, Refused
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves
from tests.cast import Cast
from tests.signin.sessions.making import a_session, days_ago


def ends() -> list[tuple[str, str]]:
    """Why and by whom the sessions in scope ended, by number."""
    return list(Session.objects.order_by("pk").values_list("ended_why", "ended_by"))


def test_one_ends_only_ones_own(ferri: Cast) -> None:
    hers = a_session(ferri.bruna)
    assert moves.end_own(ferri.ugo, [hers.pk]) == 0
    assert moves.end_own_others(ferri.ugo, 0) == 0
    assert ends() == [("", "")]


def test_a_password_ends_the_others_with_its_reason(ferri: Cast) -> None:
    this, _other = a_session(ferri.ugo), a_session(ferri.ugo)
    assert moves.end_own_others(ferri.ugo, this.pk, Ended.PASSWORD) == 1
    assert ends() == [("", ""), (Ended.PASSWORD, "")]


def test_an_admin_ends_them_by_name_and_what_is_over_stays_as_it_was(ferri: Cast) -> None:
    a_session(ferri.ugo, ended_at=days_ago(1), ended_why=Ended.IDLE)
    a_session(ferri.ugo, began=12, seen=8)
    a_session(ferri.ugo)
    assert moves.disconnect(ferri.actor(ferri.anna), Session.objects.all(), words="user") == 1
    assert ends() == [(Ended.IDLE, ""), ("", ""), (Ended.DISCONNECTED, "Anna Ferri")]
    entry = LogEntry.objects.get(verb=Verb.SESSIONS)
    assert (entry.outcome, entry.count) == ("done", 1)


# Who disconnects, and whether there is something to end -> what becomes of it.
@pytest.mark.parametrize("is_in", [True, False], ids=["something to end", "nothing to end"])
@pytest.mark.parametrize(("who", "outcome"), [("ugo", "refused"), ("carla", "refused")])
def test_who_may_not_is_refused_and_logged(
    people: Cast, who: str, outcome: str, is_in: bool
) -> None:
    me = getattr(people, who)
    if is_in:
        a_session(me)
    with scope.account(me.account_id):
        with pytest.raises(Refused):
            moves.disconnect(people.actor(me), Session.objects.all())
        assert LogEntry.objects.get(verb=Verb.SESSIONS).outcome == outcome
        assert not Session.objects.exclude(ended_at=None).exists()


@pytest.mark.parametrize("is_in", [True, False], ids=["something to end", "nothing to end"])
def test_at_a_screen_it_takes_a_proof(ferri: Cast, is_in: bool) -> None:
    if is_in:
        a_session(ferri.ugo)
    stale = replace(ferri.actor(ferri.anna), proved=False)
    with pytest.raises(ProofNeeded):
        moves.disconnect(stale, Session.objects.all())
    assert not Session.objects.exclude(ended_at=None).exists()


def test_a_program_that_may_acts_under_its_own_name(ferri: Cast) -> None:
    a_session(ferri.ugo)
    key = Actor(ferri.anna.account_id, ActorKind.KEY, 1, "Sync", True, Entrance.API)
    assert moves.disconnect(key, Session.objects.all()) == 1
    assert ends() == [(Ended.DISCONNECTED, "Sync")]


def test_another_accounts_sessions_are_not_reached_by_any_scope(people: Cast) -> None:
    theirs = a_session(people.carla)
    with scope.everywhere("a test asks for too much"):
        assert moves.disconnect(people.actor(people.anna), Session.objects.all()) == 0
        assert Session.objects.get(pk=theirs.pk).ended_at is None
