"""Logs refusals (what was tried, by whom, and why not) without letting anyone flood the log.

Each attempt that differs from those logged recently is an entry of its own, so nobody can hide what
follows behind something harmless. Repetitions, and everything beyond so many attempts a minute that
a program must be at work, are counted and summed up in one entry at the end.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import Q

from custode.guard import lock, log
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson, Outcome, RefusalWindow
from custode.guard.ports import REFUSAL_WINDOW
from custode.kernel import clock
from custode.kernel.actor import Actor, ActorKind, Entrance, Origin
from custode.kernel.errors import Refused

MOST_TOLD: Final = 10
"""How many different attempts of one person at one verb are logged one by one within a minute."""


@dataclass(frozen=True, slots=True)
class Attempt:
    """What an actor is about to do, as far as it is known beforehand; logged when it is refused.

    Args:
        count: how many objects, or a function that counts them.
        details: the details, without personal data.
        labels: whom or what it concerns, or a function that returns it.
        reason: the reason, if one was given.
    """

    count: int | Callable[[], int] = 0
    details: Mapping[str, Any] = field(default_factory=dict)
    labels: Sequence[str] | Callable[[], Sequence[str]] = ()
    reason: str = ""

    @property
    def names(self) -> list[str]:
        """The names of whom or what it concerns."""
        return list(self.labels() if callable(self.labels) else self.labels)


UNKNOWN = Attempt()


def refused(actor: Actor, verb: Verb, kind: str, no: Refused, tried: Attempt = UNKNOWN) -> None:
    """Log a refusal at once; count repetitions within a minute, to be summed up later."""
    actor_kind, actor_id = actor.counted_as
    with transaction.atomic(durable=True), lock.opened(log.word(actor.account_id)):
        window, _ = RefusalWindow.objects.select_for_update().get_or_create(
            account_id=actor.account_id,
            actor_kind=actor_kind.value,
            actor_id=actor_id or 0,
            verb=verb.value,
            kind=kind,
            defaults={"opened_at": clock.now() - 2 * REFUSAL_WINDOW, "seq": 0},
        )
        count = tried.count() if callable(tried.count) else tried.count
        tried = replace(tried, labels=tried.names)
        attempt = _attempt(actor, no, tried, count)
        # A window opened in the future is over too: it must not swallow refusals until then.
        if timedelta(0) <= clock.now() - window.opened_at < REFUSAL_WINDOW:
            if attempt in window.told or len(window.told) >= MOST_TOLD:
                window.more, window.largest = window.more + 1, max(window.largest, count)
                window.save(update_fields=["more", "largest"])
                return
            _write(actor, verb, kind, no, tried, count)
            window.told = [*window.told, attempt]
            window.save(update_fields=["told"])
            return
        _sum_up(window)
        entry = _write(actor, verb, kind, no, tried, count)
        window.opened_at, window.seq, window.told = entry.at, entry.seq, [attempt]
        window.more, window.largest = 0, 0
        window.save(update_fields=["opened_at", "seq", "told", "more", "largest"])


def _attempt(actor: Actor, no: Refused, tried: Attempt, count: int) -> str:
    """Return what distinguishes an attempt: from where, the details, on whom and on how many."""
    facts = {
        **({"as": actor.id} if actor.as_key else {}),
        "session": actor.origin.session,
        "rule": no.rule,
        "details": tried.details,
        "labels": tried.names,
        "count": count,
    }
    return hashlib.sha256(log.canonical(facts).encode()).hexdigest()[:16]


def _write(
    actor: Actor, verb: Verb, kind: str, no: Refused, tried: Attempt, count: int
) -> LogEntry:
    return log.write(
        actor,
        verb,
        kind=kind,
        outcome=Outcome.REFUSED,
        count=count,
        details={
            "rule": no.rule,
            **no.facts,
            **({"tried": tried.details} if tried.details else {}),
        },
        labels=tried.names,
        reason=tried.reason,
        personal={"why": no.why},
    )


def _sum_up(window: RefusalWindow) -> None:
    """Log how many further attempts there were, on behalf of the refused actor."""
    if window.more:
        log.write(
            actor_of(window.account_id, window.seq),
            Verb(window.verb),
            kind=window.kind,
            outcome=Outcome.REFUSED,
            count=window.more,
            about=window.seq,
            details={"repeated": window.more, "largest": window.largest},
        )


def actor_of(account_id: int, seq: int) -> Actor:
    """Return the actor of an entry, to sum up what they went on doing; nameless once erased."""
    first = LogEntry.objects.get(account_id=account_id, seq=seq)
    person = LogPerson.objects.filter(account_id=account_id, seq=seq).first()
    told = json.loads(person.data) if person else {"actor": "", "ip": "", "device": ""}
    return Actor(
        account_id,
        ActorKind(first.actor_kind),
        first.actor_id,
        told["actor"],
        is_admin=False,
        entrance=Entrance(first.entrance),
        origin=Origin(told["ip"], told["device"], first.session),
        as_key=json.loads(first.details).get("as_key"),
    )


def close_windows(system: Actor) -> int:
    """Sum up the repeated refusals of an account whose minute is over; for the job.

    Returns:
        The number of windows closed.
    """
    now = clock.now()
    due = RefusalWindow.objects.filter(
        Q(opened_at__lt=now - REFUSAL_WINDOW) | Q(opened_at__gt=now),
        account_id=system.account_id,
        more__gt=0,
    )
    closed = 0
    for pk in list(due.values_list("pk", flat=True)):
        with transaction.atomic(durable=True), lock.opened(log.word(system.account_id)):
            window = RefusalWindow.objects.select_for_update().get(pk=pk)
            _sum_up(window)
            window.more, window.largest = 0, 0
            window.save(update_fields=["more", "largest"])
            closed += 1
    return closed
