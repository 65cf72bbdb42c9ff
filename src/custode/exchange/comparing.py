"""The rows of a found table beside those of an export, of which only digests are kept.

A row of the table is one of the export when at least six in ten of the cells that can be compared
are the same, and when it is like no more than a few rows of it: "won, Milan" tells nothing. Numbers
and times of day agree by chance: two texts or amounts must agree, or the export is only alike.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from custode.guard import imprints
from custode.guard.imprints import Digester, Digests, Form
from custode.guard.models import Imprint

_LIKE: Final = 0.6
_FEW: Final = 3
"""A row that is like more rows of one export than that says nothing."""
_SURE: Final = 2
"""So many texts or amounts of a row agree by no chance; one may."""
_MANY: Final = 10
_MOST_OF: Final = 0.8
"""But not in so many rows, when these are so much of the file."""
_MOST_ALIKE: Final = 20
"""What more rows share is not looked up."""
_ANCHORS: Final = 4
"""So many columns are looked up, those that tell rows apart best."""
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Match:
    """An export that rows of the file came from.

    Args:
        seq: the number of its beginning in the log.
        kind: what sort of object the rows are.
        rows: how many rows of the file are rows of this export.
        same: how many of these are the same in every cell that can be compared.
        closeness: the sum of how close they are, by which the best is told.
        columns: how many columns could be compared.
        objects: the numbers of the first few objects that they show.
        is_sure: whether in any of the rows more than one text or amount agrees, or one in nearly
            all of many.
    """

    seq: int
    kind: str
    rows: int
    same: int
    closeness: float
    columns: int
    objects: tuple[int, ...]
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Column:
    """A column of an export.

    Args:
        place: where its digests stand.
        heads: what it may be called in a file, as `folded` has it.
        tells: whether what stands there agrees by no chance, as numbers and times do.
    """

    place: int
    form: Form
    heads: frozenset[str]
    tells: bool = True


def folded(head: str) -> str:
    """A head as it is compared."""
    return " ".join(head.strip("'\" ").casefold().split())


@dataclass(slots=True)
class Sheet:
    """A table that was found: where each column stands, and the rows.

    Args:
        more: whether there are more rows, which were not read.
    """

    heads: dict[str, int]
    rows: list[Sequence[Any]]
    more: bool
    _known: dict[tuple[int, Form], Digests] = field(default_factory=dict)

    def digests(self, digester: Digester, place: int, form: Form) -> Digests:
        """The digests of a column, made when first asked for."""
        found = self._known.get((place, form))
        if found is None:
            cells = (row[place] if place < len(row) else "" for row in self.rows)
            forms = [imprints.form_of_cell(form, cell) for cell in cells]
            found = self._known[place, form] = digester.of(forms)
        return found


@dataclass(frozen=True, slots=True)
class _Best:
    """The rows of an export that a row of the file is most like."""

    likeness: float = 0
    times: int = 0
    pk: int = 0
    agreeing: int = 0


class Comparison:
    """Compares a sheet with one export, piece by piece.

    Args:
        columns: those of which the export has digests.
    """

    def __init__(self, sheet: Sheet, digester: Digester, columns: Sequence[Column]) -> None:
        self._pairs: list[tuple[int, Digests]] = []
        self._tells: list[bool] = []
        self._rows = len(sheet.rows)
        for column in columns:
            place = next((sheet.heads[head] for head in column.heads if head in sheet.heads), None)
            if place is not None:
                self._pairs.append((column.place, sheet.digests(digester, place, column.form)))
                self._tells.append(column.tells)
        self._blank = digester.of([""])[0]
        telling = sorted(self._pairs, key=lambda pair: -len(set(pair[1])))[:_ANCHORS]
        self._anchors = [(place, self._index(digests)) for place, digests in telling]
        self._best: dict[int, _Best] = {}

    @property
    def is_possible(self) -> bool:
        """Whether any column that tells rows apart is in both."""
        return any(index for _place, index in self._anchors)

    def _index(self, digests: Digests) -> dict[int, list[int]]:
        """Digest -> the rows that have it, of those that few rows have."""
        found: dict[int, list[int]] = defaultdict(list)
        for row, digest in enumerate(digests):
            if digest != self._blank:
                found[digest].append(row)
        return {digest: rows for digest, rows in found.items() if len(rows) <= _MOST_ALIKE}

    def look(self, piece: Imprint) -> None:
        """Compare a piece of the export."""
        cells, count = array("I", zlib.decompress(bytes(piece.cells))), piece.count
        candidates = self._candidates(cells, count)
        if not candidates:
            return
        ids = array("q", zlib.decompress(bytes(piece.ids)))
        pairs = [(cells[p * count : (p + 1) * count], mine) for p, mine in self._pairs]
        for row, at in candidates:
            cells_of_it = [(kept[at], mine[row]) for kept, mine in pairs]
            likeness = self._likeness(cells_of_it)
            best = self._best.get(row, _Best())
            if likeness > best.likeness:
                self._best[row] = _Best(likeness, 1, ids[at], self._agreeing(cells_of_it))
            elif likeness == best.likeness:
                agreeing = max(best.agreeing, self._agreeing(cells_of_it))
                self._best[row] = _Best(likeness, best.times + 1, best.pk, agreeing)

    def _candidates(self, cells: Digests, count: int) -> set[tuple[int, int]]:
        """Rows of the file that share a telling cell with a row of the piece: (row, place)."""
        found: set[tuple[int, int]] = set()
        for place, index in self._anchors:
            column = cells[place * count : (place + 1) * count]
            hits: dict[int, list[int]] = defaultdict(list)
            for at, digest in enumerate(column):
                if digest in index:
                    hits[digest].append(at)
            for digest, places in hits.items():
                if len(places) <= _MOST_ALIKE:
                    found.update((row, at) for row in index[digest] for at in places)
        return found

    def _likeness(self, cells: list[tuple[int, int]]) -> float:
        """How many in one of the cells are the same; what is blank on both sides does not count."""
        blank = self._blank
        told = [kept == mine for kept, mine in cells if kept != blank or mine != blank]
        return sum(told) / len(told)

    def _agreeing(self, cells: list[tuple[int, int]]) -> int:
        """How many texts and amounts agree that are not blank."""
        pairs = zip(self._tells, cells, strict=True)
        return sum(tells and kept == mine != self._blank for tells, (kept, mine) in pairs)

    def match(self, seq: int, kind: str) -> Match | None:
        """What was found, if anything."""
        fits = [
            one for _row, one in sorted(self._best.items())
            if one.likeness >= _LIKE and one.times <= _FEW and one.agreeing
        ]  # fmt: skip
        most = len(fits) >= _MANY and _MOST_OF * self._rows <= len(fits)
        is_sure = most or any(one.agreeing >= _SURE for one in fits)
        if not fits or not (is_sure or (len(fits) > 1 and 2 * len(fits) >= self._rows)):
            return None
        return Match(
            seq, kind,
            rows=len(fits),
            same=sum(one.likeness == 1 for one in fits),
            closeness=sum(one.likeness for one in fits),
            columns=len(self._pairs),
            objects=tuple(dict.fromkeys(one.pk for one in fits))[:_NAMED],
            is_sure=is_sure,
        )  # fmt: skip
