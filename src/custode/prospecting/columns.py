"""The columns of a list: each list's own, ordered, taken out but never emptied."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _

from custode.guard import door, history
from custode.guard.door import Tried
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.kernel.text import fold
from custode.prospecting.holding import held, touch
from custode.prospecting.models import ListColumn, Prospect, ProspectingList

LONGEST = 60
"""Characters of a column's name."""
MOST = 60
"""Columns of one list, those that were taken out included."""


def of(one: ProspectingList) -> list[ListColumn]:
    """The columns that stand in a list, in order."""
    return list(ListColumn.objects.filter(in_list=one, retired_at=None))


def taken_out(one: ProspectingList) -> list[ListColumn]:
    """The columns that were taken out of a list and still have their cells."""
    return list(ListColumn.objects.filter(in_list=one, retired_at__isnull=False))


def all_of(one: ProspectingList) -> list[ListColumn]:
    """All columns of a list, those that were taken out included."""
    return list(ListColumn.objects.filter(in_list=one))


def count(one: ProspectingList) -> int:
    """How many columns a list has, those that were taken out included."""
    return ListColumn.objects.filter(in_list=one).count()


def last_place(one: ProspectingList) -> int:
    """The place of a list's last column, 0 when it has none."""
    return max((column.position for column in all_of(one)), default=0)


def read_all(names: Iterable[str]) -> list[str]:
    """The names of new columns, as they are kept; empty ones are passed over.

    Raises:
        Invalid: one is too long, there are too many, or two are the same.
    """
    read = [_read(name) for name in names if name.strip()]
    if len(read) > MOST:
        raise Invalid(_("A list has at most %(n)s columns.") % {"n": MOST}, field="columns")
    seen: set[str] = set()
    for name in read:
        if fold(name) in seen:
            raise Invalid(_("There are two columns “%(name)s”.") % {"name": name}, field="columns")
        seen.add(fold(name))
    return read


def make(one: ProspectingList, names: Sequence[str], first: int = 1) -> list[ListColumn]:
    """Write new columns, within the caller's transaction."""
    return ListColumn.objects.bulk_create(
        ListColumn(account_id=one.account_id, in_list=one, name=name, position=first + n)
        for n, name in enumerate(names)
    )


def add(actor: Actor, one: ProspectingList, name: str) -> ListColumn:
    """A new column at the end.

    Raises:
        Invalid: the name is empty, too long or taken, or there are too many columns.
        Gone: the list is not the actor's to change any more.
    """
    (name,) = read_all([name]) or [_read(name)]
    with held(actor, one):
        all_of_them = all_of(one)
        _require_free(all_of_them, name)
        if len(all_of_them) >= MOST:
            raise Invalid(_("A list has at most %(n)s columns.") % {"n": MOST}, field="name")
        (made,) = make(one, [name], last_place(one) + 1)
        history.write([history.line(actor, one, "column", None, name)])
        touch(one)
    return made


def rename(actor: Actor, column: ListColumn, name: str) -> None:
    """Give a column another name; raises as `add` does."""
    name, one = _read(name), column.in_list
    with held(actor, one):
        column.refresh_from_db()
        others = ListColumn.objects.filter(in_list=one).exclude(pk=column.pk)
        _require_free(others, name)
        if column.name != name:
            history.write([history.line(actor, one, "column", column.name, name)])
            column.name = name
            column.save(update_fields=["name"])
            touch(one)


def move(actor: Actor, one: ProspectingList, order: Sequence[int]) -> None:
    """Put the columns into this order; those that are not named come after it.

    Raises:
        Gone: the list is not the actor's to change any more.
    """
    with held(actor, one):
        rank = {pk: n for n, pk in enumerate(order)}
        standing = list(ListColumn.objects.filter(in_list=one))
        standing.sort(key=lambda c: (rank.get(c.pk, len(rank)), c.position, c.pk))
        for position, column in enumerate(standing, start=1):
            column.position = position
        ListColumn.objects.bulk_update(standing, ["position"])
        touch(one)


def retire(actor: Actor, column: ListColumn, on: bool) -> None:
    """Take a column out of its list, or put it back with all that stood in it.

    Taking one out is deleting by another name: it goes by the rule for deleting lists.

    Raises:
        Refused: only admins may delete prospecting lists.
        Invalid: it is the last column.
        Gone: the list is not the actor's to change any more.
    """
    one = column.in_list
    if on:
        door.look(actor, Verb.DELETE, Prospect.kind.name, Tried(1, {"column": "out"}))
    with held(actor, one):
        if on and not ListColumn.objects.filter(in_list=one, retired_at=None).exclude(
            pk=column.pk
        ).exists():  # fmt: skip
            raise Invalid(_("A list needs at least one column."), field="columns")
        column.refresh_from_db()
        if bool(column.retired_at) == on:
            raise Gone(_("Somebody has done this in the meantime."))
        column.retired_at = clock.now() if on else None
        column.save(update_fields=["retired_at"])
        old, new = (column.name, None) if on else (None, column.name)
        history.write([history.line(actor, one, "column", old, new)])
        touch(one)


def _read(name: str) -> str:
    name = " ".join(name.replace("\x00", "").split())
    if not name:
        raise Invalid(_("A column needs a name."), field="name")
    if len(name) > LONGEST:
        raise Invalid(
            _("The column “%(name)s…” has a name of more than 60 characters.")
            % {"name": name[:20]},
            field="name",
        )
    return name


def _require_free(columns: Iterable[ListColumn], name: str) -> None:
    for other in columns:
        if fold(other.name) != fold(name):
            continue
        if other.retired_at:
            raise Invalid(
                _("A column “%(name)s” was taken out of this list: put it back instead.")
                % {"name": other.name},
                field="name",
            )
        raise Invalid(
            _("There is a column “%(name)s” already.") % {"name": other.name}, field="name"
        )
