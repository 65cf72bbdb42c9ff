"""The columns of a list: each list's own, ordered; a removed one keeps its cells."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import door, history
from custode.guard.door import (
    Act,
    Attempt,
    ObjectState,
    PreparedUndo,
    UndoHandler,
    UndoStatus,
    UndoTargets,
)
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.kernel.text import fold
from custode.prospecting import naming
from custode.prospecting.list_locks import held, touch
from custode.prospecting.models import ListColumn, Prospect, ProspectingList

WAY = "column"
"""The name of the act of removing a column in the log."""
NAMED = "column"
"""The name of a column's name in the history of a list."""


def of(one: ProspectingList) -> list[ListColumn]:
    """Return the present columns of a list, in order."""
    return list(ListColumn.objects.filter(in_list=one, retired_at=None))


def standing(lists: Iterable[ProspectingList | int]) -> dict[int, list[ListColumn]]:
    """Return the present columns of some lists, in order, by list number: one query."""
    found: dict[int, list[ListColumn]] = {}
    for column in ListColumn.objects.filter(in_list__in=list(lists), retired_at=None):
        found.setdefault(column.in_list_id, []).append(column)
    return found


def taken_out(one: ProspectingList) -> list[ListColumn]:
    """Return the columns that were removed from a list and still have their cells."""
    return list(ListColumn.objects.filter(in_list=one, retired_at__isnull=False))


def all_of(one: ProspectingList) -> list[ListColumn]:
    """Return all columns of a list, including removed ones."""
    return list(ListColumn.objects.filter(in_list=one))


def count(one: ProspectingList) -> int:
    """Return how many columns a list has, including removed ones."""
    return ListColumn.objects.filter(in_list=one).count()


def last_place(one: ProspectingList) -> int:
    """Return the position of a list's last column, 0 when it has none."""
    return max((column.position for column in all_of(one)), default=0)


def make(one: ProspectingList, names: Sequence[str], first: int = 1) -> list[ListColumn]:
    """Create columns, within the caller's transaction."""
    return ListColumn.objects.bulk_create(
        ListColumn(account_id=one.account_id, in_list=one, name=name, position=first + n)
        for n, name in enumerate(names)
    )


def spare(one: ProspectingList, names: Iterable[str]) -> list[ListColumn]:
    """Return the removed columns with one of these names whose cells are all empty."""
    wanted = {fold(name) for name in names}
    return [c for c in taken_out(one) if fold(c.name) in wanted and not _is_filled(c)]


def bring(one: ProspectingList, names: Sequence[str]) -> list[ListColumn]:
    """Add columns at the end, within the caller's transaction, reusing spare ones by name.

    Returns:
        The columns, in the order of the given names.
    """
    first = last_place(one) + 1
    there = {fold(column.name): column for column in spare(one, names)}
    for n, name in enumerate(names):
        if column := there.get(fold(name)):
            column.retired_at, column.position = None, first + n
    ListColumn.objects.bulk_update(there.values(), ["retired_at", "position"])
    made = make(one, [name for name in names if fold(name) not in there], first)
    there |= {fold(column.name): column for column in made}
    return [there[fold(name)] for name in names]


def take_back(actor: Actor, numbers: Iterable[int]) -> None:
    """Remove again the columns that were created by something that was not completed.

    A column in which somebody has written meanwhile stays, as does a list's last one. Nobody loses
    anything by this: no rule applies, and nothing is logged.
    """
    found = ListColumn.objects.filter(pk__in=numbers, retired_at=None, in_list__trash=None)
    with transaction.atomic():
        for column in found.select_related("in_list"):
            one = column.in_list
            history.hold(one)
            if len(of(one)) > 1 and not _is_filled(column):
                _set_out(actor, column, clock.now())


def _is_filled(column: ListColumn) -> bool:
    """Return whether any row has text in a column, including rows in the trash."""
    rows = Prospect.with_trashed.filter(in_list=column.in_list_id, cells__has_key=column.key)
    return rows.exists()


def add(actor: Actor, one: ProspectingList, name: str) -> ListColumn:
    """Add a column at the end.

    Raises:
        Invalid: the name is empty, too long or taken, or there are too many columns.
        Gone: the actor may no longer change the list.
    """
    (name,) = naming.read_all([name]) or [naming.read(name)]
    with held(actor, one):
        all_of_them = all_of(one)
        naming.require_free(all_of_them, name)
        if len(all_of_them) >= naming.MOST:
            raise Invalid(_("A list has at most %(n)s columns.") % {"n": naming.MOST}, field="name")
        (made,) = make(one, [name], last_place(one) + 1)
        history.write([history.line(actor, one, NAMED, None, name)])
        touch(one)
    return made


def rename(actor: Actor, column: ListColumn, name: str) -> None:
    """Rename a column; raise as `add` does."""
    name, one = naming.read(name), column.in_list
    with held(actor, one):
        column.refresh_from_db()
        if column.name != name:
            history.write([_renamed(actor, column, name)])
            name_again(column, name)
            touch(one)


