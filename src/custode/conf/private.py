"""Makes the files in the data folder accessible to the program's own user only.

A copy of the database's file would be an export that no log records.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Final

from custode.conf.options import WrongSetting

DATABASE: Final = "custode.sqlite3"
OURS: Final = (
    DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", f"{DATABASE}-journal",
    "secret_key", "encryption_keys", "in_use", "exports", "files", "imports", "static",
)  # fmt: skip
"""The files that the program keeps in its folder; any others are not its concern."""
_OTHERS: Final = 0o077


def keep(data: Path) -> None:
    """Deny others access to what this process will write, and to what exists already.

    Raises:
        WrongSetting: one of our files is accessible to others, and belongs to another user.
    """
    os.umask(_OTHERS)
    # A folder shared by many, like one for temporary files, stays as it is.
    if data.is_dir() and not data.stat().st_mode & stat.S_ISVTX:
        _close(data)
    for name in OURS:
        path = data / name
        if path.exists() and not _close(path):
            raise WrongSetting(
                f"{path} can be read by others, and belongs to somebody else. Let it belong to the"
                " user that runs Custode."
            )


def _close(path: Path) -> bool:
    """Remove other users' permissions; return whether they have none now."""
    mode = path.stat().st_mode
    if not mode & _OTHERS:
        return True
    try:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except PermissionError:
        # A mounted folder may belong to the system; our files in it are protected all the same.
        return False
    return True
