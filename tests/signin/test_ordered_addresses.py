"""An address that an admin has asked for somebody else: it lapses with the admin's own rights."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor, Origin, Scope
from custode.kernel.errors import Invalid, Refused
from custode.people import addresses, moves
from custode.people.models import Role, User
from custode.signin import access, leaving, links
from custode.signin.api_keys import moves as keys
from tests.cast import Cast
from tests.signin.conftest import acting
from tests.signin.posting import again, token_in

THIEF, OLD = "thief@x.example", "ugo@conti.example"


@pytest.fixture
def ordered(people: Cast) -> str:
    """Anna has asked that Ugo signs in with another address; Bruna is an admin too by then."""
    moves.set_role(people.actor(people.anna), again(people.bruna), Role.ADMIN)
    access.ask_for_address(people.actor(people.anna), again(people.ugo), THIEF)
    return token_in(links.address_link(again(people.ugo)), "address")


def bruna(people: Cast) -> Actor:
    return acting(again(people.bruna))


def disabled(people: Cast) -> None:
    leaving.disable(bruna(people), again(people.anna))


def disabled_and_enabled(people: Cast) -> None:
    disabled(people)
    leaving.enable(bruna(people), again(people.anna))


def no_admin_any_more(people: Cast) -> None:
    moves.set_role(bruna(people), again(people.anna), Role.USER)


GONE = [disabled, disabled_and_enabled, no_admin_any_more]


@pytest.mark.parametrize("gone", GONE)
def test_it_lapses_with_the_admin_who_asked(
    people: Cast, ordered: str, come_in, gone: Callable[[Cast], None]
) -> None:
    assert links.user_of_address(ordered) == people.ugo
    gone(people)
    for answer in (come_in().get(path := f"/address/{ordered}/"), come_in().post(path)):
        assert answer.status_code == 404
        assert "no longer works" in answer.content.decode()
    come_in().post("/forgot/", {"email": THIEF})
    assert again(people.ugo).email == OLD


@pytest.mark.parametrize("gone", GONE)
def test_it_is_looked_at_within_the_act_that_confirms(
    people: Cast, ordered: str, gone: Callable[[Cast], None]
) -> None:
    user = links.user_of_address(ordered)
    assert user is not None
    gone(people)
    with pytest.raises(Invalid, match="no longer works"):
        access.confirm_address(access.by_link(user, Origin()), user)
    assert again(people.ugo).email == OLD


def test_of_an_admin_who_stays_it_is_confirmed(people: Cast, ordered: str, come_in) -> None:
    assert come_in().post(f"/address/{ordered}/").status_code == 200
    assert again(people.ugo).email == THIEF


def test_what_another_admin_asks_for_again_stands(people: Cast, ordered: str) -> None:
    disabled(people)
    access.ask_for_address(bruna(people), again(people.ugo), THIEF)
    assert links.user_of_address(ordered) == people.ugo


def test_what_one_asks_for_oneself_stands_whatever_one_is(people: Cast) -> None:
    anna = people.anna
    moves.set_role(people.actor(anna), again(people.bruna), Role.ADMIN)
    access.ask_for_address(acting(anna), again(anna), "anna@new.example")
    no_admin_any_more(people)
    token = token_in(links.address_link(again(anna)), "address")
    assert links.user_of_address(token) == anna


def test_an_attempt_that_was_refused_asked_for_nothing(people: Cast, ordered: str) -> None:
    moves.set_role(people.actor(people.anna), again(people.bruna), Role.USER)
    with pytest.raises(Refused):
        access.ask_for_address(bruna(people), again(people.ugo), "bruna@x.example")
    assert links.user_of_address(ordered) == people.ugo


def test_what_a_key_asked_for_lapses_when_it_is_revoked(people: Cast) -> None:
    operator = Actor.operator(people.ferri.account.pk)
    key, _text = keys.make(operator, "Zapp", list(Scope))
    with scope.account(people.ferri.account.pk):
        addresses.ask(key.actor(Origin()), again(people.ugo), THIEF)
    token = token_in(links.address_link(again(people.ugo)), "address")
    assert links.user_of_address(token) == people.ugo
    with scope.account(people.ferri.account.pk):
        keys.revoke(operator, key)
    assert links.user_of_address(token) is None


def test_what_whoever_runs_the_machine_asked_for_stands(people: Cast) -> None:
    operator = Actor.operator(people.ferri.account.pk)
    access.ask_for_address(operator, again(people.ugo), "ugo@new.example")
    token = token_in(links.address_link(again(people.ugo)), "address")
    assert links.user_of_address(token) == people.ugo


def test_an_address_of_which_nobody_knows_who_asked_is_not_confirmed(people: Cast) -> None:
    user: User = again(people.ugo)
    with door.sensitive_act(people.actor(people.anna), Verb.SIGN_IN):
        user.pending_email = THIEF
        user.save(update_fields=["pending_email"])
    assert links.user_of_address(token_in(links.address_link(user), "address")) is None
