"""The bytes of a file, to be read from the start as often as needed."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeAlias

from django.utils.translation import gettext as _

from .errors import UnreadableFile

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

    from .limits import Limits

Origin: TypeAlias = str | os.PathLike[str] | BinaryIO
"""A path, or a seekable binary file (an upload); the caller closes the latter."""


class _View(io.RawIOBase):
    """A separate reading position in a shared file, so that several readers do not interfere."""

    def __init__(self, shared: BinaryIO, size: int) -> None:
        self._shared = shared
        self._size = size
        self._position = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def seekable(self) -> bool:
        """Return True."""
        return True

    def tell(self) -> int:
        """Return the position."""
        return self._position

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Move to another position."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._position, os.SEEK_END: self._size}[whence]
        if start + offset < 0:
            raise ValueError(f"cannot seek to {start + offset}")
        self._position = start + offset
        return self._position

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Read bytes from the position on into the buffer."""
        room = memoryview(buffer).cast("B")
        self._shared.seek(self._position)
        piece = self._shared.read(len(room))
        room[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)


class Source:
    """A file that was checked to exist, not to be empty, and not to be too large.

    Raises:
        UnreadableFile: it does not exist, is empty, or is larger than `limits.size`.
    """

    def __init__(self, origin: Origin, limits: Limits) -> None:
        self._origin = origin
        self.size = self._measure()
        if self.size == 0:
            raise UnreadableFile(_("The file is empty. Export it again and choose the new file."))
        if self.size > limits.size:
            raise UnreadableFile(
                _(
                    "The file has %(size)d MB; at most %(limit)d MB can be read at once. "
                    "Split it into several files."
                )
                % {"size": -(-self.size // 2**20), "limit": limits.size // 2**20}
            )

    def open(self) -> io.BufferedReader:
        """Return a new reader at the file's first byte; closing it leaves a shared file open."""
        if isinstance(self._origin, (str, os.PathLike)):
            try:
                return Path(self._origin).open("rb")
            except OSError as error:
                raise self._not_there(error) from error
        return io.BufferedReader(_View(self._origin, self.size), 2**17)

    def head(self, length: int) -> bytes:
        """Return the first bytes."""
        with self.open() as file:
            return file.read(length)

    def _measure(self) -> int:
        if isinstance(self._origin, (str, os.PathLike)):
            with self.open() as file:
                return file.seek(0, os.SEEK_END)
        return self._origin.seek(0, os.SEEK_END)

    @staticmethod
    def _not_there(error: OSError) -> UnreadableFile:
        return UnreadableFile(
            _("The file cannot be opened (%(why)s). Check its name and that you may read it.")
            % {"why": error.strerror or type(error).__name__}
        )
