"""Who ends a key: an admin, and the key itself; nobody by a number that is alike."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Origin, Scope
from custode.kernel.errors import Refused
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves, tokens
from custode.signin.sessions.store import Arrival


def test_a_user_who_acts_by_a_key_ends_no_key_of_their_number(people):
    row, _text = keys.make(Actor.operator(people.ferri.account.pk), "Zapp", [Scope.READ])
    as_ugo = replace(people.actor(people.ugo), id=row.pk, scopes=frozenset({Scope.WRITE}))
    with scope.account(people.ferri.account.pk), pytest.raises(Refused):
        keys.revoke(as_ugo, row)
    with scope.account(people.ferri.account.pk):
        assert not ApiKey.objects.get(pk=row.pk).is_over


def sessions_as(people, key, *users):
    """Sessions in which the application of a key acts as these."""
    actor = key.actor(Origin())
    return [tokens.log_as(actor, user, Arrival()) for user in users]


def test_the_sessions_as_users_end_with_the_key_and_no_others(people):
    account = people.ferri.account.pk
    with scope.account(account):
        row, _text = keys.make(Actor.operator(account), "Zapp", list(Scope))
        other, _text = keys.make(Actor.operator(account), "Other", list(Scope))
        sessions_as(people, row, people.ugo, people.bruna)
        sessions_as(people, other, people.ugo)
        tokens.begin(people.ugo, Arrival())
        keys.revoke(people.actor(people.anna), row)
        ended = Session.objects.exclude(ended_at=None).order_by("pk")
        assert [(one.user, one.way, one.ended_why, one.ended_by) for one in ended] == [
            (people.ugo, f"key:{row.pk}", Ended.KEY, "Anna Ferri"),
            (people.bruna, f"key:{row.pk}", Ended.KEY, "Anna Ferri"),
        ]
        assert Session.objects.filter(ended_at=None).count() == 2
        entry = LogEntry.objects.filter(verb="keys").latest("seq")
        assert json.loads(entry.details) == {"revoked": row.pk, "sessions": 2}


def test_the_sessions_as_users_of_a_key_that_has_run_out_are_ended_by_the_job(people):
    account = people.ferri.account.pk
    with scope.account(account):
        end = clock.now() + timedelta(hours=1)
        row, _text = keys.make(Actor.operator(account), "Zapp", list(Scope), expires_at=end)
        sessions_as(people, row, people.ugo)
        assert moves.end_overdue(Actor.system(account, "end of sessions")) == 0
        with clock.at(end):
            assert moves.end_overdue(Actor.system(account, "end of sessions")) == 1
        assert Session.objects.get().ended_why == Ended.KEY


def test_a_revocation_that_is_refused_ends_no_session(people):
    account = people.ferri.account.pk
    with scope.account(account):
        row, _text = keys.make(Actor.operator(account), "Zapp", list(Scope))
        sessions_as(people, row, people.ugo)
        with pytest.raises(Refused):
            keys.revoke(people.actor(people.ugo), row)
        assert Session.objects.get().ended_at is None
