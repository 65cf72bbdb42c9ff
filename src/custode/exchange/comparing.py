"""Compares the rows of a found table with those of an export, of which only digests are stored.

A row of the table matches one of the export when at least six in ten of the comparable cells are
equal, and when it resembles no more than a few of its rows: "won, Milan" proves nothing. Numbers
and times of day can agree by chance: two texts or amounts must agree, or the export is only
similar.
"""

from __future__ import annotations

import zlib
from array import array
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from custode.guard import cell_digests
from custode.guard.cell_digests import Digester, Digests, Form
from custode.guard.models import Imprint

_LIKE: Final = 0.6
_FEW: Final = 3
"""A row that resembles more rows of one export than this proves nothing."""
_SURE: Final = 2
"""This many equal texts or amounts in a row are no coincidence; one may be."""
_MANY: Final = 10
_MOST_OF: Final = 0.8
"""But one suffices if it is found in this share of the rows of a file with many rows."""
_MOST_ALIKE: Final = 20
"""Values shared by more rows than this are not looked up."""
_ANCHORS: Final = 4
"""How many columns are looked up: those that distinguish rows best."""
_NAMED: Final = 5


@dataclass(frozen=True, slots=True)
class Match:
    """An export that contains rows of the file.

    Args:
        seq: the log number of its start.
        kind: the kind of object of the rows.
        rows: the number of the file's rows found in this export.
        same: the number of these that are equal in every comparable cell.
        closeness: the sum of their similarities, which determines the best match.
        columns: the number of columns compared.
        objects: the numbers of the first few objects in them.
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
        place: the index of its digests.
        heads: its possible names in a file, in the form of `folded`.
        tells: whether equal values are no coincidence, as they may be for numbers and times.
    """

    place: int
    form: Form
    heads: frozenset[str]
    tells: bool = True


def folded(head: str) -> str:
    """Return a column name in the form used for comparison."""
    return " ".join(head.strip("'\" ").casefold().split())


@dataclass(slots=True)
class Sheet:
    """A found table: the position of each column, and the rows.

    Args:
        more: whether there are more rows, which were not read.
    """

    heads: dict[str, int]
    rows: list[Sequence[Any]]
    more: bool
    _known: dict[tuple[int, Form], Digests] = field(default_factory=dict)

    def digests(self, digester: Digester, place: int, form: Form) -> Digests:
        """Return the digests of a column, computed on first use."""
        found = self._known.get((place, form))
        if found is None:
            cells = (row[place] if place < len(row) else "" for row in self.rows)
            forms = [cell_digests.form_of_cell(form, cell) for cell in cells]
            found = self._known[place, form] = digester.of(forms)
        return found


@dataclass(frozen=True, slots=True)
class _Best:
    """The export's rows that a row of the file resembles most."""

    likeness: float = 0
    times: int = 0
    pk: int = 0
    agreeing: int = 0


class Comparison:
    """Compares a sheet with one export, piece by piece.

    Args:
        columns: the columns of which the export has digests.
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
        """Whether any distinguishing column is in both."""
        return any(index for _place, index in self._anchors)

    def _index(self, digests: Digests) -> dict[int, list[int]]:
        """Return rows by digest, for digests that few rows have."""
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
        """Return pairs (row of the file, place in the piece) that share a distinguishing cell."""
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
        """Return the share of equal cells; cells that are blank on both sides do not count."""
        blank = self._blank
        told = [kept == mine for kept, mine in cells if kept != blank or mine != blank]
        return sum(told) / len(told)

    def _agreeing(self, cells: list[tuple[int, int]]) -> int:
        """Return how many texts and amounts are equal and not blank."""
        pairs = zip(self._tells, cells, strict=True)
        return sum(tells and kept == mine != self._blank for tells, (kept, mine) in pairs)

    def match(self, seq: int, kind: str) -> Match | None:
        """Return the result, if anything was found."""
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
