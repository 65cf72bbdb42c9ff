"""The log of sensitive acts: append-only, with a hash chain per account.

An entry's hash covers the previous entry's hash and every column, but personal data only as a
salted digest; so personal data can be erased and the chain still verifies. The database refuses
changes of a row (`guard.lock`); the chain reveals those made by bypassing it (`guard.verifying`).
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Mapping
from typing import Any

from custode.guard import lock, news
from custode.guard.chain import canonical, digest, hash_of
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogHead, LogPerson, Outcome, Touched
from custode.guard.touched_objects import Marks
from custode.guard.verifying import Fault, verify
from custode.kernel import clock
from custode.kernel.actor import Actor

__all__ = ["Fault", "canonical", "hold", "verify", "word", "write"]


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
    objects: Collection[int] = (),
) -> LogEntry:
    """Add an entry to the account's chain, within the caller's transaction.

    Args:
        count: how many objects the act touched.
        about: the number of the entry that this one finishes, sums up or undoes.
        details: facts without personal data (a format, a filter's fields, a rule).
        labels: the names of the first few objects.
        personal: more personal data (the values of a filter).
        objects: the numbers of the objects of `kind` that it touches, for their histories.
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
        details=canonical({**(details or {}), **_by_key(actor)}),
        person_digest=digest(salt, data),
        previous=head.hash,
    )
    entry.hash = hash_of(entry)
    with lock.opened(word(actor.account_id)):
        entry.save(force_insert=True)
        LogPerson.objects.create(account_id=entry.account_id, seq=entry.seq, salt=salt, data=data)
        LogHead.objects.filter(pk=head.pk).update(seq=entry.seq, hash=entry.hash)
        if objects:
            Touched.objects.bulk_create(Marks(objects).rows(entry.account_id, entry.seq, kind))
    news.acted(entry)
    return entry


def _by_key(actor: Actor) -> dict[str, int]:
    """Return the number of the key by which an application acts as somebody; erasure keeps it."""
    return {} if actor.as_key is None else {"as_key": actor.as_key}


def word(account_id: int) -> str:
    """Return the door's word that permits writing an account's log, and nothing else."""
    return f"log:{account_id}"


def hold(account_id: int) -> LogHead:
    """Lock the end of the account's chain for this transaction.

    Every act locks it before any row, so that no two acts deadlock.
    """
    head = LogHead.objects.select_for_update().filter(account_id=account_id).first()
    if head is None:
        with lock.opened(word(account_id)):
            LogHead.objects.bulk_create([LogHead(account_id=account_id)], ignore_conflicts=True)
        head = LogHead.objects.select_for_update().get(account_id=account_id)
    return head
