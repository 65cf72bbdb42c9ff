"""Make a backup while Custode is running."""

from __future__ import annotations

import tempfile
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from custode.accounts.models import Account
from custode.console import starting
from custode.console.backup import postgres, sqlite
from custode.console.backup.archive import KEYS, Manifest, Writer
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


def make(path: Path) -> int:
    """Write a backup and return its size in bytes.

    Raises:
        Invalid: a file of this name exists already, or its folder does not exist.
    """
    if path.exists():
        raise Invalid(f"There is a file {path} already. Choose another name, or move it away.")
    if not path.parent.is_dir():
        raise Invalid(f"There is no folder {path.parent}.")
    note({"backup": "made"})
    manifest = Manifest(
        version=starting.version(),
        made_at=clock.now().isoformat(),
        database=connection.vendor,
        migrations=[],
    )
    with (
        tempfile.TemporaryDirectory(prefix=".custode-backup-", dir=path.parent) as draft,
        Writer(path, manifest) as archive,
    ):
        if connection.vendor == "sqlite":
            _add_sqlite(archive, manifest, Path(draft))
        else:
            _add_postgres(archive, manifest, Path(draft))
        for name in KEYS:
            archive.add(name, settings.DATA / name)
        files = Path(settings.MEDIA_ROOT)
        for file in sorted(p for p in files.rglob("*") if p.is_file()):
            archive.add(f"files/{file.relative_to(files).as_posix()}", file)
    return path.stat().st_size


def note(details: dict[str, str]) -> None:
    """Record in the log of each account what the operator does with its data."""
    for account_id in Account.objects.order_by("pk").values_list("pk", flat=True):
        with door.sensitive_act(Actor.operator(account_id), Verb.BACKUP, details=details):
            pass


def _add_sqlite(archive: Writer, manifest: Manifest, draft: Path) -> None:
    manifest.migrations = applied()
    sqlite.copy(draft / sqlite.PART)
    archive.add(sqlite.PART, draft / sqlite.PART)


def _add_postgres(archive: Writer, manifest: Manifest, draft: Path) -> None:
    with postgres.one_moment():
        manifest.migrations = applied()
        for table in postgres.tables():
            part = draft / f"{table}.copy"
            manifest.tables[table] = postgres.copy(table, part)
            archive.add(f"{postgres.FOLDER}/{part.name}", part)
            part.unlink()


def applied() -> list[tuple[str, str]]:
    """Return the migrations applied to this database."""
    return sorted(MigrationRecorder(connection).applied_migrations())
