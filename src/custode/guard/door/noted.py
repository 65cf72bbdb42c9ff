"""Acts that a layer above does by itself, each with the way back that this layer declares.

Some acts are more than a column set on many rows: cells written over, a column taken out, a comment
cut down. The door lets them pass and notes them (`reversing.noting`); whoever does them says how
each of their objects stands now, and how it gets back what it had.
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
    """How an object stands that an act touched.

    Args:
        seen: what somebody has seen of it; another text when it has been changed again.
        last: the number of the latest line of its history that counts; None where there is none.
        made: whether the act has made it; then it goes to the trash.
        before, after: what the act found and left: of a noted act in words for people, of a field
            that points to something the other's number.
        now: what stands there now, where that is something else.
        name: what it was called before the act, of which it may have left little; "" for as now.
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
        """What it was, was set to, and is now."""
        return self.before, self.after, self.now


@dataclass(frozen=True, slots=True)
class Going:
    """What an undo takes back: these objects, and those of them that were changed since."""

    ids: Collection[int]
    over: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class Giving:
    """What an undo is about to do.

    Args:
        do: gives back to the objects what they had; takes the number of the undo's entry.
        details: facts for that entry.
        labels: what the first few objects are called again; as they are called now without them.
    """

    do: Callable[[int], object]
    details: Mapping[str, Any] | None = None
    labels: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Way:
    """How the acts of one name are reversed.

    Args:
        look: how each object of an act stands; those that are no more are left out.
        give: prepares to give back what those that go had; not asked for what the act has made.
        hold: holds, for the rest of a transaction, what the act touched.
    """

    look: Callable[[LogEntry], Sequence[Stood]]
    give: Callable[[Actor, LogEntry, Going], Giving]
    hold: Callable[[LogEntry], object]


_ways: dict[str, Way] = {}


def way_back(name: str, way: Way) -> None:
    """Declare how the acts of this name are reversed (`reversing.noting`)."""
    _ways[name] = way


def named(name: str) -> Way:
    """The way back of this name; raises `KeyError` when nothing declares it."""
    return _ways[name]


def way_of(entry: LogEntry) -> Way | None:
    """How an act is reversed that a layer above has done; None for every other one."""
    return _ways.get(json.loads(entry.details).get("way", ""))
