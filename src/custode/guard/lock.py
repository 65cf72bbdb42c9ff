"""Triggers, the last line of defence: the database itself refuses changes made without the door.

Opening the door sets a word such as `delete:17` (the verb and the trash entry), `privacy:3` (the
verb and the account) or `log:3` (the log of the account). PostgreSQL keeps it in a
transaction-local setting; SQLite calls a function that this program registers on its connection, so
that any other program, including the `sqlite3` shell, lacks the function and fails closed.

Django's SQLite schema editor rebuilds a table to alter it and silently drops its triggers:
`install` runs after every migration, and `missing` is checked at every start.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import DatabaseError, connection, models
from django.db.backends.base.base import BaseDatabaseWrapper

from custode.guard import unique_constraints
from custode.guard.models import Change, Logged, LogHead, LogPerson, ReadWindow, RefusalWindow
from custode.guard.owned import Guarded, Kept, Owned, Part, Retirable, Tenant

_open: ContextVar[str] = ContextVar("custode_door", default="")

SAID = "custode: only the door may do this"


@dataclass(frozen=True, slots=True)
class Lock:
    """A trigger: on `event` of a row, the statement fails if `refuse` holds.

    `refuse` is SQL for both databases, with OLD, NEW and `custode_door()`; or for the one named by
    `only`, if the other does not need the lock.
    """

    table: str
    purpose: str
    event: str
    refuse: str
    only: str = ""

    @property
    def name(self) -> str:
        """The trigger's name in the database."""
        return f"custode_{self.table}_{self.purpose}"


@contextmanager
def opened(word: str) -> Iterator[None]:
    """Keep the door open, for the act that `word` names, until the block ends.

    Within another such block it is open for this act only, and afterwards for the outer one again.
    """
    outer = _open.get()
    token = _open.set(word)
    try:
        _tell_postgresql(word)
        yield
        _tell_postgresql(outer)
    except BaseException:
        # After an error PostgreSQL accepts no more statements, and the setting ends with the
        # rollback.
        with suppress(DatabaseError):
            _tell_postgresql(outer)
        raise
    finally:
        _open.reset(token)


def _tell_postgresql(word: str) -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('custode.door', %s, true)", [word])


