"""Tells which personal data may be missing, from the log entries that record erasures."""

from __future__ import annotations

import json
from bisect import bisect_right
from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager

from django.db import connection

from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, Outcome


@contextmanager
def any_bytes() -> Iterator[None]:
    """Let SQLite return text with invalid bytes, so that writing some stops no check."""
    connection.ensure_connection()
    if connection.vendor != "sqlite":
        yield
        return
    before = connection.connection.text_factory
    connection.connection.text_factory = lambda raw: raw.decode("utf-8", "surrogateescape")
    try:
        yield
    finally:
        connection.connection.text_factory = before


_listening: list[Callable[[LogEntry], object]] = []


def listen(hear: Callable[[LogEntry], object]) -> None:
    """Register a function to be called for each act of erasing, within its transaction.

    For code that keeps elsewhere what the log contained: it must be erased there, too.
    """
    if hear not in _listening:
        _listening.append(hear)


def tell(entry: LogEntry) -> None:
    """Notify everyone who listens."""
    for hear in _listening:
        hear(entry)


def erased_by(entry: LogEntry) -> tuple[str, int] | None:
    """Return whom an act has erased, as actor kind and number; None for single entries."""
    of = json.loads(entry.details).get("of")
    return (str(of[0]), int(of[1])) if of else None


class Erasures:
    """The personal data that may be missing, according to the entries that record its erasure.

    Such an entry covers only entries before it: all of one actor, and single ones by number.
    """

    def __init__(self, account_id: int) -> None:
        self._upto: dict[tuple[str, int], int] = {}
        ranges: list[tuple[int, int]] = []
        told = LogEntry.objects.filter(
            account_id=account_id, verb=Verb.ERASE, outcome=Outcome.DONE, seq__lte=2**62
        ).values_list("seq", "details")
        self.acts, self.last = 0, 0
        with any_bytes():
            acts = list(told)
        for seq, details in acts:
            self.acts, self.last = self.acts + 1, max(seq, self.last)
            ranges += self._read(seq, details)
        self._ranges = sorted(ranges)
        self._starts = [first for first, _last in self._ranges]
        # The furthest end so far, since one range may lie within another.
        self._ends: list[int] = []
        for _first, last in self._ranges:
            self._ends.append(max(last, self._ends[-1] if self._ends else 0))

    @property
    def persons(self) -> Set[tuple[str, int]]:
        """The actors who were erased, each as kind and number."""
        return self._upto.keys()

    def _read(self, seq: int, details: str) -> list[tuple[int, int]]:
        try:
            told = json.loads(details)
            if of := told.get("of"):
                actor = (str(of[0]), int(of[1]))
                upto = min(int(told.get("upto") or 0), seq - 1)
                self._upto[actor] = max(upto, self._upto.get(actor, 0))
            return [(int(a), min(int(b), seq - 1)) for a, b in told.get("entries") or ()]
        except (ValueError, TypeError, AttributeError, LookupError):
            # Written without the door: its own hash is wrong, or it permits nothing.
            return []

    def allow(self, seq: int, actor_kind: str, actor_id: int | None) -> bool:
        """Return whether the personal data of this entry may be missing."""
        if seq <= self._upto.get((actor_kind, actor_id or 0), 0):
            return True
        place = bisect_right(self._starts, seq) - 1
        return place >= 0 and seq <= self._ends[place]
