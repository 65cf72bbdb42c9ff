"""Writing in the sheet: many cells and new rows at once, and nothing of anybody's is lost.

A cell is set only if it still holds what the person saw; different cells of one row both stand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from django.db.models import Max
from django.utils.translation import gettext as _

from custode.guard import door, history
from custode.guard.door import Tried
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.prospecting import cells, columns
from custode.prospecting.holding import held, touch
from custode.prospecting.models import ListColumn, Prospect, ProspectingList

MOST_CELLS = 40_000
"""Cells of one paste, those of new rows included."""
MOST_ADDED = 5_000
"""New rows of one paste."""
MOST_ROWS = 100_000
"""Living rows of one list."""
CLEARED = 10
"""Emptying more cells than these, at once or one after another, goes by the rule for lists."""
LATELY = timedelta(hours=1)
"""How long what somebody has emptied counts with what they empty next."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What somebody wrote into a cell, and what they saw there before."""

    row: int
    column: int
    was: str
    new: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A cell that somebody else had changed: what it holds now, and who wrote that."""

    row: int
    column: int
    mine: str
    now: str
    by: str


@dataclass(slots=True)
class Written:
    """What came of an attempt.

    Args:
        saved: the rows that have something new.
        added: the rows that are new.
        conflicts: the cells that were left as somebody else has set them.
        missing: rows that are not there any more.
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
    """Set cells and add rows at the end, as one transaction.

    Args:
        rows: for each new row the number of a column -> its text.

    Raises:
        Invalid: a text is too long, a column is not of this list, or it is too much at once.
            Nothing is changed.
        Refused: many cells were emptied, and only admins may delete prospecting lists.
        Gone: the list is not the actor's to change any more.
    """
    known = {column.pk: column for column in columns.of(one)}
    edits = [edit for edit in (_read(known, edit) for edit in edits) if edit.was != edit.new]
    texts = [_row(known, n, row) for n, row in enumerate(rows, start=1)]
    if len(edits) + sum(map(len, texts)) > MOST_CELLS or len(texts) > MOST_ADDED:
        raise Invalid(
            _("This is too much at once: at most %(rows)s new rows and %(cells)s cells.")
            % {"rows": MOST_ADDED, "cells": MOST_CELLS}
        )
    emptied = [edit for edit in edits if edit.was and not edit.new]
    if emptied and len(emptied) + _emptied_lately(actor, one) > CLEARED:
        tried = {"cells": len(emptied), "list": one.pk}
        concerned = len({edit.row for edit in emptied})
        door.look(actor, Verb.DELETE, Prospect.kind.name, Tried(concerned, tried, [one.title]))
    written = Written()
    with held(actor, one):
        _set(actor, one, edits, written)
        written.added = _add(actor, one, texts)
        if written.saved or written.added:
            touch(one)
    return written


def _emptied_lately(actor: Actor, one: ProspectingList) -> int:
    """How many cells of a list the actor has emptied a short while ago."""
    lines = Change.objects.filter(
        kind=Prospect.kind.name, actor_kind=actor.kind.value, actor_id=actor.id, new=None,
        old__isnull=False, at__gte=clock.now() - LATELY,
        object_id__in=Prospect.objects.filter(in_list=one).values("pk"),
    )  # fmt: skip
    return lines.count()


def _read(known: Mapping[int, ListColumn], edit: Edit) -> Edit:
    return Edit(
        edit.row, edit.column, cells.clean(edit.was), _text(known, edit.column, edit.new, edit.row)
    )


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


def _set(actor: Actor, one: ProspectingList, edits: Sequence[Edit], written: Written) -> None:
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
        if now != edit.was:
            clashing.append((edit, now))
            continue
        row.cells.pop(key, None)
        if edit.new:
            row.cells[key] = edit.new
        lines.append(history.line(actor, row, key, now or None, edit.new or None))
        changed[row.pk] = row
    written.conflicts = _told(clashing)
    written.saved = list(changed.values())
    _save(written.saved)
    history.write(lines)


def _told(clashing: Sequence[tuple[Edit, str]]) -> list[Conflict]:
    """The clashes with whom to ask: who wrote last in each of the cells, by one query."""
    last = Change.objects.filter(
        kind=Prospect.kind.name,
        object_id__in={edit.row for edit, _now in clashing},
        field__in={cells.key_of(edit.column) for edit, _now in clashing},
    )
    names = {
        (pk, key): name
        for pk, key, name in last.order_by("id").values_list("object_id", "field", "actor_name")
    } if clashing else {}  # fmt: skip
    return [
        Conflict(
            edit.row, edit.column, edit.new, now,
            names.get((edit.row, cells.key_of(edit.column)), ""),
        )
        for edit, now in clashing
    ]  # fmt: skip


def _save(rows: Sequence[Prospect]) -> None:
    now = clock.now()
    for row in rows:
        row.derive()
        row.updated_at = now
    if rows:
        Prospect.objects.bulk_update(
            rows, ["cells", "updated_at", *Prospect.follows], batch_size=200
        )


def _add(actor: Actor, one: ProspectingList, texts: Sequence[cells.Cells]) -> list[Prospect]:
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
    Prospect.objects.bulk_create(made, batch_size=500)
    history.write(history.line(actor, row, history.CREATED, None, None) for row in made)
    return made
