"""The chain shows what was done to the log behind the database's back."""

from __future__ import annotations

import pytest
from django.db import transaction

from custode.guard import lock, locksmith, log
from custode.guard.models import LogEntry
from tests.cast import Cast
from tests.guard.locked import sql


def tampered(statement: str) -> list[str]:
    """What `verify` says after somebody with all power changed the log behind its back."""
    account_id = LogEntry.objects.order_by("-seq").first().account_id  # type: ignore[union-attr]  # there are entries
    with locksmith.lifted():
        for one in statement.split(";"):
            sql(one)
    return [fault.what for fault in log.verify(account_id)]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guard_logentry SET count = 7 WHERE seq = 3",
        "UPDATE guard_logentry SET actor_id = NULL, actor_kind = 'system' WHERE seq = 4",
        "DELETE FROM guard_logentry WHERE seq = 3",
        "UPDATE guard_logperson SET data = '{}' WHERE seq = 3",
        "DELETE FROM guard_logentry WHERE seq = (SELECT MAX(seq) FROM guard_logentry)",
        "UPDATE guard_logentry SET seq = 1003 WHERE seq = 3;"
        "UPDATE guard_logentry SET seq = 3 WHERE seq = 4",
    ],
    ids=["edited", "blamed on another", "deleted", "person edited", "cut tail", "reordered"],
)
def test_the_chain_shows_a_log_that_was(scene: Cast, statement: str) -> None:
    assert list(log.verify(scene.ferri.account.pk)) == []
    assert tampered(statement)


def test_a_cut_tail_shows_though_its_persons_were_cut_too(scene: Cast) -> None:
    account = scene.ferri.account.pk
    with locksmith.lifted():
        for table in ("guard_logentry", "guard_logperson"):
            last = f"SELECT MAX(seq) FROM {table} WHERE account_id = {account}"
            sql(f"DELETE FROM {table} WHERE account_id = {account} AND seq = ({last})")
    assert [fault.what for fault in log.verify(account)] == ["entries at the end are missing"]


def test_an_entry_slipped_in_breaks_the_chain(scene: Cast) -> None:
    entry = LogEntry.objects.filter(account_id=scene.ferri.account.pk).order_by("-seq")[0]
    entry.pk, entry.seq = None, entry.seq + 1
    with locksmith.lifted():
        entry.save(force_insert=True)
    assert list(log.verify(scene.ferri.account.pk))


def test_the_person_of_an_entry_can_be_erased_and_the_chain_still_holds(scene: Cast) -> None:
    account = scene.ferri.account.pk
    with transaction.atomic(), lock.opened(f"erase:{account}"):
        assert sql("DELETE FROM guard_logperson WHERE account_id = %s AND seq = 3", account) == 1
    assert list(log.verify(account)) == []
