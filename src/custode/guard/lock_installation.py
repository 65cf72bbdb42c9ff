"""Installs the locks in the database, finds missing ones, and removes them for tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

from custode.guard.lock import SAID, Lock, locks

_DOOR: Final = " SELECT COALESCE(current_setting('custode.door', true), '') "
"""On PostgreSQL, the body of the function `custode_door`."""
_NO_TRUNCATE: Final = (
    f" BEGIN RAISE EXCEPTION '{SAID}' USING ERRCODE = 'integrity_constraint_violation'; END "
)


def install(using: str = DEFAULT_DB_ALIAS, **_: Any) -> None:
    """Install every lock whose table exists, replacing existing ones. For `post_migrate`."""
    db = connections[using]
    with db.cursor() as cursor:
        if db.vendor == "postgresql":
            cursor.execute(
                "CREATE OR REPLACE FUNCTION custode_door() RETURNS text LANGUAGE sql STABLE"
                f" AS $${_DOOR}$$"
            )
        for lock in _with_table(db):
            for statement in _statements(lock, db.vendor):
                cursor.execute(statement)


def lift(using: str = DEFAULT_DB_ALIAS, plan: Sequence[Any] = (), **_: Any) -> None:
    """Remove the locks from SQLite before migrations; `install` follows. For `pre_migrate`.

    SQLite alters a table by putting another in its place, and refuses as long as a trigger
    somewhere refers to the removed one.
    """
    db = connections[using]
    if plan and db.vendor == "sqlite":
        with db.cursor() as cursor:
            for name in _standing(db):
                cursor.execute(f"DROP TRIGGER IF EXISTS {db.ops.quote_name(name)}")


def missing(using: str = DEFAULT_DB_ALIAS) -> list[str]:
    """Return the names of locks that are missing or altered; empty when all is well."""
    db = connections[using]
    standing = _standing(db)
    return [
        name for name, as_it_should in _wanted(db).items() if standing.get(name) != as_it_should
    ]


@contextmanager
def lifted(using: str = DEFAULT_DB_ALIAS) -> Iterator[None]:
    """Remove all locks within the block; only for tests that tamper or empty the database."""
    db = connections[using]
    with db.cursor() as cursor:
        for lock in _with_table(db):
            for statement in _removal(lock, db.vendor):
                cursor.execute(statement)
    try:
        yield
    finally:
        install(using)


def _with_table(db: BaseDatabaseWrapper) -> Iterable[Lock]:
    tables = set(db.introspection.table_names())
    return [one for one in locks() if one.table in tables and one.only in {"", db.vendor}]


def _body(lock: Lock, vendor: str) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {lock.name} BEFORE {lock.event} ON {lock.table}"
            f" WHEN {lock.refuse} BEGIN SELECT RAISE(ABORT, '{SAID} ({lock.name})'); END"
        )
    row = "OLD" if lock.event.startswith("DELETE") else "NEW"
    return (
        f" BEGIN IF {lock.refuse} THEN RAISE EXCEPTION '{SAID} ({lock.name})'"
        f" USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END "
    )


def _statements(lock: Lock, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [*_removal(lock, vendor), _body(lock, vendor)]
    # EXECUTE takes no parameters, and psycopg then does not interpret percent signs.
    return [
        f"CREATE OR REPLACE FUNCTION {lock.name}() RETURNS trigger LANGUAGE plpgsql AS"
        f" $body${_body(lock, vendor)}$body$",
        f"CREATE OR REPLACE FUNCTION custode_no_truncate() RETURNS trigger LANGUAGE plpgsql AS"
        f" $body${_NO_TRUNCATE}$body$",
        *(f"CREATE OR REPLACE {trigger}" for trigger in _triggers(lock).values()),
    ]


def _triggers(lock: Lock) -> dict[str, str]:
    """Return PostgreSQL's triggers of a lock, in the form in which that database returns them."""
    emptied = f"custode_{lock.table}_truncate"
    return {
        lock.name: f"TRIGGER {lock.name} BEFORE {lock.event} ON {lock.table}"
        f" FOR EACH ROW EXECUTE FUNCTION {lock.name}()",
        emptied: f"TRIGGER {emptied} BEFORE TRUNCATE ON {lock.table}"
        " FOR EACH STATEMENT EXECUTE FUNCTION custode_no_truncate()",
    }


def _removal(lock: Lock, vendor: str) -> list[str]:
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {lock.name}"]
    return [
        f"DROP TRIGGER IF EXISTS {lock.name} ON {lock.table}",
        f"DROP TRIGGER IF EXISTS custode_{lock.table}_truncate ON {lock.table}",
    ]


def _wanted(db: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the triggers that must exist, by name, in the form of `_standing`."""
    if db.vendor == "sqlite":
        return {one.name: _body(one, db.vendor) for one in _with_table(db)}
    wanted = {"custode_door": _DOOR}
    for lock in _with_table(db):
        bodies = {lock.name: _body(lock, db.vendor)}
        for name, trigger in _triggers(lock).items():
            wanted[name] = f"CREATE {trigger}{bodies.get(name, _NO_TRUNCATE)}"
    return wanted


def _standing(db: BaseDatabaseWrapper) -> dict[str, str]:
    """Return the enabled triggers that exist, by name: when they fire, and what they do."""
    with db.cursor() as cursor:
        if db.vendor == "sqlite":
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        else:
            cursor.execute(
                "SELECT t.tgname, pg_get_triggerdef(t.oid, true) || p.prosrc FROM pg_trigger t"
                " JOIN pg_proc p ON p.oid = t.tgfoid JOIN pg_class c ON c.oid = t.tgrelid"
                " WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')"
                " AND c.relnamespace = current_schema()::regnamespace"
                " UNION ALL SELECT proname, prosrc FROM pg_proc WHERE proname = 'custode_door'"
                " AND pronamespace = current_schema()::regnamespace"
            )
        return dict(cursor.fetchall())
