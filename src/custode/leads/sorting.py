"""The order of leads: stable, the same on both databases, with the number as the last key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Case, F, IntegerField, OrderBy, Value, When

from custode.kernel.text import fold
from custode.people.models import User

PATHS: Final = {
    "title": "title_folded",
    "amount": "amount_minor",
    "step": "step",
    "owner": "owner",
    "updated": "updated_at",
    "created": "created_at",
    "reminder": "remind_date",
    "closing": "estimated_closing_date",
}
CAN_BE_EMPTY: Final = frozenset({"amount", "owner", "reminder", "closing"})


@dataclass(frozen=True, slots=True)
class Sort:
    """The column by which leads are sorted, and the direction. Empty values always come last."""

    by: str = "updated"
    down: bool = True

    def __str__(self) -> str:
        return f"-{self.by}" if self.down else self.by

    def turned(self) -> Sort:
        """Return the same in the opposite direction."""
        return Sort(self.by, not self.down)

    def order(self) -> list[OrderBy]:
        """Return the columns that the database sorts by."""
        if self.by == "step":
            keys: list[Any] = [F("step__pipeline__position"), F("step__position"), F("step_id")]
        elif self.by == "owner":
            keys = [_owners_rank()]
        else:
            keys = [F(PATHS[self.by])]
        empty_last = {"nulls_last": True} if self.by in CAN_BE_EMPTY else {}
        direction = "desc" if self.down else "asc"
        return [getattr(key, direction)(**empty_last) for key in [*keys]] + [
            getattr(F("pk"), direction)()
        ]


def read(text: str) -> Sort:
    """Return the order that a URL asks for: `title`, `-amount`; the default if unknown."""
    by = text.removeprefix("-")
    return Sort(by, text.startswith("-")) if by in PATHS else Sort()


def _owners_rank() -> Case:
    """Return each owner's alphabetical rank, computed here because databases differ."""
    people = User.objects.values_list("pk", "last_name", "first_name")
    ranked = sorted(people, key=lambda who: (fold(who[1]), fold(who[2]), who[0]))
    return Case(
        *(When(owner=who[0], then=Value(rank)) for rank, who in enumerate(ranked)),
        default=None,
        output_field=IntegerField(),
    )
