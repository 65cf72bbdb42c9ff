"""Restore a backup in place of the present data: completely, or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection

from custode.accounts.models import Account
from custode.console import forming
from custode.console.backup import archive, holding, postgres, sqlite
from custode.console.backup.archive import KEYS, Manifest
from custode.console.backup.making import note
from custode.kernel import clock
from custode.kernel.errors import Invalid


def restore(path: Path, *, replace: bool) -> Path | None:
    """Restore a backup.

    Args:
        replace: whether present data may be replaced.

    Returns:
        The folder to which the previous files have been moved; None if there were none.

    Raises:
        Invalid: it is not a complete backup, is of another database, there are data already, or
            Custode is running. Nothing has been changed then.
    """
    data: Path = settings.DATA
    with (
        holding.alone(data),
        tempfile.TemporaryDirectory(prefix=".restore-", dir=data) as folder,
    ):
        new = Path(folder)
        manifest = archive.unpack(path, new)
        _fits(manifest, path)
        empty = is_empty()
        if not empty and not replace:
            raise Invalid(
                f"There is something in {data} already. Restore into an empty folder (and"
                " database), or give --replace."
            )
        if manifest.database == "sqlite":
            _ready_sqlite(new / sqlite.PART)
            connection.close()
        else:
            postgres.replace_all(manifest, new)
        aside = _swap(data, new)
    if empty:
        shutil.rmtree(aside)
    note({"backup": "restored", "made_at": manifest.made_at})
    return None if empty else aside


def _fits(manifest: Manifest, path: Path) -> None:
    if manifest.database != connection.vendor:
        words = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Invalid(
            f"{path} holds a {words.get(manifest.database, manifest.database)} database, and the"
            f" settings name {words.get(connection.vendor, connection.vendor)}"
            " (CUSTODE_DATABASE_URL)."
        )


def is_empty() -> bool:
    """Tell whether there are neither accounts nor files."""
    files = Path(settings.MEDIA_ROOT)
    if files.is_dir() and any(files.iterdir()):
        return False
    if Account._meta.db_table not in connection.introspection.table_names():
        return True
    return not Account.objects.exists()


def _ready_sqlite(path: Path) -> None:
    """Migrate the copy to this version, with its locks, before it replaces the database."""
    sqlite.check(path)
    with sqlite.looking_at(path):
        forming.migrate()


def _swap(data: Path, new: Path) -> Path:
    """Move the old data aside and the new in, or undo both; return where the old data are."""
    database = Path(connection.settings_dict["NAME"]) if connection.vendor == "sqlite" else None
    places = {"files": Path(settings.MEDIA_ROOT), **{name: data / name for name in KEYS}}
    if database is not None:
        places[sqlite.PART] = database
        for ending in sqlite.BESIDE:
            places[f"database{ending}"] = database.with_name(database.name + ending)
    aside = data / f"replaced-{clock.now():%Y%m%d-%H%M%S-%f}"
    aside.mkdir(mode=0o700)
    moved: list[tuple[Path, Path]] = []
    try:
        for name, place in places.items():
            if name in KEYS and not (new / name).exists():
                continue
            for source, target in ((place, aside / name), (new / name, place)):
                if source.exists():
                    source.replace(target)
                    moved.append((source, target))
    except OSError:
        for source, target in reversed(moved):
            target.replace(source)
        aside.rmdir()
        raise
    return aside
