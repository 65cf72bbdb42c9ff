"""Exports: "started" is logged before the first row is read, and the end with its row count."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import closing
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from custode.guard import kinds, lock, log
from custode.guard.door.acts import authorized
from custode.guard.door.export_records import ExportRecord
from custode.guard.door.export_rows import ExportRows, Leaving, Row
from custode.guard.door.selection import Rows, how_many, rows_of
from custode.guard.kinds import Column, Kind, Verb
from custode.guard.models import Outcome
from custode.guard.owned import Guarded
from custode.guard.refusals import Attempt
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


class Export:
    """An export that the door has allowed: its readings, each to be read once.

    Reading happens outside any write transaction, by the queries as they were when the door allowed
    them. When the last reading has ended, or one of them is closed early, a second entry records
    how many rows were exported and how it ended.

    Args:
        main: the rows that were asked for.
        along: child rows that are exported with them, a reading for each kind.
        reading: the class that reads the rows, for what is no declared kind.
    """

    def __init__(
        self, actor: Actor, seq: int, rows: Rows, columns: tuple[Column, ...],
        along: Sequence[tuple[Rows, tuple[Column, ...]]] = (),
        reading: type[ExportRows] = ExportRows,
    ) -> None:  # fmt: skip
        self.actor = actor
        self.seq = seq
        leaving: Leaving = self._leaving
        self.main = reading(rows, columns, leaving)
        self.along = tuple(ExportRows(*one, leaving) for one in along)
        self._keeping = ExportRecord(actor.account_id, seq)
        self._unread: set[ExportRows] = {self.main, *self.along}
        self._ended = False

    @property
    def kind(self) -> Kind:
        """The kind of object that is exported."""
        return self.main.kind

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns that may be read (`ExportRows.columns`)."""
        return self.main.columns

    @property
    def currencies(self) -> dict[int, int]:
        """See `ExportRows.currencies`."""
        return self.main.currencies

    @property
    def count(self) -> int:
        """How many of its objects have been read so far."""
        return self.main.count

    @property
    def total(self) -> int:
        """How many rows have been read so far, child rows included."""
        return self.count + sum(one.count for one in self.along)

    @property
    def gone_along(self) -> dict[str, int]:
        """How many child rows have been read so far, by kind."""
        return {one.kind.name: one.count for one in self.along}

    def rows(self) -> Iterator[Row]:
        """See `ExportRows.rows`."""
        return self.main.rows()

    def pages(self) -> Iterator[Sequence[Row]]:
        """See `ExportRows.pages`."""
        return self.main.pages()

    def close(self) -> None:
        """Close the export when reading stopped early; this is logged too."""
        if self._unread:
            self._end(Outcome.BROKEN_OFF, "")

    def _leaving(
        self, reading: ExportRows, pages: Iterator[Sequence[Row]]
    ) -> Generator[Sequence[Row]]:
        outcome, why = Outcome.BROKEN_OFF, ""
        try:
            while True:
                # The scope must never stay set while the reader runs.
                with scope.account(self.actor.account_id):
                    page = next(pages, None)
                if page is None:
                    break
                if reading.kept:
                    self._keeping.note(reading, page)
                reading.count += len(page)
                yield page
            outcome = Outcome.DONE
            self._unread.discard(reading)
        except GeneratorExit:
            raise
        except Exception as error:
            outcome, why = Outcome.FAILED, type(error).__name__
            raise
        finally:
            pages.close()  # type: ignore[attr-defined]  # a generator
            if outcome != Outcome.DONE or not self._unread:
                self._end(outcome, why)

    def _end(self, outcome: Outcome, why: str) -> None:
        """Log the end, once however many readings there were, and save the traces of what left."""
        if not self._ended:
            self._ended = True
            with closing(self._keeping):
                self._log_end(outcome, why)

    def _log_end(self, outcome: Outcome, why: str) -> None:
        # The policy is not asked here: the rows have left, and that must be logged in any case.
        try:
            self._write_end(outcome, why, self._keeping)
        except Exception:
            self._write_end(outcome, why, None)
            raise

    def _write_end(self, outcome: Outcome, why: str, keeping: ExportRecord | None) -> None:
        along = {"along": self.gone_along} if self.along else {}
        with scope.account(self.actor.account_id), transaction.atomic(durable=True):
            log.write(
                self.actor,
                Verb.EXPORT,
                kind=self.kind.name,
                outcome=outcome,
                count=self.count,
                about=self.seq,
                details={**({"error": why} if why else {}), **along},
            )
            if keeping is not None:
                with lock.opened(log.word(self.actor.account_id)):
                    keeping.write()


