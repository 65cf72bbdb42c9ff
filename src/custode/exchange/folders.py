"""The folders of outgoing and incoming files (`kernel.folders`), in the data folder."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

from django.conf import settings

from custode.kernel.folders import Folder, finish, half_of, new_token

__all__ = [
    "EXPORTS", "IMPORTS", "clear", "finish", "half_of", "keep", "new_token", "path_of", "remove",
]  # fmt: skip

EXPORTS: Final = "exports"
IMPORTS: Final = "imports"


def path_of(folder: str, token: str) -> Path:
    """Return the path of the file of this token; raise `ValueError` for an invalid token."""
    return _folder(folder).path_of(token)


def keep(folder: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write the pieces to a new file, and return its token and its size in bytes."""
    return _folder(folder).keep(pieces)


def remove(folder: str, token: str) -> None:
    """Remove the file of this token, and its half-written file, if there is one."""
    _folder(folder).remove(token)


def clear(folder: str, named: Callable[[Sequence[str]], set[str]]) -> int:
    """Remove what killed processes left behind: half-written files, and unreferenced ones."""
    return _folder(folder).clear(named)


def _folder(name: str) -> Folder:
    return Folder(Path(settings.DATA) / name)
