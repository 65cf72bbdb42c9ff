"""A log of 1,000,000 entries compared with one of 10,000: first page, each filter, check.

The check of the chain is compared with a bare loop that reads and hashes the same rows.
`BENCH_ENTRIES=200000 python -m bench.log` uses fewer.
"""

from __future__ import annotations

import hashlib
import os
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import connection
from django.test import Client

from bench.export import _resident
from bench.ground import company, database, seconds
from bench.judging import Judge, judging
from custode.guard import chain, lock_installation
from custode.guard.models import LogEntry, LogHead, LogPerson
from custode.guard.verifying import Walk
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.people import moves
from custode.people.models import User

FEW, MANY = 10_000, int(os.environ.get("BENCH_ENTRIES", "1000000"))
CHUNK, ROUNDS, WALKS = 2000, 15, 3
LIMIT = 1.5
MEMORY = 60
"""The maximum growth of the process during a check, in megabytes."""
SESSIONS = 200
VERBS = (
    *(("delete", "lead"),) * 30, *(("change", "lead"),) * 30, *(("export", "lead"),) * 15,
    *(("restore", "lead"),) * 10, *(("delete", "client_folder"),) * 5, *(("users", ""),) * 4,
    *(("sign_in", ""),) * 4, ("privacy", ""), ("backup", ""),
)  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """An account with a long log, and an admin's browser in it."""

    actor: Actor
    browser: Client
    user: User
    entries: int
    began: datetime

    def ask(self, query: str) -> None:
        """Request the page of sensitive actions."""
        if self.browser.get(f"/security/actions/?{query}").status_code != 200:
            raise RuntimeError(query)

    def day(self, part: float) -> str:
        """Return the day on which this part of the log had been written."""
        return f"{self.began + timedelta(seconds=30 * self.entries * part):%Y-%m-%d}"


def main() -> None:
    """Judge pages and checks."""
    with database(), judging() as judge:
        few, many = (_ground(entries) for entries in (FEW, MANY))
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE guard_logentry")
                cursor.execute("VACUUM ANALYZE guard_logperson")
        for name, ask in _pages().items():
            times = _times(few, many, ask)
            told = f"{times[0] * 1000:.1f} ms at {FEW:,}, {times[1] * 1000:.1f} ms at {MANY:,}"
            print(f"{name}: {told}")
            judge.at_most(f"{name}, as many times as at {FEW:,}", times[1] / times[0], LIMIT)
        _check(judge, many)


def _ground(entries: int) -> Ground:
    actor, _steps = company(1, f"Log {entries}")
    user = moves.create(
        actor, first_name="Bench", email=f"bench{entries}@bench.example", role="admin"
    )
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
    began = clock.now() - timedelta(seconds=30 * entries)
    # The head of a log moves by one entry at a time: its lock would want an act for each.
    with scope.account(actor.account_id), lock_installation.lifted():
        for page in _written(actor, user, entries, began):
            LogEntry.objects.bulk_create([entry for entry, _person in page])
            LogPerson.objects.bulk_create([person for _entry, person in page])
        last = LogEntry.objects.latest("seq")
        LogHead.objects.update(seq=last.seq, hash=last.hash)
    return Ground(actor, browser, user, entries, began)


def _written(
    actor: Actor, user: User, entries: int, began: datetime
) -> Iterator[list[tuple[LogEntry, LogPerson]]]:
    """Yield valid entries as the log writes them, following the account's own, page by page."""
    chance = random.Random(entries)
    head = LogHead.objects.get()
    page: list[tuple[LogEntry, LogPerson]] = []
    for n in range(entries):
        entry, person = _entry(chance, actor, user, head, began + timedelta(seconds=30 * n))
        head.seq, head.hash = entry.seq, entry.hash
        page.append((entry, person))
        if len(page) == CHUNK or n == entries - 1:
            yield page
            page = []


