"""Filters of leads, read from a URL and written back to it.

The state of a screen is in its URL, so that reloading, going back and sharing work. Invalid parts
of a URL are dropped and reported, and never cause an error.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _

from custode.leads.models import Status

MINE: Final = "me"
NOBODY: Final = "none"
NONE: Final = "none"
REMINDERS: Final = ("overdue", "today", "next", "none")
OWN: Final = "own-"
"""The prefix of a default field's parameter, before its number."""
STARRED: Final = ("1", "on", "true")
MOST_CHOSEN: Final = 100
"""The maximum number of values of one sort in a filter."""
LONGEST: Final = 200
"""The maximum number of characters of one value."""
LARGEST_ID: Final = 2**63 - 1
EARLIEST: Final = date(1900, 1, 1)
LATEST: Final = date(2999, 12, 31)

_AMOUNT: Final = re.compile(r"\d{1,13}(\.\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Days:
    """A range of days, including both; None leaves an end open."""

    first: date | None = None
    last: date | None = None

    def __bool__(self) -> bool:
        return self.first is not None or self.last is not None


@dataclass(frozen=True, slots=True)
class Filter:
    """A filter of leads. The empty filter matches all.

    Args:
        q: words that must all occur, as typed.
        steps, statuses, owners: any of them; an owner is `me`, `none` or a user's number.
        tags: all of them.
        amount_from, amount_to: in the main unit of each lead's own currency.
        reminder: one of `REMINDERS`, or "".
        undated: whether to match only leads without an estimated closing date.
        arrived: the entry of the import that brought them.
        folder: the client folder they are in.
        own: default fields and the beginnings of their values, all of which must match; for a
            choice, its number.
    """

    q: str = ""
    pipeline: int | None = None
    steps: tuple[int, ...] = ()
    statuses: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()
    tags: tuple[int, ...] = ()
    starred: bool = False
    amount_from: Decimal | None = None
    amount_to: Decimal | None = None
    reminder: str = ""
    created: Days = field(default_factory=Days)
    closed: Days = field(default_factory=Days)
    closing: Days = field(default_factory=Days)
    undated: bool = False
    arrived: int | None = None
    folder: int | None = None
    own: tuple[tuple[int, str], ...] = ()

    def __bool__(self) -> bool:
        return self != Filter()

    def to_query(self) -> QueryDict:
        """Return the filter as a URL's query, from which `read` returns the same filter."""
        query = QueryDict(mutable=True)
        for name, values in self._written().items():
            if values:
                query.setlist(name, [str(value) for value in values])
        return query

    def _written(self) -> dict[str, Iterable[Any]]:
        written: dict[str, Iterable[Any]] = {
            "q": [self.q] if self.q else [],
            "pipeline": [] if self.pipeline is None else [self.pipeline],
            "step": self.steps,
            "status": self.statuses,
            "owner": self.owners,
            "tag": self.tags,
            "starred": ["1"] if self.starred else [],
            "reminder": [self.reminder] if self.reminder else [],
            "import": [] if self.arrived is None else [self.arrived],
            "closing": [NONE] if self.undated else [],
            "folder": [] if self.folder is None else [self.folder],
        }
        written |= {f"{OWN}{pk}": [text] for pk, text in self.own}
        for name in ("amount_from", "amount_to"):
            amount = getattr(self, name)
            written[name] = [] if amount is None else [f"{amount:f}"]
        for name in ("created", "closed", "closing"):
            days: Days = getattr(self, name)
            written[f"{name}_from"] = [days.first.isoformat()] if days.first else []
            written[f"{name}_to"] = [days.last.isoformat()] if days.last else []
        return written

    def without(self, name: str, value: Any = None) -> Filter:
        """Return the filter without one field, or without one of a field's values."""
        empty = Filter()
        kept = getattr(empty, name)
        if value is not None and isinstance(kept, tuple):
            kept = tuple(one for one in getattr(self, name) if one != value)
        return replace(self, **{name: kept})

    @property
    def count(self) -> int:
        """How many of its fields the filter uses."""
        empty = Filter()
        return sum(getattr(self, f.name) != getattr(empty, f.name) for f in fields(self))


@dataclass(frozen=True, slots=True)
class Reading:
    """A filter read from a URL, and messages about what could not be read."""

    filter: Filter
    complaints: tuple[str, ...] = ()


def read(query: QueryDict) -> Reading:
    """Return the filter that a URL describes."""
    reader = _Reader(query)
    found = Filter(
        q=reader.text("q"),
        pipeline=next(iter(reader.ids("pipeline")), None),
        steps=reader.ids("step"),
        statuses=reader.some_of("status", Status.values),
        owners=reader.owners(),
        tags=reader.ids("tag"),
        starred=bool(reader.some_of("starred", STARRED)),
        amount_from=reader.amount("amount_from"),
        amount_to=reader.amount("amount_to"),
        reminder=next(iter(reader.some_of("reminder", REMINDERS)), ""),
        created=reader.days("created"),
        closed=reader.days("closed"),
        closing=reader.days("closing"),
        undated=bool(reader.some_of("closing", (NONE,))),
        arrived=next(iter(reader.ids("import")), None),
        folder=next(iter(reader.ids("folder")), None),
        own=reader.own(),
    )
    return Reading(found, tuple(reader.complaints))


class _Reader:
    """Parses a URL's query, and collects what it could not use."""

    def __init__(self, query: QueryDict) -> None:
        self._query = query
        self.complaints: list[str] = []

    def text(self, name: str) -> str:
        """Return one value, without characters that no database accepts."""
        found = self._query.get(name, "").replace("\x00", "").strip()
        self._check_length(len(found), LONGEST)
        return found[:LONGEST]

    def _values(self, name: str) -> list[str]:
        found = dict.fromkeys(v.strip() for v in self._query.getlist(name) if v.strip())
        self._check_length(len(found), MOST_CHOSEN)
        return list(found)[:MOST_CHOSEN]

    def _check_length(self, length: int, most: int) -> None:
        # Part of a filter would match more leads: it must never be cut silently.
        if length > most:
            self.complaints.append(_("The filter is too long. A part of it was left out."))

    def ids(self, name: str) -> tuple[int, ...]:
        """Return the valid row numbers of a parameter."""
        return tuple(int(v) for v in self._values(name) if self._is_id(v))

    def _is_id(self, value: str) -> bool:
        plain = value.isascii() and value.isdigit() and len(value) < 20
        if plain and 0 < int(value) <= LARGEST_ID:
            return True
        self._complain(value)
        return False

    def owners(self) -> tuple[str, ...]:
        """Return the valid owners of a parameter: `me`, `none`, or numbers."""
        found = self._values("owner")
        return tuple(v for v in found if v in {MINE, NOBODY} or self._is_id(v))

    def some_of(self, name: str, known: Iterable[str]) -> tuple[str, ...]:
        """Return the values of a parameter that are among these."""
        allowed = set(known)
        found = self._values(name)
        for value in found:
            if value not in allowed:
                self._complain(value)
        return tuple(v for v in found if v in allowed)

    def own(self) -> tuple[tuple[int, str], ...]:
        """Return the named default fields with their texts; empty ones are ignored."""
        names = [name for name in self._query if name.startswith(OWN) and self.text(name)]
        self._check_length(len(names), MOST_CHOSEN)
        names = [name for name in names[:MOST_CHOSEN] if self._is_id(name.removeprefix(OWN))]
        return tuple((int(name.removeprefix(OWN)), self.text(name)) for name in sorted(names))

    def amount(self, name: str) -> Decimal | None:
        """Return the amount of a parameter; None if it is missing or invalid."""
        value = self.text(name)
        if not value:
            return None
        if _AMOUNT.fullmatch(value):
            return Decimal(value)
        self.complaints.append(
            _("“%(value)s” is not an amount. This part of the filter was left out.")
            % {"value": value}
        )
        return None

    def days(self, name: str) -> Days:
        """Return the range of days of two parameters."""
        return Days(self._day(f"{name}_from"), self._day(f"{name}_to"))

    def _day(self, name: str) -> date | None:
        value = self.text(name)
        if not value:
            return None
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = date.min
        if EARLIEST <= day <= LATEST:
            return day
        self.complaints.append(
            _("“%(value)s” is not a date. This part of the filter was left out.") % {"value": value}
        )
        return None

    def _complain(self, value: str) -> None:
        self.complaints.append(
            _("The filter has no choice “%(value)s”. This part of it was left out.")
            % {"value": value[:60]}
        )
