"""Passwords set, changed and taken away: what goes with the old one, and what stays."""

from __future__ import annotations

import pytest

from custode.kernel.actor import Actor, Origin
from custode.kernel.errors import Invalid, ProofNeeded, Refused
from custode.people import moves
from custode.people.models import User
from custode.signin import access, links
from custode.signin.models import Ended
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import acting
from tests.signin.looking import noted, why
from tests.signin.posting import again, delivered, delivered_one, token_in

GOOD = "tre-civette-sul-comò"


def password_token(user: User) -> str:
    return token_in(links.password_link(again(user)))


# ---- passwords


def test_a_password_set_by_a_link_ends_every_session_and_every_link(
    people: Cast, begin, mailing
) -> None:
    rows, other = [begin(people.ugo), begin(people.ugo, "home")], begin(people.bruna)
    tokens = [password_token(people.ugo) for _ in range(2)]
    user = links.user_of(tokens[0])
    assert user is not None
    access.set_by_link(access.by_link(user, Origin()), user, GOOD)
    assert [why(row) for row in (*rows, other)] == [Ended.PASSWORD, Ended.PASSWORD, ""]
    assert [links.user_of(token) for token in tokens] == [None, None]
    assert again(people.ugo).check_password(GOOD)
    assert delivered_one().subject == "Your password was changed"
    assert noted(people.ugo) == [f'{{"password":"link","user":{user.pk}}}']


def test_the_first_password_of_an_invited_user_is_no_change_to_warn_of(
    people: Cast, mailing
) -> None:
    dino = access_of_new(people, "dino@rota.example")
    access.set_by_link(access.by_link(dino, Origin()), dino, GOOD)
    assert delivered() == []


def access_of_new(people: Cast, email: str) -> User:
    made = moves.create(people.actor(people.anna), first_name="Dino", email=email)
    return again(made)


def test_changing_ones_password_keeps_this_session_only(people: Cast, begin, mailing) -> None:
    this, other = begin(people.ugo), begin(people.ugo, "home")
    token = password_token(people.ugo)
    access.change_password(acting(people.ugo, this), people.ugo, GOOD, this=this.pk)
    assert (why(this), why(other)) == ("", Ended.PASSWORD)
    assert links.user_of(token) is None
    letter = delivered_one()
    assert "Firefox on Linux" in letter.body
    assert links.session_of(token_in(letter.body, "not-me")) == this


def test_a_password_that_was_changed_elsewhere_meanwhile_is_not_replaced(
    people: Cast, begin, mailing
) -> None:
    this, stale = begin(people.ugo), again(people.ugo)
    access.change_password(acting(people.ugo, this), people.ugo, GOOD, this=this.pk)
    with pytest.raises(Invalid, match="changed elsewhere just now"):
        access.change_password(acting(stale, this), stale, "another-long-password", this=this.pk)
    assert again(people.ugo).check_password(GOOD)


def test_changing_ones_password_takes_a_proof(people: Cast, begin) -> None:
    this = begin(people.ugo)
    with pytest.raises(ProofNeeded):
        access.change_password(
            acting(people.ugo, this, proved=False), people.ugo, GOOD, this=this.pk
        )
    assert again(people.ugo).check_password(PASSWORD)


@pytest.mark.parametrize("bad", ["short", "password123", "1234567890", "ugo@conti.example"])
def test_a_bad_password_changes_nothing(people: Cast, begin, bad: str) -> None:
    this, other = begin(people.ugo), begin(people.ugo, "home")
    with pytest.raises(Invalid) as refusal:
        access.change_password(acting(people.ugo, this), people.ugo, bad, this=this.pk)
    assert refusal.value.field == "password"
    assert (why(this), why(other)) == ("", "")


def test_an_invited_user_does_not_take_the_waiting_address_as_a_password(people: Cast) -> None:
    dino = access_of_new(people, "dino@rotatoria.example")
    with pytest.raises(Invalid):
        access.set_by_link(access.by_link(dino, Origin()), dino, "dino@rotatoria.example")


# ---- the operator's reset


def test_a_reset_takes_everything_away_and_gives_a_link(people: Cast, begin, mailing) -> None:
    rows = [begin(people.anna), begin(people.anna, "home")]
    before = password_token(people.anna)
    link = access.reset(Actor.operator(people.anna.account_id), people.anna)
    assert {why(row) for row in rows} == {Ended.PASSWORD}
    assert not again(people.anna).has_usable_password()
    assert links.user_of(before) is None
    assert links.user_of(token_in(link)) == people.anna
    assert delivered_one().subject == "Your access to Custode was reset"
    assert noted(people.anna) == [f'{{"reset":{people.anna.pk}}}']


def test_a_user_resets_nobody(people: Cast, begin) -> None:
    row = begin(people.bruna)
    with pytest.raises(Refused):
        access.reset(acting(people.ugo), people.bruna)
    assert why(row) == ""
    assert again(people.bruna).has_usable_password()
