"""Who is told of a token that a program has made."""

from __future__ import annotations

from custode.kernel import scope
from custode.signin.sessions import tokens
from custode.signin.sessions.store import Arrival
from tests.signin.posting import delivered


def test_a_token_from_another_network_is_told_by_mail_whatever_the_program_calls_itself(
    people, mailing
):
    def letters(ip: str) -> int:
        with scope.account(people.ugo.account_id):
            tokens.begin(people.ugo, Arrival(ip=ip, header="Sync/1"))
        return len(delivered())

    assert [letters("192.0.2.7"), letters("192.0.2.7")] == [1, 0]
    assert [letters("198.51.100.9"), letters("198.51.100.9")] == [1, 0]
    # One IPv6 customer has a whole /64.
    assert [letters("2001:db8::1"), letters("2001:db8::2"), letters("2001:db8:0:1::1")] == [1, 0, 1]
