"""Identifies the export that a file came from: compares a found table, or some rows, with all.

A column is recognised by its name, in the file for programs or the one for people in any language.
Only the cells decide; what the file's name and properties say, which anybody can change, is
reported in addition.
"""

from __future__ import annotations

import json
import re
import zipfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any, Final

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from custode.exchange.comparing import Column, Comparison, Match, Sheet, folded
from custode.exchange.reading import Limits, Table, UnreadableFile, open_table
from custode.exchange.reading.source import Origin
from custode.exchange.writing.properties import entry_in
from custode.guard import kinds
from custode.guard.cell_digests import Digester, Form
from custode.guard.models import Imprint, LogEntry
from custode.kernel.errors import Invalid

MOST_ROWS: Final = 50_000
"""How many rows of a file are compared, from the first: they suffice to identify it."""
_MOST_SHEETS: Final = 10
_PIECES: Final = 8
"""The number of an export's pieces that are read at once."""
_LONGEST: Final = 500
"""The number of characters of a cell that are considered: more than a digest uses."""
_NAMED: Final = re.compile(r"-(\d{1,18})(?: ?\(\d+\))?\.(?:csv|xlsx|zip)\Z", re.IGNORECASE)
"""The log entry in a file's name, to which a browser may have added a number."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The result for a file.

    Args:
        rows: the number of rows compared.
        more: whether there are further rows, which were not compared.
        matches: the matching exports, the best first.
        alike: exports of whose rows only a single cell is equal, if none matches better.
        compared: the number of exports compared with.
        says: the entry number that the file's name or properties claim; 0 for none.
        elsewhere: the number of exports stored under another secret key, which cannot be compared.
        older: whether older exports were left out (`most`).
    """

    rows: int
    more: bool
    matches: list[Match]
    compared: int
    says: int
    elsewhere: int = 0
    older: bool = False
    alike: Sequence[Match] = ()

    @property
    def tied(self) -> list[Match]:
        """The best matches, where only the file's name and format tell them apart."""
        first = [one for one in self.matches if _fit(one) == _fit(self.matches[0])]
        return first if len(first) > 1 else []


def find_exports(account_id: int, origin: Origin, name: str = "", *, most: int = 0) -> Answer:
    """Compare a file with the exports of the account in scope.

    Args:
        name: the file's name.
        most: compare only the latest exports with about this many rows together; 0 for all.

    Raises:
        Invalid: it is not a readable table, or has no rows.
    """
    sheets = list(_sheets(origin))
    rows = sum(len(sheet.rows) for sheet in sheets)
    if not rows:
        raise Invalid(_("The file has no rows below its header."), field="file")
    digester, left = Digester(account_id), most
    found, compared, elsewhere, older = list[Match](), set[int](), set[int](), False
    for (seq, kind), pieces in _kept():
        if most and left <= 0:
            older = True
            break
        first = next(pieces)
        if first.key != digester.name:
            elsewhere.add(seq)
            continue
        compared.add(seq)
        columns = _columns(kind, first.columns)
        comparisons = [Comparison(sheet, digester, columns) for sheet in sheets]
        comparisons = [one for one in comparisons if one.is_possible]
        for piece in chain([first], pieces if comparisons else ()):
            left -= piece.count
            for one in comparisons:
                one.look(piece)
        found += filter(None, (one.match(seq, kind) for one in comparisons))
    says = _says(origin, name)
    found = _in_order(found, says, name)
    sure = [one for one in found if one.is_sure]
    return Answer(
        rows, any(sheet.more for sheet in sheets), sure, len(compared), says=says,
        elsewhere=len(elsewhere), older=older, alike=() if sure else found,
    )  # fmt: skip


def _fit(match: Match) -> tuple[float, int]:
    return match.closeness, match.same


def _in_order(found: Sequence[Match], says: int, name: str) -> list[Match]:
    """Return the best first; among equals the one that the file names, and of its format."""
    begun = LogEntry.objects.filter(seq__in=[one.seq for one in found])
    forms = {
        seq: json.loads(told).get("format") for seq, told in begun.values_list("seq", "details")
    }
    form = name.rpartition(".")[2].casefold()

    def place(one: Match) -> tuple[float, int, bool, bool, int]:
        """Return the sort key of a match."""
        return -one.closeness, -one.same, one.seq != says, forms.get(one.seq) != form, -one.seq

    return sorted(found, key=place)


def _sheets(origin: Origin) -> Iterator[Sheet]:
    """Yield the table of a text file, or those of all sheets of a workbook."""
    limits = Limits(size=settings.UPLOAD_BYTES)
    table = open_table(origin, limits=limits)
    yield _read(table)
    for name in table.sheets[:_MOST_SHEETS]:
        if name != table.sheet:
            # An empty sheet contributes nothing.
            with suppress(UnreadableFile):
                yield _read(open_table(origin, limits=limits, sheet=name))


def _read(table: Table) -> Sheet:
    rows: list[Any] = [
        [cell[:_LONGEST] if isinstance(cell, str) else cell for cell in row.cells]
        for row in islice(table.rows(), MOST_ROWS + 1)
    ]
    # Of equal column names the first counts.
    heads = {folded(head): place for place, head in reversed(list(enumerate(table.headers)))}
    return Sheet(heads, rows[:MOST_ROWS], more=len(rows) > MOST_ROWS)


def _kept() -> Iterator[tuple[tuple[int, str], Iterator[Imprint]]]:
    """Yield the stored pieces of each export, the latest first, for each kind exported.

    Export by export, and piece by piece: with one cursor over all of them the database would store
    them all temporarily before returning the first.
    """
    exports = Imprint.objects.order_by("-seq")
    seq = exports.values_list("seq", flat=True).first()
    while seq is not None:
        kinds_of_it = Imprint.objects.filter(seq=seq, place=0).order_by("kind")
        for kind in list(kinds_of_it.values_list("kind", flat=True)):
            yield (seq, kind), _pieces(seq, kind)
        seq = exports.filter(seq__lt=seq).values_list("seq", flat=True).first()


def _pieces(seq: int, kind: str) -> Iterator[Imprint]:
    """Yield the pieces of an export in order, a few at a time."""
    place = 0
    while page := list(
        Imprint.objects.filter(seq=seq, kind=kind, place__gte=place).order_by("place")[:_PIECES]
    ):
        yield from page
        place = page[-1].place + 1


def _columns(kind: str, kept: str) -> list[Column]:
    labels = _labels(kind)
    return [
        Column(
            place, Form(form), frozenset({folded(name), folded(label)}) | labels[name],
            tells=name != "id" and Form(form) in {Form.TEXT, Form.AMOUNT},
        )
        for place, (name, label, form) in enumerate(json.loads(kept))
    ]  # fmt: skip


def _labels(kind: str) -> Mapping[str, frozenset[str]]:
    """Return the names of a kind's columns in each language."""
    found: dict[str, frozenset[str]] = defaultdict(frozenset)
    # A kind that no longer exists is known by its own column names only.
    with suppress(KeyError):
        for column in kinds.model_of(kind).kind.export:
            for language, _words in settings.LANGUAGES:
                with translation.override(language):
                    found[column.name] |= {folded(str(column.label))}
    return found


def _says(origin: Origin, name: str) -> int:
    """Return the log entry that a file itself names."""
    if named := _NAMED.search(name):
        return int(named[1])
    with suppress(zipfile.BadZipFile, OSError, ValueError, RuntimeError, NotImplementedError):
        return entry_in(origin)
    return 0
