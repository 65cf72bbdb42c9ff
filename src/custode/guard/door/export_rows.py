"""Reads what an export lets leave: the rows of one kind, in pages, from one open cursor."""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any, ClassVar

from django.core.exceptions import EmptyResultSet
from django.db import connection, models
from django.db.models import Case, F, Func, Value, When
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce, Concat, Replace
from django.db.models.sql import Query

from custode.guard.door.selection import Rows, numbers
from custode.guard.kinds import Column, Kind
from custode.guard.owned import Guarded

PAGE = 1000
"""The number of rows fetched at a time, so that memory use stays constant."""

Row = tuple[Any, ...]
Leaving = Callable[["ExportRows", Iterator[Sequence[Row]]], Generator[Sequence[Row]]]
"""Passes on the pages of a reading, and counts them."""


class ExportRows:
    """Reads the rows of one kind that an export lets leave, once.

    Args:
        columns: the columns that may be read, in this order.
        currencies: the index of an amount in a row -> the index of its currency, which follows the
            columns when it was not asked for.
        count: how many rows have been handed out.
    """

    kept: ClassVar[bool] = True
    """Whether traces of the rows that left are stored (`ExportRecord`)."""

    def __init__(self, rows: Rows, columns: tuple[Column, ...], leaving: Leaving) -> None:
        self.columns = columns
        self.count = 0
        self._rows = rows
        self._leaving = leaving
        names = [c.path for c in columns if not c.keys]
        needed = {c.money_of: None for c in columns if c.money_of and c.money_of not in names}
        self._extras = tuple(needed)
        everything = [*("" if c.keys else c.path for c in columns), *needed]
        places = {path: place for place, path in enumerate(everything)}
        self.currencies = {
            place: places[c.money_of] for place, c in enumerate(columns) if c.money_of
        }

    @property
    def model(self) -> type[models.Model]:
        """The model of the rows."""
        found: type[models.Model] = self._rows.model
        return found

    @property
    def kind(self) -> Kind:
        """The kind of object that leaves."""
        found: Kind = self._rows.model.kind
        return found

    def rows(self) -> Iterator[Row]:
        """Yield the values of `columns`, row by row, as Django returns them (`many` as text)."""
        width = len(self.columns)
        single = ([row] for page in self._read(plain=False) for row in page)
        with closing(self._leaving(self, single)) as pages:
            for page in pages:
                yield page[0][:width]

    def pages(self) -> Generator[Sequence[Row]]:
        """Yield the same in pages and faster, with the values as the database driver returns them.

        Moments are ISO 8601 text in UTC; SQLite returns dates and times as such text as well, and
        booleans as 1 and 0. The last value of each row, after the columns, is the object's number.
        A page counts as having left once it is handed out.
        """
        return self._leaving(self, self._read(plain=True))

    def _read(self, *, plain: bool) -> Iterator[Sequence[Row]]:
        many = [place for place, c in enumerate(self.columns) if c.many]
        columns = [c for c in self.columns if not c.many]
        columns += [Column(path, path, path) for path in self._extras]
        asked = [_asked(self._rows.model, c, plain=plain) for c in columns]
        # As an expression: a requested column may have the name of the number already.
        query = self._rows.values_list(*asked, F("pk")).query
        try:
            for page in _pages(query, plain):
                yield self._with_many(page, many) if many else page
        except EmptyResultSet:
            return

    def _with_many(self, page: Sequence[Row], many: Sequence[int]) -> Sequence[Row]:
        """Return the page with the values of its `many` columns filled in."""
        *rest, ids = zip(*page, strict=True)
        for place in many:
            words = self._words(self.columns[place], ids)
            told = [words.get(pk, "") for pk in ids] if words else [""] * len(ids)
            rest.insert(place, tuple(told))
        return list(zip(*rest, ids, strict=True))

    def _words(self, column: Column, ids: Sequence[int]) -> dict[int, str]:
        """Return the joined text of a `many` column for each object, in one query for the page."""
        related, to_parent, path = _related(self._rows.model, column.path)
        # Without the account as a condition: the ids are of one, and SQLite would read all of its.
        rows: models.QuerySet[Any] = models.QuerySet(related)
        having = rows.filter(column.only, **{f"{to_parent}__anyof": numbers(ids)})
        found: dict[int, str] = {}
        for pk, word in having.order_by(path).values_list(to_parent, path):
            found[pk] = f"{found[pk]}{column.separator}{word}" if pk in found else str(word)
        return found


