"""A sign-in that waits for its code is worth what its password is worth, and not for long."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from custode.kernel import clock, scope
from custode.kernel.actor import Origin
from custode.signin import access, leaving, links
from custode.signin.factors import totp
from tests.cast import Cast
from tests.signin.conftest import acting
from tests.signin.posting import again, token_in
from tests.web.signin.test_two_factor import digits, is_in, password_step, second_step, secure

NEW = "a-wholly-new-pass-phrase"


@pytest.fixture
def secret(people):
    """Ugo's authenticator app."""
    secret = totp.new_secret()
    secure(people, people.ugo, secret)
    return secret


@pytest.fixture
def waiting(come_in, secret):
    """Somebody who has typed Ugo's password, and no code yet."""
    client = come_in()
    password_step(client)
    assert client.get("/sign-in/code/").status_code == 200
    return client


def by_hand(people: Cast) -> None:
    user = again(people.ugo)
    access.change_password(acting(user), user, NEW, this=0)


def by_link(people: Cast) -> None:
    user = again(people.ugo)
    access.set_by_link(acting(user), user, NEW)


def disabled(people: Cast) -> None:
    leaving.disable(people.actor(people.anna), again(people.ugo))


def disabled_and_enabled(people: Cast) -> None:
    disabled(people)
    leaving.enable(people.actor(people.anna), again(people.ugo))


@pytest.mark.parametrize("how", [by_hand, by_link, disabled, disabled_and_enabled])
def test_it_ends_with_the_password_and_with_the_access(
    people: Cast, waiting, secret, how: Callable[[Cast], None]
) -> None:
    with scope.account(people.ugo.account_id):
        how(people)
    answer = second_step(waiting, digits(secret))
    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in/")
    assert not is_in(waiting)


def test_this_was_not_me_ends_it(people: Cast, begin, waiting, secret) -> None:
    row = links.session_of(token_in(links.not_me_link(begin(people.ugo)), "not-me"))
    assert row is not None
    access.not_me(access.by_link(row.user, Origin()), row)
    assert second_step(waiting, digits(secret)).headers["Location"] == "/sign-in/"
    assert not is_in(waiting)


def test_visiting_it_again_and_again_makes_it_last_no_longer(waiting, secret) -> None:
    begun, path = clock.now(), "/sign-in/code/"
    for minutes in (5, 10, 14):
        with clock.at(begun + timedelta(minutes=minutes)):
            assert waiting.get(path).status_code == 200
            waiting.get("/sign-in/passkey/options/")
    with clock.at(begun + timedelta(minutes=16)):
        assert waiting.get(path).headers["Location"] == "/sign-in/"
        assert second_step(waiting, digits(secret)).headers["Location"] == "/sign-in/"
        assert not is_in(waiting)
