"""Which of an act's objects an undo concerns: their states, the requested part, the choice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from custode.guard.door.selection import Rows
from custode.kernel.errors import Gone, Invalid


class UndoStatus(StrEnum):
    """The state of an object that an act touched."""

    AS_LEFT = "as_left"
    """As the act left it: an undo takes it back."""
    CHANGED = "changed"
    """Changed since by a person: an undo takes it back only on request."""
    SETTLED = "settled"
    """Taken back already, or again as it was before the act: there is nothing to undo."""
    TRASHED = "trashed"
    """In the trash: it must be restored first."""


@dataclass(frozen=True, slots=True)
class UndoPart:
    """The part of an act to undo: all objects that are as it left them, or a selection.

    Args:
        kind: those of this kind; "" for every kind. A retired tag was on leads and on lists.
        only: these numbers; None for all.
        but: all except these numbers.
        over: objects changed since that are to be overwritten: number -> the text that stands for
            what the user has seen (`UndoPreview.rows`); an object that was changed again after that
            is left as it is.
    """

    kind: str = ""
    only: frozenset[int] | None = None
    but: frozenset[int] = frozenset()
    over: Mapping[int, str] = field(default_factory=dict)

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out, and nothing overwritten."""
        return not (self.kind or self.but or self.over) and self.only is None

    @property
    def is_nothing(self) -> bool:
        """Whether objects are selected one by one, but none is named."""
        return self.only is not None and not self.only and not self.over

    def require(self, *kinds: str) -> None:
        """Raise `Invalid` when the part asks for something that acts on these kinds do not have."""
        if not (self.is_whole or (kinds and self.kind in {"", *kinds})):
            raise Invalid(_("This act has no such part. Undo it as a whole."))

    def among(self, rows: Rows) -> Rows:
        """Return the selected rows of an act, whatever has become of them."""
        if self.only is not None:
            rows = rows.filter(pk__anyof=self.only.union(self.over))
        return rows.exclude(pk__anyof=self.but) if self.but else rows

    def means(self, pk: int) -> bool:
        """Return whether one of an act's objects is selected, whatever has become of it."""
        return (self.only is None or pk in self.only or pk in self.over) and pk not in self.but

    def wants(self, pk: int, stands: str, seen: str) -> bool:
        """Return whether an object in this state is to be taken back."""
        if stands == UndoStatus.AS_LEFT:
            return self.only is None or pk in self.only
        return stands == UndoStatus.CHANGED and self.over.get(pk) == seen


WHOLE_ACT = UndoPart()


@dataclass(frozen=True, slots=True)
class Picked:
    """The objects that an undo takes back.

    Args:
        ids: the objects' numbers.
        over: how many of them had been changed since.
        others: how many more would be taken back if the actor could edit them.
        stayed: how many that could have been taken back are left as they are.
    """

    ids: list[int]
    over: int
    others: int
    stayed: int

    @property
    def details(self) -> dict[str, int]:
        """The facts about overwriting for the log."""
        return {"over": self.over} if self.over else {}


def nothing_left(*, before: bool, stayed: int = 0) -> Gone:
    """Return the error for an undo that takes nothing back.

    Args:
        before: whether some or all of it was taken back already.
        stayed: how many of the selected objects have been changed or deleted since.
    """
    if before and stayed:
        return Gone(_("This was undone before. What is left was changed or deleted since."))
    if before:
        return Gone(_("This was undone before."))
    return Gone(_("Nothing of this act is left: all has been changed again or deleted since."))
