"""Determines the present state of the objects that a bulk change or relabelling touched.

Each table is read once, by numbers: a plan that looked up the history of each of ten thousand
objects depends on statistics that are stale just after an act of that size.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.db.models import Max, Q

from custode.guard.door.bulk import having
from custode.guard.door.selection import Rows, numbers
from custode.guard.door.undo_handlers import ObjectState
from custode.guard.door.undo_parts import UndoStatus
from custode.guard.history import plain
from custode.guard.kinds import Bulk, Verb
from custode.guard.models import Change, LogEntry, Outcome
from custode.guard.owned import Guarded


def lines_of(entry: LogEntry, model: type[Guarded]) -> Rows:
    """Return an act's lines of history for the objects of a kind."""
    return Change.objects.filter(seq=entry.seq, kind=model.kind.name)


def objects_of(lines: Rows) -> array[int]:
    """Return the numbers of the objects that lines of history belong to."""
    return numbers(lines.order_by().values_list("object_id", flat=True).distinct())


def labels_of(lines: Rows, side: str) -> Iterator[tuple[int, array[int]]]:
    """Yield the labels that an act put on (`new`) or took off (`old`), each with its objects."""
    found: dict[int, array[int]] = {}
    told = lines.filter(**{f"{side}__isnull": False}).order_by("pk")
    for label, pk in told.values_list(side, "object_id"):
        found.setdefault(int(label), numbers([])).append(pk)
    yield from found.items()


def look(
    entry: LogEntry, model: type[Guarded], bulk: Bulk, *, trashed_too: bool
) -> Sequence[ObjectState]:  # fmt: skip
    """Return the state of each object that still exists, by its number.

    The values before, set, and present are given as plain text; "" for no value.

    Args:
        trashed_too: whether those in the trash are taken back as well.
    """
    lines = lines_of(entry, model)
    if bulk.through:
        return _labelled(entry, model, bulk, lines, trashed_too)
    column: Any = model._meta.get_field(bulk.field)
    told = {pk: line for pk, *line in lines.values_list("object_id", "pk", "old", "new")}
    since = _since(model, bulk, {pk: number for pk, (number, _old, _new) in told.items()})
    back, by_undo = _taken_back(entry, model, bulk), _undos({seq for _pk, seq in since.values()})
    found = []
    rows = model.with_trashed.filter(pk__anyof=numbers(told)).order_by("pk")
    for pk, trash, value in rows.values_list("pk", "trash_id", column.attname):
        (number, was, set_to), now = told[pk], plain(value)
        last, hand = since.get(pk, (number, entry.seq))
        if pk in back:
            stands = UndoStatus.SETTLED
        elif trash and not trashed_too:
            stands = UndoStatus.TRASHED
        elif now == was:
            stands = UndoStatus.SETTLED
        else:
            # Its latest change was the act's own, or that of an undo that restored the act's value.
            as_left = now == set_to and (hand == entry.seq or hand in by_undo)
            stands = UndoStatus.AS_LEFT if as_left else UndoStatus.CHANGED
        found.append(
            ObjectState(
                pk, stands, str(last), last, before=was or "", after=set_to or "", now=now or ""
            )
        )
    return found


def _since(
    model: type[Guarded], bulk: Bulk, own: Mapping[int, int]
) -> Mapping[int, tuple[int, int | None]]:
    """Return the latest line about the field, and its act, of objects that were changed since.

    Args:
        own: the number of the act's own line of history, by object.
    """
    lines = Change.objects.filter(
        kind=model.kind.name, object_id__anyof=numbers(own), field=bulk.field,
        pk__gt=min(own.values(), default=0),
    ).order_by()  # fmt: skip
    latest = lines.values_list("object_id").annotate(last=Max("pk"))
    last = {pk: number for pk, number in latest if number != own[pk]}
    hands = dict(Change.objects.filter(pk__anyof=numbers(last.values())).values_list("pk", "seq"))
    return {pk: (number, hands.get(number)) for pk, number in last.items()}


def _undos(seqs: set[int | None]) -> set[int]:
    """Return which of these acts are undos."""
    known = [seq for seq in seqs if seq is not None]
    undos = LogEntry.objects.filter(seq__anyof=known, verb=Verb.UNDO)
    return set(undos.values_list("seq", flat=True))


def _taken_back(entry: LogEntry, model: type[Guarded], bulk: Bulk) -> set[int]:
    """Return the objects that an undo of the act has taken back already, and that stay so."""
    undos = LogEntry.objects.filter(about=entry.seq, verb=Verb.UNDO, outcome=Outcome.DONE)
    lines = Change.objects.filter(
        kind=model.kind.name, field=bulk.field,
        seq__anyof=list(undos.values_list("seq", flat=True)),
    )  # fmt: skip
    return set(lines.values_list("object_id", flat=True))


def _labelled(
    entry: LogEntry, model: type[Guarded], bulk: Bulk, lines: Rows, trashed_too: bool
) -> Sequence[ObjectState]:
    """Return states for labels: an object is as the act left it while any of its labels is."""
    still: set[int] = set()
    for side in ("new", "old"):
        for label, ids in labels_of(lines, side):
            has = Q(having(model, bulk, label))
            rows = model.with_trashed.filter(has if side == "new" else ~has, pk__anyof=ids)
            still.update(rows.values_list("pk", flat=True))
    back = _taken_back(entry, model, bulk)
    rows = model.with_trashed.filter(pk__anyof=objects_of(lines)).order_by("pk")
    found = []
    for pk, trash in rows.values_list("pk", "trash_id"):
        stands = UndoStatus.AS_LEFT if pk in still else UndoStatus.SETTLED
        if pk in back:
            stands = UndoStatus.SETTLED
        elif trash and not trashed_too:
            stands = UndoStatus.TRASHED
        found.append(ObjectState(pk, stands))
    return found
