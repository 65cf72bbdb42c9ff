"""What somebody asks to export: which objects, which columns, in which form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

from django.conf import settings
from django.http import QueryDict
from django.utils import translation
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
"""The most objects that are named one by one; more are chosen by their filter."""
SAID: Final[tuple[type[Guarded], ...]] = (Comment, Email)
"""What is said about objects, and can leave with them."""
_SEMICOLON_SPEAKERS: Final = frozenset({"it", "de", "fr", "es", "pt", "nl"})


def usual_dialect(language: str) -> str:
    """The dialect that spreadsheet programs open by a double click where people speak so."""
    return "semicolon" if language[:2] in _SEMICOLON_SPEAKERS else "comma"


@dataclass(frozen=True, slots=True)
class Order:
    """An export that is asked for.

    Args:
        format: one of `Format`.
        dialect: for CSV, one of `DIALECTS`.
        columns: names from the allow-list; empty for all.
        query: the list's address after `?`: its filter and its order.
        ids: objects chosen one by one; empty for all that match the filter.
        comments: whether all comments and e-mails about the objects leave with them.
        kind: what sort of object, one of `SOURCES`.
        in_words: whether heads and values are for people, in their language, or for programs.
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
        """What is known of its kind; raises `Invalid` for one that does not leave as a file."""
        if self.kind not in SOURCES:
            raise Invalid(_("This cannot be exported."), field="kind")
        return SOURCES[self.kind]

    def check(self) -> None:
        """Raise `Invalid` for what makes no sense; columns are the door's to judge."""
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
            # A list may leave a part of its filter out; a file would hold more than was meant.
            raise Invalid(
                _("The filter could not be read, so nothing was exported. %(why)s")
                % {"why": complaints[0]}
            )

    def rows(self, actor: Actor) -> Rows:
        """The objects meant that the actor sees, in the list's order."""
        return self.source.rows(actor, QueryDict(self.query), self.ids)

    def words(self, actor: Actor) -> str:
        """Which objects, in words; "" for all of the account."""
        if self.ids:
            return self.source.chosen(len(self.ids))
        return self.source.words(actor, QueryDict(self.query))[:500]

    def told(self, actor: Actor) -> dict[str, str]:
        """The same in each language: whoever reads the log reads it in their own."""
        found = {}
        for code, _name in settings.LANGUAGES:
            with translation.override(code):
                found[code] = self.words(actor)
        return found if any(found.values()) else {}

    def file_name(self, entry: int = 0) -> str:
        """What the file is called: `leads-2026-11-23-412.csv`; of several CSV files `….zip`.

        In the language at hand: `cartelle-cliente-2026-11-23-412.csv`.

        Args:
            entry: the number of the export in the log, which the name tells; 0 before it has one.
        """
        ending = "zip" if self.is_archive else self.format
        told = f"-{entry}" if entry else ""
        what = "-".join(str(self.source.kind.many).split())
        return f"{what}-{clock.now():%Y-%m-%d}{told}.{ending}"

    @property
    def is_archive(self) -> bool:
        """Whether it is several files in one: a CSV file holds one table only."""
        return self.comments and self.format == Format.CSV

    def along(self, actor: Actor) -> tuple[str, ...]:
        """The kinds that leave with the objects: those of which there is something."""
        return tuple(kind for kind, rows in _rows_along(actor, self) if rows.exists())

    def as_dict(self) -> dict[str, Any]:
        """To be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Order:
        """What `as_dict` wrote."""
        return cls(**{**data, "columns": tuple(data["columns"]), "ids": tuple(data["ids"])})


def counted(actor: Actor, order: Order) -> int:
    """How many objects would leave; raises `Gone` when there is none."""
    count = order.rows(actor).order_by().count()
    if not count:
        raise Gone(_("There is nothing to export. Reload the list and choose again."))
    return count


def counted_along(actor: Actor, order: Order) -> dict[str, int]:
    """How much that is said about them would leave with them: kind -> how many."""
    found = {kind: rows.count() for kind, rows in _rows_along(actor, order)}
    return {kind: count for kind, count in found.items() if count}


def _rows_along(actor: Actor, order: Order) -> Iterator[tuple[str, Rows]]:
    for model in _said(order.kind) if order.comments else ():
        key = kinds.link(model, kinds.model_of(order.kind))
        on = {f"{key}__in": order.rows(actor).order_by().values("pk")}
        yield model.kind.name, model.objects.filter(sight.sees(actor, model.kind.name), **on)


def _said(kind: str) -> list[type[Guarded]]:
    """What is said about objects of a kind; of the log's own entries nothing is."""
    if kind == kinds.LOG.name:
        return []
    parent = kinds.model_of(kind)
    return [model for model in SAID if parent in kinds.parents_of(model).values()]
