"""SQLite's part of a backup: a snapshot of the database, by SQLite's own backup function."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

from django.db import connection

from custode.kernel.errors import Invalid

PART: Final = "database.sqlite3"
BESIDE: Final = ("-wal", "-shm", "-journal")


def copy(into: Path) -> None:
    """Copy the database while others go on writing to it."""
    connection.ensure_connection()
    with closing(sqlite3.connect(into)) as target:
        connection.connection.backup(target)
        target.execute("PRAGMA journal_mode=DELETE")


def check(path: Path) -> None:
    """Check that SQLite finds the copy intact; raise `Invalid` otherwise."""
    try:
        with closing(sqlite3.connect(path)) as database:
            said = database.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.Error as error:
        said = str(error)
    if said != "ok":
        raise Invalid(f"The database in the backup is damaged: {said}.")


@contextmanager
def looking_at(path: Path) -> Iterator[None]:
    """Connect Django to another file within this block."""
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = path
    try:
        yield
        # Whatever is in the write-ahead log goes into the file, which is about to be moved.
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual
