"""What lies in the data folder is for the program's own user: nobody else on the machine reads it.

A copy of the database's file would be an export of which no log tells.
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
"""What the program keeps in its folder; whatever else lies there is somebody's own affair."""
_OTHERS: Final = 0o077


def keep(data: Path) -> None:
    """Close to others what this process will write from now on, and what is there already.

    Raises:
        WrongSetting: a file of ours is open to others, and belongs to somebody else.
    """
    os.umask(_OTHERS)
    # A folder that many share, like one for temporary files, stays as it is.
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
    """Take away what others may do; tells whether they now may nothing."""
    mode = path.stat().st_mode
    if not mode & _OTHERS:
        return True
    try:
        path.chmod(stat.S_IMODE(mode) & ~_OTHERS)
    except PermissionError:
        # A mounted folder may be the system's; what we keep in it is closed all the same.
        return False
    return True
