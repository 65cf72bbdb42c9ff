"""Names of columns, and texts given by the names or positions of their columns."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid
from custode.kernel.text import fold, line
from custode.prospecting.models import ListColumn

LONGEST = 60
"""The maximum number of characters of a column's name."""
MOST = 60
"""The maximum number of columns of a list, including removed ones."""
MOST_TOLD = 5
"""The maximum number of mistakes in names reported at once."""


def read_all(names: Iterable[str]) -> list[str]:
    """Return the names of new columns as stored; empty ones are skipped.

    Raises:
        Invalid: one is too long, there are too many, or two are equal.
    """
    found, wrong = [], list[Invalid]()
    for name in filter(str.strip, names):
        try:
            found.append(read(name))
        except Invalid as error:
            wrong.append(error)
    if len(found) + len(wrong) > MOST:
        raise Invalid(_("A list has at most %(n)s columns.") % {"n": MOST}, field="columns")
    times = Counter(fold(name) for name in found)
    for name in {fold(name): name for name in found}.values():
        if times[fold(name)] > 1:
            said = _("There are two columns “%(name)s”.") % {"name": name}
            wrong.append(Invalid(said, field="columns"))
    if len(wrong) > 1:
        raise Invalid(" ".join(str(error) for error in wrong[:MOST_TOLD]), field="columns")
    if wrong:
        raise wrong[0]
    return found


def read_new(names: Iterable[str]) -> list[str]:
    """Return the names of a new list's columns; raise `Invalid` as `read_all`, or for none."""
    if found := read_all(names):
        return found
    raise Invalid(_("A list needs at least one column."), field="columns")


def read(name: str) -> str:
    """Return a column's name as stored; raise `Invalid` if it is empty or too long."""
    name = line(name)
    if not name:
        raise Invalid(_("A column needs a name."), field="name")
    if len(name) > LONGEST:
        raise Invalid(
            _("The column “%(name)s…” has a name of more than 60 characters.")
            % {"name": name[:20]},
            field="name",
        )
    return name


def require_free(columns: Iterable[ListColumn], name: str) -> None:
    """Raise `Invalid` when one of the columns has this name, even a removed one."""
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


def by_place(numbers: Sequence[int], row: Sequence[str]) -> dict[int, str]:
    """Return a row's texts, given in the order of some columns, by column number.

    Raises:
        Invalid: there are more texts than columns.
    """
    if any(text.strip() for text in row[len(numbers) :]):
        raise Invalid(
            _("A row has more cells than the list has columns, which are %(n)s.")
            % {"n": len(numbers)},
            field="content",
        )
    return dict(zip(numbers, row, strict=False))


def by_name(columns: Iterable[ListColumn], texts: Mapping[str, str]) -> dict[int, str]:
    """Return texts, given by the names of a list's columns, by column number.

    Raises:
        Invalid: there is no column of that name.
    """
    there = {fold(column.name): column.pk for column in columns}
    found: dict[int, str] = {}
    for name, text in texts.items():
        number = there.get(fold(line(name)))
        if number is None:
            raise Invalid(
                _("There is no column “%(name)s” in this list.") % {"name": name[:LONGEST]},
                field="fields",
            )
        found[number] = text
    return found
