"""PostgreSQL's part of a backup: every table by COPY, in one snapshot.

pg_dump is not used: it must not be older than the server, and is often not installed beside the
program.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from custode.console import forming
from custode.console.backup.archive import Manifest
from custode.kernel.errors import Invalid

FOLDER: Final = "tables"
BLOCK: Final = 1024 * 1024


@contextmanager
def one_moment() -> Iterator[None]:
    """Read everything within this block in one snapshot, while others go on writing."""
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


def tables() -> list[str]:
    """Return the tables that Custode has created."""
    migrations = MigrationRecorder.Migration._meta.db_table
    return sorted({migrations, *connection.introspection.django_table_names(only_existing=True)})


def copy(table: str, into: Path) -> list[str]:
    """Copy a table into a file and return the names of its columns."""
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, table)
        columns = [column.name for column in described]
        listed = ", ".join(map(quote, columns))
        into.parent.mkdir(exist_ok=True)
        with (
            into.open("wb") as out,
            _raw(cursor).copy(f"COPY {quote(table)} ({listed}) TO STDOUT") as blocks,
        ):
            out.writelines(blocks)
    return columns


def replace_all(manifest: Manifest, folder: Path) -> None:
    """Replace all tables with those of a backup: in one transaction, or not at all.

    The tables are created as they were when the backup was made, filled while there are no locks,
    and then migrated to this version, with their locks.
    """
    with transaction.atomic(durable=True):
        _drop_all()
        _make_all(manifest)
        _set_constraints("DEFERRED")
        for table, columns in manifest.tables.items():
            _fill(table, columns, folder / FOLDER / f"{table}.copy")
        _set_sequences()
        # Deferred constraints between tables are checked now: an ALTER TABLE cannot wait for it.
        _set_constraints("IMMEDIATE")
        forming.migrate()


def _make_all(manifest: Manifest) -> None:
    """Apply the migrations that the backup's database had, and no others."""
    executor = MigrationExecutor(connection)
    loader = executor.loader
    steps = set(manifest.migrations) - forming.made_one(manifest.migrations)
    if not steps <= loader.disk_migrations.keys():
        raise Invalid(
            f"This backup was made by Custode {manifest.version}, which is later than this one."
            " Restore it with that version."
        )
    known = steps & loader.graph.nodes.keys()
    last = [
        step
        for step in sorted(known)
        if not any(
            child.key in known and child.key[0] == step[0]
            for child in loader.graph.node_map[step].children
        )
    ]
    executor.migrate(last)


def _drop_all() -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        for table in tables():
            cursor.execute(f"DROP TABLE IF EXISTS {quote(table)} CASCADE")


def _fill(table: str, columns: list[str], source: Path) -> None:
    quote = connection.ops.quote_name
    with connection.cursor() as cursor:
        # Creating the tables has recorded their migrations, which are in the backup too.
        cursor.execute(f"DELETE FROM {quote(table)}")  # noqa: S608 (a table's own name, quoted)
        listed = ", ".join(map(quote, columns))
        with (
            connection.wrap_database_errors,
            source.open("rb") as file,
            _raw(cursor).copy(f"COPY {quote(table)} ({listed}) FROM STDIN") as blocks,
        ):
            while block := file.read(BLOCK):
                blocks.write(block)


def _set_constraints(when: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _set_sequences() -> None:
    models: list[Any] = [*apps.get_models(include_auto_created=True), MigrationRecorder.Migration]
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(statement)


def _raw(cursor: Any) -> Any:
    """Return the driver's own cursor, which supports COPY."""
    return cursor.cursor
