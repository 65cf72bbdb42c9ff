"""Private folders of files with names that nobody can guess.

Nothing in them is served by its path. A file appears under its name only when it is complete.
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
"""Seconds after which nobody can still be writing a half-written file."""


def new_token() -> str:
    """Return a new file name of 256 random bits."""
    return secrets.token_hex(32)


def half_of(path: Path) -> Path:
    """Return where a file is written until it is complete."""
    return path.with_name(path.name + _HALF)


def finish(path: Path) -> int:
    """Rename the complete file to its name, and return its size in bytes."""
    half = half_of(path)
    half.chmod(0o600)
    size = half.stat().st_size
    half.replace(path)
    return size


@dataclass(frozen=True, slots=True)
class Folder:
    """A private folder."""

    place: Path

    def path_of(self, token: str) -> Path:
        """Return the path of the file of this token; raise `ValueError` for an invalid token."""
        if len(token) != 64 or not token.isalnum() or not token.isascii():
            raise ValueError("not a token")
        self.place.mkdir(mode=0o700, parents=True, exist_ok=True)
        return self.place / token

    def keep(self, pieces: Iterable[bytes]) -> tuple[str, int]:
        """Write the pieces to a new file, and return its token and its size in bytes."""
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
        """Link the same file under another name too, and return its token.

        Each name is removed by itself.

        Raises:
            FileNotFoundError: there is no such file.
        """
        there, new = self.path_of(token), new_token()
        try:
            self.path_of(new).hardlink_to(there)
        except FileNotFoundError:
            raise
        except OSError:
            # A file system without hard links.
            with there.open("rb") as file:
                return self.keep(iter(lambda: file.read(_PIECE), b""))[0]
        # Nothing refers to it yet: it must not look as if it had been there for days.
        os.utime(self.path_of(new))
        return new

    def remove(self, token: str) -> None:
        """Remove the file of this token, and its half-written file, if there is one."""
        if token:
            path = self.path_of(token)
            path.unlink(missing_ok=True)
            half_of(path).unlink(missing_ok=True)

    def sweep(self) -> int:
        """Remove half-written files that killed processes left behind, and return how many."""
        swept = 0
        for half in self._files(f"*{_HALF}"):
            if time.time() - half.stat().st_mtime > _ABANDONED:
                half.unlink(missing_ok=True)
                swept += 1
        return swept

    def clear(self, named: Callable[[Sequence[str]], set[str]]) -> int:
        """Remove files that belong to nobody: half-written ones, and those that nothing refers to.

        Args:
            named: returns those of some tokens that are referred to somewhere.

        Returns:
            The number of files removed.
        """
        swept, tokens = self.sweep(), list(self.settled())
        for at in range(0, len(tokens), _MANY):
            some = tokens[at : at + _MANY]
            for token in set(some) - named(some):
                self.remove(token)
                swept += 1
        return swept

    def settled(self) -> Iterator[str]:
        """Yield the tokens of files old enough that nobody can still be writing them."""
        for file in self._files("*"):
            if file.suffix != _HALF and time.time() - file.stat().st_mtime > _ABANDONED:
                yield file.name

    def _files(self, pattern: str) -> Iterator[Path]:
        return self.place.glob(pattern) if self.place.is_dir() else iter(())
