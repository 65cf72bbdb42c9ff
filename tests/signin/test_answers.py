"""Whose an answer is, and when no more of it may be sent: whatever it is that ends a session."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Origin
from custode.people.models import User
from custode.signin import access
from custode.signin.models import Ended, Session
from custode.signin.sessions import IN_ENVIRON, moves
from custode.signin.sessions.answers import over_among
from tests.cast import Cast
from tests.signin.browsers import signed_in

NEVER = 2**40


def test_a_request_tells_the_server_whose_it_is(people: Cast) -> None:
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(people.ugo)
    answer = client.get("/profile/")
    with scope.account(people.ferri.account.pk):
        session = Session.objects.get()
    told = answer.wsgi_request.META[IN_ENVIRON]
    assert told == (people.ferri.account.pk, session.pk)
    assert IN_ENVIRON not in Client().get("/sign-in/").wsgi_request.META


def disconnected(cast: Cast, row: Session) -> None:
    moves.disconnect(cast.actor(cast.anna), Session.objects.filter(pk=row.pk))


def left_by_themselves(_cast: Cast, row: Session) -> None:
    moves.end_own(row.user, [row.pk])


def password_changed(_cast: Cast, row: Session) -> None:
    moves.end_all_of(row.user, Ended.PASSWORD)


def password_changed_elsewhere(_cast: Cast, row: Session) -> None:
    user = User.objects.get(pk=row.user_id)
    access.set_by_link(access.by_link(user, Origin()), user, "quiet-river-lamp-29")


def user_disabled(_cast: Cast, row: Session) -> None:
    with door.sensitive_act(Actor.operator(row.account_id), Verb.USERS):
        row.user.disabled_at = clock.now()
        row.user.save(update_fields=["disabled_at"])


def forgotten(_cast: Cast, row: Session) -> None:
    moves.end_own(row.user, [row.pk])
    with door.sensitive_act(Actor.operator(row.account_id), Verb.SESSIONS):
        Session.objects.filter(pk=row.pk).delete()


@pytest.mark.parametrize(
    "end",
    [disconnected, left_by_themselves, password_changed, password_changed_elsewhere,
     user_disabled, forgotten],
)  # fmt: skip
def test_what_ends_a_session_ends_what_is_sent_to_it(
    ferri: Cast, end: Callable[[Cast, Session], None]
) -> None:
    (hers, _), (his, _) = signed_in(ferri.bruna), signed_in(ferri.ugo)
    both = {(row.account_id, row.pk) for row in (hers, his)}
    assert over_among(both) == set()
    end(ferri, his)
    assert over_among(both) == {(his.account_id, his.pk)}


def test_so_does_what_it_runs_out_by_before_any_job_has_come_round(ferri: Cast) -> None:
    row, _cookie = signed_in(ferri.ugo)
    mine = {(row.account_id, row.pk)}
    idle = timedelta(hours=row.account.idle_hours)
    with clock.at(row.seen_at + idle - timedelta(seconds=1)):
        assert over_among(mine) == set()
    with clock.at(row.seen_at + idle):
        assert over_among(mine) == mine


def test_what_never_was_and_what_is_anothers_is_over(people: Cast) -> None:
    row, _cookie = signed_in(people.ugo)
    forged = {(people.lodi.account.pk, row.pk), (people.ferri.account.pk, NEVER)}
    assert over_among({(row.account_id, row.pk), *forged}) == forged


def test_it_is_one_question_however_many_are_asked_about(
    people: Cast, django_assert_num_queries: Callable[[int], object]
) -> None:
    rows = [signed_in(user)[0] for user in (people.ugo, people.bruna, people.carla)]
    with django_assert_num_queries(1):  # type: ignore[attr-defined]  # a context manager
        assert over_among({(row.account_id, row.pk) for row in rows}) == set()
