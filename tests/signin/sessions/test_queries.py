"""The lists of sessions: what an address asks for, and that each list is found by an index."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from django.db import connection

from custode.kernel import clock
from custode.kernel.errors import NoScope
from custode.signin.models import Ended, Session
from custode.signin.sessions import queries
from custode.signin.sessions.queries import State, Wanted
from custode.signin.sessions.store import digest
from tests.cast import Cast
from tests.signin.sessions.making import a_session, days_ago


@pytest.fixture
def rows(ferri: Cast) -> dict[str, Session]:
    """Sessions of Ferri's by name, and one of Lodi's."""
    over = {"ended_at": days_ago(20), "ended_why": Ended.SIGNED_OUT}
    a_session(ferri.carla)
    return {
        "office": a_session(ferri.ugo, began=3, seen=0.1),
        "old": a_session(
            ferri.ugo, began=25, seen=21, browser="Firefox", system="Linux", ip="192.0.20.1",
            started_ip="192.0.20.1", **over,
        ),
        "phone": a_session(
            ferri.bruna, began=2, seen=1, browser="Safari", system="iPhone", form="phone",
            ip="203.0.113.4", started_ip="2001:db8::7",
        ),
        "idle": a_session(ferri.bruna, began=12, seen=9),
        "program": a_session(ferri.anna, browser="curl", system="", form="program", ip="",
                             started_ip="192.0.2.71"),
    }  # fmt: skip


def names(found: queries.Sessions, rows: Mapping[str, Session]) -> set[str]:
    known = {row.pk: name for name, row in rows.items()}
    return {known.get(row.pk, "another account's") for row in found}


# The address -> the sessions it finds.
ASKED: dict[str, tuple[dict[str, str], set[str]]] = {
    "nothing: those that are in": ({}, {"office", "phone", "program"}),
    "past": ({"state": "past"}, {"old", "idle"}),
    "all": ({"state": "all"}, {"office", "old", "phone", "idle", "program"}),
    "a state there is not": ({"state": "asleep"}, {"office", "phone", "program"}),
    "a browser": ({"device": "safari"}, {"phone"}),
    "a browser on a system": ({"device": "Chrome on Windows"}, {"office"}),
    "a browser on another": ({"device": "Chrome on Linux"}, set()),
    "a kind": ({"device": "phone"}, {"phone"}),
    "a part of a name": ({"device": "cur"}, {"program"}),
    "words of the past": ({"device": "linux firefox", "state": "all"}, {"old"}),
    "an address": ({"ip": "192.0.2.7"}, {"office"}),
    "its beginning": ({"ip": "192.0.2."}, {"office", "program"}),
    "a beginning that is longer": ({"ip": "192.0.2", "state": "all"},
                                   {"office", "program", "old", "idle"}),
    "the address it began with": ({"ip": "2001:DB8:0::7"}, {"phone"}),
    "the beginning of that": ({"ip": "2001:db8:"}, {"phone"}),
    "no address": ({"ip": "office%"}, {"office", "phone", "program"}),
    "a number that is none": ({"user": "x", "session": "-1", "before": "9" * 40},
                              {"office", "phone", "program"}),
    "zeros": ({"device": "\x00", "ip": "\x00"}, {"office", "phone", "program"}),
}  # fmt: skip


@pytest.mark.parametrize("name", ASKED)
def test_an_address_finds(ferri: Cast, rows: dict[str, Session], name: str) -> None:
    asked, expected = ASKED[name]
    found = queries.found(ferri.ferri.account, Wanted.of(asked))
    assert names(found, rows) == expected


@pytest.mark.parametrize(
    ("since", "until", "expected"),
    [
        # Days ago, both included: sessions that were in use at some time between.
        (30, 26, set()),
        (30, 25, {"old"}),
        (22, 13, {"old"}),
        (20, 13, set()),
        (12, 10, {"idle"}),
        (1, 0, {"office", "phone", "program"}),
        (None, 13, {"old"}),
        (2, None, {"office", "phone", "program"}),
    ],
)
def test_days_find_what_was_in_use_between_them(
    ferri: Cast, rows: dict[str, Session], since: int | None, until: int | None, expected: set[str]
) -> None:
    def day(ago: int | None) -> str:
        return "" if ago is None else (clock.now() - timedelta(days=ago)).date().isoformat()

    asked = Wanted.of({"state": "all", "since": day(since), "until": day(until)})
    assert names(queries.found(ferri.ferri.account, asked), rows) == expected


def test_a_user_and_a_session_are_found_by_number(ferri: Cast, rows: dict[str, Session]) -> None:
    account = ferri.ferri.account
    of_ugo = Wanted.of({"user": str(ferri.ugo.pk), "state": "all"})
    assert names(queries.found(account, of_ugo), rows) == {"office", "old"}
    # A session that is named is shown, over or not.
    one = Wanted.of({"session": str(rows["old"].pk)})
    assert one.state == State.ALL
    assert names(queries.found(account, one), rows) == {"old"}


def test_nothing_of_another_account_is_found(ferri: Cast, rows: dict[str, Session]) -> None:
    account, theirs = ferri.ferri.account, {"user": str(ferri.carla.pk), "state": "all"}
    assert not queries.found(account, Wanted.of(theirs)).exists()
    everything = queries.found(account, Wanted.of({"state": "all"}))
    assert names(everything, rows) == set(rows)
    # Neither by naming that account itself: another is in scope.
    assert not queries.all_of(ferri.lodi.account).exists()


def test_without_an_account_in_scope_nothing_is_asked(people: Cast) -> None:
    with pytest.raises(NoScope):
        queries.all_of(people.ferri.account)


def test_mistakes_are_named_and_ask_for_nothing() -> None:
    wanted = Wanted.of({"ip": "here", "since": "yesterday", "until": "2026-13-45"})
    assert wanted.mistakes == ["ip", "since", "until"]
    assert not wanted.is_narrow
    assert Wanted.of({"since": "2026-02-28"}).since == date(2026, 2, 28)
    assert Wanted.of({"until": "9999-12-31"}).mistakes == ["until"]


def test_pages_miss_none_and_show_none_twice(ferri: Cast) -> None:
    for _ in range(120):
        a_session(ferri.ugo)
    found, before, seen = queries.found(ferri.ferri.account, Wanted()), 0, []
    while True:
        page = queries.page(found, before)
        seen += [row.pk for row in page.rows]
        before = page.more
        if not before:
            break
        # One who signs in meanwhile shifts nothing.
        a_session(ferri.bruna)
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)


def test_a_full_last_page_has_no_other_behind_it(ferri: Cast) -> None:
    for _ in range(queries.PAGE):
        a_session(ferri.ugo)
    assert queries.page(queries.found(ferri.ferri.account, Wanted()), 0).more == 0


@pytest.fixture
def long_table(ferri: Cast) -> Cast:
    """As many sessions as make an index worth it."""
    now = clock.now()
    Session.objects.bulk_create(
        Session(
            account_id=ferri.ferri.account.pk, user=(ferri.ugo, ferri.bruna)[n % 2],
            digest=digest(f"long {n}"), started_at=now - timedelta(hours=n),
            seen_at=now - timedelta(hours=n), ended_at=None if n < 50 else now, ended_why="idle",
        )
        for n in range(4000)
    )  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE signin_session")
    return ferri


def test_every_list_is_found_by_an_index(long_table: Cast) -> None:
    account, ugo = long_table.ferri.account, long_table.ugo
    lists = [
        queries.found(account, Wanted()),
        queries.found(account, Wanted(user=ugo.pk)),
        *(queries.found(account, Wanted(state=state)) for state in State),
        *(queries.own(ugo, account, state) for state in State),
    ]
    for rows in lists:
        told = rows[:51].explain()
        assert "session_" in told, told
        assert "Seq Scan on signin_session" not in told, told
        assert "SCAN signin_session" not in told, told
        assert "TEMP B-TREE" not in told, told


def test_the_session_of_a_cookie_is_found_by_its_unique_index(long_table: Cast) -> None:
    mine = Session.objects.filter(digest="x", ended_at=None)
    told = mine.select_related("user", "account").explain()
    assert any(name in told for name in ("session_by_cookie", "autoindex_signin_session")), told
