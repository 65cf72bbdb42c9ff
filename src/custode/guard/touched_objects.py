"""Which objects an act touched, packed so that a million of them take a few hundred rows.

Numbers in one range ("stretch") are bits of one row; when a stretch has only a few, each gets a row
of its own. The question is always "which acts touched this object": one index lookup.
"""

from __future__ import annotations

import zlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, Final

from django.db.models import Max, Min, Q, QuerySet

from custode.guard.log_side_tables import Touched

Rows = QuerySet[Any]

STRETCH: Final = 8192
"""The number of object numbers that one row can represent."""
FEW: Final = 4
"""Up to this many numbers of a stretch get a row each."""
MOST: Final = 2000
"""The maximum number of acts on one object that are returned, the latest first."""


class Marks:
    """A set of numbers, one bit for each, that grows while an act goes on."""

    def __init__(self, ids: Iterable[int] = ()) -> None:
        self._stretches: dict[int, bytearray] = {}
        self.add(ids)

    def add(self, ids: Iterable[int]) -> None:
        """Add numbers."""
        stretches = self._stretches
        for pk in ids:
            place, bit = divmod(pk, STRETCH)
            marks = stretches.get(place)
            if marks is None:
                marks = stretches[place] = bytearray(STRETCH // 8)
            marks[bit >> 3] |= 1 << (bit & 7)

    def rows(self, account_id: int, seq: int, kind: str) -> Iterator[Touched]:
        """Yield the unsaved rows that store the set."""
        for place, marks in sorted(self._stretches.items()):
            whole = int.from_bytes(marks, "little")
            if whole.bit_count() > FEW:
                yield Touched(
                    account_id=account_id, seq=seq, kind=kind, stretch=STRETCH,
                    place=place,
                    marks=zlib.compress(bytes(marks).rstrip(b"\0"), 1),
                )  # fmt: skip
                continue
            for pk in _numbers(place, whole):
                yield Touched(account_id=account_id, seq=seq, kind=kind, stretch=1, place=pk)

    def _ends(self) -> tuple[int, int] | None:
        """Return the lowest and the highest number; None when there is none."""
        if not self._stretches:
            return None
        first, last = min(self._stretches), max(self._stretches)
        return self._end(first, 0), self._end(last, -1)

    def near(self) -> Iterator[Q]:
        """Yield conditions on rows that may contain one of these numbers; `meets` decides."""
        if ends := self._ends():
            first, last = ends
            yield Q(_between(first, last), stretch=1)
            yield Q(_between(first // STRETCH, last // STRETCH), stretch=STRETCH)

    def meets(self, stretch: int, place: int, marks: bytes | memoryview) -> bool:
        """Return whether a row contains one of these numbers."""
        if stretch == 1:
            whole, bit = divmod(place, STRETCH)
            return bool(self._whole(whole) >> bit & 1)
        mine = self._whole(place)
        return bool(mine and mine & int.from_bytes(zlib.decompress(bytes(marks)), "little"))

    def _whole(self, place: int) -> int:
        return int.from_bytes(self._stretches.get(place, b""), "little")

    def _end(self, place: int, which: int) -> int:
        """Return the lowest (0) or the highest (-1) number of a stretch."""
        return list(_numbers(place, self._whole(place)))[which]


class MarksOfRows(Marks):
    """The numbers of rows of which there may be many: a stretch is read on demand.

    Args:
        living, trashed: the rows, as two queries, each answered by an index.
    """

    def __init__(self, living: Rows, trashed: Rows) -> None:
        super().__init__()
        self._rows = (living, trashed)
        self._between: tuple[int, int] | None = None

    def _ends(self) -> tuple[int, int] | None:
        if self._between is None:
            found = [
                pk for rows in self._rows
                for pk in rows.aggregate(first=Min("pk"), last=Max("pk")).values() if pk is not None
            ]  # fmt: skip
            self._between = (min(found), max(found)) if found else None
        return self._between

    def _whole(self, place: int) -> int:
        if place not in self._stretches:
            self._stretches[place] = bytearray(STRETCH // 8)
            mine = Q(pk__gte=place * STRETCH, pk__lt=(place + 1) * STRETCH)
            for rows in self._rows:
                self.add(rows.filter(mine).values_list("pk", flat=True))
        return super()._whole(place)


def touched_by(seq: int, kind: str, after: int, most: int) -> list[int]:
    """Return the numbers of the objects of a kind that an act touched, in order.

    Args:
        after: only numbers above this one.
        most: the maximum number returned.
    """
    marks = Touched.objects.filter(seq=seq, kind=kind).order_by("place")
    alone = marks.filter(stretch=1, place__gt=after).values_list("place", flat=True)[:most]
    found = list(alone)
    enough = len(found) + most
    for one in marks.filter(stretch=STRETCH, place__gte=after // STRETCH).iterator(chunk_size=8):
        whole = int.from_bytes(zlib.decompress(bytes(one.marks or b"")), "little")
        found += [pk for pk in _numbers(one.place, whole) if pk > after]
        if len(found) >= enough:
            break
    return sorted(found)[:most]


def _between(first: int, last: int) -> Q:
    # For a single place rows are read in the index's own order, the latest first.
    return Q(place=first) if first == last else Q(place__range=(first, last))


def _numbers(place: int, whole: int) -> Iterator[int]:
    while whole:
        lowest = whole & -whole
        yield place * STRETCH + lowest.bit_length() - 1
        whole ^= lowest


def acts_on(things: Mapping[str, Collection[int] | Marks]) -> list[int]:
    """Return the numbers of the acts that touched one of these objects, the latest first.

    Args:
        things: kind -> their numbers, or `Marks` of them.
    """
    found: set[int] = set()
    for kind, ids in things.items():
        found |= _acts_on(kind, ids if isinstance(ids, Marks) else Marks(ids))
    return sorted(found, reverse=True)[:MOST]


def _acts_on(kind: str, sought: Marks) -> set[int]:
    found: set[int] = set()
    for near in sought.near():
        rows = Touched.objects.filter(near, kind=kind).order_by("-seq")
        told: set[int] = set()
        kept = rows.values_list("seq", "stretch", "place", "marks").iterator()
        for seq, stretch, place, marks in kept:
            if seq not in told and sought.meets(stretch, place, marks):
                told.add(seq)
                if len(told) == MOST:
                    break
        found |= told
    return found
