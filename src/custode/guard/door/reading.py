"""Reading what an export lets leave: of one kind, by the page, from one open cursor."""

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
"""Rows fetched at a time, so that memory stays flat."""

Row = tuple[Any, ...]
Leaving = Callable[["Reading", Iterator[Sequence[Row]]], Generator[Sequence[Row]]]
"""Lets the pages of a reading leave, and counts them."""


class Reading:
    """The rows of one kind that an export lets leave, to be read once.

    Args:
        columns: what may be read, in this order.
        currencies: the place of an amount in a page's row -> the place of its currency, which
            stands behind the columns when it was not asked for.
        count: how many rows have gone.
    """

    kept: ClassVar[bool] = True
    """Whether it is kept what tells the rows that left (`Keeping`)."""

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
        """The values of `columns`, row by row, as Django has them (`many` ones as text)."""
        width = len(self.columns)
        single = ([row] for page in self._read(plain=False) for row in page)
        with closing(self._leaving(self, single)) as pages:
            for page in pages:
                yield page[0][:width]

    def pages(self) -> Generator[Sequence[Row]]:
        """The same by the page and faster, as the database's driver has the values.

        SQLite gives dates and times as ISO 8601 text (moments in UTC), yes and no as 1 and 0. Last
        in each row, behind the columns, stands the object's number. A page counts as gone from when
        it is handed out.
        """
        return self._leaving(self, self._read(plain=True))

    def _read(self, *, plain: bool) -> Iterator[Sequence[Row]]:
        many = [place for place, c in enumerate(self.columns) if c.many]
        columns = [c for c in self.columns if not c.many]
        columns += [Column(path, path, path) for path in self._extras]
        asked = [_asked(self._rows.model, c, plain=plain) for c in columns]
        # As an expression: a column may have asked for the number by its name already.
        query = self._rows.values_list(*asked, F("pk")).query
        try:
            for page in _pages(query, plain):
                yield self._with_many(page, many) if many else page
        except EmptyResultSet:
            return

    def _with_many(self, page: Sequence[Row], many: Sequence[int]) -> Sequence[Row]:
        """The page with its `many` columns put in their places."""
        *rest, ids = zip(*page, strict=True)
        for place in many:
            words = self._words(self.columns[place], ids)
            rest.insert(place, tuple(words.get(pk, "") for pk in ids))
        return list(zip(*rest, ids, strict=True))

    def _words(self, column: Column, ids: Sequence[int]) -> dict[int, str]:
        """One query for a page: what each object has of a `many` column, joined."""
        path = column.path
        relation = path.rpartition("__")[0]
        having = self._rows.model.with_trashed.filter(pk__anyof=numbers(ids))
        pairs = having.filter(column.only, **{f"{relation}__isnull": False}).order_by(path)
        found: dict[int, str] = {}
        for pk, word in pairs.values_list("pk", path):
            found[pk] = f"{found[pk]}{column.between}{word}" if pk in found else str(word)
        return found


def _asked(model: type[models.Model], column: Column, *, plain: bool) -> Any:
    """What the database is asked for to fill a column."""
    if column.keys:
        texts = [KT(f"{column.path}__{key}") for key in column.keys]
        told = texts[0] if len(texts) == 1 else Coalesce(*texts)
        return _in_words(told, column.words) if column.words else told
    found: Any = _untouched(model, column.path) if plain else column.path
    guarded = _guarded_on(model, column.path)
    if not guarded:
        return found
    # What lies in the trash has no name for those who only see what points to it.
    living = When(**{f"{guarded}__trash__isnull": True}, then=F(column.path))
    return Case(living, default=None)


def _in_words(told: Any, words: Mapping[str, str]) -> Func:
    """The words for a value; one that has none leaves nothing.

    As one map, however many there are: branches would be tried one after the other on every row.
    """
    # SQLite has a number as a number.
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
    """The relation to another guarded thing that a path goes along; "" for none."""
    relation = path.rpartition("__")[0]
    if not relation or "__" in relation:
        return ""
    target = model._meta.get_field(relation).related_model
    return relation if isinstance(target, type) and issubclass(target, Guarded) else ""


def _untouched(model: type[models.Model], path: str) -> str | Cast:
    """The column as SQLite keeps it: Django has its driver parse columns declared as dates."""
    field: Any = model._meta.pk
    for name in path.split("__") if path != "pk" else ():
        field = (field.related_model if field.is_relation else model)._meta.get_field(name)
    if connection.vendor != "sqlite":
        return path
    if isinstance(field, (models.DateField, models.TimeField)):
        return Cast(path, models.TextField())
    return Cast(path, models.IntegerField()) if isinstance(field, models.BooleanField) else path


def _pages(query: Query, plain: bool) -> Iterator[Sequence[Row]]:
    """A query's rows by the page, from one open cursor: as the driver has them, or converted."""
    compiler = query.get_compiler(connection=connection)
    sql, params = compiler.as_sql()
    converters = compiler.get_converters([selected[0] for selected in compiler.select])
    server_side = not connection.settings_dict.get("DISABLE_SERVER_SIDE_CURSORS")
    with connection.chunked_cursor() if server_side else connection.cursor() as cursor:
        cursor.execute(sql, params)
        while page := cursor.fetchmany(PAGE):
            yield page if plain else [tuple(r) for r in compiler.apply_converters(page, converters)]
