"""Exports: "started" is logged before the first row is read, the end with how many rows went."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection, models, transaction
from django.db.models.fields.json import KT
from django.db.models.functions import Cast, Coalesce
from django.db.models.sql import Query
from django.utils.translation import gettext as _

from custode.guard import log
from custode.guard.door.deeds import passing
from custode.guard.door.selection import Rows, how_many, rows_of
from custode.guard.kinds import Column, Kind, Verb
from custode.guard.models import Outcome
from custode.guard.refusals import Tried
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid

PAGE = 1000
"""Rows fetched at a time, so that memory stays flat."""

Row = tuple[Any, ...]


class Export:
    """An export that was let through: its columns, and its rows to be read once.

    Reading happens outside any write transaction, by the query as it stood when the door let it
    through. When the reader is closed, at the end or in the middle, a second entry tells how many
    rows went and how it ended.

    Args:
        columns: what may be read, in this order.
        currencies: the place of an amount in a page's row -> the place of its currency, which
            stands behind the columns when it was not asked for.
    """

    def __init__(self, actor: Actor, seq: int, rows: Rows, columns: tuple[Column, ...]) -> None:
        self.actor = actor
        self.seq = seq
        self.columns = columns
        self.count = 0
        self._rows = rows
        self._begun = False
        names = [c.path for c in columns if not c.keys]
        needed = {c.money_of: None for c in columns if c.money_of and c.money_of not in names}
        self._extras = tuple(needed)
        everything = [*("" if c.keys else c.path for c in columns), *needed]
        places = {path: place for place, path in enumerate(everything)}
        self.currencies = {
            place: places[c.money_of] for place, c in enumerate(columns) if c.money_of
        }

    @property
    def kind(self) -> Kind:
        """The kind of object that leaves."""
        found: Kind = self._rows.model.kind
        return found

    def rows(self) -> Iterator[Row]:
        """The values of `columns`, row by row, as Django has them (`many` ones as text)."""
        width = len(self.columns)
        return self._leaving([row[:width]] for page in self._read(plain=False) for row in page)

    def pages(self) -> Iterator[Sequence[Row]]:
        """The same by the page and faster, as the database's driver has the values.

        SQLite gives dates and times as ISO 8601 text (moments in UTC), yes and no as 1 and 0. A
        page counts as gone from when it is handed out.
        """
        return self._leaving(self._read(plain=True), by_page=True)

    def close(self) -> None:
        """For who let go before the first row was read: that too is told in the log."""
        if not self._begun:
            self._begun = True
            self._log_end(Outcome.BROKEN_OFF, "")

    def _leaving(self, pages: Iterator[Sequence[Row]], *, by_page: bool = False) -> Iterator[Any]:
        self._begun = True
        outcome, why = Outcome.BROKEN_OFF, ""
        try:
            while True:
                # The scope never stays set while the reader has the turn.
                with scope.account(self.actor.account_id):
                    page = next(pages, None)
                if page is None:
                    break
                self.count += len(page)
                yield page if by_page else page[0]
            outcome = Outcome.DONE
        except GeneratorExit:
            raise
        except Exception as error:
            outcome, why = Outcome.FAILED, type(error).__name__
            raise
        finally:
            pages.close()  # type: ignore[attr-defined]  # a generator
            self._log_end(outcome, why)

    def _read(self, *, plain: bool) -> Iterator[Sequence[Row]]:
        many = [place for place, c in enumerate(self.columns) if c.many]
        columns = [c for c in self.columns if not c.many]
        columns += [Column(path, path, path) for path in self._extras]
        asked = [_asked(self._rows.model, c, plain=plain) for c in columns]
        query = self._rows.values_list(*(["pk"] if many else []), *asked).query
        try:
            for page in _pages(query, plain):
                yield self._with_many(page, many) if many else page
        except EmptyResultSet:
            return

    def _with_many(self, page: Sequence[Row], many: Sequence[int]) -> Sequence[Row]:
        """The page with its `many` columns put in their places; it comes with the ids in front."""
        ids, *rest = zip(*page, strict=True)
        for place in many:
            words = self._words(self.columns[place].path, ids)
            rest.insert(place, tuple(words.get(pk, "") for pk in ids))
        return list(zip(*rest, strict=True))

    def _words(self, path: str, ids: Sequence[int]) -> dict[int, str]:
        """One query for a page: what each object has of a `many` column, joined."""
        relation, _name, column = path.rpartition("__")
        having = self._rows.model.with_trashed.filter(pk__anyof=ids)
        pairs = having.filter(**{f"{relation}__isnull": False}).order_by(f"{relation}__{column}")
        found: dict[int, str] = {}
        for pk, word in pairs.values_list("pk", path):
            found[pk] = f"{found[pk]}, {word}" if pk in found else str(word)
        return found

    def _log_end(self, outcome: Outcome, why: str) -> None:
        # No policy is asked here: the rows have gone, and that must be told in any case.
        with scope.account(self.actor.account_id), transaction.atomic(durable=True):
            log.write(
                self.actor,
                Verb.EXPORT,
                kind=self.kind.name,
                outcome=outcome,
                count=self.count,
                about=self.seq,
                details={"error": why} if why else {},
            )


def _asked(model: type[models.Model], column: Column, *, plain: bool) -> Any:
    """What the database is asked for to fill a column."""
    if column.keys:
        texts = [KT(f"{column.path}__{key}") for key in column.keys]
        return texts[0] if len(texts) == 1 else Coalesce(*texts)
    return _untouched(model, column.path) if plain else column.path


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


def export(
    actor: Actor,
    rows: Rows,
    *,
    format: str,  # noqa: A002 (the word that callers write)
    columns: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
    filter_words: str = "",
) -> Export:
    """Let rows of one kind leave: checks, logs "started", and gives what may be read.

    Args:
        rows: a query over living objects of a declared kind, in the order wanted.
        format: `csv` or `xlsx`, for the log.
        columns: names from the kind's allow-list (`exportable`); empty for all.
        filter_words: the filter as people read it, for the log.

    Raises:
        Refused: a rule reserves exports of this kind to admins.
        Invalid: a column is not on the allow-list.
    """
    model = rows.model
    kind: Kind = model.kind
    with scope.account(actor.account_id):
        chosen = _chosen(kind, columns, exportable(actor, rows))
    tried = Tried(how_many(actor, rows), {"format": format})
    with passing(actor, Verb.EXPORT, kind.name, tried):
        noted = log.write(
            actor,
            Verb.EXPORT,
            kind=kind.name,
            outcome=Outcome.STARTED,
            details={"format": format, "columns": [c.name for c in chosen], **(details or {})},
            personal={"filter": filter_words},
        )
        # In the order that was asked for, and each once, however they were found.
        seen = rows_of(actor, rows).order_by(*(rows.query.order_by or ("pk",)))
    return Export(actor, noted.seq, seen, chosen)


def exportable(actor: Actor, rows: Rows) -> tuple[Column, ...]:
    """The columns of these rows that may leave: the allow-list, and the rows' own before it."""
    kind: Kind = rows.model.kind
    return (*kind.own_columns(rows_of(actor, rows)), *kind.export)


def _chosen(kind: Kind, names: Sequence[str], columns: tuple[Column, ...]) -> tuple[Column, ...]:
    if not kind.export:
        raise Invalid(_("%(many)s cannot be exported.") % {"many": kind.many})
    allowed = {c.name: c for c in columns}
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise Invalid(
            _("There is no column “%(name)s” to export. Possible are: %(all)s.")
            % {"name": unknown[0], "all": ", ".join(allowed)},
            field="columns",
        )
    return tuple(allowed[name] for name in names) or columns
