"""What a visitor without a cookie makes Custode keep has an end."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.kernel import clock, scope
from custode.signin import limits
from custode.signin.limits import Allowance
from custode.signin.models import Visit
from tests.cast import PASSWORD

OPTIONS = "/sign-in/passkey/options/"
HOME, ELSEWHERE = {"REMOTE_ADDR": "192.0.2.7"}, {"REMOTE_ADDR": "198.51.100.9"}
# Another address of one customer's network.
SIXES = [{"REMOTE_ADDR": f"2001:db8:1:2::{n}"} for n in range(4)]


@pytest.fixture(autouse=True)
def three(monkeypatch, db):
    """Three visits in a quarter of an hour."""
    monkeypatch.setattr(limits, "VISIT", Allowance("trial visits", 3, timedelta(minutes=15)))


def visits():
    with scope.everywhere("a test counts"):
        return Visit.objects.count()


def asked(clients, where=HOME):
    return [client.get(OPTIONS, **where).status_code for client in clients]


def test_visits_without_a_cookie_have_an_end(people, come_in):
    assert asked([come_in() for _ in range(5)]) == [200, 200, 200, 429, 429]
    assert visits() == 3
    assert asked([come_in()], ELSEWHERE) == [200]
    with clock.at(clock.now() + timedelta(minutes=6)):
        assert asked([come_in()]) == [200]


def test_a_whole_network_counts_as_one(people, come_in):
    assert [come_in().get(OPTIONS, **where).status_code for where in SIXES] == [200, 200, 200, 429]


def test_who_has_a_cookie_asks_as_often_as_they_like(people, come_in):
    visitor, ugo = come_in(), come_in(people.ugo)
    assert asked([visitor] * 6 + [ugo] * 6) == [200] * 12
    assert visits() == 1


@pytest.mark.parametrize("cookie", ["0-" + "x" * 43, "0-", "1-" + "x" * 43, "nonsense"])
def test_an_invented_cookie_is_none(people, come_in, settings, cookie):
    clients = [come_in() for _ in range(4)]
    for client in clients:
        client.cookies[settings.SESSION_COOKIE_NAME] = cookie
    assert asked(clients) == [200, 200, 200, 429]
    assert visits() == 3


def test_who_asks_without_end_keeps_nobody_from_their_password(people, come_in):
    assert asked([come_in() for _ in range(5)])[-1] == 429
    given = {"email": "ugo@conti.example", "password": PASSWORD}
    assert come_in().post("/sign-in/", given, **HOME).status_code == 302
