"""What somebody asks to export: which leads, which columns, in which form."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.activities.models import Comment
from custode.exchange.models import Format
from custode.exchange.writing.csv_file import COMMA, SEMICOLON, Dialect
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.leads import filters, queries, sorting, words
from custode.leads.models import Lead
from custode.leads.queries import Leads

DIALECTS: Final[dict[str, Dialect]] = {"semicolon": SEMICOLON, "comma": COMMA}
MOST_CHOSEN: Final = 1000
"""The most leads that are named one by one; more are chosen by their filter."""
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
        ids: leads chosen one by one; empty for all that match the filter.
        comments: whether all comments of the leads leave with them.
    """

    format: str
    dialect: str = "comma"
    columns: tuple[str, ...] = ()
    query: str = ""
    ids: tuple[int, ...] = ()
    comments: bool = False

    def check(self) -> None:
        """Raise `Invalid` for what makes no sense; columns are the door's to judge."""
        if self.format not in Format.values:
            raise Invalid(_("Choose CSV or an Excel workbook."), field="format")
        if self.dialect not in DIALECTS:
            raise Invalid(_("Choose how the CSV file is written."), field="dialect")
        if len(self.ids) > MOST_CHOSEN:
            raise Invalid(_("Choose fewer leads, or all that match."), field="ids")
        complaints = filters.read(QueryDict(self.query)).complaints
        if complaints and not self.ids:
            # A list may leave a part of its filter out; a file would hold more than was meant.
            raise Invalid(
                _("The filter could not be read, so nothing was exported. %(why)s")
                % {"why": complaints[0]}
            )

    def leads(self, actor: Actor) -> Leads:
        """The leads meant that the actor sees, in the list's order."""
        query = QueryDict(self.query)
        order = sorting.read(query.get("sort", "")).order()
        if self.ids:
            return queries.visible(actor).filter(pk__anyof=self.ids).order_by(*order)
        return queries.matching(actor, filters.read(query).filter).order_by(*order)

    def words(self) -> str:
        """Which leads, in words; "" for all of the account."""
        if self.ids:
            n = len(self.ids)
            return ngettext("%(n)s chosen lead", "%(n)s chosen leads", n) % {"n": n}
        return words.describe(filters.read(QueryDict(self.query)).filter)[:500]

    def file_name(self) -> str:
        """What the file is called: `leads-2026-11-23.csv`; of several CSV files `….zip`."""
        ending = "zip" if self.is_archive else self.format
        return f"{Lead.kind.name}s-{clock.now():%Y-%m-%d}.{ending}"

    @property
    def is_archive(self) -> bool:
        """Whether it is several files in one: a CSV file holds one table only."""
        return self.comments and self.format == Format.CSV

    @property
    def along(self) -> tuple[str, ...]:
        """The kinds that leave with the leads."""
        return (Comment.kind.name,) if self.comments else ()

    def as_dict(self) -> dict[str, Any]:
        """To be kept as JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Order:
        """What `as_dict` wrote."""
        return cls(**{**data, "columns": tuple(data["columns"]), "ids": tuple(data["ids"])})


def counted(actor: Actor, order: Order) -> int:
    """How many leads would leave; raises `Gone` when there is none."""
    count = order.leads(actor).order_by().count()
    if not count:
        raise Gone(_("There is no lead to export. Reload the list and choose again."))
    return count


def counted_along(actor: Actor, order: Order) -> int:
    """How many comments would leave with them."""
    if not order.comments:
        return 0
    leads = order.leads(actor).order_by().values("pk")
    return Comment.objects.filter(Comment.kind.sees(actor), lead__in=leads).count()
