"""What the tests of prospecting lists write into them, and read out of them."""

from __future__ import annotations

from collections.abc import Sequence

from custode.kernel.actor import Actor
from custode.prospecting import columns, moves, sheet
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.overwriting import Edit
from custode.prospecting.sheet import Written

COLUMNS = ("Company", "City", "E-mail")
ROWS = (
    ("Rossi S.r.l.", "Torino", "info@rossi.example"),
    ("Édile Bianchi", "Roma", ""),
    ("Verdi 2000", "Napoli", "verdi@verdi.example"),
)


def a_list(
    actor: Actor, title: str = "Fair in Bologna", rows: Sequence[Sequence[str]] = ROWS
) -> ProspectingList:
    """A list of the actor's with rows."""
    one = moves.create(actor, title, COLUMNS)
    add(actor, one, rows)
    return one


def add(actor: Actor, one: ProspectingList, rows: Sequence[Sequence[str]]) -> Written:
    """Write rows at the end."""
    numbers = [column.pk for column in columns.of(one)]
    return sheet.write(actor, one, rows=[dict(zip(numbers, row, strict=True)) for row in rows])


def row_of(one: ProspectingList, name: str) -> Prospect:
    """The row of this name."""
    return Prospect.objects.get(in_list=one, name=name)


def texts(one: ProspectingList) -> list[list[str]]:
    """What stands in the list, row by row."""
    standing = columns.of(one)
    rows = Prospect.objects.filter(in_list=one).order_by("place")
    return [[row.cells.get(c.key, "") for c in standing] for row in rows]


def edit(one: ProspectingList, name: str, column: str, new: str) -> Edit:
    """What somebody writes who sees the list as it is now."""
    row = row_of(one, name)
    found = next(c for c in columns.of(one) if c.name == column)
    return Edit(row.pk, found.pk, row.cells.get(found.key, ""), new)
