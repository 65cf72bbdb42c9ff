"""Reads log entries in the form in which the alert rules need them."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from custode.guard import kinds, ports
from custode.guard.alerts import marks
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome, TrashEntry
from custode.kernel.actor import ActorKind

DONE: Final = "done"
REFUSED: Final = "refused"


@dataclass(frozen=True, slots=True)
class Fact:
    """The facts of one log entry, as the alert rules use them.

    Args:
        acts: the names by which rules may refer to the act (`marks.of`).
        outcome: `done` or `refused`.
        items: how many objects the act concerned.
        times: how many acts the entry stands for.
        actor_kind, actor_id: who acted, or on whose behalf.
        by_admin: whether the actor is an admin now.
        as_key: the API key with which an application acted on a user's behalf; None otherwise.
    """

    seq: int
    at: datetime
    acts: frozenset[str]
    kind: str
    outcome: str
    items: int
    times: int
    actor_kind: str
    actor_id: int | None
    by_admin: bool
    as_key: int | None = None

    @property
    def actor(self) -> tuple[str, int | None]:
        """The actor the act counts for: the application, when it acted on a user's behalf."""
        if self.as_key is not None:
            return ActorKind.KEY, self.as_key
        return self.actor_kind, self.actor_id


def read(entries: Collection[LogEntry]) -> list[Fact]:
    """Return the facts of these entries of the account in scope, except acts that only began."""
    along = _along([entry.seq for entry in entries if entry.verb in _TAKING])
    admins = ports.admins_among(
        {e.actor_id for e in entries if e.actor_kind == ActorKind.USER and e.actor_id}
    )
    found = (_fact(entry, along.get(entry.seq, {}), admins) for entry in entries)
    return [fact for fact in found if fact is not None]


_TAKING: Final = {Verb.DELETE, Verb.UNDO}


def _along(seqs: list[int]) -> dict[int, Mapping[str, int]]:
    """Return, by act number, how many dependent objects of each kind were removed with it."""
    if not seqs:
        return {}
    return dict(TrashEntry.objects.filter(seq__in=seqs).values_list("seq", "along"))


def _fact(entry: LogEntry, along: Mapping[str, int], admins: Collection[int]) -> Fact | None:
    if entry.outcome == Outcome.STARTED:
        return None
    details = _details(entry)
    refused = entry.outcome == Outcome.REFUSED
    # If it was broken off or failed, count only what had happened by then; skip it if that is
    # nothing.
    if not refused and entry.outcome != Outcome.DONE and not entry.count:
        return None
    return Fact(
        entry.seq, entry.at, marks.of(entry.verb, details), entry.kind,
        REFUSED if refused else DONE,
        _items(entry, details, along, refused),
        int(details.get("repeated") or 1) if refused else 1,
        entry.actor_kind, entry.actor_id,
        entry.actor_kind == ActorKind.USER and entry.actor_id in admins,
        as_key if isinstance(as_key := details.get("as_key"), int) else None,
    )  # fmt: skip


def _details(entry: LogEntry) -> Mapping[str, Any]:
    """Return the entry's details; empty if unreadable, so that later entries still count."""
    try:
        found = json.loads(entry.details)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def _items(
    entry: LogEntry, details: Mapping[str, Any], along: Mapping[str, int], refused: bool
) -> int:
    if refused:
        return int(details.get("largest") or entry.count)
    if details.get("download"):
        # Its rows were counted when the file was made.
        return 0
    if entry.verb == Verb.EXPORT:
        # Dependent rows that left with the others count as rows of their own.
        return entry.count + sum(_left_along(details).values())
    # Contacts of folders that were written over count each, as leads do.
    return max(entry.count + counted_along(along), int(details.get("parts") or 0))


def _left_along(details: Mapping[str, Any]) -> Mapping[str, int]:
    along = details.get("along")
    return along if isinstance(along, dict) else {}


def counted_along(along: Mapping[str, int]) -> int:
    """Return how many dependents count as objects of their own (`Kind.counted_separately`)."""
    own = {model.kind.name for model in kinds.all_models() if model.kind.counted_separately}
    return sum(many for name, many in along.items() if name in own)


def tallied(fact: Fact) -> str:
    """Return the category under which the overview of the last days counts an act; "" for none."""
    if fact.outcome == REFUSED:
        return "refused"
    for name, verb in _PICTURED:
        if verb in fact.acts:
            return name
    return ""


_PICTURED: Final = (("deleted", Verb.DELETE), ("exported", Verb.EXPORT))
PICTURED: Final = (*(name for name, _verb in _PICTURED), "refused")


def tallies(found: Iterable[Fact]) -> dict[tuple[datetime, str], tuple[int, int]]:
    """Return how many acts and objects of each category there were, by hour."""
    sums: dict[tuple[datetime, str], tuple[int, int]] = {}
    for fact in found:
        if what := tallied(fact):
            key = fact.at.replace(minute=0, second=0, microsecond=0), what
            acts, items = sums.get(key, (0, 0))
            sums[key] = acts + fact.times, items + fact.items
    return sums
