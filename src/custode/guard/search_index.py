"""The indexes over `SearchText`: an FTS5 table of trigrams on SQLite, pg_trgm's on PostgreSQL.

SQLite's is a separate table, maintained by triggers, which Django's schema editor drops when it
rebuilds a table: `install` runs after every migration, restores them and rebuilds the index.
PostgreSQL's needs an extension that comes with the server and that a database's owner may create.
Where it cannot be created, search reads every text: slower, but with the same results.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any, Final

from django.apps import apps
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from custode.guard.search_texts import SearchText, index_of

WITHOUT: Final = (
    "PostgreSQL's extension pg_trgm could not be made, so searching in comments reads all of them."
    " It is among PostgreSQL's own (on some systems in the package postgresql-contrib). Run"
    " `CREATE EXTENSION pg_trgm;` in Custode's database as a role that may, then `custode migrate`."
)

logger = logging.getLogger(__name__)


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Create every index that is missing or altered. For `post_migrate`."""
    db = connections[using]
    for model in _with_table(db):
        if not stands(model, using):
            _on_sqlite(db, model) if db.vendor == "sqlite" else _on_postgresql(db, model)


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of indexes that are missing or altered; empty when all is well."""
    db = connections[using]
    return [index_of(model) for model in _with_table(db) if not stands(model, using)]


def stands(model: type[SearchText], using: str = DEFAULT_DB_ALIAS) -> bool:
    """Return whether a table of words has its index, and on SQLite its triggers."""
    db = connections[using]
    with db.cursor() as cursor:
        if db.vendor == "sqlite":
            cursor.execute("SELECT sql FROM sqlite_master WHERE type IN ('table', 'trigger')")
            return set(_sqlite(model)) <= {sql for (sql,) in cursor.fetchall()}
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [index_of(model)])
        return bool(cursor.fetchone()[0])


def _with_table(db: BaseDatabaseWrapper) -> Iterator[type[SearchText]]:
    tables = set(db.introspection.table_names())
    for model in apps.get_models():
        if issubclass(model, SearchText) and model._meta.db_table in tables:
            yield model


def _sqlite(model: type[SearchText]) -> list[str]:
    """Return the SQL for the table of trigrams, without positions (a third of the size)."""
    table, index = model._meta.db_table, index_of(model)
    into = f"INSERT INTO {index}"
    add = f"{into}(rowid, folded) VALUES (NEW.id, NEW.folded)"
    remove = f"{into}({index}, rowid, folded) VALUES ('delete', OLD.id, OLD.folded)"
    return [
        f"CREATE VIRTUAL TABLE {index} USING fts5(folded, content='{table}', content_rowid='id',"
        " tokenize='trigram case_sensitive 1', detail=none, columnsize=0)",
        f"CREATE TRIGGER {index}_new AFTER INSERT ON {table} BEGIN {add}; END",
        f"CREATE TRIGGER {index}_gone AFTER DELETE ON {table} BEGIN {remove}; END",
        f"CREATE TRIGGER {index}_other AFTER UPDATE OF folded ON {table}"
        f" BEGIN {remove}; {add}; END",
    ]


def _on_sqlite(db: BaseDatabaseWrapper, model: type[SearchText]) -> None:
    index = index_of(model)
    with transaction.atomic(using=db.alias), db.cursor() as cursor:
        for ending in ("new", "gone", "other"):
            cursor.execute(f"DROP TRIGGER IF EXISTS {index}_{ending}")
        cursor.execute(f"DROP TABLE IF EXISTS {index}")
        for statement in _sqlite(model):
            cursor.execute(statement)
        cursor.execute(f"INSERT INTO {index}({index}) VALUES ('rebuild')")  # noqa: S608 (our own name)


def _on_postgresql(db: BaseDatabaseWrapper, model: type[SearchText]) -> None:
    try:
        with transaction.atomic(using=db.alias), db.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
            cursor.execute(
                f"CREATE INDEX {index_of(model)} ON {model._meta.db_table}"
                " USING gin (folded gin_trgm_ops)"
            )
    except DatabaseError as error:
        logger.warning("%s (%s)", WITHOUT, str(error).strip().partition("\n")[0])
