"""A session's row: how often it is read and written, and that its end freezes it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import Error, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.guard import door, lock_installation
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves, periodic
from tests.cast import Cast
from tests.signin.sessions.making import a_session, days_ago

Browser = Callable[..., Client]
SAID = "only the door may do this"


def statements(about: str, work: Callable[[], Any]) -> list[str]:
    """The statements of some work that name a table."""
    with CaptureQueriesContext(
        connection,
    ) as caught:
        work()
    return [one["sql"] for one in caught if f'"{about}"' in one["sql"]]


def test_a_request_reads_session_user_and_account_in_one_query(
    people: Cast, browser: Browser
) -> None:
    client = browser(people.ugo)
    client.get("/profile/")
    told = statements("signin_session", lambda: client.get("/profile/"))
    assert len(told) == 1
    assert "people_user" in told[0]
    assert "accounts_account" in told[0]
    assert statements("people_user", lambda: client.get("/profile/")) == told
    assert statements("accounts_account", lambda: client.get("/profile/")) == told


def test_the_last_use_is_written_at_most_once_a_minute(people: Cast, browser: Browser) -> None:
    client, begun = browser(people.ugo), clock.now()

    def written(after: float, ip: str = "192.0.2.7") -> int:
        with clock.at(begun + timedelta(seconds=after)):
            told = statements("signin_session", lambda: client.get("/profile/", REMOTE_ADDR=ip))
        return len([one for one in told if one.startswith("UPDATE")])

    # Seconds after signing in, and from where -> statements that write.
    assert [written(s) for s in (1, 30, 59)] == [0, 0, 0]
    assert [written(s) for s in (62, 63, 90, 120)] == [1, 0, 0, 0]
    assert [written(s, "2001:db8::7") for s in (121, 121.5)] == [0, 0]
    assert [written(s, "203.0.113.4") for s in (125, 126)] == [1, 0]
    with scope.account(people.ferri.account.pk):
        row = Session.objects.get()
    assert (row.ip, row.started_ip) == ("203.0.113.4", "192.0.2.7")


def test_of_two_requests_at_once_one_writes(people: Cast) -> None:
    row = a_session(people.ugo, seen=0.5)
    with scope.account(people.ferri.account.pk):
        first, second = Session.objects.get(pk=row.pk), Session.objects.get(pk=row.pk)
        moves.touch(first, "192.0.2.1")
        moves.touch(second, "192.0.2.2")
        assert Session.objects.get(pk=row.pk).ip == "192.0.2.1"


def sql(statement: str) -> Any:
    """Run a statement as somebody would who has the connection."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.rowcount


PAST = "WHERE ended_at IS NOT NULL"
NOW = "WHERE ended_at IS NULL"
FROZEN = {
    "bring an ended one back": f"UPDATE signin_session SET ended_at = NULL {PAST}",
    "say that it ended otherwise": f"UPDATE signin_session SET ended_why = 'idle' {PAST}",
    "say that nobody ended it": f"UPDATE signin_session SET ended_by = '' {PAST}",
    "give an ended one another cookie": f"UPDATE signin_session SET digest = 'x' {PAST}",
    "use an ended one": f"UPDATE signin_session SET seen_at = started_at {PAST}",
    "prove on an ended one": f"UPDATE signin_session SET proved_at = started_at {PAST}",
    "write into an ended one": f"UPDATE signin_session SET data = 'x' {PAST}",
    "delete an ended one": f"DELETE FROM signin_session {PAST}",
    "delete one that goes on": f"DELETE FROM signin_session {NOW}",
    "give a session to somebody else": f"UPDATE signin_session SET user_id = user_id + 1 {NOW}",
    "make a session younger": f"UPDATE signin_session SET started_at = seen_at {NOW}",
    "move a session to another account": "UPDATE signin_session SET account_id = account_id + 1",
}
ALSO_WITH_THE_DOOR_OPEN = {name for name in FROZEN if name != "delete an ended one"}


@pytest.fixture
def two(ferri: Cast) -> Cast:
    """A session of Ugo's that goes on, and one that has ended."""
    a_session(ferri.ugo, began=2, seen=1)
    a_session(ferri.ugo, ended_at=days_ago(1), ended_why=Ended.DISCONNECTED, ended_by="Anna Ferri")
    return ferri


@pytest.mark.parametrize("statement", FROZEN.values(), ids=FROZEN.keys())
def test_the_database_refuses_to(two: Cast, statement: str) -> None:
    with pytest.raises(Error, match=SAID):
        sql(statement)


@pytest.mark.parametrize("name", sorted(ALSO_WITH_THE_DOOR_OPEN))
def test_even_with_the_door_open_it_refuses_to(two: Cast, name: str) -> None:
    with pytest.raises(Error, match=SAID), door.sensitive_act(two.actor(two.anna), Verb.SESSIONS):
        sql(FROZEN[name])


@pytest.mark.parametrize("statement", FROZEN.values(), ids=FROZEN.keys())
def test_without_its_locks_nothing_would_stop_one_to(two: Cast, statement: str) -> None:
    with lock_installation.lifted(), transaction.atomic():
        said = "done"
        try:
            assert sql(statement)
        except Error as error:
            said = str(error)
        transaction.set_rollback(True)
    assert SAID not in said


def test_the_door_of_another_account_opens_nothing(two: Cast) -> None:
    carla = two.actor(two.carla)
    with pytest.raises(Error, match=SAID), door.sensitive_act(carla, Verb.SESSIONS):
        sql(FROZEN["delete an ended one"])


def system(people: Cast) -> Actor:
    return Actor.system(people.ferri.account.pk, "past sessions")


def test_past_sessions_go_after_the_accounts_months_and_it_is_logged(ferri: Cast) -> None:
    for months in (13, 12.5, 11.5, 1):
        ended = days_ago(30.5 * months)
        a_session(ferri.ugo, began=30.5 * months + 1, ended_at=ended, ended_why=Ended.IDLE)
    going_on = a_session(ferri.bruna, began=29)
    entries = LogEntry.objects.count()
    assert periodic.forget_past(system(ferri)) == 2
    assert Session.objects.count() == 3
    entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind, entry.count) == (Verb.SESSIONS, "system", 2)
    assert entry.details == '{"forgotten":2}'
    assert periodic.forget_past(system(ferri)) == 0
    assert LogEntry.objects.count() == entries + 1
    assert Session.objects.filter(pk=going_on.pk).exists()


def test_the_account_says_how_many_months(ferri: Cast) -> None:
    a_session(ferri.ugo, began=50, ended_at=days_ago(40), ended_why=Ended.SIGNED_OUT)
    with door.sensitive_act(ferri.actor(ferri.anna), Verb.ACCOUNT):
        ferri.ferri.account.sessions_kept_months = 1
        ferri.ferri.account.save(update_fields=["sessions_kept_months"])
    assert periodic.forget_past(system(ferri)) == 1


def test_the_job_ends_what_has_run_out_at_the_moment_it_did(ferri: Cast) -> None:
    idle = a_session(ferri.ugo, began=12, seen=8)
    expired = a_session(ferri.ugo, began=31, seen=2)
    going_on = a_session(ferri.ugo, began=20, seen=6)
    assert moves.end_overdue(system(ferri)) == 2
    found = {row.pk: (row.ended_why, row.ended_at) for row in Session.objects.all()}
    assert found == {
        idle.pk: (Ended.IDLE, idle.seen_at + timedelta(days=7)),
        expired.pk: (Ended.EXPIRED, expired.started_at + timedelta(days=30)),
        going_on.pk: ("", None),
    }
    assert moves.end_overdue(system(ferri)) == 0
