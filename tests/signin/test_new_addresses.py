"""Another address to sign in with: asked for, confirmed by its owner, void in time."""

from __future__ import annotations

import pytest

from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Invalid, ProofNeeded, Refused, TooMany
from custode.people import addresses
from custode.people.addresses import Taken
from custode.people.models import User
from custode.signin import access, leaving, links
from tests.cast import Cast
from tests.signin.conftest import acting
from tests.signin.looking import noted
from tests.signin.posting import again, delivered, token_in

GOOD = "tre-civette-sul-comò"


def asked(people: Cast, begin, email: str = "Ugo@New.example") -> User:
    access.ask_for_address(acting(people.ugo, begin(people.ugo)), people.ugo, email)
    return again(people.ugo)


def test_a_new_address_waits_until_its_link_is_used(people: Cast, begin, mailing) -> None:
    user = asked(people, begin)
    assert (user.email, user.pending_email) == ("ugo@conti.example", "ugo@new.example")
    letters = {letter.to[0]: letter for letter in delivered()}
    assert letters.keys() == {"ugo@new.example", "ugo@conti.example"}
    warning = letters["ugo@conti.example"].body
    assert "ugo@new.example" in warning
    assert links.session_of(token_in(warning, "not-me")) is not None
    token = token_in(letters["ugo@new.example"].body, "address")
    found = links.user_of_address(token)
    assert found is not None
    access.confirm_address(access.by_link(found, Origin()), found)
    user = again(people.ugo)
    assert (user.email, user.pending_email) == ("ugo@new.example", "")
    assert links.user_of_address(token) is None


def test_two_who_confirm_at_once_do_it_once(people: Cast, begin) -> None:
    user = asked(people, begin)
    twin = again(user)
    access.confirm_address(access.by_link(user, Origin()), user)
    with pytest.raises(Invalid, match="used before"):
        access.confirm_address(access.by_link(twin, Origin()), twin)
    assert noted(user).count(f'{{"address":{user.pk}}}') == 1


def void_by_another_password(user: User) -> None:
    access.set_by_link(access.by_link(user, Origin()), user, GOOD)


def void_by_another_address(user: User) -> None:
    addresses.ask(acting(user), user, "third@new.example")


def void_by_withdrawing(user: User) -> None:
    addresses.withdraw(acting(user), user)


def void_by_reset(user: User) -> None:
    access.reset(Actor.operator(user.account_id), user)


def void_by_disabling(user: User) -> None:
    operator = Actor.operator(user.account_id)
    leaving.disable(operator, user)
    leaving.enable(operator, user)


@pytest.mark.parametrize(
    "act",
    [void_by_another_password, void_by_another_address, void_by_withdrawing, void_by_reset,
     void_by_disabling],
)  # fmt: skip
def test_what_ends_a_link_to_confirm_an_address(people: Cast, begin, act) -> None:
    user = asked(people, begin)
    token = token_in(links.address_link(user), "address")
    assert links.user_of_address(token) == user
    act(user)
    assert links.user_of_address(token) is None
    assert again(user).email == "ugo@conti.example"


def test_a_token_for_one_purpose_is_none_for_another(people: Cast, begin) -> None:
    user = asked(people, begin)
    row = begin(user)
    password = token_in(links.password_link(user))
    address = token_in(links.address_link(user), "address")
    said = token_in(links.not_me_link(row), "not-me")
    assert links.user_of(address) is links.user_of(said) is None
    assert links.user_of_address(password) is links.user_of_address(said) is None
    assert links.session_of(password) is links.session_of(address) is None


@pytest.mark.parametrize("email", ["", " ", "nonsense", "ugo@conti.example", "UGO@conti.example"])
def test_what_is_no_new_address_is_told(people: Cast, email: str) -> None:
    with pytest.raises(Invalid) as refusal:
        access.ask_for_address(acting(people.ugo), people.ugo, email)
    assert refusal.value.field == "email"


def test_somebody_elses_address_is_changed_by_admins_only(people: Cast) -> None:
    with pytest.raises(Refused):
        access.ask_for_address(acting(people.bruna), people.ugo, "thief@x.example")
    access.ask_for_address(acting(people.anna), people.ugo, "ugo@new.example")
    assert again(people.ugo).pending_email == "ugo@new.example"


def test_an_address_is_changed_after_a_proof_only(people: Cast) -> None:
    for who in (people.ugo, people.anna):
        with pytest.raises(ProofNeeded):
            access.ask_for_address(acting(who, proved=False), people.ugo, "thief@x.example")
    assert again(people.ugo).pending_email == ""


def test_an_address_is_changed_some_times_a_day(people: Cast) -> None:
    for number in range(5):
        access.ask_for_address(acting(people.ugo), people.ugo, f"u{number}@new.example")
    with pytest.raises(TooMany, match="Wait"):
        access.ask_for_address(acting(people.ugo), people.ugo, "u5@new.example")


def test_an_address_taken_by_then_is_told_to_who_holds_the_link(people: Cast, begin) -> None:
    user = asked(people, begin, "carla@lodi.example")
    with pytest.raises(Taken):
        access.confirm_address(access.by_link(user, Origin()), user)
    assert (again(user).email, again(people.carla).email) == (
        "ugo@conti.example", "carla@lodi.example",
    )  # fmt: skip