def name_again(column: ListColumn, name: str) -> None:
    """Save a column under a name, in the caller's transaction; raise `Invalid` if taken."""
    naming.require_free(
        ListColumn.objects.filter(in_list=column.in_list_id).exclude(pk=column.pk), name
    )
    column.name = name
    column.save(update_fields=["name"])


def _renamed(actor: Actor, column: ListColumn, name: str) -> Change:
    """Return the line of history; where little is left of a name, one by column, for undo."""
    key = f"{NAMED}:{column.pk}"
    told = history.line(actor, column.in_list, key, column.name, name)
    return told if told.emptied else (
        history.line(actor, column.in_list, NAMED, column.name, name)
    )  # fmt: skip


def move(actor: Actor, one: ProspectingList, order: Sequence[int]) -> None:
    """Set the order of the columns; those that are not named follow at the end.

    Raises:
        Gone: the actor may no longer change the list.
    """
    with held(actor, one):
        rank = {pk: n for n, pk in enumerate(order)}
        standing = list(ListColumn.objects.filter(in_list=one))
        standing.sort(key=lambda c: (rank.get(c.pk, len(rank)), c.position, c.pk))
        for position, column in enumerate(standing, start=1):
            column.position = position
        ListColumn.objects.bulk_update(standing, ["position"])
        touch(one)


def take_out(actor: Actor, column: ListColumn) -> Act:
    """Remove a column from its list; its cells are kept, and reappear with it.

    This is equivalent to deleting: it is subject to the rule for deleting lists, and is an act.

    Raises:
        Refused: only admins may delete lists.
        Invalid: it is the last column.
        Gone: the actor may no longer change the list, or the column is removed already.
    """
    one, kind = column.in_list, ProspectingList.kind.name
    tried = Attempt(1, {"column": "out"}, [column.name])
    with door.undoable_act(actor, Verb.DELETE, kind, WAY, tried) as note, held(actor, one):
        _require_not_yet(column, out=True)
        if not ListColumn.objects.filter(in_list=one, retired_at=None).exclude(
            pk=column.pk
        ).exists():  # fmt: skip
            raise Invalid(_("A list needs at least one column."), field="columns")
        rows = Prospect.objects.filter(in_list=one, cells__has_key=column.key).count()
        seq = note(
            1,
            labels=[column.name],
            personal={"list": one.title},
            details={"column": column.pk, "rows": rows},
        )
        _set_out(actor, column, clock.now(), seq)
    return Act(1, seq)


def put_back(actor: Actor, column: ListColumn) -> None:
    """Put a column back into its list, with all its cells.

    Raises:
        Gone: the actor may no longer change the list, or the column is in it already.
    """
    with held(actor, column.in_list):
        _require_not_yet(column, out=False)
        _set_out(actor, column, None)


def _require_not_yet(column: ListColumn, *, out: bool) -> None:
    column.refresh_from_db()
    if bool(column.retired_at) is out:
        raise Gone(_("Somebody has done this in the meantime."))


def _set_out(actor: Actor, column: ListColumn, at: datetime | None, seq: int | None = None) -> None:
    column.retired_at = at
    column.save(update_fields=["retired_at"])
    old, new = (column.name, None) if at else (None, column.name)
    history.write([history.line(actor, column.in_list, NAMED, old, new, seq)])
    touch(column.in_list)


def _out_by(column: ListColumn) -> int | None:
    """Return the act by which a column was last removed."""
    of_list = history.of(column.in_list).filter(field=NAMED, old=column.name, new=None)
    return of_list.values_list("seq", flat=True).first()


def _column(entry: LogEntry) -> ListColumn | None:
    return ListColumn.objects.filter(pk=json.loads(entry.details)["column"]).first()


def _look(entry: LogEntry) -> Sequence[ObjectState]:
    """Return the state of the list; settled if the column is back or was removed again."""
    column = _column(entry)
    if column is None:
        return []
    row = ProspectingList.with_trashed.get(pk=column.in_list_id)
    out = column.retired_at is not None and _out_by(column) == entry.seq
    stands = UndoStatus.AS_LEFT if out else UndoStatus.SETTLED
    if not row.lives:
        stands = UndoStatus.TRASHED
    return [ObjectState(row.pk, stands, after=f"− {column.name}")]


def _give(actor: Actor, entry: LogEntry, _going: UndoTargets) -> PreparedUndo:
    """Prepare to put a removed column back."""
    column = ListColumn.objects.get(pk=json.loads(entry.details)["column"])
    return PreparedUndo(lambda seq: _set_out(actor, column, None, seq), {"column": column.pk})


def _hold(entry: LogEntry) -> None:
    if (column := _column(entry)) is not None:
        door.locked(ProspectingList.with_trashed.filter(pk=column.in_list_id))


door.register_undo_handler(WAY, UndoHandler(_look, _give, _hold))
