"""Whoever guesses is stopped by the limits, and the account's log tells an admin of it."""

from __future__ import annotations

import pytest
from django_tasks_db.models import DBTaskResult

from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.signin.factors import totp
from tests.signin.posting import delivered
from tests.web.security.telling import PAGE, told
from tests.web.signin.test_two_factor import password_step, second_step, secure

UGO = "ugo@conti.example"


def guess(client, times, email=UGO, ip="198.51.100.9"):
    for n in range(times):
        client.post("/sign-in/", {"email": email, "password": f"guess-{n}"}, REMOTE_ADDR=ip)


def lines(people, come_in):
    """The refusals that Anna reads, without what was done before."""
    delivered()
    return [words for words, colour in told(come_in(people.anna).get(PAGE)) if colour == "refused"]


def test_a_few_wrong_passwords_are_nobodys_business(people, come_in):
    guess(come_in(), 4)
    assert lines(people, come_in) == []


def test_wrong_passwords_until_none_is_left_are_told(people, come_in):
    guess(come_in(), 9)
    (line,) = lines(people, come_in)
    assert line == "Somebody tried wrong passwords of Ugo Conti until no attempt was left."
    page = come_in(people.anna).get(PAGE).text
    assert "198.51.100.9" in page
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.get(outcome="refused")
    assert (entry.actor_kind, entry.actor_id, entry.verb) == ("system", None, "sign_in")


def test_guesses_from_many_addresses_are_told_once_and_counted(people, come_in):
    for n in range(60):
        guess(come_in(), 1, ip=f"198.51.100.{n}")
    assert lines(people, come_in) == [
        "Somebody tried wrong passwords of Ugo Conti until no attempt was left."
    ]


def test_an_address_that_nobody_has_takes_the_same_way_and_tells_nobody(people, come_in):
    guess(come_in(), 9, "nobody@conti.example")
    assert DBTaskResult.objects.filter(task_path__contains="guessing").count() == 1
    assert lines(people, come_in) == []
    with scope.account(people.lodi.account.pk):
        assert not LogEntry.objects.filter(outcome="refused").exists()


@pytest.fixture
def codes(people):
    return secure(people, people.ugo, totp.new_secret())


def test_wrong_codes_until_none_is_left_are_told(people, come_in, codes):
    client = come_in()
    password_step(client)
    for _n in range(9):
        second_step(client, "000000")
    assert lines(people, come_in) == []
    second_step(client, "000000")
    second_step(client, "000000")
    assert lines(people, come_in) == [
        "Somebody who has the password of Ugo Conti tried wrong codes until no attempt was left."
    ]


def test_wrong_proofs_until_none_is_left_are_told_with_their_session(people, come_in):
    client = come_in(people.anna)
    for _n in range(11):
        client.post("/proof/", {"password": "not this one"})
    assert lines(people, come_in) == [
        "In a session of Anna Ferri the proof of identity was wrong until no attempt was left."
    ]
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.get(outcome="refused").session


def test_a_recovery_code_that_opens_is_told_with_how_many_are_left(people, come_in, codes):
    client = come_in()
    password_step(client)
    assert second_step(client, codes[0]).status_code == 302
    first = told(come_in(people.anna).get(PAGE))[0]
    assert first == ("Ugo Conti used a recovery code; 9 are left.", "done")
