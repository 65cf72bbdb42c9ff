"""Where files lie that leave or come in: private folders, names that nobody can guess.

Nothing here is served by its path. A file appears under its name only when it is whole.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from django.conf import settings

EXPORTS: Final = "exports"
IMPORTS: Final = "imports"
_HALF: Final = ".part"
_ABANDONED: Final = 2 * 24 * 3600
"""Seconds after which a half-written file belongs to no job that still runs."""


def new_token() -> str:
    """A name of 256 random bits."""
    return secrets.token_hex(32)


def path_of(folder: str, token: str) -> Path:
    """The file of this token; raises `ValueError` for what is no token."""
    if len(token) != 64 or not token.isalnum() or not token.isascii():
        raise ValueError("not a token")
    place = Path(settings.DATA) / folder
    place.mkdir(mode=0o700, parents=True, exist_ok=True)
    return place / token


def half_of(path: Path) -> Path:
    """Where the file is written until it is whole."""
    return path.with_name(path.name + _HALF)


def finish(path: Path) -> int:
    """Give the whole file its name; its size in bytes."""
    half = half_of(path)
    half.chmod(0o600)
    size = half.stat().st_size
    half.replace(path)
    return size


def keep(folder: str, pieces: Iterable[bytes]) -> tuple[str, int]:
    """Write what comes to a new file: its token and its size in bytes."""
    token = new_token()
    path = path_of(folder, token)
    try:
        with half_of(path).open("xb") as file:
            for piece in pieces:
                file.write(piece)
    except BaseException:
        half_of(path).unlink(missing_ok=True)
        raise
    return token, finish(path)


def remove(folder: str, token: str) -> None:
    """Remove the file of this token, and its half, if there is one."""
    if token:
        path = path_of(folder, token)
        path.unlink(missing_ok=True)
        half_of(path).unlink(missing_ok=True)


def sweep(folder: str) -> int:
    """Remove halves that killed processes left behind; gives how many."""
    place, swept = Path(settings.DATA) / folder, 0
    for half in place.glob(f"*{_HALF}") if place.is_dir() else ():
        if time.time() - half.stat().st_mtime > _ABANDONED:
            half.unlink(missing_ok=True)
            swept += 1
    return swept
