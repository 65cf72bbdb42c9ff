"""“This was not me”: what somebody else began in a user's name is over."""

from __future__ import annotations

import pytest

from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Origin
from custode.kernel.errors import Gone
from custode.signin import access, factors, links
from custode.signin.factors import moves as factor_moves
from custode.signin.models import Ended, Passkey, Session
from custode.signin.sessions import moves as session_moves
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import acting
from tests.signin.looking import noted, why
from tests.signin.posting import again, delivered, delivered_one, link_in, token_in


def test_not_me_ends_all_voids_the_password_and_mails_a_way_back(
    people: Cast, begin, mailing
) -> None:
    mine, theirs = begin(people.ugo), begin(people.ugo, "strange")
    token = token_in(links.not_me_link(theirs), "not-me")
    row = links.session_of(token)
    assert row is not None
    assert access.not_me(access.by_link(row.user, Origin()), row)
    assert (why(mine), why(theirs)) == (Ended.NOT_ME, Ended.NOT_ME)
    assert not again(people.ugo).has_usable_password()
    assert links.session_of(token) is None
    assert noted(people.ugo) == [f'{{"not_me":{theirs.pk}}}']
    assert links.user_of(token_in(delivered_one().body)) == people.ugo


def test_not_me_counts_once(people: Cast, begin) -> None:
    row = begin(people.ugo)
    row = links.session_of(token_in(links.not_me_link(row), "not-me")) or row
    access.not_me(access.by_link(row.user, Origin()), row)
    with pytest.raises(Gone):
        access.not_me(access.by_link(row.user, Origin()), row)


def test_it_can_be_said_of_a_session_that_is_over_already(people: Cast, begin) -> None:
    row, other = begin(people.ugo, "strange"), begin(people.ugo)

    with scope.account(row.account_id):
        session_moves.end_own(people.ugo, [row.pk])
    found = links.session_of(token_in(links.not_me_link(row), "not-me"))
    assert found is not None
    access.not_me(access.by_link(found.user, Origin()), found)
    assert (why(row), why(other)) == (Ended.DISCONNECTED, Ended.NOT_ME)


THIEF, SAFE = "thief@x.example", "ugo@safe.example"
NEW = "quiet-river-lamp-29"


@pytest.fixture
def moved(people: Cast, begin, mailing) -> Session:
    """The session of a thief who has moved Ugo's sign-in to an address of their own."""
    theirs: Session = begin(people.ugo, "strange")
    access.ask_for_address(acting(people.ugo, theirs), people.ugo, THIEF)
    user = again(people.ugo)
    access.confirm_address(access.by_link(user, Origin()), user)
    assert again(people.ugo).email == THIEF
    delivered()
    return theirs


def test_who_moved_the_address_gets_no_way_back(people: Cast, moved) -> None:
    row = links.session_of(token_in(links.not_me_link(moved), "not-me"))
    assert row is not None
    assert not access.not_me(access.by_link(row.user, Origin()), row)
    assert delivered() == []
    user = again(people.ugo)
    assert (user.email, user.pending_email, user.has_usable_password()) == (None, "", False)


def test_who_moved_the_address_forgets_a_password_in_vain(people: Cast, moved, come_in) -> None:
    come_in().post("/forgot/", {"email": THIEF})
    before = token_in(delivered_one().body)
    say_not_me(moved)
    come_in().post("/forgot/", {"email": THIEF})
    assert delivered() == []
    for link in (before, token_in(links.not_me_link(moved), "not-me")):
        answer = come_in().post(f"/password/{link}/", {"password": NEW, "again": NEW})
        assert answer.status_code == 404
    for password in (PASSWORD, NEW):
        answer = come_in().post("/sign-in/", {"email": THIEF, "password": password})
        assert answer.status_code == 422


def test_an_admin_invites_to_an_address_of_their_own_who_lost_the_one_that_was_moved(
    people: Cast, moved, come_in
) -> None:
    say_not_me(moved)
    anna, user = come_in(people.anna), f"/admin-panel/users/{people.ugo.pk}/"
    page = anna.get(user).content.decode()
    assert "No sign-in" in page
    assert "None" not in page
    assert THIEF not in page + anna.get("/admin-panel/users/").content.decode()
    anna.post(f"{user}invite/", {"email": SAFE})
    letter = delivered_one()
    assert letter.to == [SAFE]
    path = link_in(letter.body)
    assert come_in().post(path, {"password": NEW, "again": NEW}).status_code == 200
    given = {"password": NEW}
    assert come_in().post("/sign-in/", {**given, "email": SAFE}).status_code == 302
    assert come_in().post("/sign-in/", {**given, "email": THIEF}).status_code == 422


