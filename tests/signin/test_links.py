"""The link by which somebody sets a password."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Origin
from custode.kernel.errors import Invalid
from custode.people import moves
from custode.people.models import User
from custode.signin import access, links
from tests.cast import Cast

GOOD = "tre-civette-sul-comò"


def token_of(link: str) -> str:
    return link.rstrip("/").rsplit("/", 1)[1]


def set_password(user: User, raw: str) -> None:
    access.set_by_link(access.by_link(user, Origin()), user, raw)


def again(user: User) -> User:
    with scope.everywhere("the test looks at anybody"):
        return User.objects.get(pk=user.pk)


def test_a_link_begins_with_custodes_own_address_and_finds_its_user(people: Cast) -> None:
    link = links.password_link(people.ugo)
    assert link.startswith(f"{settings.URL}/password/")
    assert links.user_of(token_of(link)) == people.ugo


def test_it_sets_the_password_once(people: Cast) -> None:
    token = token_of(links.password_link(people.ugo))
    found = links.user_of(token)
    assert found is not None
    set_password(found, GOOD)
    assert again(people.ugo).check_password(GOOD)
    assert links.user_of(token) is None


def test_two_who_use_it_at_once_do_not_both_win(people: Cast) -> None:
    token = token_of(links.password_link(people.ugo))
    first, second = links.user_of(token), links.user_of(token)
    assert first is not None
    assert second is not None
    set_password(first, GOOD)
    with pytest.raises(Invalid, match="used before"):
        set_password(second, "another-long-password")
    assert again(people.ugo).check_password(GOOD)


def test_it_lives_three_days(people: Cast) -> None:
    token = token_of(links.password_link(people.ugo))
    with clock.at(clock.now() + timedelta(days=2, hours=23)):
        assert links.user_of(token) == people.ugo
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert links.user_of(token) is None


@pytest.mark.parametrize("forged", ["", "-", "1", "zzzzzzzzzzzzzzzzzzzz-a-b", "1-abc-def", "è-1-2"])
def test_what_is_no_link_finds_nobody(people: Cast, forged: str) -> None:
    assert links.user_of(forged) is None


def test_anothers_signature_finds_nobody(people: Cast) -> None:
    mine = token_of(links.password_link(people.ugo)).partition("-")
    theirs = token_of(links.password_link(people.anna)).partition("-")
    assert links.user_of(f"{theirs[0]}-{mine[2]}") is None


def test_a_disabled_user_gets_no_link_and_cannot_use_an_old_one(people: Cast) -> None:
    user = people.ugo
    token = token_of(links.password_link(user))
    user.disabled_at = clock.now()
    with pytest.raises(Invalid):
        links.password_link(user)

    with door.sensitive_act(people.actor(people.anna), Verb.USERS):
        user.save(update_fields=["disabled_at"])
    assert links.user_of(token) is None


def test_somebody_without_an_address_gets_none(ferri: Cast) -> None:
    named = moves.create_named(ferri.actor(ferri.anna), ["Gino Verdi"])["Gino Verdi"]
    with pytest.raises(Invalid):
        links.password_link(named)


@pytest.mark.parametrize("bad", ["short", "password123456"[:8], "1234567890", "ugo@conti.example"])
def test_a_bad_password_is_refused_and_the_link_stays(people: Cast, bad: str) -> None:
    token = token_of(links.password_link(people.ugo))
    with pytest.raises(Invalid) as refusal:
        set_password(people.ugo, bad)
    assert refusal.value.field == "password"
    assert links.user_of(token) == people.ugo
