"""Private folders of files under names that nobody can guess.

Nothing in them is served by its path. A file appears under its name only when it is whole.
"""

from __future__ import annotations

import os
import secrets
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_HALF: Final = ".part"
_MANY: Final = 500
_PIECE: Final = 2**20
_ABANDONED: Final = 2 * 24 * 3600
"""Seconds after which a half-written file belongs to nobody who still writes."""


def new_token() -> str:
    """A name of 256 random bits."""
    return secrets.token_hex(32)


def half_of(path: Path) -> Path:
    """Where a file is written until it is whole."""
    return path.with_name(path.name + _HALF)


def finish(path: Path) -> int:
    """Give the whole file its name; its size in bytes."""
    half = half_of(path)
    half.chmod(0o600)
    size = half.stat().st_size
    half.replace(path)
    return size


@dataclass(frozen=True, slots=True)
class Folder:
    """One such folder."""

    place: Path

    def path_of(self, token: str) -> Path:
        """The file of this token; raises `ValueError` for what is no token."""
        if len(token) != 64 or not token.isalnum() or not token.isascii():
            raise ValueError("not a token")
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.place / token

    def keep(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write what comes to a new file: its token and its size in bytes."""
        token = new_token()
        path = self.path_of(token)
        try:
            with half_of(path).open("xb") as file:
                for piece in pieces:
                    file.write(piece)
        except BaseException:
            half_of(path).unlink(missing_ok=True)
            raise
        return token, finish(path)

    def again(self, token: str) -> str:
        """The same file under another name too: its token. Each of them is removed by itself.

        Raises:
            FileNotFoundError: there is no such file.
        """
        there, new = self.path_of(token), new_token()
        try:
            self.path_of(new).hardlink_to(there)
        except FileNotFoundError:
            raise
        except OSError:
            # A file system without links.
            with there.open("rb") as file:
                return self.keep(iter(lambda: file.read(_PIECE), b""))[0]
        # Nobody names it yet: it must not look as if it had been there for days.
        os.utime(self.path_of(new))
        return new

    def remove(self, token: str) -> None:
        """Remove the file of this token, and its half, if there is one."""
        if token:
            path = self.path_of(token)
            path.unlink(missing_ok=True)
            half_of(path).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove halves that killed processes left behind; gives how many."""
        swept = 0
        for half in self._files(f"*{_HALF}"):
            if time.time() - half.stat().st_mtime > _ABANDONED:
                half.unlink(missing_ok=True)
                swept += 1
        return swept

    def clear(self, named: Callable[[Sequence[str]], set[str]]) -> int:
        """Remove what belongs to nobody any more: halves, and files that nothing names.

        Args:
            named: of some tokens, those that are named somewhere.

        Returns:
            how many files went.
        """
        swept, tokens = self.sweep(), list(self.settled())
        for at in range(0, len(tokens), _MANY):
            some = tokens[at : at + _MANY]
            for token in set(some) - named(some):
                self.remove(token)
                swept += 1
        return swept

    def settled(self) -> Iterator[str]:
        """The tokens of files that were there long before anybody could still be writing."""
        for file in self._files("*"):
            if file.suffix != _HALF and time.time() - file.stat().st_mtime > _ABANDONED:
                yield file.name

    def _files(self, pattern: str) -> Iterator[Path]:
        return self.place.glob(pattern) if self.place.is_dir() else iter(())
