"""The chain shows what was done to the log behind the database's back."""

from __future__ import annotations

import pytest
from django.db import connection

from custode.guard import chain, door, lock_installation, log, verifying
from custode.guard.models import LogEntry, LogHead, LogPerson
from custode.guard.verifying import Walk, Wrong
from custode.kernel import scope
from tests.cast import Cast
from tests.guard.locked import sql

LAST = "(SELECT MAX(seq) FROM guard_logentry WHERE account_id = {account})"

# What somebody with all power does to Ferri's log -> what `verify` says of which entries.
# The scene writes twelve entries or so; `{last}` is the last of them.
TAMPERED = {
    "edits a count": ("UPDATE guard_logentry SET count = 7 WHERE seq = 3", [("changed", 3, 3)]),
    "edits a time": (
        "UPDATE guard_logentry SET at = '2001-01-01 00:00:00' WHERE seq = 3",
        [("changed", 3, 3)],
    ),
    "blames somebody else": (
        "UPDATE guard_logentry SET actor_id = NULL, actor_kind = 'system' WHERE seq = 4",
        [("changed", 4, 4)],
    ),
    "edits a name": (
        "UPDATE guard_logperson SET data = '{{}}' WHERE seq = 3",
        [("person", 3, 3)],
    ),
    "takes names away": (
        "DELETE FROM guard_logperson WHERE seq IN (3, 4, 5)",
        [("erased", 3, 5)],
    ),
    "deletes an entry": (
        "DELETE FROM guard_logentry WHERE seq = 3",
        [("missing", 3, 3), ("changed", 4, 4), ("nobody", 3, 3)],
    ),
    "deletes several with their names": (
        "DELETE FROM guard_logentry WHERE seq IN (3, 4);"
        "DELETE FROM guard_logperson WHERE seq IN (3, 4)",
        [("missing", 3, 4), ("changed", 5, 5)],
    ),
    "reorders two": (
        "UPDATE guard_logentry SET seq = 1003 WHERE seq = 3;"
        "UPDATE guard_logentry SET seq = 3 WHERE seq = 4;"
        "UPDATE guard_logentry SET seq = 4 WHERE seq = 1003",
        [("changed", 3, 3), ("person", 3, 3), ("changed", 4, 4), ("person", 4, 4),
         ("changed", 5, 5)],
    ),
    "swaps two names": (
        "UPDATE guard_logperson SET seq = 1003 WHERE seq = 3;"
        "UPDATE guard_logperson SET seq = 3 WHERE seq = 4;"
        "UPDATE guard_logperson SET seq = 4 WHERE seq = 1003",
        [("person", 3, 4)],
    ),
    "cuts the tail": (
        "DELETE FROM guard_logentry WHERE seq = {last};"
        "DELETE FROM guard_logperson WHERE seq = {last}",
        [("tail", "last", "last")],
    ),
    "cuts all": (
        "DELETE FROM guard_logentry; DELETE FROM guard_logperson",
        [("tail", 1, "last")],
    ),
    "turns the head back": (
        "UPDATE guard_loghead SET seq = {last} - 2",
        [("tail", "before", "before"), ("beyond", "last but one", "last"),
         ("nobody", "last but one", "last")],
    ),
    "deletes the head": (
        "DELETE FROM guard_loghead",
        [("beyond", 1, "last"), ("nobody", 1, "last")],
    ),
    "writes another hash at the head": (
        "UPDATE guard_loghead SET hash = 'x'",
        [("tail", "last", "last")],
    ),
}  # fmt: skip


@pytest.fixture
def scene(bare_scene: Cast) -> Cast:
    """The scene, of whose log nobody has a checkpoint."""
    return bare_scene


def numbers(account: int) -> dict[str, int]:
    """The numbers that the table calls by words."""
    last = LogEntry.objects.filter(account_id=account).latest("seq").seq
    return {"last": last, "last but one": last - 1, "before": last - 2}


def tampered(account: int, statements: str) -> list[tuple[str, int, int]]:
    """What `verify` says after somebody with all power changed the account's log."""
    with lock_installation.lifted():
        for one in statements.split(";"):
            where = " AND" if "WHERE" in one else " WHERE"
            sql(f"{one}{where} account_id = {account}")
    return [(fault.what.value, fault.seq, fault.last) for fault in log.verify(account)]


@pytest.mark.parametrize("piece", [5000, 2])
@pytest.mark.parametrize(("statements", "told"), TAMPERED.values(), ids=TAMPERED.keys())
def test_the_chain_shows_when_somebody(
    scene: Cast, monkeypatch: pytest.MonkeyPatch, piece: int, statements: str,
    told: list[tuple[str, int | str, int | str]],
) -> None:  # fmt: skip
    monkeypatch.setattr(verifying, "PIECE", piece)
    account = scene.ferri.account.pk
    known = numbers(account)
    assert list(log.verify(account)) == []
    found = tampered(account, statements.format(**known))
    expected = [(what, known.get(str(a), a), known.get(str(b), b)) for what, a, b in told]
    assert sorted(found) == sorted(expected)


