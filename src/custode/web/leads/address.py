"""What the address of a list or a board asks for, and the addresses that lead on from there."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict

from custode.kernel.address import whole
from custode.leads import filters, sorting
from custode.leads.filters import Filter
from custode.leads.pages import SIZES, USUAL_SIZE
from custode.leads.sorting import Sort


@dataclass(frozen=True, slots=True)
class Asked:
    """A filter, an order and a page; and sentences about what could not be read."""

    filter: Filter
    sort: Sort
    page: int = 1
    size: int = USUAL_SIZE
    complaints: tuple[str, ...] = ()

    def query(self) -> str:
        """The same as an address carries it, without what is usual."""
        query: QueryDict = self.filter.to_query()
        if self.sort != Sort():
            query["sort"] = str(self.sort)
        if self.size != USUAL_SIZE:
            query["size"] = str(self.size)
        if self.page > 1:
            query["page"] = str(self.page)
        return query.urlencode()

    def but(self, **changes: Any) -> str:
        """The query with something changed; any change but that of the page goes to page 1."""
        changes.setdefault("page", 1)
        return replace(self, **changes).query()


def read(request: HttpRequest) -> Asked:
    """What this request's address asks for."""
    return read_query(request.GET)


def read_query(query: QueryDict) -> Asked:
    """What a query asks for."""
    reading = filters.read(query)
    size = whole(query.get("size", ""))
    return Asked(
        reading.filter,
        sorting.read(query.get("sort", "")),
        max(1, whole(query.get("page", ""))),
        size if size in SIZES else USUAL_SIZE,
        reading.complaints,
    )
