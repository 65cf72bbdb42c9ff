"""Writing in the sheet: many cells and new rows at once, without losing anybody's changes.

A cell is set only if it still holds what the user saw; changes of different cells of one row do not
conflict.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Max
from django.utils.translation import gettext as _

from custode.guard import history
from custode.guard.display_names import display_name
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.prospecting import cells, columns, overwriting
from custode.prospecting.list_locks import touch
from custode.prospecting.models import ListColumn, Prospect, ProspectingList
from custode.prospecting.overwriting import Edit, Writing

MOST_CELLS = 40_000
"""The maximum number of cells of one paste, including those of new rows."""
MOST_ADDED = 5_000
"""The maximum number of new rows of one paste."""
MOST_ROWS = 100_000
"""The maximum number of living rows of one list."""


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else had changed: its present text, and who wrote it."""

    row: int
    column: int
    mine: str
    now: str
    by: str


@dataclass(slots=True)
class Written:
    """The result of an attempt to write.

    Args:
        saved: the rows that changed.
        added: the new rows.
        conflicts: the cells that were left as somebody else had set them.
        missing: the rows that no longer exist.
    """

    saved: list[Prospect] = field(default_factory=list)
    added: list[Prospect] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)


def write(
    actor: Actor,
    one: ProspectingList,
    edits: Sequence[Edit] = (),
    rows: Sequence[Mapping[int, str]] = (),
) -> Written:
    """Set cells and add rows at the end, in one transaction.

    Args:
        rows: for each new row, column number -> text.

    Raises:
        Invalid: a text is too long, a column is not in this list, or there is too much at once.
            Nothing is changed.
        Refused: many cells were emptied, and only admins may delete prospecting lists.
        Gone: the actor may no longer change the list.
    """
    known = {column.pk: column for column in columns.of(one)}
    edits = [edit for edit in (_read(known, edit) for edit in edits) if edit.was != edit.new]
    texts = _texts(known, rows, len(edits))
    written = Written()

    def do(act: Writing) -> None:
        """Set the cells and add the rows."""
        lines = _set(actor, one, edits, written)
        written.added = _new(one, texts)
        act.begin(lines, [*written.saved, *written.added], len(written.added))
        for line in lines:
            line.seq = act.seq
        save(written.saved)
        history.write(lines)
        _add(act, written.added)
        if written.saved or written.added:
            touch(one)

    overwriting.carry_out(actor, one, edits, len(texts), do)
    return written


def replace_cells(actor: Actor, row: Prospect, texts: Mapping[int, str]) -> None:
    """Set cells of a row, whatever they contain; the others stay as they are.

    For programs, which saw nothing before. Two simultaneous changes of different cells both apply;
    in the same cell the later one does, and the history keeps the other.

    Args:
        texts: column number -> text; "" empties a cell.

    Raises:
        Invalid, Refused: as for `write`.
        Gone: the actor may no longer change the list or the row.
    """
    edits = [
        Edit(row.pk, column, row.cells.get(cells.key_of(column), ""), text, anyway=True)
        for column, text in texts.items()
    ]
    if write(actor, row.in_list, edits).missing:
        raise Gone(_("None of these prospects is here any more. Reload the list."))


def fill(act: Writing, rows: Sequence[Mapping[int, str]]) -> None:
    """Write the first rows of a list that was created within the same transaction.

    Args:
        act: the value of `overwriting.beginning`.
        rows: for each row, column number -> text.

    Raises:
        Invalid: as for `write`.
    """
    known = {column.pk: column for column in columns.of(act.one)}
    added = _new(act.one, _texts(known, rows))
    act.begin([], added, len(added))
    _add(act, added)


def _add(act: Writing, added: Sequence[Prospect]) -> None:
    Prospect.objects.bulk_create(added, batch_size=500)
    whole = act.seq if len(added) > act.limits.many else None
    history.write(overwriting.created(act.actor, added, whole))


def _read(known: Mapping[int, ListColumn], edit: Edit) -> Edit:
    new = _text(known, edit.column, edit.new, edit.row)
    return replace(edit, was=cells.clean(edit.was), new=new)


