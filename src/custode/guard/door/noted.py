"""Acts that a layer above performs itself, each with an undo that this layer can run.

Some acts are more than a column set on many rows: cells overwritten, a column removed, a comment
cut down. The door lets them pass and logs them (`reversing.noting`); the layer that performs them
tells the present state of each object, and how to restore what it held before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from custode.guard.door.parts import Stands
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Stood:
    """The present state of an object that an act touched.

    Args:
        seen: a text that stands for what somebody has seen of it; it differs when the object has
            been changed again.
        last: the number of its latest line of history that counts; None when there is none.
        made: whether the act created it; then undo moves it to the trash.
        before, after: the values before and after the act: in words for people for a noted act, the
            other row's number for a field that points to one.
        now: the present value, where it differs.
        name: its name before the act, of which little may be left; "" if it is as now.
    """

    pk: int
    stands: Stands
    seen: str = ""
    last: int | None = None
    made: bool = False
    before: str = ""
    after: str = ""
    now: str = ""
    name: str = ""

    @property
    def values(self) -> tuple[str, str, str]:
        """The values before the act, after it, and now."""
        return self.before, self.after, self.now


@dataclass(frozen=True, slots=True)
class Going:
    """The objects that an undo takes back, and those of them that were changed since."""

    ids: Collection[int]
    over: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Giving:
    """An undo that is ready to run.

    Args:
        do: restores the objects' earlier values; takes the log number of the undo.
        details: facts for the undo's entry.
        labels: the names of the first few objects after the undo; empty for their present names.
    """

    do: Callable[[int], object]
    details: Mapping[str, Any] | None = None
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How acts of one name are undone.

    Args:
        look: returns the state of each object of an act, except those that no longer exist.
        give: prepares to restore the objects' earlier values; not called for objects that the act
            created.
        hold: locks what the act touched for the rest of a transaction.
    """

    look: Callable[[LogEntry], Sequence[Stood]]
    give: Callable[[Actor, LogEntry, Going], Giving]
    hold: Callable[[LogEntry], object]


_ways: dict[str, Way] = {}


def way_back(name: str, way: Way) -> None:
    """Declare how acts of this name are undone (`reversing.noting`)."""
    _ways[name] = way


def named(name: str) -> Way:
    """Return how acts of this name are undone; raise `KeyError` when nothing declares it."""
    return _ways[name]


def way_of(entry: LogEntry) -> Way | None:
    """Return how an act performed by a layer above is undone; None for any other act."""
    return _ways.get(json.loads(entry.details).get("way", ""))
