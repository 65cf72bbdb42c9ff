"""What a session's cookie opens, and what it does not: planted, stolen, looked for in a backup."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.signin.models import Ended, Session, Visit
from custode.signin.sessions import moves, periodic
from custode.signin.sessions.store import SessionStore, way_of
from tests.cast import PASSWORD, Cast
from tests.signin.sessions.conftest import cookie, is_in, thief

Browser = Callable[..., Client]


def row_of(client: Client) -> Session:
    """The session of a browser that has signed in."""
    row = SessionStore(cookie(client)).signed_in()
    assert row is not None
    return row


def test_signing_in_makes_a_session_that_says_from_where(people: Cast, browser: Browser) -> None:
    row = row_of(browser(people.ugo))
    told = (row.browser, row.system, row.form, row.ip, row.started_ip, row.way)
    assert told == ("Chrome", "Windows", "desktop", "192.0.2.7", "192.0.2.7", "password")
    assert row.user == people.ugo
    assert row.ended_at is None


def test_the_cookie_lives_as_long_as_the_session_may(people: Cast, browser: Browser) -> None:
    told = browser(people.ugo).cookies[settings.SESSION_COOKIE_NAME]
    assert told["max-age"] == 30 * 24 * 3600
    assert told["httponly"]
    assert told["samesite"] == "Lax"


def test_a_visitors_cookie_planted_before_signing_in_opens_nothing_afterwards(
    people: Cast, browser: Browser
) -> None:
    planted = SessionStore()
    planted["word"] = "mine"
    planted.save()
    victim = browser(people.ugo, str(planted.session_key))
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = str(planted.session_key)
    assert cookie(victim) != planted.session_key
    assert is_in(victim)
    assert not is_in(attacker)
    assert not Visit.objects.exists()


def test_an_invented_cookie_planted_before_signing_in_opens_nothing_afterwards(
    people: Cast, browser: Browser
) -> None:
    planted = f"{people.ferri.account.pk}-{'a' * 43}"
    victim = browser(people.ugo, planted)
    attacker = Client()
    attacker.cookies[settings.SESSION_COOKIE_NAME] = planted
    assert cookie(victim) != planted
    assert not is_in(attacker)


def test_signing_in_as_somebody_else_ends_the_session_before(
    people: Cast, browser: Browser
) -> None:
    client = browser(people.ugo)
    old = thief(client)
    with scope.everywhere("a test signs in"):
        client.force_login(people.bruna)
    assert is_in(client)
    assert not is_in(old)


def by_an_admin(people: Cast, client: Client) -> None:
    with scope.account(people.ferri.account.pk):
        moves.disconnect(people.actor(people.anna), Session.objects.filter(user=people.ugo))


def by_oneself(people: Cast, client: Client) -> None:
    with scope.account(people.ferri.account.pk):
        moves.end_own(people.ugo, [row_of(client).pk])


def by_signing_out(people: Cast, client: Client) -> None:
    client.post("/sign-out/")


WAYS_OUT = [by_an_admin, by_oneself, by_signing_out]


@pytest.mark.parametrize("way", WAYS_OUT)
def test_a_stolen_cookie_gives_nothing_after_the_session_was_ended(
    people: Cast, browser: Browser, way: Callable[[Cast, Client], None]
) -> None:
    client = browser(people.ugo)
    stolen = thief(client)
    assert is_in(stolen)
    way(people, client)
    assert SessionStore(cookie(stolen)).signed_in() is None
    assert not is_in(stolen)
    assert stolen.get("/leads/").status_code == 302
    assert not is_in(client)


@pytest.mark.parametrize(
    ("used_after", "asked_after", "still_in"),
    [
        # One that is not used for 7 days is over; used meanwhile, it goes on.
        ([], timedelta(days=6, hours=23), True),
        ([], timedelta(days=7), False),
        ([4, 10, 16], timedelta(days=20), True),
        # And after 30 days it is over, however much it was used.
        ([5, 10, 15, 20, 25, 29], timedelta(days=29, hours=23), True),
        ([5, 10, 15, 20, 25, 29], timedelta(days=30), False),
    ],
)
def test_a_stolen_cookie_gives_nothing_when_the_session_has_run_out(
    people: Cast, browser: Browser, used_after: list[int], asked_after: timedelta, still_in: bool
) -> None:
    client = browser(people.ugo)
    stolen, begun = thief(client), clock.now()
    for day in used_after:
        with clock.at(begun + timedelta(days=day)):
            assert is_in(client)
    with clock.at(begun + asked_after):
        assert is_in(stolen) is still_in


def everything_kept() -> str:
    """All that stands in the database, as text."""
    found: list[Any] = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names():
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found += cursor.fetchall()
    return repr(found)


def test_no_cookies_value_is_in_any_table(people: Cast, browser: Browser) -> None:
    client = browser(people.ugo)
    client.get("/profile/devices/")
    kept = everything_kept()
    assert row_of(client).digest in kept
    secret = cookie(client).partition("-")[2]
    assert len(secret) == 43
    for value in (secret, client.cookies[settings.DEVICE_COOKIE_NAME].value):
        assert value not in kept


@pytest.mark.parametrize(
    "value",
    ["", "x", "1", "1-", "1-short", "0-" + "a" * 43, "-1-" + "a" * 43, "9" * 30 + "-" + "a" * 43,
     "٣-" + "a" * 43, "1-" + "\x00" * 43, "999999-" + "a" * 43],
)  # fmt: skip
def test_a_cookie_that_is_none_is_a_visitors(people: Cast, value: str) -> None:
    assert SessionStore(value).signed_in() is None
    assert SessionStore(value).load() == {}


def test_the_number_of_another_account_in_ones_cookie_opens_nothing(
    people: Cast, browser: Browser
) -> None:
    secret = cookie(browser(people.ugo)).partition("-")[2]
    client = Client()
    client.cookies[settings.SESSION_COOKIE_NAME] = f"{people.lodi.account.pk}-{secret}"
    assert not is_in(client)


def test_what_visitors_leave_is_apart_and_short(people: Cast) -> None:
    visitor = SessionStore()
    visitor["word"] = "mine"
    visitor.save()
    key = str(visitor.session_key)
    assert visitor.get_expiry_age() == 30 * 60
    assert SessionStore(key)["word"] == "mine"
    with scope.everywhere("a test counts"):
        assert not Session.objects.exists()
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert "word" not in SessionStore(key)
        periodic.forget_visitors(Actor.system(people.ferri.account.pk, "visitors"))
    assert not Visit.objects.exists()


def test_a_wrong_password_leaves_no_session(people: Cast) -> None:
    Client().post("/sign-in/", {"email": people.ugo.email, "password": PASSWORD + "x"})
    with scope.everywhere("a test counts"):
        assert not Session.objects.exists()


def test_who_began_again_at_the_password_is_told_once() -> None:
    noted = [{"method": "password"}, {"method": "password"}, {"method": "mfa", "type": "totp"}]
    assert way_of({"account_authentication_methods": noted}) == "password+totp"


def test_signing_out_ends_the_row_and_empties_it(people: Cast, browser: Browser) -> None:
    client = browser(people.ugo)
    pk = row_of(client).pk
    client.post("/sign-out/")
    assert cookie(client) == ""
    with scope.account(people.ferri.account.pk):
        row = Session.objects.get(pk=pk)
    assert (row.ended_why, row.ended_by, row.data) == (Ended.SIGNED_OUT, "", "{}")
