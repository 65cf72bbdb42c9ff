"""A mapping on a command line: `title=account+product;created_at=engage_date:mdy;status.Won=won`.

Entries are separated by `;`. An entry assigns columns, joined by `+`, to a place; after `:` follows
the notation of the column's dates, amounts or probabilities, or the separator of a title.
`step.X=Y` and `status.X=Y` translate one value; `field.X=column` assigns a column to a field of the
account's own. Names that contain one of these characters are put in double quotes, and a double
quote in them is doubled.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from .cells import shorten
from .errors import MappingError
from .fields import Field
from .mapping import WAYS, LeadMapping, field_named, status_named, unknown_column

_QUOTED: Final = r'"(?:[^"]|"")*"'
_NEEDS_QUOTES = re.compile(r'[;=+:."]|^\s|\s$|^$')
_OWN: Final = "field"
_PAIR: Final = frozenset((Field.STEP, Field.STATUS))


def parse_map(line: str, headers: Sequence[str], base: LeadMapping | None = None) -> LeadMapping:
    """Return the mapping in a line, completed from `base` (a proposal) where the line is silent.

    A named place loses what `base` assigned to it; a named column leaves the places that `base`
    assigned it to. `owner=` empties a place.

    Raises:
        MappingError: something in it is wrong; the sentence lists what is possible.
    """
    said = _Said(headers)
    for entry in split(line, ";"):
        if entry.strip():
            said.take(entry)
    mapping = said.upon(base or LeadMapping())
    mapping.check(headers)
    return mapping


def format_map(mapping: LeadMapping) -> str:
    """Return the line from which `parse_map` returns this mapping."""
    entries = []
    for place, columns in mapping.columns.items():
        ways = {mapping.ways[column] for column in columns if column in mapping.ways}
        way = ways.pop() if place in WAYS and ways else ""
        if place is Field.TITLE:
            way = mapping.separator
        tail = f":{quote(way)}" if way else ""
        entries.append(f"{place.value}={'+'.join(map(quote, columns))}{tail}")
    entries += [f"step.{quote(value)}={quote(step)}" for value, step in mapping.steps.items()]
    entries += [
        f"status.{quote(value)}={status.value}" for value, status in mapping.statuses.items()
    ]
    for name, columns in mapping.own.items():
        ways = {mapping.ways[column] for column in columns if column in mapping.ways}
        tail = f":{ways.pop()}" if ways else ""
        entries.append(f"{_OWN}.{quote(name)}={'+'.join(map(quote, columns))}{tail}")
    return ";".join(entries)


class _Said:
    """The content of a line's entries."""

    def __init__(self, headers: Sequence[str]) -> None:
        self._headers = headers
        self._columns: dict[Field, tuple[str, ...]] = {}
        self._ways: dict[str, str] = {}
        self._steps: dict[str, str] = {}
        self._statuses: dict[str, str] = {}
        self._own: dict[str, tuple[str, ...]] = {}
        self._separator: str | None = None

    def take(self, entry: str) -> None:
        """Add an entry."""
        key, *rest = split(entry, "=")
        if len(rest) != 1:
            raise MappingError(
                _("“%(entry)s” is not of the form place=column.") % {"entry": shorten(entry)},
                shorten(key),
            )
        name, *value = split(key, ".")
        if value and bare(name) == _OWN:
            self._own_field(bare(".".join(value)), rest[0])
        elif value:
            self._translate(bare(name), bare(".".join(value)), bare(rest[0]))
        else:
            self._place(field_named(bare(name)), rest[0])

    def upon(self, base: LeadMapping) -> LeadMapping:
        """Return the base changed by the entries."""
        columns = {
            place: self._left(place, kept)
            for place, kept in base.columns.items()
            if place not in self._columns
        }
        columns |= self._columns
        separator = base.separator if self._separator is None else self._separator
        statuses = {v: status_named(s, f"status.{v}") for v, s in self._statuses.items()}
        same_step = columns.get(Field.STEP) == base.columns.get(Field.STEP)
        same_status = columns.get(Field.STATUS) == base.columns.get(Field.STATUS)
        return LeadMapping(
            columns={place: chosen for place, chosen in columns.items() if chosen},
            separator=separator,
            ways={**base.ways, **self._ways},
            steps={**(base.steps if same_step else {}), **self._steps},
            statuses={**(base.statuses if same_status else {}), **statuses},
            own={name: chosen for name, chosen in self._owns(base).items() if chosen},
            sorts=base.sorts,
        )

    def _left(self, place: Field, columns: tuple[str, ...]) -> tuple[str, ...]:
        """Return a base place's remaining columns: not those that were assigned elsewhere."""
        moved = {column for taken in self._own.values() for column in taken} | {
            column
            for taker, taken in self._columns.items()
            if not {place, taker} <= _PAIR
            for column in taken
        }
        return tuple(column for column in columns if column not in moved)

    def _owns(self, base: LeadMapping) -> dict[str, tuple[str, ...]]:
        taken = {column for columns in self._columns.values() for column in columns}
        taken |= {column for columns in self._own.values() for column in columns}
        kept = {
            name: tuple(column for column in columns if column not in taken)
            for name, columns in base.own.items()
        }
        return kept | self._own

    def _own_field(self, name: str, text: str) -> None:
        column, *way = split(text, ":")
        found = self._column(bare(column), Field.LINE)
        self._own[name] = (found,) if found else ()
        if way and found:
            self._ways[found] = bare(":".join(way))

    def _translate(self, name: str, value: str, meaning: str) -> None:
        place = field_named(name)
        if place is Field.STEP:
            self._steps[value] = meaning
        elif place is Field.STATUS:
            self._statuses[value] = meaning
        else:
            raise MappingError(
                _("Values can be translated for step and status, not for %(field)s.")
                % {"field": place.value},
                place.value,
            )

    def _place(self, place: Field, text: str) -> None:
        names, *tail = split(text, ":")
        columns = tuple(self._column(bare(name), place) for name in split(names, "+"))
        self._columns[place] = tuple(column for column in columns if column)
        if tail:
            self._say_way(place, bare(":".join(tail)))

    def _column(self, name: str, place: Field) -> str:
        if not name or name in self._headers:
            return name
        alike = [header for header in self._headers if header.casefold() == name.casefold()]
        if len(alike) != 1:
            raise MappingError(unknown_column(name, self._headers), place.value)
        return alike[0]

    def _say_way(self, place: Field, way: str) -> None:
        if place is Field.TITLE:
            self._separator = way
        elif place in WAYS:
            self._ways |= dict.fromkeys(self._columns[place], way)
        else:
            raise MappingError(
                _("%(field)s has no ways of writing; leave “:%(way)s” out.")
                % {"field": place.value, "way": shorten(way)},
                place.value,
            )


def split(text: str, mark: str) -> list[str]:
    """Split the text at each mark outside quotes, which are kept."""
    pieces = re.findall(rf'{_QUOTED}|{re.escape(mark)}|[^"{re.escape(mark)}]+|"', text)
    parts = [""]
    for piece in pieces:
        if piece == mark:
            parts.append("")
        else:
            parts[-1] += piece
    return parts


def bare(text: str) -> str:
    """Return the text without surrounding blanks and quotes."""
    trimmed = text.strip()
    if re.fullmatch(_QUOTED, trimmed):
        return trimmed[1:-1].replace('""', '"')
    return trimmed


def quote(text: str) -> str:
    """Return the text in quotes, where the line would be misread without them."""
    return '"' + text.replace('"', '""') + '"' if _NEEDS_QUOTES.search(text) else text
