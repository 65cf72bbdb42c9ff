"""In which order leads come: stable, the same on both databases, with the number as last key."""

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
    """By what leads are sorted, and in which direction. Empty values always come last."""

    by: str = "updated"
    down: bool = True

    def __str__(self) -> str:
        return f"-{self.by}" if self.down else self.by

    def turned(self) -> Sort:
        """The same, the other way round."""
        return Sort(self.by, not self.down)

    def order(self) -> list[OrderBy]:
        """What the database sorts by."""
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
    """The order that an address asks for: `title`, `-amount`; an unknown one is the usual one."""
    by = text.removeprefix("-")
    return Sort(by, text.startswith("-")) if by in PATHS else Sort()


def _owners_rank() -> Case:
    """The place of each owner's name in the alphabet, folded here because databases differ."""
    people = User.objects.values_list("pk", "last_name", "first_name")
    ranked = sorted(people, key=lambda who: (fold(who[1]), fold(who[2]), who[0]))
    return Case(
        *(When(owner=who[0], then=Value(rank)) for rank, who in enumerate(ranked)),
        default=None,
        output_field=IntegerField(),
    )