def test_a_passkey_from_before_opens_pages_that_stand_it_to_have_no_address(
    people: Cast, moved, come_in
) -> None:
    say_not_me(moved)
    mine = come_in(again(people.ugo))
    for page in ("", "sign-in/", "address/", "password/"):
        answer = mine.get(f"/profile/{page}")
        assert (page, answer.status_code) == (page, 200)
        assert (page, "None" in answer.content.decode()) == (page, False)


def test_an_address_that_is_asked_for_while_it_is_said_is_not_kept(people: Cast, begin) -> None:
    theirs = begin(people.ugo, "strange")
    thief = again(people.ugo)
    say_not_me(theirs)
    with pytest.raises(Gone):
        access.ask_for_address(acting(thief, theirs), thief, THIEF)
    assert again(people.ugo).pending_email == ""


def test_an_address_from_before_stays(people: Cast, moved, begin) -> None:
    say_not_me(begin(people.ugo, "stranger"))
    assert delivered_one().to == [THIEF]
    assert again(people.ugo).email == THIEF


def test_an_address_that_waits_is_off(people: Cast, begin, mailing) -> None:
    theirs = begin(people.ugo, "strange")
    access.ask_for_address(acting(people.ugo, theirs), people.ugo, "thief@x.example")
    confirm, _warning = delivered()
    row = links.session_of(token_in(links.not_me_link(theirs), "not-me"))
    assert row is not None
    access.not_me(access.by_link(row.user, Origin()), row)
    assert links.user_of_address(token_in(confirm.body, "address")) is None
    assert delivered_one().to == ["ugo@conti.example"]


def add_passkey(people: Cast, row) -> None:
    passkey = Passkey(
        account=people.ferri.account, user=people.ugo, name="x", credential_id=f"of {row.pk}",
        public_key="x",
    )  # fmt: skip
    factor_moves.add_passkey(acting(people.ugo, row), passkey, this=row.pk)


def say_not_me(theirs) -> None:
    row = links.session_of(token_in(links.not_me_link(theirs), "not-me"))
    assert row is not None
    access.not_me(access.by_link(row.user, Origin()), row)


@pytest.mark.parametrize("where", ["the same browser", "a second browser"])
def test_a_passkey_that_they_left_behind_opens_nothing(people: Cast, begin, where) -> None:
    theirs = begin(people.ugo, "strange")
    used = begin(people.ugo, "stranger") if where == "a second browser" else theirs
    with scope.account(people.ugo.account_id):
        add_passkey(people, used)
        say_not_me(theirs)
        assert factors.of(people.ugo) == factors.Factors(totp=False, passkeys=0, codes_left=0)


def test_new_recovery_codes_of_theirs_open_nothing(people: Cast, begin) -> None:
    add_passkey(people, mine := begin(people.ugo))
    theirs, second = begin(people.ugo, "strange"), begin(people.ugo, "stranger")
    with scope.account(people.ugo.account_id):
        factor_moves.new_codes(acting(people.ugo, second), people.ugo)
        say_not_me(theirs)
        assert factors.of(people.ugo) == factors.Factors(totp=False, passkeys=1, codes_left=0)
    assert why(mine) == Ended.NOT_ME


def test_a_second_factor_from_before_stays(people: Cast, begin) -> None:
    mine = begin(people.ugo)
    with scope.account(people.ugo.account_id):
        add_passkey(people, mine)
        say_not_me(begin(people.ugo, "strange"))
        assert factors.of(people.ugo) == factors.Factors(totp=False, passkeys=1, codes_left=10)


def test_what_is_removed_has_its_entry_and_nothing_removed_has_none(people: Cast, begin) -> None:
    theirs = begin(people.ugo, "strange")
    say_not_me(begin(people.ugo, "stranger"))
    add_passkey(people, theirs)
    say_not_me(theirs)
    with scope.account(people.ugo.account_id):
        noted = LogEntry.objects.filter(verb=Verb.TWO_FACTOR).values_list("details", flat=True)
        assert list(noted.order_by("seq")) == ['{"on":"passkey"}', '{"off":"newer"}']
