"""The locks of last resort: triggers by which the database itself refuses what no door opened.

The door is a word such as `delete:17` (the verb and the trash entry) or `privacy:3` (the verb and
the account). PostgreSQL keeps it in a transaction-local setting; SQLite asks a function that this
program registers on its connection, so that any other program, the `sqlite3` shell included, finds
no such function and fails closed.

Django's SQLite schema editor rebuilds a table to alter it and drops its triggers silently:
`install` runs after every migration, and `missing` is asked at every start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from custode.guard.models import Change, LogEntry, Logged, LogHead, LogPerson
from custode.guard.owned import Guarded, Kept, Owned, Part

_open: ContextVar[str] = ContextVar("custode_door", default="")

SAID = "custode: only the door may do this"


@dataclass(frozen=True, slots=True)
class Lock:
    """One trigger: on `event` of a row, when `refuse` holds, the statement fails.

    `refuse` is SQL that both databases read, with OLD, NEW and `custode_door()`.
    """

    table: str
    purpose: str
    event: str
    refuse: str

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"custode_{self.table}_{self.purpose}"


@contextmanager
def opened(word: str) -> Iterator[None]:
    """The door stands open, for the act that `word` names, until the block ends."""
    token = _open.set(word)
    try:
        _tell_postgresql(word)
        yield
        _tell_postgresql("")
    finally:
        _open.reset(token)


def _tell_postgresql(word: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('custode.door', %s, true)", [word])


def register(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """On each new SQLite connection: the function that the triggers ask."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("custode_door", 0, _open.get)


def locks() -> list[Lock]:
    """Every lock that must stand, derived from the declared models."""
    found: list[Lock] = []
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        found += _locks_of(model)
        if issubclass(model, Owned):
            found += [Lock(model._meta.db_table, *own) for own in model.own_locks]
    return found


def _locks_of(model: type[models.Model]) -> list[Lock]:
    table = model._meta.db_table
    if issubclass(model, Guarded):
        return _guarded(table)
    if issubclass(model, Part):
        return _fixed(table) + ([] if model.loose else [_part(model)])
    if issubclass(model, Kept):
        return [*_fixed(table), Lock(table, "delete", "DELETE", "1 = 1"), *_sensitive(model)]
    if issubclass(model, Change):
        return [
            *_fixed(table),
            Lock(table, "update", "UPDATE", "1 = 1"),
            Lock(table, "delete", "DELETE", "custode_door() NOT LIKE 'purge:%'"),
        ]
    if issubclass(model, Logged):
        return _logged(model)
    if issubclass(model, Owned):
        return _fixed(table)
    return _sensitive(model) if hasattr(model, "sensitive") else []


def _fixed(table: str) -> list[Lock]:
    """A row never changes its number or its account, and none is replaced by an insert."""
    return [
        Lock(
            table,
            "fixed",
            "UPDATE OF id, account_id",
            "NEW.id <> OLD.id OR NEW.account_id <> OLD.account_id",
        ),
        _no_replacing(table, "id = NEW.id"),
    ]


def _no_replacing(table: str, same: str) -> Lock:
    # SQLite's INSERT OR REPLACE deletes the old row without asking its triggers.
    exists = f"EXISTS (SELECT 1 FROM {table} WHERE {same})"  # noqa: S608 (our own names)
    return Lock(table, "replace", "INSERT", exists)


def _guarded(table: str) -> list[Lock]:
    way = (
        "CASE WHEN OLD.trash_id IS NULL THEN 'delete:' || NEW.trash_id"
        " WHEN NEW.trash_id IS NULL THEN 'restore:' || OLD.trash_id ELSE 'never' END"
    )
    return [
        *_fixed(table),
        Lock(
            table,
            "trash",
            "UPDATE OF trash_id, arrived_id",
            "COALESCE(NEW.arrived_id, 0) <> COALESCE(OLD.arrived_id, 0)"
            " OR (COALESCE(NEW.trash_id, 0) <> COALESCE(OLD.trash_id, 0)"
            f" AND custode_door() <> {way})",
        ),
        Lock(
            table,
            "arrive",
            "INSERT",
            "COALESCE(NEW.trash_id, 0) <> COALESCE(NEW.arrived_id, 0)"
            " OR (NEW.trash_id IS NOT NULL AND custode_door() <> 'arrive:' || NEW.trash_id)",
        ),
        Lock(table, "delete", "DELETE", "custode_door() <> 'purge:' || COALESCE(OLD.trash_id, 0)"),
    ]


def _part(model: type[Part]) -> Lock:
    field: Any = model._meta.get_field(model.part_of)
    purged = (
        f"SELECT 1 FROM {field.related_model._meta.db_table} AS parent"  # noqa: S608 (our own names)
        f" WHERE parent.id = OLD.{field.attname}"
        " AND custode_door() = 'purge:' || parent.trash_id"
    )
    return Lock(model._meta.db_table, "delete", "DELETE", f"NOT EXISTS ({purged})")


def _sensitive(model: Any) -> list[Lock]:
    table = model._meta.db_table
    of_account = "account_id" if issubclass(model, Owned) else "id"
    found = []
    for name, verb in model.sensitive.items():
        word = f"'{verb.value}:' || NEW.{of_account}"
        if name == "*":
            found.append(Lock(table, "new", "INSERT", f"custode_door() <> {word}"))
            continue
        column = model._meta.get_field(name).column
        changed = (
            f"((NEW.{column} IS NULL) <> (OLD.{column} IS NULL) OR NEW.{column} <> OLD.{column})"
        )
        found.append(
            Lock(
                table,
                f"set_{name}",
                f"UPDATE OF {column}",
                f"{changed} AND custode_door() <> {word}",
            )
        )
    return found


def _logged(model: type[Logged]) -> list[Lock]:
    table = model._meta.db_table
    forever = Lock(table, "update", "UPDATE", "1 = 1")
    kept = Lock(table, "delete", "DELETE", "1 = 1")
    if model is LogHead:
        onward = "NEW.account_id <> OLD.account_id OR NEW.seq <> OLD.seq + 1"
        return [
            Lock(table, "update", "UPDATE", onward),
            kept,
            _no_replacing(table, "id = NEW.id OR account_id = NEW.account_id"),
        ]
    if model in {LogEntry, LogPerson}:
        same = "id = NEW.id OR (account_id = NEW.account_id AND seq = NEW.seq)"
        if model is LogPerson:
            kept = Lock(table, "delete", "DELETE", "custode_door() <> 'erase:' || OLD.account_id")
        return [forever, kept, _no_replacing(table, same)]
    return []
