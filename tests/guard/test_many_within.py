"""What was many within the time is found in one walk, however many lines there are."""

from __future__ import annotations

import random
from collections.abc import Callable, Hashable, Sequence
from datetime import UTC, datetime, timedelta
from operator import attrgetter
from typing import Any

import pytest

from custode.guard.gathering import Limits
from custode.guard.models import Change
from custode.guard.unfinished_emptying import many_within

LIMITS = Limits(many=3, lately=timedelta(minutes=60))
NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
OBJECT = attrgetter("kind", "object_id")


def lines(chance: random.Random, many: int) -> list[Change]:
    """So many lines of history of a few objects, in the order of time; some belong to an act."""
    minutes = sorted(chance.randrange(400) for _ in range(many))
    return [
        Change(
            pk=n, kind=chance.choice(["lead", "task"]), object_id=chance.randrange(4),
            at=NOON + timedelta(minutes=minute), seq=chance.choice([None, None, 7]),
        )
        for n, minute in enumerate(minutes)
    ]  # fmt: skip


def as_said(some: Sequence[Change], of: Callable[[Change], Hashable]) -> list[int]:
    """The same, word by word: every line with the hour before it."""
    found = set[int]()
    for place, line in enumerate(some):
        hour = [one for one in some[: place + 1] if one.at >= line.at - LIMITS.lately]
        if len({of(one) for one in hour}) > LIMITS.many and is_early(line):
            found |= {one.pk for one in hour if one.seq is None}
    return sorted(found)


def is_early(line: Change) -> bool:
    """Whether a line can be the one that makes it many, here."""
    return line.at < NOON + timedelta(minutes=350)


@pytest.mark.parametrize("of", [OBJECT, attrgetter("pk")], ids=["objects", "lines"])
def test_it_is_what_one_finds_line_by_line(of: Callable[[Change], Hashable]) -> None:
    chance = random.Random(7)
    for _ in range(200):
        some = lines(chance, chance.randrange(40))
        assert [one.pk for one in many_within(some, LIMITS, of, is_early)] == as_said(some, of)


class Read(list[Change]):
    """Lines that count how often one of them is looked at."""

    looks = 0

    def __getitem__(self, at: Any) -> Any:
        found = super().__getitem__(at)
        self.looks += len(found) if isinstance(at, slice) else 1
        return found


def test_each_line_is_looked_at_as_often_as_the_first_ones() -> None:
    for many in (50, 5000):
        some = Read(Change(pk=n, object_id=n, at=NOON) for n in range(many))
        assert many_within(some, LIMITS, OBJECT) == some
        assert some.looks == 2 * many
