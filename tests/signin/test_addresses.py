"""Nobody learns that an address signs in elsewhere: not by text, not by what happens next."""

from __future__ import annotations

import pytest
from django.db import Error, transaction

from custode.kernel import scope
from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Invalid, Refused
from custode.people import addresses, moves
from custode.people.addresses import Taken
from custode.people.models import User
from custode.signin import access, leaving, links
from tests.cast import Cast
from tests.signin.posting import again, token_in

FREE, ELSEWHERE, HERE = "dino@rota.example", "carla@lodi.example", "bruna@sala.example"
GOOD = "tre-civette-sul-comò"


def invited(people: Cast, email: str) -> User:
    return again(moves.create(people.actor(people.anna), first_name="Dino", email=email))


def named(people: Cast) -> User:
    return moves.create_named(people.actor(people.anna), ["Zelda Fitti"])["Zelda Fitti"]


@pytest.mark.parametrize("email", [FREE, ELSEWHERE])
def test_an_admin_sees_the_same_of_a_free_and_of_a_taken_address(people: Cast, email: str) -> None:
    made = invited(people, email)
    assert (made.email, made.pending_email, made.address) == (None, email, email)
    assert not made.can_sign_in
    addresses.invite(people.actor(people.anna), zelda := named(people), f"z{email}")
    assert (again(zelda).email, again(zelda).pending_email) == (None, f"z{email}")


def test_by_its_link_a_free_address_begins_to_sign_in(people: Cast) -> None:
    user = links.user_of(token_in(links.password_link(invited(people, FREE))))
    assert user is not None
    access.set_by_link(access.by_link(user, Origin()), user, GOOD)
    user = again(user)
    assert (user.email, user.pending_email, user.can_sign_in) == (FREE, "", True)


def test_by_its_link_a_taken_address_changes_nothing_and_is_told_there(people: Cast) -> None:
    user = links.user_of(token_in(links.password_link(invited(people, ELSEWHERE))))
    assert user is not None
    with pytest.raises(Taken, match="another account"):
        access.set_by_link(access.by_link(user, Origin()), user, GOOD)
    user = again(user)
    assert (user.email, user.has_usable_password()) == (None, False)
    assert again(people.carla).email == ELSEWHERE


def test_of_two_accounts_that_invite_one_address_the_first_link_that_is_used_wins(
    people: Cast,
) -> None:
    ferris = invited(people, FREE)
    lodis = again(moves.create(people.actor(people.carla), first_name="Dino", email=FREE))
    access.set_by_link(access.by_link(lodis, Origin()), lodis, GOOD)
    with pytest.raises(Taken):
        access.set_by_link(access.by_link(ferris, Origin()), ferris, GOOD)
    assert again(lodis).email == FREE


def test_the_database_itself_lets_no_address_sign_in_twice(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = invited(people, ELSEWHERE)
    monkeypatch.setattr(addresses, "is_taken", lambda *_: False)
    with pytest.raises(Taken):
        access.set_by_link(access.by_link(user, Origin()), user, GOOD)
    assert again(user).email is None


@pytest.mark.parametrize("email", [HERE, HERE.upper(), f" {HERE} "])
def test_within_the_own_account_a_double_address_is_named(people: Cast, email: str) -> None:
    anna, zelda = people.actor(people.anna), named(people)
    for attempt in (
        lambda: moves.create(anna, first_name="Eve", email=email),
        lambda: addresses.invite(anna, zelda, email),
        lambda: addresses.ask(anna, people.ugo, email),
    ):
        with pytest.raises(Invalid, match="Bruna Sala has the address") as refusal:
            attempt()
        assert refusal.value.field == "email"


def test_one_that_waits_counts_within_the_own_account(people: Cast) -> None:
    invited(people, FREE)
    with pytest.raises(Invalid, match="Dino has the address"):
        moves.create(people.actor(people.anna), first_name="Eve", email=FREE)


@pytest.mark.parametrize("email", [HERE, ELSEWHERE, FREE])
def test_of_ones_own_new_address_a_user_is_told_nothing(people: Cast, email: str) -> None:
    addresses.ask(people.actor(people.ugo), people.ugo, email)
    assert again(people.ugo).pending_email == email


def test_an_operator_gives_an_address_at_once_and_is_told(people: Cast) -> None:
    operator = Actor.operator(people.ferri.account.pk)
    assert moves.create(operator, first_name="Dino", email=FREE).email == FREE
    for taken in (FREE, HERE, ELSEWHERE):
        with pytest.raises(Invalid):
            moves.create(operator, first_name="Eve", email=taken)


def test_another_invitation_makes_the_first_link_void(people: Cast) -> None:
    dino = invited(people, FREE)
    token = token_in(links.password_link(dino))
    addresses.invite(people.actor(people.anna), dino, "dino@right.example")
    assert links.user_of(token) is None
    assert again(dino).pending_email == "dino@right.example"


def test_who_signs_in_is_not_invited_and_neither_is_who_is_disabled(people: Cast) -> None:
    anna, zelda = people.actor(people.anna), named(people)
    leaving.disable(anna, zelda)
    for user in (people.ugo, zelda):
        with pytest.raises(Invalid):
            addresses.invite(anna, user, FREE)
    assert again(people.ugo).address == "ugo@conti.example"


def test_only_admins_invite(people: Cast) -> None:
    zelda = named(people)
    with pytest.raises(Refused):
        addresses.invite(people.actor(people.ugo), zelda, "thief@x.example")
    assert again(zelda).address == ""


def test_the_database_refuses_an_address_that_no_door_let_in(people: Cast) -> None:
    with scope.account(people.ugo.account_id):
        for column in ("email", "pending_email"):
            with pytest.raises(Error, match="only the door"), transaction.atomic():
                User.objects.filter(pk=people.ugo.pk).update(**{column: "thief@x.example"})


# What looks like somebody's address to one comparison and not to another.
@pytest.mark.parametrize(
    "email", ["ugo@contı.example", "ugo@conti.example\u200b", "ugó@conti.example"]
)
def test_an_address_that_only_looks_like_one_is_another(people: Cast, email: str) -> None:
    try:
        taken = addresses.is_taken(addresses.read(email) or "")
    except Invalid:
        return
    assert not taken
