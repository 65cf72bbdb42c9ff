"""Undo for what is written in sheets: cells get their earlier texts, new rows are removed.

What somebody has changed again since stays as it is, unless requested otherwise: cell by cell, and
for new rows, row by row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from custode.guard import door, history
from custode.guard.content_loss import empties
from custode.guard.door import (
    FieldChanges,
    FieldValues,
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoStatus,
    UndoTargets,
)
from custode.guard.models import Change, LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.prospecting import cells, overwriting, sheet
from custode.prospecting.list_locks import hold_lists_of
from custode.prospecting.models import ListColumn, Prospect, ProspectingList

_PAGE = 500
_TOLD = 80
"""The maximum number of a cell's characters that a preview shows."""

Cells = FieldValues
"""The key of a column -> its text; None for an empty cell."""


def _touched(entry: LogEntry) -> QuerySet[Prospect]:
    """Return the rows that an act touched, including those in the trash."""
    return Prospect.with_trashed.filter(pk__in=door.lines_of(entry).values("object_id"))


def _hold(entry: LogEntry) -> None:
    hold_lists_of(door.lines_of(entry).values_list("object_id", flat=True))
    door.locked(_touched(entry).order_by("pk"))


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return the state of each row; it is as the act left it while any of its cells is."""
    told = door.field_changes_of(entry)
    names = _names({key for row in told.values() for key in row.was})
    there = _touched(entry).order_by("pk").values_list("pk", "trash_id", "cells")
    return [
        _stood(pk, told[pk], UndoStatus.TRASHED if trash else told[pk].stands(now), now, names)
        for pk, trash, now in there.iterator(chunk_size=2_000)
    ]


def _stood(
    pk: int, row: FieldChanges, stands: UndoStatus, now: Mapping[str, str], names: Mapping[str, str]
) -> ObjectState:
    changed = row.changed(now)
    return ObjectState(
        pk, stands, seen=str(row.last), last=row.last or None, made=row.made,
        before="" if row.made else _words(row.was, names),
        after=_("added") if row.made else _words(row.became, names),
        now=_words(changed, names) if changed else "",
    )  # fmt: skip


def _names(keys: set[str]) -> dict[str, str]:
    """Return the names of the columns with these keys."""
    columns = ListColumn.objects.filter(pk__in=list(filter(None, map(cells.column_of, keys))))
    return {column.key: column.name for column in columns}


def _words(held: Cells, names: Mapping[str, str]) -> str:
    """Return cells in words: "City: Asti, Phone: nothing"."""
    return ", ".join(_parts(held, names))


def _parts(held: Cells, names: Mapping[str, str]) -> Iterator[str]:
    for key, text in held.items():
        line = " ".join((text or "").split())
        told = f"{line[:_TOLD]}…" if len(line) > _TOLD else line
        yield f"{names.get(key, '?')}: {told or _('nothing')}"


def _give(actor: Actor, entry: LogEntry, going: UndoTargets) -> PreparedUndo:
    """Prepare to restore unchanged cells, and in rows to be overwritten, the others too."""
    told = door.field_changes_of(entry)
    there = Prospect.objects.filter(pk__anyof=list(going.ids)).values_list("pk", "cells")
    back: dict[int, Cells] = {}
    emptied = 0
    for pk, now in there.iterator(chunk_size=2_000):
        row = told[pk]
        back[pk] = row.differing(now) if pk in going.over else row.standing(now)
        emptied += sum(_is_emptied(key, now.get(key), text) for key, text in back[pk].items())
    count = sum(map(len, back.values()))
    return PreparedUndo(partial(_give_back, actor, back), {"cells": count}, emptied=emptied)


def _is_emptied(key: str, now: str | None, text: str | None) -> bool:
    """Return whether restoring a cell leaves next to nothing of what stands there now."""
    return empties(Prospect.kind, key, now, text)


def _give_back(actor: Actor, back: Mapping[int, Cells], seq: int) -> None:
    lists: set[int] = set()
    ids = list(back)
    for at in range(0, len(ids), _PAGE):
        rows = list(Prospect.objects.filter(pk__anyof=ids[at : at + _PAGE]))
        lines = [
            _put(actor, row, key, text, seq) for row in rows for key, text in back[row.pk].items()
        ]
        sheet.save(rows)
        history.write(lines)
        lists |= {row.in_list_id for row in rows}
    # Open sheets poll this timestamp.
    ProspectingList.objects.filter(pk__in=lists).update(updated_at=clock.now())


def _put(actor: Actor, row: Prospect, key: str, text: str | None, seq: int) -> Change:
    now = row.cells.pop(key, None)
    told = history.line(actor, row, key, now, text, seq)
    told.emptied = _is_emptied(key, now, text)
    if text:
        row.cells[key] = text
    return told


door.register_undo_handler(overwriting.WAY, UndoHandler(_look, _give, _hold))
