"""XML read as a stream, with the tricks of hostile files refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final
from xml.parsers import expat

from .errors import UnreadableFile
from .package import damaged

_DEEPEST: Final = 64
_LONGEST_TAG: Final = 2**20
_LONGEST_TEXT: Final = 2**20


class Handler:
    """Told of each element as it opens and closes; `text` is asked for by `collect`.

    Names come without their prefix, as spreadsheet programs choose prefixes freely.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._collected: list[str] | None = None
        self._room = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""

    def closed(self, name: str) -> None:
        """An element ends."""

    def too_long(self) -> UnreadableFile:
        """The refusal of one text beyond a million characters."""
        return damaged()

    def collect(self) -> None:
        """Keep what text comes from here on."""
        self._collected = []
        self._room = _LONGEST_TEXT

    def collected(self) -> str:
        """The text kept since `collect`, which ends with this."""
        kept, self._collected = self._collected, None
        return "".join(kept) if kept else ""

    def stream(self, pieces: Iterable[bytes]) -> Iterator[None]:
        """Feeds the pieces one by one, yielding after each, so that results can be taken.

        Raises:
            UnreadableFile: the XML is broken, declares a document type (the way to entity
                bombs), nests too deep or has a tag without end.
        """
        parser = self._parser()
        fed = 0
        try:
            for piece in pieces:
                parser.Parse(piece, False)
                fed += len(piece)
                if fed - max(parser.CurrentByteIndex, 0) > _LONGEST_TAG:
                    raise damaged()
                yield
            if fed:
                parser.Parse(b"", True)
                yield
        except (expat.ExpatError, ValueError, IndexError, KeyError, OverflowError) as error:
            raise damaged() from error

    def run(self, pieces: Iterable[bytes]) -> None:
        """Feeds all pieces."""
        for _ in self.stream(pieces):
            pass

    def _parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text
        parser.StartDoctypeDeclHandler = self._doctype
        return parser

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise damaged()
        self.opened(name.rpartition(":")[2] if ":" in name else name, attributes)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.closed(name.rpartition(":")[2] if ":" in name else name)

    def _text(self, text: str) -> None:
        if self._collected is not None:
            self._collected.append(text)
            self._room -= len(text)
            if self._room < 0:
                raise self.too_long()

    def _doctype(self, *_declaration: object) -> None:
        raise damaged()
