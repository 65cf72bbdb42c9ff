"""Verifies the hash chain of an account's log and finds changes made by bypassing the program.

Entries and their personal data are read in parallel, in pieces, so that memory use stays constant
and nobody waits: what is written meanwhile only makes the log longer.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from django.db import OperationalError, connection, models
from django.db.models import Max, Min, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from custode.guard.chain import HASHED, digest, hash_of_row, moment
from custode.guard.erasures import Erasures, any_bytes
from custode.guard.kinds import Verb
from custode.guard.models import LogCheckpoint, LogEntry, LogHead, LogPerson, Outcome

PIECE: Final = 5000
"""The size of the ranges of entry numbers that are read at once."""
_LARGEST: Final = 2**62
"""Above every entry number. SQLite sorts text above any number."""


class Wrong(models.TextChoices):
    """What can be wrong with an entry, or with several in a row."""

    MISSING = "missing", _("missing")
    CHANGED = "changed", _("changed, or not in its place")
    PERSON = "person", _("the personal data were changed")
    ERASED = "erased", _("the personal data were taken away, and no entry says that they may be")
    NOBODY = "nobody", _("personal data of an entry that is not there")
    BEYOND = "beyond", _("an entry beyond the end of the log")
    TAIL = "tail", _("missing at the end")
    CHECKPOINT = "checkpoint", _("another entry than the one that a checkpoint tells of")
    CUT = "cut", _("missing: a checkpoint tells of it, and the log ends before")


@dataclass(frozen=True, slots=True)
class Fault:
    """A fault in the log of an account.

    Args:
        seq, last: the first and the last of the entries concerned.
    """

    account_id: int
    seq: int
    what: Wrong
    last: int = 0

    @property
    def numbers(self) -> str:
        """The entry number, or the range: `12` or `12-40`."""
        return f"{self.seq}-{self.last}" if self.last > self.seq else str(self.seq)


def _nobody_waits(_walk: Walk) -> None:
    """Ignore the progress."""


class Walk:
    """A walk through an account's log that verifies it.

    Args:
        anchors: entry number -> hash, from signed checkpoints kept elsewhere; those in this
            database are always checked.
        tell: called repeatedly with the walk, to report progress.
    """

    def __init__(
        self, account_id: int, anchors: Mapping[int, str] | None = None,
        tell: Callable[[Walk], None] = _nobody_waits,
    ) -> None:  # fmt: skip
        self.account_id = account_id
        self.walked, self.erased, self.last = 0, 0, 0
        self._tell = tell
        head = LogHead.objects.filter(account_id=account_id).first()
        self._head = (_number(head.seq), head.hash) if head else (0, "")
        self._mine = LogEntry.objects.filter(account_id=account_id, seq__lte=_LARGEST)
        self.total = max(self._mine.aggregate(last=Max("seq"))["last"] or 0, 0)
        kept = LogCheckpoint.objects.filter(account_id=account_id).values_list("seq", "hash")
        self._anchors = [(seq, known) for source in (kept, (anchors or {}).items())
                         for seq, known in source]  # fmt: skip
        self.erasures = Erasures(account_id)
        self._previous, self._expected = "", 1

    @property
    def anchored(self) -> int:
        """The last entry that a checkpoint covers; 0 when there is none."""
        return max((seq for seq, _known in self._anchors), default=0)

    def faults(self) -> Iterator[Fault]:
        """Walk from the first entry to the last; yield equal faults in a row as one."""
        held: Fault | None = None
        for fault in self._found():
            if held and held.what == fault.what and fault.seq == held.last + 1:
                held = replace(held, last=fault.last)
                continue
            if held:
                yield held
            held = fault
        if held:
            yield held

    def _found(self) -> Iterator[Fault]:
        upto = min(self.total, max(self._head[0], 0))
        wanted: dict[int, list[str]] = {}
        for seq, known in self._anchors:
            wanted.setdefault(seq, []).append(known)
        at_head, start = "", 0
        while start < upto:
            end = min(start + PIECE, upto)
            persons = dict(_persons(self.account_id, start, end))
            for row in _entries(self.account_id, start, end):
                yield from self._entry(row, persons)
                at_head = row[-1] if row[1] == self._head[0] else at_head
                if (told := wanted.get(row[1])) and any(one != row[-1] for one in told):
                    yield self._fault(row[1], Wrong.CHECKPOINT)
            for seq in sorted(persons):
                yield self._fault(seq, Wrong.NOBODY)
            start = end if self.last > start else self._next(end)
            self._tell(self)
        yield from self._end(upto, at_head)

    def _next(self, end: int) -> int:
        """Return where to go on after a piece without entries: a forged number may be far off."""
        after = self._mine.filter(seq__gt=end).aggregate(next=Min("seq"))["next"]
        return int(after) - 1 if after else self.total

    def _entry(self, row: tuple[Any, ...], persons: dict[int, str]) -> Iterator[Fault]:
        seq, known = row[1], row[-1]
        if seq > self._expected:
            yield self._fault(self._expected, Wrong.MISSING, seq - 1)
        if seq < self._expected or row[14] != self._previous or hash_of_row(row[:-1]) != known:
            yield self._fault(seq, Wrong.CHANGED)
        person = persons.pop(seq, None)
        if person is None:
            if self._may_be_missing(seq, row[6], row[7]):
                self.erased += 1
            else:
                yield self._fault(seq, Wrong.ERASED)
        elif person != row[13]:
            yield self._fault(seq, Wrong.PERSON)
        self._previous, self._expected = known, seq + 1
        self.walked, self.last = self.walked + 1, seq

    def _may_be_missing(self, seq: int, actor_kind: str, actor_id: int | None) -> bool:
        if self.erasures.allow(seq, actor_kind, actor_id):
            return True
        # Somebody may have been erased since the walk began: look again once for each entry that
        # records it, not for each that misses its data.
        acts = self._mine.filter(verb=Verb.ERASE, outcome=Outcome.DONE)
        if acts.filter(seq__gt=self.erasures.last).exists():
            self.erasures = Erasures(self.account_id)
        return self.erasures.allow(seq, actor_kind, actor_id)

    def _end(self, upto: int, at_head: str) -> Iterator[Fault]:
        """Yield the faults at the log's end, as it was when the walk began."""
        seq, known = self._head
        if seq > self.last:
            yield self._fault(self.last + 1, Wrong.TAIL, seq)
        elif seq < 0 or known != at_head:
            yield self._fault(max(seq, 0), Wrong.TAIL)
        yield from self._beyond()
        cut = sorted({one for one, _known in self._anchors if one > max(self.last, upto)})
        for one in cut:
            yield self._fault(one, Wrong.CUT)

    def _beyond(self) -> Iterator[Fault]:
        """Yield the entries before the first number, or beyond the present end.

        One statement reads both the end and what is beyond it: an act writes them together.
        """
        end = LogHead.objects.filter(account_id=self.account_id).values("seq")[:1]
        for model, what in ((LogEntry, Wrong.BEYOND), (LogPerson, Wrong.NOBODY)):
            rows = model.objects.filter(account_id=self.account_id)
            behind = rows.filter(Q(seq__lt=1) | Q(seq__gt=Coalesce(Subquery(end), 0)))
            for seq in behind.order_by("seq").values_list("seq", flat=True)[:100]:
                yield self._fault(_number(seq), what)

    def _fault(self, seq: int, what: Wrong, last: int = 0) -> Fault:
        return Fault(self.account_id, seq, what, max(last, seq))


