"""Reads XML as a stream, and refuses the tricks of hostile files."""

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
    """Receives each element as it opens and closes; `collect` requests its text.

    Names come without their prefix, as spreadsheet programs choose prefixes freely.
    """

    def __init__(self) -> None:
        self._depth = 0
        self._collected: list[str] | None = None
        self._room = 0

    def opened(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element."""

    def closed(self, name: str) -> None:
        """Handle the end of an element."""

    def too_long(self) -> UnreadableFile:
        """Return the error for a text of over a million characters."""
        return damaged()

    def collect(self) -> None:
        """Collect the text from here on."""
        self._collected = []
        self._room = _LONGEST_TEXT

    def collected(self) -> str:
        """Return the text since `collect`, and stop collecting."""
        kept, self._collected = self._collected, None
        return "".join(kept) if kept else ""

    def stream(self, pieces: Iterable[bytes]) -> Iterator[None]:
        """Feed the pieces one by one, yielding after each, so that results can be taken.

        Raises:
            UnreadableFile: the XML is malformed, declares a document type (used for entity bombs),
                is nested too deeply or has an unclosed tag.
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
        """Feed all pieces."""
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
