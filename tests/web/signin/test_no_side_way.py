"""The database lets nobody take a second factor away, or put one in, past the door."""

from __future__ import annotations

import pytest
from django.db import Error, connection, transaction

from custode.kernel import scope
from custode.signin.factors import recovery, totp
from tests.web.signin.test_two_factor import secure


@pytest.fixture
def codes(people):
    """Ugo's recovery codes, beside an authenticator app."""
    return secure(people, people.ugo, totp.new_secret())


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE signin_totp SET removed_at = created_at",
        "UPDATE signin_totp SET secret = 'mine'",
        "DELETE FROM signin_totp",
        "INSERT INTO signin_recoverycode (account_id, user_id, digest, created_at)"
        " SELECT account_id, user_id, 'mine', created_at FROM signin_totp",
        "UPDATE signin_recoverycode SET spent_at = NULL WHERE spent_at IS NOT NULL",
    ],
)
def test_the_database_lets_nobody_take_it_away_by_the_side(people, codes, statement):
    with scope.account(people.ugo.account_id):
        assert recovery.takes(people.ugo, codes[0])
    with (
        pytest.raises(Error, match="only the door"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)
