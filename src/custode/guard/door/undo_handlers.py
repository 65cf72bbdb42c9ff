"""Acts that a layer above performs itself, each with an undo that this layer can run.

Some acts are more than a column set on many rows: cells overwritten, a column removed, a comment
cut down. The door lets them pass and logs them (`undoable_acts.undoable_act`); the layer that
performs them tells the present state of each object, and how to restore what it held before.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from custode.guard.door.undo_parts import UndoStatus
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class ObjectState:
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
    stands: UndoStatus
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
class UndoTargets:
    """The objects that an undo takes back, and those of them that were changed since."""

    ids: Collection[int]
    over: Collection[int] = ()


@dataclass(frozen=True, slots=True)
class PreparedUndo:
    """An undo that is ready to run.

    Args:
        apply: restores the objects' earlier values; takes the log number of the undo.
        details: facts for the undo's entry.
        labels: the names of the first few objects after the undo; empty for their present names.
        emptied: how many fields are left with next to nothing (`undo_losses`).
    """

    apply: Callable[[int], object]
    details: Mapping[str, Any] | None = None
    labels: Sequence[str] = ()
    emptied: int = 0


@dataclass(frozen=True, slots=True)
class UndoHandler:
    """How acts of one name are undone.

    Args:
        inspect: returns the state of each object of an act, except those that no longer exist.
        prepare: prepares to restore the objects' earlier values; not called for objects that the
            act created.
        lock: locks what the act touched for the rest of a transaction.
    """

    inspect: Callable[[LogEntry], Sequence[ObjectState]]
    prepare: Callable[[Actor, LogEntry, UndoTargets], PreparedUndo]
    lock: Callable[[LogEntry], object]


_handlers: dict[str, UndoHandler] = {}


def register_undo_handler(name: str, handler: UndoHandler) -> None:
    """Declare how acts of this name are undone (`undoable_acts.undoable_act`)."""
    _handlers[name] = handler


def handler_named(name: str) -> UndoHandler:
    """Return how acts of this name are undone; raise `KeyError` when nothing declares it."""
    return _handlers[name]


def handler_of(entry: LogEntry) -> UndoHandler | None:
    """Return how an act performed by a layer above is undone; None for any other act."""
    return _handlers.get(json.loads(entry.details).get("way", ""))
