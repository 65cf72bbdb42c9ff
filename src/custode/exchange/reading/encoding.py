"""Determines the encoding of a text file."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from .errors import UnreadableFile
from .source import Source

_PIECE: Final = 2**20
_UNDEFINED: Final = "custode-undefined-byte"
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _replaced(error: UnicodeError) -> tuple[str, int]:
    """Replace the five bytes that Windows-1252 leaves undefined."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    return "\N{REPLACEMENT CHARACTER}" * (error.end - error.start), error.end


codecs.register_error(_UNDEFINED, _replaced)


@dataclass(frozen=True, slots=True)
class Encoding:
    """A codec's name in Python, and the handling of bytes outside it."""

    name: str
    errors: str = "strict"


def encoding_of(source: Source) -> Encoding:
    """Return UTF-8 or UTF-16 by the byte order mark; else UTF-8 if all bytes fit, or Windows-1252.

    Raises:
        UnreadableFile: the file contains NUL bytes, which no text does.
    """
    head = source.head(4)
    for mark, name in _MARKS:
        if head.startswith(mark):
            if name != "utf-8-sig":
                return Encoding(name, "replace")
            return Encoding(name) if _is_utf8(source) else Encoding(name, "replace")
    return Encoding("utf-8") if _is_utf8(source) else Encoding("cp1252", _UNDEFINED)


def _is_utf8(source: Source) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    fits, line = True, 1
    with source.open() as file:
        while piece := file.read(_PIECE):
            if b"\0" in piece:
                raise nul_at(line + piece[: piece.index(b"\0")].count(b"\n"))
            line += piece.count(b"\n")
            fits = fits and _decodes(decoder, piece)
    return fits and _decodes(decoder, b"", final=True)


def nul_at(line: int) -> UnreadableFile:
    """Return the error for a NUL character."""
    return UnreadableFile(
        _(
            "Line %(line)d holds a NUL character, so the file is damaged or is no text. "
            "Export it again as CSV in UTF-8."
        )
        % {"line": line}
    )


def _decodes(decoder: codecs.IncrementalDecoder, piece: bytes, final: bool = False) -> bool:
    try:
        decoder.decode(piece, final)
    except UnicodeDecodeError:
        return False
    return True
