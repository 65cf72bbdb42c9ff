"""What a user asks to export: which objects, which columns, in which format."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.conf import settings
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.activities import sight
from custode.activities.models import Comment, Email
from custode.exchange.models import Format
from custode.exchange.sources import SOURCES, Rows, Source
from custode.exchange.writing.csv_file import COMMA, SEMICOLON, Dialect
from custode.guard import kinds
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads.models import Lead

DIALECTS: Final[dict[str, Dialect]] = {"semicolon": SEMICOLON, "comma": COMMA}
MOST_CHOSEN: Final = 1000
"""The maximum number of objects chosen one by one; more are chosen by their filter."""
SAID: Final[tuple[type[Guarded], ...]] = (Comment, Email)
"""The kinds that are about other objects, and can be exported with them."""
_SEMICOLON_SPEAKERS: Final = frozenset({"it", "de", "fr", "es", "pt", "nl"})


def usual_dialect(language: str) -> str:
    """Return the dialect that spreadsheets open by a double click in the language's countries."""
    return "semicolon" if language[:2] in _SEMICOLON_SPEAKERS else "comma"


@dataclass(frozen=True, slots=True)
class Order:
    """A requested export.

    Args:
        format: one of `Format`.
        dialect: for CSV, one of `DIALECTS`.
        columns: names from the allow-list; empty for all.
        query: the list's URL query: its filter and its order.
        ids: objects chosen one by one; empty for all that match the filter.
        comments: whether all comments and e-mails about the objects are exported with them.
        kind: the kind of object, one of `SOURCES`.
        in_words: whether column names and values are for people, in their language, or for
            programs.
    """

    format: str
    dialect: str = "comma"
    columns: tuple[str, ...] = ()
    query: str = ""
    ids: tuple[int, ...] = ()
    comments: bool = False
    kind: str = Lead.kind.name
    in_words: bool = False

    @property
    def source(self) -> Source:
        """The source of its kind; raises `Invalid` for a kind that cannot be exported to a file."""
        if self.kind not in SOURCES:
            raise Invalid(_("This cannot be exported."), field="kind")
        return SOURCES[self.kind]

    def check(self) -> None:
        """Raise `Invalid` for an invalid order; the door checks the columns."""
        if self.format not in Format.values:
            raise Invalid(_("Choose CSV or an Excel workbook."), field="format")
        if self.dialect not in DIALECTS:
            raise Invalid(_("Choose how the CSV file is written."), field="dialect")
        if len(self.ids) > MOST_CHOSEN:
            raise Invalid(_("Choose fewer, or all that match."), field="ids")
        if self.comments and not _said(self.source.kind.name):
            raise Invalid(_("These have no comments to export."), field="comments")
        complaints = self.source.complaints(QueryDict(self.query))
        if complaints and not self.ids:
            # A list may drop a part of its filter; a file would contain more than was meant.
            raise Invalid(
                _("The filter could not be read, so nothing was exported. %(why)s")
                % {"why": complaints[0]}
            )

    def rows(self, actor: Actor) -> Rows:
        """Return the requested objects that the actor sees, in the list's order."""
        return self.source.rows(actor, QueryDict(self.query), self.ids)

    def words(self, actor: Actor) -> str:
        """Return which objects, in words; "" for all of the account."""
        if self.ids:
            return self.source.chosen(len(self.ids))
        return self.source.words(actor, QueryDict(self.query))[:500]

    def told(self, actor: Actor) -> dict[str, str]:
        """Return the same in each language, so that everybody reads the log in their own."""
        found = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[code] = self.words(actor)
        return found if any(found.values()) else {}

    def file_name(self, entry: int = 0) -> str:
        """Return the file's name: `leads-2026-11-23-412.csv`; for several CSV files `….zip`.

        In the active language, with the date of the active time zone:
        `cartelle-cliente-2026-11-23-412.csv`.

        Args:
            entry: the log number of the export, which the name includes; 0 before it has one.
        """
        ending = "zip" if self.is_archive else self.format
        told = f"-{entry}" if entry else ""
        what = "-".join(str(self.source.kind.plural).split())
        return f"{what}-{timezone.localdate(clock.now())}{told}.{ending}"

    @property
    def is_archive(self) -> bool:
        """Whether it is an archive of several files: a CSV file contains only one table."""
        return self.comments and self.format == Format.CSV

    def along(self, actor: Actor) -> tuple[str, ...]:
        """Return the kinds exported with the objects: those of which there are any."""
        return tuple(kind for kind, rows in _rows_along(actor, self) if rows.exists())

    def as_dict(self) -> dict[str, Any]:
        """Return a dict to be stored as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Order:
        """Return the order that `as_dict` stored."""
        return cls(**{**data, "columns": tuple(data["columns"]), "ids": tuple(data["ids"])})


def counted(actor: Actor, order: Order) -> int:
    """Return how many objects would be exported; raise `Gone` when there are none."""
    count = order.rows(actor).order_by().count()
    if not count:
        raise Gone(_("There is nothing to export. Reload the list and choose again."))
    return count


def counted_along(actor: Actor, order: Order) -> dict[str, int]:
    """Return how many comments and e-mails would be exported with them, by kind."""
    found = {kind: rows.count() for kind, rows in _rows_along(actor, order)}
    return {kind: count for kind, count in found.items() if count}


def _rows_along(actor: Actor, order: Order) -> Iterator[tuple[str, Rows]]:
    for model in _said(order.kind) if order.comments else ():
        key = kinds.link(model, kinds.model_of(order.kind))
        on = {f"{key}__in": order.rows(actor).order_by().values("pk")}
        yield model.kind.name, model.objects.filter(sight.sees(actor, model.kind.name), **on)


def _said(kind: str) -> list[type[Guarded]]:
    """Return the kinds that are about objects of a kind; none for the log's own entries."""
    if kind == kinds.LOG.name:
        return []
    parent = kinds.model_of(kind)
    return [model for model in SAID if parent in kinds.parents_of(model).values()]
