"""The parts of a workbook besides its sheets: their names, shared texts, number formats."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from django.utils.translation import gettext as _

from .errors import UnreadableFile
from .limits import Limits
from .package import damaged, pieces
from .source import Source
from .xml import Handler

_BOOK: Final = "xl/workbook.xml"
_BUILT_IN_DATES: Final = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_BUILT_IN_PERCENTS: Final = frozenset((9, 10))
_NOT_FORMAT = re.compile(r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]|general', re.IGNORECASE)
_DATE_LETTERS = re.compile(r"[dmyhs]", re.IGNORECASE)
_ESCAPED = re.compile(r"_x([0-9A-Fa-f]{4})_")
_COST_OF_A_TEXT: Final = 64
_LARGEST_INDEX: Final = 32 * 2**20
_LONGEST_FORMAT: Final = 255
_MOST_SHEETS: Final = 1000


class Sheet(NamedTuple):
    """A sheet: its name, the part with its content, whether it is visible."""

    name: str
    part: str
    visible: bool


@dataclass(slots=True)
class Book:
    """What is needed to read any sheet of the workbook."""

    sheets: list[Sheet] = field(default_factory=list)
    strings: list[str] = field(default_factory=list)
    date_styles: frozenset[str] = frozenset()
    percent_styles: frozenset[str] = frozenset()
    from_1904: bool = False


def read_book(source: Source, limits: Limits) -> Book:
    """Read the parts that are not sheets; memory is needed for the shared texts only."""
    targets = _Targets()
    targets.run(pieces(source, "xl/_rels/workbook.xml.rels", _LARGEST_INDEX))
    index = _Index(targets.parts)
    index.run(pieces(source, _BOOK, _LARGEST_INDEX))
    strings = _Strings(limits)
    strings.run(pieces(source, targets.of_kind("sharedStrings") or "xl/sharedStrings.xml"))
    styles = _Styles()
    styles.run(pieces(source, targets.of_kind("styles") or "xl/styles.xml", _LARGEST_INDEX))
    return Book(
        sheets=index.sheets,
        strings=strings.texts,
        date_styles=styles.those(_BUILT_IN_DATES, styles.dates),
        percent_styles=styles.those(_BUILT_IN_PERCENTS, styles.percents),
        from_1904=index.from_1904,
    )


def unescape(text: str) -> str:
    """Return a text with Excel's `_x000D_` escapes replaced by their characters."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    code = int(match[1], 16)
    if code == 0:
        return ""
    return "\N{REPLACEMENT CHARACTER}" if 0xD800 <= code <= 0xDFFF else chr(code)


def _local(attributes: dict[str, str], name: str) -> str:
    """Return an attribute by its name without prefix."""
    for key, value in attributes.items():
        if key == name or key.endswith(":" + name):
            return value
    return ""


class _Targets(Handler):
    """The parts that the ids of relations refer to."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: dict[str, str] = {}
        self._kinds: dict[str, str] = {}

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Note a relation's part, by id and type."""
        if name == "Relationship":
            target = attributes.get("Target", "")
            part = target[1:] if target.startswith("/") else posixpath.join("xl", target)
            self.parts[attributes.get("Id", "")] = posixpath.normpath(part)
            kind = attributes.get("Type", "").rpartition("/")[2]
            self._kinds[kind] = posixpath.normpath(part)

    def of_kind(self, kind: str) -> str:
        """Return the part of the relation of this type, or ""."""
        return self._kinds.get(kind, "")


class _Index(Handler):
    """The list of sheets, in the workbook's order."""

    def __init__(self, parts: dict[str, str]) -> None:
        super().__init__()
        self._parts = parts
        self.sheets: list[Sheet] = []
        self.from_1904 = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Note the calendar, or a sheet."""
        if name == "workbookPr":
            self.from_1904 = attributes.get("date1904", "0") in ("1", "true")
        elif name == "sheet":
            identity = attributes.get("r:id", "") or _relation(attributes)
            part = self._parts.get(identity, f"xl/worksheets/sheet{len(self.sheets) + 1}.xml")
            visible = attributes.get("state", "visible") == "visible"
            if len(self.sheets) >= _MOST_SHEETS:
                raise damaged()
            self.sheets.append(Sheet(attributes.get("name", ""), part, visible))


def _relation(attributes: dict[str, str]) -> str:
    prefixed = {key: value for key, value in attributes.items() if ":" in key}
    return _local(prefixed, "id")


class _Strings(Handler):
    """The shared texts; runs of rich text are joined, phonetic hints are skipped."""

    def __init__(self, limits: Limits) -> None:
        super().__init__()
        self.texts: list[str] = []
        self._runs: list[str] = []
        self._hint = False
        self._left = limits.unpacked // 4

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Start collecting a text, unless it is a phonetic hint."""
        if name == "rPh":
            self._hint = True
        elif name == "t" and not self._hint:
            self.collect()

    def closed(self, name: str) -> None:
        """Finish a run, a hint or a shared text."""
        if name == "t" and not self._hint:
            self._runs.append(self.collected())
            self._spend(len(self._runs[-1]))
        elif name == "rPh":
            self._hint = False
        elif name == "si":
            self._spend(_COST_OF_A_TEXT)
            self.texts.append(unescape("".join(self._runs)))
            self._runs.clear()

    def _spend(self, cost: int) -> None:
        self._left -= cost
        if self._left < 0:
            raise UnreadableFile(
                _("The workbook holds too much text to be read at once. Save the table as CSV.")
            )


class _Styles(Handler):
    """The cell styles that show a number as a date, or as a percentage."""

    def __init__(self) -> None:
        super().__init__()
        self.dates: set[int] = set()
        self.percents: set[int] = set()
        self._formats: list[int] = []
        self._in_cells = False

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Note a number format or a cell style."""
        if name == "numFmt":
            self._learn(int(attributes.get("numFmtId", "0")), attributes.get("formatCode", ""))
        elif name == "cellXfs":
            self._in_cells = True
        elif name == "xf" and self._in_cells:
            self._formats.append(int(attributes.get("numFmtId", "0")))

    def closed(self, name: str) -> None:
        """Note the end of the cell styles."""
        if name == "cellXfs":
            self._in_cells = False

    def those(self, built_in: frozenset[int], learnt: set[int]) -> frozenset[str]:
        """Return the styles, by their index in sheets, whose format is one of these."""
        return frozenset(
            str(place)
            for place, code in enumerate(self._formats)
            if code in learnt or (code in built_in and code not in self.dates | self.percents)
        )

    def _learn(self, code: int, pattern: str) -> None:
        bare = _NOT_FORMAT.sub("", pattern[:_LONGEST_FORMAT].partition(";")[0])
        if _DATE_LETTERS.search(bare):
            self.dates.add(code)
        elif "%" in bare:
            self.percents.add(code)