def export(
    actor: Actor,
    rows: Rows,
    *,
    format: str,  # noqa: A002 (the name that callers use)
    columns: Sequence[str] = (),
    along: Sequence[str] = (),
    details: Mapping[str, Any] | None = None,
    filter_words: Mapping[str, str] | None = None,
) -> Export:
    """Start an export of rows of one kind: check, log "started", and return what may be read.

    Args:
        rows: a query over living objects of a declared kind, in the order wanted.
        format: `csv` or `xlsx`, for the log.
        columns: names from the kind's allow-list (`exportable`); empty for all.
        along: kinds of child rows to export with their parents. As with deleting, the parents'
            rule decides.
        filter_words: the filter in words, for the log, by language.

    Raises:
        Refused: a rule reserves exports of this kind to admins.
        Invalid: a column is not on the allow-list, or a kind is no child of this one.
    """
    model = rows.model
    kind: Kind = model.kind
    with scope.account(actor.account_id):
        chosen = chosen_of(kind, columns, exportable(actor, rows))
    hanging = [_hanging(model, name) for name in along]
    tried = Attempt(how_many(actor, rows), {"format": format})
    with authorized(actor, Verb.EXPORT, kind.name, tried):
        noted = log.write(
            actor,
            Verb.EXPORT,
            kind=kind.name,
            outcome=Outcome.STARTED,
            details={
                "format": format,
                "columns": [c.name for c in chosen],
                **({"with": list(along)} if along else {}),
                **(details or {}),
            },
            personal={"filter": dict(filter_words or {})},
        )
        # In the requested order, and each row once, however it was found.
        seen = rows_of(actor, rows).order_by(*(rows.query.order_by or ("pk",)))
        with_them = [
            (_rows_along(actor, seen, child), _columns_along(model, child)) for child in hanging
        ]
    return Export(actor, noted.seq, seen, chosen, with_them)


def _hanging(model: type[Guarded], name: str) -> type[Guarded]:
    for child in kinds.children_of(model):
        if child.kind.name == name and child.kind.export:
            return child
    raise Invalid(f"The kind {name!r} does not leave with {model.kind.name!r}.")


def _rows_along(actor: Actor, rows: Rows, child: type[Guarded]) -> Rows:
    """Return the living child rows of some rows, kept together by parent, the latest first."""
    key = kinds.link(child, rows.model)
    on = {f"{key}__in": rows.order_by().values("pk")}
    return rows_of(actor, child.objects.filter(**on)).order_by(f"{key}_id", "-created_at", "-pk")


def _columns_along(model: type[Guarded], child: type[Guarded]) -> tuple[Column, ...]:
    """Return the columns to export of child rows: nothing of parents other than this one."""
    others = {key for key, parent in kinds.parents_of(child).items() if parent is not model}
    return tuple(c for c in child.kind.export if c.path.partition("__")[0] not in others)


def exportable(actor: Actor, rows: Rows) -> tuple[Column, ...]:
    """Return the columns of these rows that may be exported: the rows' own, then the allow-list."""
    kind: Kind = rows.model.kind
    return (*kind.extra_columns(rows_of(actor, rows)), *kind.export)


def chosen_of(kind: Kind, names: Sequence[str], columns: tuple[Column, ...]) -> tuple[Column, ...]:
    """Return the named columns, or all; raise `Invalid` for an unknown name."""
    if not columns:
        raise Invalid(_("%(many)s cannot be exported.") % {"many": kind.plural})
    allowed = {c.name: c for c in columns}
    unknown = [name for name in names if name not in allowed]
    if unknown:
        raise Invalid(
            _("There is no column “%(name)s” to export. Possible are: %(all)s.")
            % {"name": unknown[0], "all": ", ".join(allowed)},
            field="columns",
        )
    return tuple(allowed[name] for name in names) or columns
