"""How a file's columns are mapped to a prospecting list: which list, and which columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from custode.exchange.importing.choices import NEW
from custode.exchange.importing.studies import Study
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.prospecting import columns, moves, naming, queries
from custode.prospecting.models import ListColumn, ProspectingList

SKIP: Final = "skip"


@dataclass(frozen=True, slots=True)
class Plan:
    """A person's choices for a file of prospects.

    Args:
        into: a list's number, or `NEW`.
        title: the title of a new list.
        places: a column of the file -> `NEW` for a column of this name, `SKIP`, or the number of
            one of the list's columns.
    """

    into: str = NEW
    title: str = ""
    places: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A plan checked against the list and the file.

    Args:
        one: the list; None for a new one.
        there: a column of the file -> the list's existing column for it.
        new: a column of the file -> the name of the new column for it.
    """

    one: ProspectingList | None
    there: dict[str, ListColumn]
    new: dict[str, str]

    @property
    def headers(self) -> list[str]:
        """The columns of the file that are imported."""
        return [*self.there, *self.new]


def proposed(actor: Actor, told: Study, into: str, title: str) -> Plan:
    """Return a plan that matches columns by name and adds missing ones while there is room."""
    one = chosen(actor, into)
    names = {fold(c.name): str(c.pk) for c in columns.of(one)} if one else {}
    room = naming.MOST - (columns.count(one) if one else 0)
    places: dict[str, str] = {}
    for column in told.columns:
        place = names.pop(_key(column.name), "")
        if not place and room > 0 and (column.filled or one is None):
            place, room = NEW, room - 1
        places[column.name] = place or SKIP
    return Plan(into, title, places)


def chosen(actor: Actor, into: str) -> ProspectingList | None:
    """Return the chosen list, among those that the actor sees; None for a new one.

    Raises:
        Invalid: it does not exist.
    """
    if into == NEW:
        return None
    found = queries.visible(actor).filter(pk=whole(into)).first()
    if found is None:
        raise Invalid(_("Choose one of the lists."), field="into")
    return found


def fit(actor: Actor, plan: Plan, headers: Sequence[str]) -> Fitted:
    """Check a plan against the present list.

    Raises:
        Invalid: the list or a column of it is gone, two columns would become one, none is imported,
            the new list has no title, or there would be too many columns.
    """
    one = chosen(actor, plan.into)
    if one is None:
        moves.read_title(plan.title)
    standing = {str(c.pk): c for c in columns.of(one)} if one else {}
    there, new = _taken(plan, headers, standing), _to_make(plan, headers)
    all_of_them = _kept(one, new) if one else []
    if not there and not new:
        why = _("No column would be imported. Choose a place for at least one.")
        raise Invalid(why, field="places")
    if len(all_of_them) + len(new) > naming.MOST:
        raise Invalid(
            _("A list has at most %(n)s columns. Leave some of the file's columns out.")
            % {"n": naming.MOST},
            field="places",
        )
    return Fitted(one, there, _named(new, all_of_them))


def _kept(one: ProspectingList, new: Iterable[str]) -> list[ListColumn]:
    """Return the columns that remain beside new ones, without spare ones to be reused."""
    again = {column.pk for column in columns.spare(one, map(_key, new))}
    return [column for column in columns.all_of(one) if column.pk not in again]


def _taken(
    plan: Plan, headers: Sequence[str], standing: Mapping[str, ListColumn]
) -> dict[str, ListColumn]:
    there: dict[str, ListColumn] = {}
    by: dict[str, str] = {}
    for header in headers:
        place = plan.places.get(header, SKIP)
        if place in {NEW, SKIP}:
            continue
        if place not in standing:
            raise Invalid(
                _("The column that “%(column)s” goes to is no longer in the list. Choose again.")
                % {"column": header},
                field="places",
            )
        if place in by:
            raise Invalid(
                _("“%(first)s” and “%(second)s” both go to the column “%(column)s”. Choose one.")
                % {"first": by[place], "second": header, "column": standing[place].name},
                field="places",
            )
        by[place] = header
        there[header] = standing[place]
    return there


def _to_make(plan: Plan, headers: Sequence[str]) -> list[str]:
    return [header for header in headers if plan.places.get(header) == NEW]


def _named(headers: Iterable[str], taken: Iterable[ListColumn]) -> dict[str, str]:
    """Return the names of new columns: the file's own, shortened and numbered as necessary."""
    seen, names = {fold(column.name) for column in taken}, {}
    for header in headers:
        words = " ".join(header.replace("\x00", "").split())
        name, count = words[: naming.LONGEST].strip(), 1
        while fold(name) in seen:
            count += 1
            tail = f" ({count})"
            name = words[: naming.LONGEST - len(tail)].strip() + tail
        seen.add(fold(name))
        names[header] = name
    return names


def _key(header: str) -> str:
    return fold(" ".join(header.split())[: naming.LONGEST])
