"""Read log entries with everything that their display needs: a page of them in five queries."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, Sum

from custode.guard import joined
from custode.guard.erasures import Erasures
from custode.guard.kinds import Verb
from custode.guard.logbook import Wanted, found
from custode.guard.models import Change, LogEntry, LogPerson, Outcome, TrashEntry, TrashState
from custode.guard.scraping import FURTHER
from custode.kernel.actor import ActorKind
from custode.people.models import User

__all__ = ["PAGE", "Told", "Wanted", "found", "told"]

PAGE = 50
_ENDS = (Verb.PURGE, Verb.UNDO, Verb.RESTORE)
"""Verbs that end an act; if there are several entries, the first one is shown."""


@dataclass(frozen=True, slots=True)
class Told:
    """A log entry with its facts.

    Args:
        details: the facts without personal data.
        person: the personal data; after erasure at most the actor, unless the
            actor was erased.
        erased: whether they were erased.
        start: for the end of an export or import, its beginning.
        of: for an undo, a restore or a purge, the act that it is about, even if it was refused.
        ended_by: the verb that undid, restored or purged it, wholly or in part; "" for none.
        concerned: how many objects it concerns by now, if more followed its entry.
        undone: how many of its objects were undone or restored.
        undoable: whether an undo would change anything.
    """

    entry: LogEntry
    details: Mapping[str, Any]
    person: Mapping[str, Any]
    start: Told | None = None
    of: Told | None = None
    concerned: int = 0
    ended_by: str = ""
    undone: int = 0
    undoable: bool = False
    erased: bool = False

    @property
    def total(self) -> int:
        """Return how many objects it concerns."""
        return max(self.entry.count, self.concerned)

    @property
    def colour(self) -> str:
        """Return its mark: `done`, `refused`, `undone`, `started` or `failed`."""
        if self.entry.outcome == Outcome.DONE:
            undone = self.ended_by in {Verb.RESTORE, Verb.UNDO}
            return "undone" if undone or self.entry.verb == Verb.UNDO else "done"
        if self.entry.outcome == Outcome.BROKEN_OFF:
            return "failed"
        return self.entry.outcome


def told(entries: list[LogEntry]) -> list[Told]:
    """Return the entries with their facts."""
    seqs = {entry.seq for entry in entries}
    read = {entry.seq: _read(entry.details) for entry in entries}
    about = {entry.seq: _about(entry, read[entry.seq]) for entry in entries}
    known = {one.seq: one for one in LogEntry.objects.filter(seq__in=set(about.values()) - {0})}
    persons = _persons(seqs | known.keys())
    ends = _ends(seqs)
    every = {entry.seq: entry for entry in (*known.values(), *entries)}
    actors = _actors([entry for seq, entry in every.items() if seq not in persons])
    lying = set(
        TrashEntry.objects.filter(seq__in=seqs, state=TrashState.TRASHED).values_list(
            "seq", flat=True
        )
    )
    concerned = _concerned([seq for seq, details in read.items() if joined.goes_on(details)])
    return [
        _with_ends(
            Told(
                entry,
                read[entry.seq],
                persons.get(entry.seq) or actors.get(entry.seq, {}),
                concerned=concerned.get(entry.seq, 0),
                start=_first(known.get(about[entry.seq]), persons, actors, started=True),
                of=_first(known.get(about[entry.seq]), persons, actors, started=False),
                erased=entry.seq not in persons,
            ),
            ends.get(entry.seq, {}),
            entry.seq in lying,
        )
        for entry in entries
    ]


def more_concerned(entries: Iterable[LogEntry]) -> int:
    """Return how many more objects these acts concern by now than their entries say.

    What joined an act and has an entry of its own is said by that.
    """
    going = [entry for entry in entries if joined.goes_on(_read(entry.details))]
    seqs = [entry.seq for entry in going]
    counts, further = _concerned(seqs), joined.told_of(seqs) if seqs else {}
    return sum(
        max(counts.get(one.seq, 0) - sum(e.count for e in (one, *further.get(one.seq, ()))), 0)
        for one in going
    )


def _concerned(seqs: list[int]) -> dict[int, int]:
    """Return how many objects acts concern that continued after their entry was written."""
    if not seqs:
        return {}
    lines = Change.objects.filter(seq__in=seqs).order_by().values_list("seq")
    found = lines.annotate(n=Count("object_id", distinct=True))
    return {seq: n for seq, n in found if seq is not None}


Ends = Mapping[tuple[str, str], int]
"""Numbers of objects, by verb and kind of what has been done about an act since."""


def _ends(seqs: set[int]) -> dict[int, dict[tuple[str, str], int]]:
    """Return what has been done about these acts since."""
    rows = LogEntry.objects.filter(about__in=seqs, verb__in=_ENDS, outcome=Outcome.DONE)
    found: dict[int, dict[tuple[str, str], int]] = {}
    for about, verb, kind, n in (
        rows.order_by().values_list("about", "verb", "kind").annotate(n=Sum("count"))
    ):
        found.setdefault(about, {})[verb, kind] = n
    return found


def _with_ends(one: Told, ends: Ends, lies_in_trash: bool) -> Told:
    """Return the entry with its present state."""
    entry = one.entry
    back = sum(ends.get((verb, entry.kind), 0) for verb in (Verb.RESTORE, Verb.UNDO))
    last = next((verb for verb in _ENDS if any(verb == done for done, _kind in ends)), "")
    # An act has not ended while a part of it is in the trash or as the act left it.
    moves = entry.verb in {Verb.CHANGE, Verb.RETIRE, Verb.IMPORT} or "field" in one.details
    in_part = lies_in_trash or (moves and back < one.total)
    ended_by = "" if in_part else last
    undoable = _undoable(one, ended_by, lies_in_trash)
    return replace(one, ended_by=ended_by, undone=back, undoable=undoable)


def _about(entry: LogEntry, details: Mapping[str, Any]) -> int:
    """Return the number of the entry that this one is, or would have been, about; 0 for none."""
    tried = details.get("tried")
    if entry.outcome == Outcome.REFUSED and isinstance(tried, dict):
        return int(tried.get("undo") or 0) if entry.verb in _ON_ACTS else 0
    return entry.about or 0 if entry.outcome != Outcome.STARTED else 0


_ON_ACTS = {Verb.UNDO, Verb.DELETE}
"""Verbs whose refusals name the act to be undone; an import is undone by deleting."""

Persons = Mapping[int, Mapping[str, Any]]


def _first(
    entry: LogEntry | None, persons: Persons, actors: Persons, *, started: bool
) -> Told | None:  # fmt: skip
    """Return the entry that another one ends (`started`), or is about."""
    if entry is None or (entry.outcome == Outcome.STARTED) is not started:
        return None
    person = persons.get(entry.seq) or actors.get(entry.seq, {})
    return Told(entry, _read(entry.details), person, erased=entry.seq not in persons)


def _persons(seqs: set[int]) -> dict[int, Mapping[str, Any]]:
    rows = LogPerson.objects.filter(seq__in=seqs).values_list("seq", "data")
    return {seq: _read(data) for seq, data in rows}


def _actors(erased: list[LogEntry]) -> dict[int, Mapping[str, Any]]:
    """Return who acted in entries whose personal data were erased for somebody else's sake.

    Users who were erased themselves are not named, although a user with that number still exists.
    """
    users = {
        entry.actor_id
        for entry in erased
        if entry.actor_kind == ActorKind.USER and entry.actor_id is not None
    }
    if not users:
        return {}
    gone = Erasures(erased[0].account_id).persons
    named = {user.pk: user.get_full_name() for user in User.objects.filter(pk__in=users)}
    return {
        entry.seq: {"actor": named[entry.actor_id]}
        for entry in erased
        if entry.actor_id in named and (entry.actor_kind, entry.actor_id) not in gone
    }


def _read(data: str) -> Mapping[str, Any]:
    """Return the facts of an entry; empty if they were erased or cannot be read."""
    try:
        facts = json.loads(data) if data else {}
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _undoable(one: Told, ended_by: str, lies_in_trash: bool) -> bool:
    entry = one.entry
    # What joined an act is undone with it.
    if entry.outcome != Outcome.DONE or FURTHER in one.details:
        return False
    if "way" in one.details:
        return not ended_by
    if entry.verb == Verb.UNDO and "field" in one.details:
        return not ended_by
    if entry.verb in {Verb.DELETE, Verb.UNDO}:
        return lies_in_trash
    if entry.verb == Verb.IMPORT:
        return entry.trash_id is not None and entry.count > 0 and not ended_by
    return entry.verb in {Verb.CHANGE, Verb.RETIRE} and not ended_by
