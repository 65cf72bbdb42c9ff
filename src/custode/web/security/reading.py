"""Entries of the log with all that is needed to tell them: a page of them in five queries."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from custode.guard import kinds
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson, Outcome, TrashEntry, TrashState
from custode.kernel import address
from custode.kernel.address import whole
from custode.web.trash.finding import actor_key

PAGE = 50
_ENDS = {Verb.RESTORE, Verb.UNDO, Verb.PURGE}


@dataclass(frozen=True, slots=True)
class Told:
    """One entry with its facts.

    Args:
        details: the facts without personal data.
        person: the personal data; empty when they were erased.
        start: for the end of an export or import, its beginning.
        ended_by: the verb that undid it, restored it or removed its rows for ever, or "".
        undoable: whether an undo would find something to do.
    """

    entry: LogEntry
    details: Mapping[str, Any]
    person: Mapping[str, Any]
    start: Told | None = None
    ended_by: str = ""
    undoable: bool = False

    @property
    def colour(self) -> str:
        """What the mark says: `done`, `refused`, `undone`, `started` or `failed`."""
        if self.entry.outcome == Outcome.DONE:
            undone = self.ended_by in {Verb.RESTORE, Verb.UNDO}
            return "undone" if undone or self.entry.verb == Verb.UNDO else "done"
        if self.entry.outcome == Outcome.BROKEN_OFF:
            return "failed"
        return self.entry.outcome


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the address asks for; unknown values mean nothing is asked.

    Args:
        session: what was done in one session, by its number.
    """

    verb: str = ""
    kind: str = ""
    who: str = ""
    outcome: str = ""
    session: int = 0
    since: date | None = None
    until: date | None = None
    before: int = 0
    mistakes: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Wanted:
        """What a request's parameters ask for."""
        known = {model.kind.name for model in kinds.all_models()}
        mistakes: list[str] = []
        return cls(
            verb=_one_of(query.get("verb", ""), set(Verb)),
            kind=_one_of(query.get("kind", ""), known),
            who=actor_key(query.get("who", "")),
            outcome=_one_of(query.get("outcome", ""), set(Outcome.values)),
            session=whole(query.get("session", "")),
            since=_day(query.get("since", ""), "since", mistakes),
            until=_day(query.get("until", ""), "until", mistakes),
            before=whole(query.get("before", "")),
            mistakes=mistakes,
        )

    @property
    def is_narrow(self) -> bool:
        """Whether anything but a page is asked for."""
        asked = (self.verb, self.kind, self.who, self.outcome, self.session)
        return any((*asked, self.since, self.until))


def _one_of(text: str, known: set[str]) -> str:
    return text if text in known else ""


def _day(text: str, name: str, mistakes: list[str]) -> date | None:
    """The day, as the browser's date field sends it; what is none is named in `mistakes`."""
    try:
        return address.day(text)
    except ValueError:
        mistakes.append(name)
        return None


def _start_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def found(wanted: Wanted) -> QuerySet[LogEntry]:
    """The entries of the account in scope that fit, the latest first.

    The beginning of an export or import is told by its end, once there is one.
    """
    entries = LogEntry.objects.order_by("-seq")
    end = LogEntry.objects.filter(
        account_id=OuterRef("account_id"), about=OuterRef("seq"), verb=OuterRef("verb")
    )
    entries = entries.exclude(Q(Exists(end)), outcome=Outcome.STARTED)
    for name in ("verb", "kind", "outcome"):
        if value := getattr(wanted, name):
            entries = entries.filter(**{name: value})
    if wanted.who:
        actor_kind, _, actor_id = wanted.who.partition(":")
        number = whole(actor_id)
        entries = entries.filter(actor_kind=actor_kind, actor_id=number or None)
    if wanted.session:
        # The index knows only entries that name a session; SQLite wants that said.
        entries = entries.filter(session=str(wanted.session)).exclude(session="")
    if wanted.since:
        entries = entries.filter(at__gte=_start_of(wanted.since))
    if wanted.until:
        entries = entries.filter(at__lt=_start_of(wanted.until + timedelta(days=1)))
    if wanted.before:
        entries = entries.filter(seq__lt=wanted.before)
    return entries


def told(entries: list[LogEntry]) -> list[Told]:
    """The entries with their facts."""
    seqs = {entry.seq for entry in entries}
    about = {entry.about for entry in entries if entry.about and entry.outcome != Outcome.STARTED}
    starts = {
        entry.seq: entry
        for entry in LogEntry.objects.filter(seq__in=about, outcome=Outcome.STARTED)
    }
    persons = _persons(seqs | starts.keys())
    ended = dict(
        LogEntry.objects.filter(about__in=seqs, verb__in=_ENDS, outcome=Outcome.DONE)
        .order_by("seq")
        .values_list("about", "verb")
    )
    # What still lies in the trash, or a part of it, has not ended.
    lying = set(
        TrashEntry.objects.filter(seq__in=seqs, state=TrashState.TRASHED).values_list(
            "seq", flat=True
        )
    )
    for seq in lying:
        ended.pop(seq, None)
    return [
        Told(
            entry,
            _read(entry.details),
            persons.get(entry.seq, {}),
            start=_start(starts.get(entry.about or 0), persons),
            ended_by=ended.get(entry.seq, ""),
            undoable=_undoable(entry, ended.get(entry.seq, ""), entry.seq in lying),
        )
        for entry in entries
    ]


def _start(entry: LogEntry | None, persons: Mapping[int, Mapping[str, Any]]) -> Told | None:
    if entry is None:
        return None
    return Told(entry, _read(entry.details), persons.get(entry.seq, {}))


def _persons(seqs: set[int]) -> dict[int, Mapping[str, Any]]:
    rows = LogPerson.objects.filter(seq__in=seqs).values_list("seq", "data")
    return {seq: _read(data) for seq, data in rows}


def _read(data: str) -> Mapping[str, Any]:
    """The facts of an entry; none when they were erased or cannot be read."""
    try:
        facts = json.loads(data) if data else {}
    except ValueError:
        return {}
    return facts if isinstance(facts, dict) else {}


def _undoable(entry: LogEntry, ended_by: str, lies_in_trash: bool) -> bool:
    if entry.outcome != Outcome.DONE:
        return False
    if entry.verb in {Verb.DELETE, Verb.UNDO}:
        return lies_in_trash
    if entry.verb == Verb.IMPORT:
        return entry.trash_id is not None and entry.count > 0 and not ended_by
    return entry.verb in {Verb.CHANGE, Verb.RETIRE} and not ended_by