def _texts(
    known: Mapping[int, ListColumn], rows: Sequence[Mapping[int, str]], besides: int = 0
) -> list[cells.Cells]:
    """Return the cells of new rows as stored.

    Args:
        besides: the number of other cells written at the same time.
    """
    texts = [_row(known, n, row) for n, row in enumerate(rows, start=1)]
    if besides + sum(map(len, texts)) > MOST_CELLS or len(texts) > MOST_ADDED:
        raise Invalid(
            _("This is too much at once: at most %(rows)s new rows and %(cells)s cells.")
            % {"rows": MOST_ADDED, "cells": MOST_CELLS}
        )
    return texts


def _row(known: Mapping[int, ListColumn], number: int, row: Mapping[int, str]) -> cells.Cells:
    read = {column: _text(known, column, text, number) for column, text in row.items()}
    return {cells.key_of(column): text for column, text in read.items() if text}


def _text(known: Mapping[int, ListColumn], column: int, text: str, row: int) -> str:
    if column not in known:
        raise Invalid(
            _("A column that you wrote in is not in this list any more. Reload the page.")
        )
    text = cells.clean(text)
    if len(text) > cells.LONGEST:
        raise Invalid(
            _(
                "Row %(row)s, column “%(column)s”: a cell has at most 2,000 characters, and this"
                " has %(n)s. Nothing was changed."
            )
            % {"row": row, "column": known[column].name, "n": len(text)}
        )
    return text


def _set(
    actor: Actor, one: ProspectingList, edits: Sequence[Edit], written: Written
) -> list[Change]:
    """Set the rows' cells without saving, and return their lines of history."""
    wanted = {edit.row for edit in edits}
    found = Prospect.objects.filter(in_list=one, pk__anyof=sorted(wanted)).order_by("pk")
    rows = {row.pk: row for row in found.select_for_update(of=("self",))}
    written.missing = sorted(wanted - rows.keys())
    changed: dict[int, Prospect] = {}
    lines: list[Change] = []
    clashing: list[tuple[Edit, str]] = []
    for edit in edits:
        row = rows.get(edit.row)
        if row is None:
            continue
        key = cells.key_of(edit.column)
        now = row.cells.get(key, "")
        if now == edit.new:
            continue
        if now != edit.was and not edit.anyway:
            clashing.append((edit, now))
            continue
        row.cells.pop(key, None)
        if edit.new:
            row.cells[key] = edit.new
        lines.append(history.line(actor, row, key, now or None, edit.new or None))
        changed[row.pk] = row
    written.conflicts = _told(clashing)
    written.saved = list(changed.values())
    return lines


def _told(clashing: Sequence[tuple[Edit, str]]) -> list[Conflict]:
    """Return the conflicts with the last writer of each cell, by one query."""
    last = Change.objects.filter(
        kind=Prospect.kind.name,
        object_id__in={edit.row for edit, _now in clashing},
        field__in={cells.key_of(edit.column) for edit, _now in clashing},
    )
    names = {
        (pk, key): display_name(name)
        for pk, key, name in last.order_by("id").values_list("object_id", "field", "actor_name")
    } if clashing else {}  # fmt: skip
    return [
        Conflict(
            edit.row, edit.column, edit.new, now,
            names.get((edit.row, cells.key_of(edit.column)), ""),
        )
        for edit, now in clashing
    ]  # fmt: skip


def save(rows: Sequence[Prospect]) -> None:
    """Save the cells of rows, with all derived columns."""
    now = clock.now()
    for row in rows:
        row.derive()
        row.updated_at = now
    if rows:
        Prospect.objects.bulk_update(
            rows, ["cells", "updated_at", *Prospect.follows], batch_size=200
        )


def _new(one: ProspectingList, texts: Sequence[cells.Cells]) -> list[Prospect]:
    """Return unsaved new rows at the end of the list."""
    if not texts:
        return []
    there = Prospect.objects.filter(in_list=one)
    if there.count() + len(texts) > MOST_ROWS:
        raise Invalid(
            _("A list has at most 100,000 rows. Begin another list, or delete rows first.")
        )
    last = Prospect.with_trashed.filter(in_list=one).aggregate(last=Max("place"))["last"] or 0
    made = [
        Prospect(account_id=one.account_id, in_list=one, place=last + n, cells=row)
        for n, row in enumerate(texts, start=1)
    ]
    for row in made:
        row.derive()
    return made