def register(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Register the function that the triggers call on each new SQLite connection."""
    if connection.vendor == "sqlite":
        connection.connection.create_function("custode_door", 0, _open.get)


def locks() -> list[Lock]:
    """Return every lock that must exist, derived from the declared models."""
    found: list[Lock] = []
    for model in apps.get_models():
        if model._meta.proxy or not model._meta.managed:
            continue
        if issubclass(model, (Owned, Logged, Tenant)):
            found += [*_fixed(model), *_locks_of(model)]
        if issubclass(model, Owned):
            found += [Lock(model._meta.db_table, *own) for own in model.own_locks]
            found += _pointing(model)
    return found


def _locks_of(model: type[models.Model]) -> list[Lock]:
    table = model._meta.db_table
    if issubclass(model, Guarded):
        return _guarded(table)
    if issubclass(model, Part):
        return [] if model.loose else [_part(model)]
    if issubclass(model, (Kept, Tenant)):
        return [Lock(table, "delete", "DELETE", "1 = 1"), *_sensitive(model)]
    if issubclass(model, Change):
        return [
            Lock(table, "update", "UPDATE", _told_otherwise(model)),
            Lock(table, "delete", "DELETE", "custode_door() NOT LIKE 'purge:%'"),
        ]
    return _logged(model) if issubclass(model, Logged) else []


def _told_otherwise(model: type[Change]) -> str:
    """Return the lock on lines of history: unchangeable, but a loose one may join an act."""
    names = [one.name for one in model._meta.concrete_fields if not one.primary_key]
    changed = [_changed(model, name) for name in names if name != "seq"]
    numbered = (
        "OLD.seq IS NOT NULL OR NEW.seq IS NULL"
        " OR custode_door() <> 'change:' || NEW.account_id || ':' || NEW.seq"
    )
    return " OR ".join([numbered, *changed])


def _fixed(model: type[Owned | Logged | Tenant]) -> list[Lock]:
    """Return the locks that keep a row's number, account and other fixed columns unchanged.

    They also prevent rows from being replaced. Without `OF`, because SQLite changes a row's number
    under other names too (`rowid`, `oid`).
    """
    table = model._meta.db_table
    names = ["id", *([] if issubclass(model, Tenant) else ["account_id"]), *model.fixed]
    changed = " OR ".join(_changed(model, name) for name in names)
    found = [
        Lock(table, "fixed", "UPDATE", changed),
        Lock(table, "replace", "INSERT", unique_constraints.taken(model), only="sqlite"),
    ]
    if displaced := unique_constraints.displaced(model):
        found.append(Lock(table, "displace", "UPDATE", displaced, only="sqlite"))
    return found


def _changed(model: type[models.Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    new, old = f"NEW.{field.column}", f"OLD.{field.column}"
    return f"(({new} IS NULL) <> ({old} IS NULL) OR {new} <> {old})" if field.null else (
        f"{new} <> {old}"
    )  # fmt: skip


def _guarded(table: str) -> list[Lock]:
    way = (
        "CASE WHEN OLD.trash_id IS NULL THEN 'delete:' || NEW.trash_id"
        " WHEN NEW.trash_id IS NULL THEN 'restore:' || OLD.trash_id ELSE 'never' END"
    )
    return [
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
        Lock(
            table,
            "delete",
            "DELETE",
            "OLD.trash_id IS NULL OR custode_door() <> 'purge:' || OLD.trash_id",
        ),
    ]


def _pointing(model: type[Owned]) -> list[Lock]:
    """Return the locks against pointing to retired rows; whoever retires one locks it first."""
    found = []
    for field in model._meta.concrete_fields:
        target = field.related_model
        if not (isinstance(target, type) and issubclass(target, Retirable)):
            continue
        for vendor, hold in (("sqlite", ""), ("postgresql", " FOR SHARE")):
            retired = (
                f"(SELECT one.retired_at FROM {target._meta.db_table} AS one"  # noqa: S608 (our own names)
                f" WHERE one.id = NEW.{field.column}{hold}) IS NOT NULL"
            )
            for purpose, event in (("in", "INSERT"), ("to", f"UPDATE OF {field.column}")):
                name = f"{purpose}_{field.column}"
                found.append(Lock(model._meta.db_table, name, event, retired, only=vendor))
    return found


def _part(model: type[Part]) -> Lock:
    field: Any = model._meta.get_field(model.part_of)
    purged = (
        f"SELECT 1 FROM {field.related_model._meta.db_table} AS parent"  # noqa: S608 (our own names)
        f" WHERE parent.id = OLD.{field.attname}"
        " AND custode_door() = 'purge:' || parent.trash_id"
    )
    return Lock(model._meta.db_table, "delete", "DELETE", f"NOT EXISTS ({purged})")


def _sensitive(model: type[Kept | Tenant]) -> list[Lock]:
    table = model._meta.db_table
    found = []
    for name, verb in model.sensitive.items():
        if name == "*":
            # A new account has no number yet by which the door's word could name it.
            whose = "'new'" if issubclass(model, Tenant) else "NEW.account_id"
            found.append(Lock(table, "new", "INSERT", f"custode_door() <> '{verb}:' || {whose}"))
            continue
        whose = "NEW.id" if issubclass(model, Tenant) else "NEW.account_id"
        field: Any = model._meta.get_field(name)
        unasked = f"custode_door() <> '{verb}:' || {whose}"
        refuse = f"{_changed(model, name)} AND {unasked}"
        found.append(Lock(table, f"set_{name}", f"UPDATE OF {field.column}", refuse))
    return found


def _logged(model: type[Logged]) -> list[Lock]:
    """Return the log's locks: only the door adds rows, and only erasures delete them."""
    table = model._meta.db_table
    unasked = "custode_door() <> 'log:' || NEW.account_id"
    erase = "custode_door() <> 'erase:' || OLD.account_id" if model is LogPerson else "1 = 1"
    change = {
        LogHead: f"NEW.seq <> OLD.seq + 1 OR {unasked}",
        ReadWindow: unasked,
        RefusalWindow: unasked,
    }
    return [
        Lock(table, "new", "INSERT", unasked),
        Lock(table, "update", "UPDATE", change.get(model, "1 = 1")),
        Lock(table, "delete", "DELETE", erase),
    ]