def _entry(
    chance: random.Random, actor: Actor, user: User, head: LogHead, at: datetime
) -> tuple[LogEntry, LogPerson]:
    verb, kind = chance.choice(VERBS)
    refused = chance.random() < 0.05
    data = chain.canonical(
        {
            "actor": f"Person {chance.randrange(40)}", "ip": "93.40.12.7",
            "device": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) Chrome/142.0.0.0 Safari/537.36",
            "labels": [f"Fornitura {chance.randrange(9999)} per Officine" for _n in range(3)],
            "reason": "",
        }
    )  # fmt: skip
    salt = f"{chance.getrandbits(128):032x}"
    entry = LogEntry(
        account_id=actor.account_id, seq=head.seq + 1, at=at, verb=verb, kind=kind,
        outcome="refused" if refused else "done", count=chance.randrange(1, 50),
        actor_kind="user" if chance.random() < 0.97 else "system",
        actor_id=user.pk if chance.random() < 0.2 else user.pk + 1 + chance.randrange(40),
        entrance="web", session=str(1 + chance.randrange(SESSIONS)), details="{}",
        person_digest=chain.digest(salt, data), previous=head.hash,
    )  # fmt: skip
    if entry.actor_kind == "system":
        entry.actor_id, entry.entrance, entry.session = None, "job", ""
    entry.hash = chain.hash_of(entry)
    return entry, LogPerson(account_id=actor.account_id, seq=entry.seq, salt=salt, data=data)


def _pages() -> dict[str, str]:
    """Return the query of each kind of page; days are filled in for each log."""
    return {
        "first page": "",
        "next page": "before={middle}",
        "a frequent action": "verb=delete",
        "a rare action": "verb=backup",
        "a kind": "kind=client_folder",
        "a person": "who=user:{user}",
        "the system": "who=system:",
        "refused": "outcome=refused",
        "since a day in the middle": "since={half}",
        "until a day in the middle": "until={half}",
        "one day": "since={half}&until={half}",
        "everything that this session did": "session=7",
        "news": "after={latest}",
    }


def _times(few: Ground, many: Ground, pattern: str) -> tuple[float, float]:
    """Return the median seconds in both accounts, called in turn."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS + 1):
        for ground, kept in zip((few, many), times, strict=True):
            query = pattern.format(
                middle=ground.entries // 2, user=ground.user.pk, half=ground.day(0.5),
                latest=ground.entries,
            )  # fmt: skip
            kept.append(seconds(partial(ground.ask, query)))
    # The first round is for what is computed only once.
    return statistics.median(times[0][1:]), statistics.median(times[1][1:])


def _check(judge: Judge, ground: Ground) -> None:
    """Check the chain, and run the bare loop, in turn."""
    with scope.account(ground.actor.account_id):
        before = _resident()
        walks, loops = [], []
        for _round in range(WALKS):
            walks.append(seconds(partial(_walk, ground)))
            grown = _resident() - before
            loops.append(seconds(partial(_bare, ground)))
        walk, loop = min(walks), min(loops)
        print(f"{ground.entries:,} entries checked in {walk:.2f} s, bare loop {loop:.2f} s")
        judge.at_most("check, as many times the bare loop", walk / loop, LIMIT)
        judge.at_most("MB by which a check grows", grown, MEMORY)


def _walk(ground: Ground) -> None:
    walk = Walk(ground.actor.account_id)
    faults = list(walk.faults())
    if faults or walk.walked < ground.entries:
        raise RuntimeError(f"{walk.walked} entries, {faults[:3]}")


def _bare(ground: Ground) -> None:
    """Read the same rows with a cursor, and hash them: an entry's columns and personal data."""
    columns = ", ".join(f"e.{name}" for name in (*chain.HASHED, "at", "hash"))
    sql = (
        f"SELECT {columns}, p.salt, p.data FROM guard_logentry e"
        " JOIN guard_logperson p ON p.account_id = e.account_id AND p.seq = e.seq"
        " WHERE e.account_id = %s ORDER BY e.seq"
    )
    with connection.chunked_cursor() as cursor:
        cursor.execute(sql, [ground.actor.account_id])
        while rows := cursor.fetchmany(5000):
            for row in rows:
                hashlib.sha256("\n".join(map(str, row[:16])).encode()).hexdigest()
                hashlib.sha256(f"{row[17]}\n{row[18]}".encode()).hexdigest()


if __name__ == "__main__":
    main()
