"""Treats an undo that empties many fields as deleting, as emptying them by hand is treated.

What an act filled in was empty before it, so that its undo empties it again: whoever is not allowed
to empty many fields must not do so by undoing an act of long ago. What an undo empties counts
within the hour together with what the same actor empties by hand or by other undos, in parts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from custode.guard import emptying
from custode.guard.gathering import Limits
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused


@dataclass(slots=True)
class UndoLosses:
    """What an undo in progress empties.

    Args:
        are_many: whether these fields, with what the actor emptied lately, exceed the limit.
    """

    actor: Actor
    are_many: bool = False

    def require(self, kind: str, emptied: int) -> Mapping[str, int]:
        """Judge an undo before anything is restored, and return the facts for its entry.

        Args:
            emptied: how many fields it leaves next to nothing in.

        Raises:
            Refused: they are many, and the actor may not delete objects of this kind.
        """
        if not emptied:
            return {}
        emptying.one_after_the_other(self.actor)
        limits = Limits.of(self.actor)
        if not emptying.is_many(self.actor, emptied, limits):
            return {}
        self.are_many = True
        emptying.require(self.actor, kind, limits)
        return {"empties": emptied, "many": limits.many}


@contextmanager
def judging_losses(actor: Actor) -> Iterator[UndoLosses]:
    """Open an undo, around its transaction; afterwards, make acts of what was emptied before it.

    Done or refused, the actor has emptied many fields then, also those that were few until now.
    """
    losses = UndoLosses(actor)
    try:
        yield losses
    except Refused:
        if losses.are_many:
            emptying.settle_stopped(actor)
        raise
    if losses.are_many:
        emptying.settle(actor)