def slipped(account: int, after: int) -> LogEntry:
    """A copy of the last entry with another number, its own digest and its own hash, and a name."""
    entry = LogEntry.objects.filter(account_id=account).latest("seq")
    person = LogPerson.objects.get(account_id=account, seq=entry.seq)
    entry.pk, person.pk = None, None
    entry.seq = person.seq = after + 1
    entry.previous = LogEntry.objects.get(account_id=account, seq=after).hash
    entry.person_digest = chain.digest(person.salt, person.data)
    entry.hash = chain.hash_of_row(
        (*(getattr(entry, name) for name in chain.HASHED), chain.moment(entry.at))
    )
    with lock_installation.lifted():
        if after < LogHead.objects.get(account_id=account).seq:
            for table in ("guard_logentry", "guard_logperson"):
                # In two steps, since numbers are unique.
                sql(
                    f"UPDATE {table} SET seq = seq + 10001 WHERE seq > {after}"
                    f" AND account_id = {account}"
                )
                sql(
                    f"UPDATE {table} SET seq = seq - 10000 WHERE seq > 10000"
                    f" AND account_id = {account}"
                )
        entry.save(force_insert=True)
        person.save(force_insert=True)
    return entry


@pytest.mark.parametrize("after", ["the middle", "the end"])
def test_an_entry_slipped_in_breaks_the_chain_however_well_it_was_made(
    scene: Cast, after: str
) -> None:
    account = scene.ferri.account.pk
    last = numbers(account)["last"]
    entry = slipped(account, 3 if after == "the middle" else last)
    found = {(fault.what, fault.seq) for fault in log.verify(account)}
    if after == "the end":
        assert found == {(Wrong.BEYOND, entry.seq), (Wrong.NOBODY, entry.seq)}
    else:
        assert (Wrong.CHANGED, entry.seq + 1) in found


@pytest.mark.parametrize("seq", [0, -7, 10**15])
def test_an_entry_of_an_impossible_number_is_found_and_the_walk_ends(scene: Cast, seq: int) -> None:
    account = scene.ferri.account.pk
    last = numbers(account)["last"]
    entry = LogEntry.objects.filter(account_id=account).latest("seq")
    entry.pk, entry.seq = None, seq
    with lock_installation.lifted():
        entry.save(force_insert=True)
        if seq > last:
            sql(f"UPDATE guard_loghead SET seq = {seq} WHERE account_id = {account}")
    found = [(fault.what, fault.seq) for fault in log.verify(account)]
    wrong = Wrong.BEYOND if seq <= 0 else Wrong.CHANGED
    assert (wrong, seq) in found


ODD = {
    "bytes that are no text": (
        "UPDATE guard_logentry SET details = CAST(x'ff' AS TEXT) WHERE seq = 3"
    ),
    "no text at all": "UPDATE guard_logentry SET details = x'ff00' WHERE seq = 3",
    "odd bytes in a name": "UPDATE guard_logperson SET data = CAST(x'ff' AS TEXT) WHERE seq = 3",
    "a time that is none": "UPDATE guard_logentry SET at = 'yesterday' WHERE seq = 3",
    "a number that is none": "UPDATE guard_logentry SET seq = 'three' WHERE seq = 3",
    "a head that is no number": "UPDATE guard_loghead SET seq = 'three'",
    "an odd entry that erases": (
        "UPDATE guard_logentry SET verb = 'erase', outcome = 'done', details = CAST(x'ff' AS TEXT)"
        " WHERE seq = 3"
    ),
}


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL takes no such values")
@pytest.mark.parametrize("statement", ODD.values(), ids=ODD.keys())
def test_nothing_that_somebody_writes_stops_the_check(scene: Cast, statement: str) -> None:
    assert tampered(scene.ferri.account.pk, statement)


def test_what_is_written_while_somebody_walks_is_no_fault(
    scene: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(verifying, "PIECE", 2)
    told: list[int] = []

    def tell(walk: Walk) -> None:
        told.append(walk.last)
        door.delete(scene.actor(scene.anna), [scene.lead(scene.anna, f"Late {len(told)}")])

    walk = Walk(scene.ferri.account.pk, tell=tell)
    assert list(walk.faults()) == []
    assert walk.walked == walk.last == told[-1]
    assert told == sorted(told)
    assert len(told) > 3


def test_the_log_of_another_account_is_not_looked_at(scene: Cast) -> None:
    assert tampered(scene.ferri.account.pk, "UPDATE guard_logentry SET count = 7")
    assert list(log.verify(scene.lodi.account.pk)) == []


def test_an_account_without_a_log_holds(people: Cast) -> None:
    with scope.account(999_999):
        assert list(log.verify(999_999)) == []
