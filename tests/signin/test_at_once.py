"""Tries and codes that several spend at the same moment: none is given twice."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from django.db import connections

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.errors import TooMany
from custode.signin import limits, sealing
from custode.signin.factors import recovery, totp
from custode.signin.limits import Allowance
from custode.signin.models import RecoveryCode, Totp
from tests.cast import Cast
from tests.signin.processes import in_processes

pytestmark = pytest.mark.django_db(transaction=True)
TWENTY = Allowance("trial, at once", 20, timedelta(days=1))


def let_through(allowance: Allowance, tries: int) -> int:
    """How many of so many tries are let through."""
    count = 0
    for _ in range(tries):
        try:
            limits.spend(allowance, "somebody")
        except TooMany:
            continue
        count += 1
    return count


@pytest.mark.parametrize("round_", range(3))
def test_of_many_threads_no_more_are_let_through_than_is_allowed(
    transactional_db: None, round_: int
) -> None:
    barrier = threading.Barrier(8)

    def tries() -> int:
        try:
            barrier.wait(20)
            return let_through(TWENTY, 6)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(8) as pool:
        counts = [future.result() for future in [pool.submit(tries) for _ in range(8)]]
    assert sum(counts) <= TWENTY.tries
    # Nor was any lost: what the threads did not get is there for whoever comes after.
    assert sum(counts) + let_through(TWENTY, TWENTY.tries) == TWENTY.tries


def test_of_several_processes_neither(ferri: Cast) -> None:
    account = ferri.ferri.account.pk
    counts = in_processes(account, *[lambda: let_through(TWENTY, 15)] * 3)
    assert sum(counts) <= TWENTY.tries
    assert sum(counts) + let_through(TWENTY, TWENTY.tries) == TWENTY.tries


def test_a_code_of_the_program_is_taken_by_one_of_two_processes(ferri: Cast) -> None:
    secret, account = totp.new_secret(), ferri.ferri.account.pk
    with door.sensitive_act(ferri.actor(ferri.ugo), Verb.TWO_FACTOR):
        Totp.objects.create(user=ferri.ugo, secret=sealing.seal(secret))
    taken = []
    for _round in range(6):
        with scope.account(account):
            Totp.objects.update(last_step=0)
        code = pyotp.TOTP(secret).at(clock.now())
        taken.append(in_processes(account, *[lambda code=code: totp.takes(ferri.ugo, code)] * 2))
    assert [sorted(both) for both in taken] == [[False, True]] * 6


def test_a_recovery_code_is_taken_by_one_of_two_processes(ferri: Cast) -> None:
    with door.sensitive_act(ferri.actor(ferri.ugo), Verb.TWO_FACTOR):
        codes = recovery.make(ferri.ugo)
    account = ferri.ferri.account.pk
    taken = [
        in_processes(account, *[lambda code=code: recovery.takes(ferri.ugo, code)] * 2)
        for code in codes[:6]
    ]
    assert [sorted(both) for both in taken] == [[False, True]] * 6
    assert RecoveryCode.objects.filter(spent_at=None).count() == len(codes) - 6
