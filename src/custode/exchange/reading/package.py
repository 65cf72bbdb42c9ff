"""Opens the zip file of a workbook, treating it as untrusted."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.utils.translation import gettext as _

from .errors import UnreadableFile
from .limits import Limits
from .source import Source

_PARTS: Final = 10_000
_PIECE: Final = 2**16
_DAMAGE: Final = (
    zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, KeyError, IndexError,
    RuntimeError, OverflowError,
)  # fmt: skip
_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def damaged() -> UnreadableFile:
    """Return the error for a workbook without the expected content."""
    return UnreadableFile(
        _("The workbook is damaged. Open it in a spreadsheet program and save it again as XLSX.")
    )


@contextmanager
def _opened(source: Source) -> Iterator[zipfile.ZipFile]:
    with source.open() as file:
        try:
            archive = zipfile.ZipFile(file)
        except _DAMAGE as error:
            raise damaged() from error
        with archive:
            yield archive


def names_in(source: Source) -> frozenset[str]:
    """Return the names of the parts."""
    with _opened(source) as archive:
        return frozenset(archive.namelist())


def weigh(source: Source, limits: Limits) -> None:
    """Raise for a workbook that is too large, by the zip's directory, before unpacking anything.

    A false directory gains nothing: `pieces` never unpacks more than it declares.
    """
    with _opened(source) as archive:
        entries = archive.infolist()
    if len(entries) > _PARTS or sum(entry.file_size for entry in entries) > limits.unpacked:
        raise UnreadableFile(
            _(
                "The workbook grows beyond %(limit)d MB when it is unpacked. "
                "Save the table alone, or split it into several files."
            )
            % {"limit": limits.unpacked // 2**20}
        )


def pieces(source: Source, name: str, most: int = 2**63) -> Iterator[bytes]:
    """Yield the unpacked bytes of one part in pieces; nothing when there is no such part.

    Args:
        most: the maximum number of bytes of the part.
    """
    with _opened(source) as archive:
        try:
            entry = archive.getinfo(name)
        except KeyError:
            return
        if entry.compress_type not in _METHODS or entry.file_size > most:
            raise damaged()
        try:
            with archive.open(entry) as stream:
                while piece := stream.read(_PIECE):
                    yield piece
        except _DAMAGE as error:
            raise damaged() from error
