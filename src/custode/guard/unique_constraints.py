"""The unique keys of a table, as its model declares them, as SQL for triggers.

SQLite's REPLACE deletes the row that already has a key, without firing triggers on deletion.
"""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ImproperlyConfigured
from django.db import connection, models
from django.db.models import Q
from django.db.models.sql import Query


def taken(model: type[models.Model]) -> str:
    """Return SQL for a trigger: whether a row already has one of the keys of NEW."""
    number = models.UniqueConstraint(fields=["id"], name="number")
    return _exists(model, [number, *_keys(model)])


def displaced(model: type[models.Model]) -> str:
    """Return SQL for a trigger: whether another row has one of the keys of NEW; "" without any.

    The row's number is not included: it never changes.
    """
    return _exists(model, _keys(model), " AND other.id <> OLD.id")


def _exists(model: type[models.Model], keys: list[models.UniqueConstraint], more: str = "") -> str:
    table = model._meta.db_table
    return " OR ".join(
        f"EXISTS (SELECT 1 FROM {table} AS other WHERE {_same(model, key)}{more})"  # noqa: S608 (our own names)
        for key in keys
    )


def _keys(model: type[models.Model]) -> list[models.UniqueConstraint]:
    """Return the unique fields and the unique constraints, each as a constraint."""
    options = model._meta
    found = [[one.name] for one in options.fields if one.unique and not one.primary_key]
    found += [list(names) for names in options.unique_together]
    keys = [models.UniqueConstraint(fields=names, name="_".join(names)) for names in found]
    keys += [one for one in options.constraints if isinstance(one, models.UniqueConstraint)]
    for key in keys:
        if key.expressions:
            raise ImproperlyConfigured(
                f"{model.__name__}.{key.name} is unique by an expression: let it be by a column of"
                " its own (as `folded` is), so that the locks know it."
            )
    return keys


def _same(model: type[models.Model], key: models.UniqueConstraint) -> str:
    fields: list[Any] = [model._meta.get_field(name) for name in key.fields]
    terms = [f"other.{field.column} = NEW.{field.column}" for field in fields]
    if key.condition:
        terms += [_of(model, key.condition, row) for row in ("other", "NEW")]
    return " AND ".join(terms)


def _of(model: type[models.Model], condition: Q, row: str) -> str:
    """Return a condition on the model as SQL about `row`."""
    query = Query(model)
    query.add_q(condition)
    query.change_aliases({model._meta.db_table: row})
    sql, params = query.where.as_sql(query.get_compiler(connection=connection), connection)
    editor = connection.SchemaEditorClass(connection)
    return sql % tuple(editor.quote_value(value) for value in params)
