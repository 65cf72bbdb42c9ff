"""The log of sensitive actions: append-only, chained by hash per account.

An entry's hash covers the previous entry's hash and every column, the personal data only as a
salted digest; so personal data can be erased and the chain still verifies. The database refuses
changes of a row (`guard.lock`); the chain shows those made behind the database's back.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import Any

from custode.guard import lock
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, LogPerson, Outcome
from custode.kernel import clock
from custode.kernel.actor import Actor

_HASHED = (
    "account_id", "seq", "verb", "kind", "outcome", "count", "actor_kind", "actor_id",
    "entrance", "session", "trash_id", "about", "details", "person_digest", "previous",
)  # fmt: skip


def canonical(data: Mapping[str, Any]) -> str:
    """JSON in the one form that is hashed."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest(salt: str, data: str) -> str:
    """What an entry says of its personal data."""
    return hashlib.sha256(f"{salt}\n{data}".encode()).hexdigest()


def hash_of(entry: LogEntry) -> str:
    """The hash that an entry must carry."""
    told = [f"{name}={getattr(entry, name)}" for name in _HASHED]
    told.append(f"at={entry.at.astimezone(UTC).isoformat(timespec='microseconds')}")
    return hashlib.sha256("\n".join(told).encode()).hexdigest()


def write(
    actor: Actor,
    verb: Verb,
    *,
    kind: str = "",
    outcome: Outcome = Outcome.DONE,
    count: int = 0,
    about: int | None = None,
    trash_id: int | None = None,
    details: Mapping[str, Any] | None = None,
    labels: list[str] | None = None,
    reason: str = "",
    personal: Mapping[str, Any] | None = None,
) -> LogEntry:
    """Add an entry to the account's chain, within the caller's transaction.

    Args:
        count: how many objects the act touched.
        about: the number of the entry that this one finishes, sums up or undoes.
        details: facts without personal data (a format, a filter's fields, a rule).
        labels: the names of the first few objects.
        personal: more personal data (the values of a filter).
    """
    head = hold(actor.account_id)
    person = {
        "actor": actor.name,
        "ip": actor.origin.ip,
        "device": actor.origin.device,
        "labels": labels or [],
        "reason": reason,
        **(personal or {}),
    }
    salt, data = secrets.token_hex(16), canonical(person)
    entry = LogEntry(
        account_id=actor.account_id,
        seq=head.seq + 1,
        at=clock.now(),
        verb=verb.value,
        kind=kind,
        outcome=outcome.value,
        count=count,
        actor_kind=actor.kind.value,
        actor_id=actor.id,
        entrance=actor.entrance.value,
        session=actor.origin.session,
        trash_id=trash_id,
        about=about,
        details=canonical(details or {}),
        person_digest=digest(salt, data),
        previous=head.hash,
    )
    entry.hash = hash_of(entry)
    with lock.opened(word(actor.account_id)):
        entry.save(force_insert=True)
        LogPerson.objects.create(account_id=entry.account_id, seq=entry.seq, salt=salt, data=data)
        LogHead.objects.filter(pk=head.pk).update(seq=entry.seq, hash=entry.hash)
    return entry


def word(account_id: int) -> str:
    """The word that opens an account's log, and nothing else, while it is written."""
    return f"log:{account_id}"


def hold(account_id: int) -> LogHead:
    """Take the end of the account's chain for this transaction.

    Every act takes it before any row, so that no two acts wait for each other in a circle.
    """
    head = LogHead.objects.select_for_update().filter(account_id=account_id).first()
    if head is None:
        with lock.opened(word(account_id)):
            LogHead.objects.bulk_create([LogHead(account_id=account_id)], ignore_conflicts=True)
        head = LogHead.objects.select_for_update().get(account_id=account_id)
    return head


@dataclass(frozen=True, slots=True)
class Fault:
    """A place where the chain of an account does not hold."""

    account_id: int
    seq: int
    what: str


def verify(account_id: int) -> Iterator[Fault]:
    """Walk an account's chain from its first entry; yields each fault, nothing when it holds.

    A cut tail shows as a head that is ahead of the last entry; if the head was set back too, only
    a checkpoint kept outside can show it.
    """
    previous, expected = "", 1
    for entry in _chain(account_id):
        if entry.seq != expected:
            yield Fault(account_id, expected, "an entry is missing")
        if entry.previous != previous or entry.hash != hash_of(entry):
            yield Fault(account_id, entry.seq, "the entry was changed, or is not in its place")
        previous, expected = entry.hash, entry.seq + 1
    yield from _verify_persons(account_id)
    head = LogHead.objects.filter(account_id=account_id).first()
    told = (head.seq, head.hash) if head else (0, "")
    if told != (expected - 1, previous):
        yield Fault(account_id, expected, "entries at the end are missing")


def _chain(account_id: int) -> Iterator[LogEntry]:
    entries = LogEntry.objects.filter(account_id=account_id).order_by("seq")
    return entries.iterator(chunk_size=2000)


def _verify_persons(account_id: int) -> Iterator[Fault]:
    digests = LogEntry.objects.filter(account_id=account_id).values_list("seq", "person_digest")
    persons = LogPerson.objects.filter(account_id=account_id).order_by("seq")
    known = dict(digests.iterator(chunk_size=2000))
    for person in persons.iterator(chunk_size=2000):
        if known.get(person.seq) != digest(person.salt, person.data):
            yield Fault(account_id, person.seq, "the personal data were changed")
