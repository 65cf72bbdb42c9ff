"""Reconstructs what an act did to its objects, field by field, from the history."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db.models import Max, QuerySet

from custode.guard import history, kinds
from custode.guard.door.undo_parts import UndoStatus
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, Outcome
from custode.guard.units import Units, fields

FieldValues = dict[str, str | None]
"""A field's name in the history -> its value; None for no value."""


@dataclass(slots=True)
class FieldChanges:
    """What an act did to one object.

    Args:
        was, became: the values of its fields before the act and after it.
        back: the fields that an undo has restored already.
        made: whether the act created the object.
        last: the number of its latest line of history that counts.
        first: the number of the line that records its creation.
        units_before, units_after: the units of its amounts before the act and after it; None for
            the present one.
    """

    was: FieldValues = field(default_factory=dict)
    became: FieldValues = field(default_factory=dict)
    back: set[str] = field(default_factory=set)
    made: bool = False
    last: int = 0
    first: int = 0
    units_before: FieldValues = field(default_factory=dict)
    units_after: FieldValues = field(default_factory=dict)

    def standing(self, now: Mapping[str, str | None]) -> FieldValues:
        """Return the fields that are still as the act left them, with their values before it."""
        return {
            key: old
            for key, old in self.was.items()
            if key not in self.back and now.get(key) == self.became[key] != old
        }

    def differing(self, now: Mapping[str, str | None]) -> FieldValues:
        """Return the fields that differ from before the act, with their values before it."""
        return {
            key: old for key, old in self.was.items()
            if key not in self.back and now.get(key) != old
        }  # fmt: skip

    def changed(self, now: Mapping[str, str | None]) -> FieldValues:
        """Return the fields that somebody has changed since, with their present values."""
        return {} if self.made else {
            key: now.get(key) for key in self.became
            if key not in self.back and now.get(key) not in {self.became[key], self.was[key]}
        }  # fmt: skip

    def stands(self, now: Mapping[str, str | None]) -> UndoStatus:
        """Return the state of the object, given that it is not in the trash."""
        if self.made:
            return UndoStatus.CHANGED if self.last > self.first else UndoStatus.AS_LEFT
        if self.standing(now):
            return UndoStatus.AS_LEFT
        return UndoStatus.CHANGED if self.differing(now) else UndoStatus.SETTLED


def lines_of(entry: LogEntry) -> QuerySet[Change]:
    """Return the lines of history of an act."""
    return Change.objects.filter(kind=entry.kind, seq=entry.seq)


def field_changes_of(entry: LogEntry) -> dict[int, FieldChanges]:
    """Return what an act did, by object."""
    found: dict[int, FieldChanges] = {}
    lines = lines_of(entry).order_by("pk").values_list("pk", "object_id", "field", "old", "new")
    for number, pk, key, old, new in lines.iterator():
        one = found.setdefault(pk, FieldChanges())
        if key == history.CREATED:
            one.made, one.first = True, number
        else:
            one.was.setdefault(key, old)
            one.became[key] = new
    _note_units(entry, found)
    for pk, key in _given_back(entry):
        if pk in found:
            found[pk].back.add(key)
    for pk, key, number in _latest(entry):
        one = found[pk]
        if one.made or key in one.was:
            one.last = max(one.last, number)
    return found


def _note_units(entry: LogEntry, found: Mapping[int, FieldChanges]) -> None:
    """Note the units in which the amounts are that an act changed."""
    kind = kinds.named(entry.kind)
    amounts = fields(kind)
    if all(amounts.keys().isdisjoint(one.was) for one in found.values()):
        return
    lines = list(lines_of(entry).filter(field__in=amounts).order_by("pk"))
    units = Units(kind, lines)
    for line in lines:
        one = found[line.object_id]
        one.units_before.setdefault(line.field, units.before(line))
        one.units_after[line.field] = units.after(line)


def _given_back(entry: LogEntry) -> Iterable[tuple[int, str]]:
    """Yield the fields that an undo of the act has restored."""
    undos = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO, outcome=Outcome.DONE)
    lines = Change.objects.filter(
        kind=entry.kind, seq__in=list(undos.values_list("seq", flat=True))
    )
    return lines.values_list("object_id", "field").iterator()


def _latest(entry: LogEntry) -> Iterable[tuple[int, str, int]]:
    """Yield the latest line of history of each field of the objects that an act touched."""
    lines = Change.objects.filter(
        kind=entry.kind, object_id__in=lines_of(entry).values("object_id")
    ).order_by()  # fmt: skip
    latest = lines.values_list("object_id", "field").annotate(last=Max("pk"))
    return latest.iterator()
