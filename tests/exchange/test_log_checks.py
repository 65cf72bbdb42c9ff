"""A check of the log is a job: it tells how far it is, is cut off and goes on, and runs once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db.models.functions import Now

from custode.exchange.evidence import checking
from custode.exchange.models import CheckState, LogCheck
from custode.guard import door, lock_installation, verifying
from custode.guard.models import LogEntry
from tests.cast import Cast


@pytest.fixture
def check(ferri: Cast, monkeypatch: pytest.MonkeyPatch) -> LogCheck:
    """A check that was asked for, which tells how far it is after every two entries."""
    monkeypatch.setattr(verifying, "PIECE", 2)
    monkeypatch.setattr(checking, "_EVERY", 0.0)
    for _ in range(3):
        door.delete(ferri.actor(ferri.ugo), [ferri.lead(ferri.ugo)])
    return checking.begin(ferri.anna, None)


def done(ferri: Cast, check: LogCheck) -> bool:
    came = checking.work(ferri.ferri.account.pk, check.pk)
    check.refresh_from_db()
    return came


def test_it_tells_how_far_it_is(
    ferri: Cast, check: LogCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    entries = verifying._entries

    def watched(account_id: int, start: int, end: int):
        seen.append(LogCheck.objects.values_list("state", "walked").get(pk=check.pk))
        return entries(account_id, start, end)

    monkeypatch.setattr(verifying, "_entries", watched)
    assert done(ferri, check)
    assert check.state == CheckState.DONE
    assert [walked for _state, walked in seen] == sorted(walked for _state, walked in seen)
    assert len({walked for _state, walked in seen}) > 2
    found = checking.Found(**check.found)
    assert (found.faults, found.entries) == ([], LogEntry.objects.count())


def test_one_job_works_on_it_at_a_time(ferri: Cast, check: LogCheck) -> None:
    LogCheck.objects.filter(pk=check.pk).update(state=CheckState.WALKING, tries=1, alive_at=Now())
    assert not done(ferri, check)
    LogCheck.objects.filter(pk=check.pk).update(alive_at=Now() - timedelta(minutes=1))
    assert done(ferri, check)
    assert (check.state, check.tries) == (CheckState.DONE, 2)


def test_a_slow_try_that_was_taken_for_dead_notes_nothing(
    ferri: Cast, check: LogCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    entries = verifying._entries

    def overtaken(account_id: int, start: int, end: int):
        LogCheck.objects.filter(pk=check.pk).update(tries=7)
        return entries(account_id, start, end)

    monkeypatch.setattr(verifying, "_entries", overtaken)
    assert done(ferri, check)
    assert (check.state, check.found) == (CheckState.WALKING, {})


def test_after_three_tries_that_failed_it_says_so(
    ferri: Cast, check: LogCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise OSError("the disk")

    monkeypatch.setattr(verifying, "_entries", broken)
    for _ in range(2):
        with pytest.raises(OSError, match="the disk"):
            done(ferri, check)
        check.refresh_from_db()
        assert check.state == CheckState.WAITING
    assert done(ferri, check)
    assert check.state == CheckState.FAILED


def test_thousands_of_faults_are_told_by_their_number(
    ferri: Cast, check: LogCheck, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "MOST_TOLD", 1)
    with lock_installation.lifted():
        LogEntry.objects.filter(seq__in=(2, 4, 6)).update(count=77)
    assert done(ferri, check)
    found = checking.Found(**check.found)
    assert [tuple(one) for one in found.faults] == [(2, 2, "changed")]
    assert found.more == 2


def test_old_checks_are_forgotten(ferri: Cast, check: LogCheck) -> None:
    for _ in range(30):
        LogCheck.objects.update(state=CheckState.DONE)
        checking.begin(ferri.anna, None)
    assert LogCheck.objects.count() <= 21