def verify(account_id: int, anchors: Mapping[int, str] | None = None) -> Iterator[Fault]:
    """Walk an account's chain and yield each fault; nothing when it is sound.

    A tail that was cut off together with every trace of it is found only with a checkpoint that was
    kept elsewhere (`anchors`).
    """
    return Walk(account_id, anchors).faults()


def _piece(model: type[models.Model], columns: str) -> str:
    return (
        f"SELECT {columns} FROM {model._meta.db_table}"  # noqa: S608 (our own names)
        " WHERE account_id = %s AND seq > %s AND seq <= %s ORDER BY seq"
    )


def _rows(sql: str, account_id: int, start: int, end: int) -> list[tuple[Any, ...]]:
    try:
        return _asked(sql, account_id, start, end)
    except OperationalError:
        # Possibly text with invalid bytes: reading bytes is slower, so only where necessary.
        with any_bytes():
            return _asked(sql, account_id, start, end)


def _asked(sql: str, *values: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _persons(account_id: int, start: int, end: int) -> Iterator[tuple[int, str]]:
    """Yield the numbers above `start`, up to `end`, that have personal data, and their digests."""
    for seq, salt, data in _rows(_piece(LogPerson, "seq, salt, data"), account_id, start, end):
        yield seq, digest(salt, data)


def _entries(account_id: int, start: int, end: int) -> Iterator[tuple[Any, ...]]:
    """Yield the hashed values, the time as it is hashed, and the stored hash."""
    names = ", ".join(HASHED)
    if connection.vendor == "sqlite":
        # As text: Django would have the driver make a date of it, which would be turned into text
        # again.
        found = _rows(_piece(LogEntry, f"{names}, CAST(at AS TEXT), hash"), account_id, start, end)
        for row in found:
            at = row[15]
            plain = f"{at[:10]}T{at[11:26]}+00:00" if len(at) == 26 else _whole(at)
            yield (*row[:15], plain, row[16])
        return
    for row in _rows(_piece(LogEntry, f"{names}, at, hash"), account_id, start, end):
        yield (*row[:15], moment(row[15]), row[16])


def _whole(at: str) -> str:
    """Return a time with microseconds, which SQLite omits when zero; other text is unchanged."""
    return f"{at[:10]}T{at[11:]}.000000+00:00" if len(at) == 19 else at


def _number(value: Any) -> int:
    """Return a proper number; -1 for anything else that SQLite lets somebody store."""
    return value if isinstance(value, int) else -1