def _related(model: type[models.Model], path: str) -> tuple[type[models.Model], str, str]:
    """Return what the path of a `many` column means when it is read from the related rows.

    Read from there, the objects themselves are not joined: with them, PostgreSQL reads the whole
    related table for each page, up to some hundreds of thousands of rows.

    Returns:
        The model of the related rows (of a many-to-many relation the model between), and the paths
        from them to the object's number and to the value.
    """
    relation, _sign, value = path.partition("__")
    field: Any = model._meta.get_field(relation)
    if not field.many_to_many:
        return field.related_model, f"{field.field.name}__pk", value
    between = field.remote_field.through
    return between, f"{field.m2m_field_name()}__pk", f"{field.m2m_reverse_field_name()}__{value}"


def _asked(model: type[models.Model], column: Column, *, plain: bool) -> Any:
    """Return the expression that the database is asked for to fill a column."""
    if column.keys:
        texts = [KT(f"{column.path}__{key}") for key in column.keys]
        told = texts[0] if len(texts) == 1 else Coalesce(*texts)
        return _in_words(told, column.words) if column.words else told
    found: Any = _untouched(model, column.path) if plain else column.path
    guarded = _guarded_on(model, column.path)
    if not guarded:
        return found
    # Objects in the trash have no name for those who see only what points to them.
    living = When(**{f"{guarded}__trash__isnull": True}, then=F(column.path))
    return Case(living, default=None)


def _in_words(told: Any, words: Mapping[str, str]) -> Func:
    """Return the expression that replaces a value by its words; without words it is empty.

    As one map, however many values there are: branches would be tried one after the other on every
    row.
    """
    # SQLite returns a number as a number.
    text, told_by = Cast(told, models.TextField()), Value(json.dumps(dict(words)))
    found = models.TextField()
    if connection.vendor == "postgresql":
        return Func(
            told_by, text, template="(%(expressions)s)", arg_joiner="::jsonb ->> ",
            output_field=found,
        )  # fmt: skip
    path = Concat(Value('$."'), Replace(text, Value('"')), Value('"'), output_field=found)
    return Func(told_by, path, function="JSON_EXTRACT", output_field=found)


def _guarded_on(model: type[models.Model], path: str) -> str:
    """Return the relation to another guarded object that a path follows; "" for none."""
    relation = path.rpartition("__")[0]
    if not relation or "__" in relation:
        return ""
    target = model._meta.get_field(relation).related_model
    return relation if isinstance(target, type) and issubclass(target, Guarded) else ""


def _untouched(model: type[models.Model], path: str) -> str | Func:
    """Return the column in the form that the database itself writes.

    Django makes both drivers parse moments, in Python: that took a fifth of an export.
    """
    field: Any = model._meta.pk
    for name in path.split("__") if path != "pk" else ():
        field = (field.related_model if field.is_relation else model)._meta.get_field(name)
    if connection.vendor == "postgresql":
        return _Moment(path) if isinstance(field, models.DateTimeField) else path
    if isinstance(field, (models.DateField, models.TimeField)):
        return Cast(path, models.TextField())
    return Cast(path, models.IntegerField()) if isinstance(field, models.BooleanField) else path


class _Moment(Func):
    """A moment as text in UTC, to the second, whatever the server's format of dates is."""

    template = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS')"
    output_field = models.TextField()


def _pages(query: Query, plain: bool) -> Iterator[Sequence[Row]]:
    """Yield pages of a query from one open cursor, converted or as the driver returns them."""
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([selected[0] for selected in compiler.select])
    server_side = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    with connection.chunked_cursor() if server_side else connection.cursor() as cursor:
        cursor.execute(sql, params)
        while page := cursor.fetchmany(PAGE):
            yield page if plain else [tuple(r) for r in compiler.apply_converters(page, converters)]
