"""Which of an act's objects an undo concerns: how each stands, what is asked, what goes back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _

from custode.guard.door.selection import Rows
from custode.kernel.errors import Gone, Invalid


class Stands(StrEnum):
    """How an object stands that an act touched."""

    AS_LEFT = "as_left"
    """As the act left it: an undo takes it back."""
    CHANGED = "changed"
    """Changed since, by somebody's hand: an undo takes it back only where that is asked for."""
    SETTLED = "settled"
    """Taken back before, or again as it was before the act: there is nothing to undo."""
    TRASHED = "trashed"
    """In the trash: it must be restored first."""


@dataclass(frozen=True, slots=True)
class Part:
    """Which of an act's objects are to be undone: all that stand as it left them, or these.

    Args:
        kind: those of this kind; "" for every kind. A retired tag was on leads and on lists.
        only: these, by number; None for all.
        but: all but these.
        over: those that were changed since and are to be overwritten: number -> what somebody
            has seen of it (`Trail.rows`); what was changed again after that is left as it is.
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
        """Whether no object is named, where they are named one by one."""
        return self.only is not None and not self.only and not self.over

    def require(self, *kinds: str) -> None:
        """Raise `Invalid` when a part is asked for that an act on these kinds does not have."""
        if not (self.is_whole or (kinds and self.kind in {"", *kinds})):
            raise Invalid(_("This act has no such part. Undo it as a whole."))

    def among(self, rows: Rows) -> Rows:
        """Those of an act's rows that are meant, whatever became of them."""
        if self.only is not None:
            rows = rows.filter(pk__anyof=self.only.union(self.over))
        return rows.exclude(pk__anyof=self.but) if self.but else rows

    def means(self, pk: int) -> bool:
        """Whether one of an act's objects is meant, whatever became of it."""
        return (self.only is None or pk in self.only or pk in self.over) and pk not in self.but

    def wants(self, pk: int, stands: str, seen: str) -> bool:
        """Whether one of them goes back, as it stands."""
        if stands == Stands.AS_LEFT:
            return self.only is None or pk in self.only
        return stands == Stands.CHANGED and self.over.get(pk) == seen


WHOLE = Part()


@dataclass(frozen=True, slots=True)
class Picked:
    """Which objects an undo takes back.

    Args:
        ids: these.
        over: how many of them had been changed since.
        others: how many more would go back if they were the actor's to edit.
        stayed: how many that could have gone back are left as they are.
    """

    ids: list[int]
    over: int
    others: int
    stayed: int

    @property
    def details(self) -> dict[str, int]:
        """What the log tells of an overwriting."""
        return {"over": self.over} if self.over else {}


def nothing_left(*, before: bool, stayed: int = 0) -> Gone:
    """The answer where nothing goes back.

    Args:
        before: whether a part, or all, was taken back before.
        stayed: how many that were meant have been changed or deleted since.
    """
    if before and stayed:
        return Gone(_("This was undone before. What is left was changed or deleted since."))
    if before:
        return Gone(_("This was undone before."))
    return Gone(_("Nothing of this act is left: all has been changed again or deleted since."))
