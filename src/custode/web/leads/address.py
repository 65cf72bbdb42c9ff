"""Read the address of a list or a board, and build the addresses that lead on from it."""

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
    """A filter, an order and a page; and messages about parameters that could not be read."""

    filter: Filter
    sort: Sort
    page: int = 1
    size: int = USUAL_SIZE
    complaints: tuple[str, ...] = ()

    def query(self) -> str:
        """Return the query string, without default values."""
        query: QueryDict = self.filter.to_query()
        if self.sort != Sort():
            query["sort"] = str(self.sort)
        if self.size != USUAL_SIZE:
            query["size"] = str(self.size)
        if self.page > 1:
            query["page"] = str(self.page)
        return query.urlencode()

    def but(self, **changes: Any) -> str:
        """Return the query string with changes; any change except of the page leads to page 1."""
        changes.setdefault("page", 1)
        return replace(self, **changes).query()


def read(request: HttpRequest) -> Asked:
    """Return what this request's address asks for."""
    return read_query(request.GET)


def read_query(query: QueryDict) -> Asked:
    """Return what a query asks for."""
    reading = filters.read(query)
    size = whole(query.get("size", ""))
    return Asked(
        reading.filter,
        sorting.read(query.get("sort", "")),
        max(1, whole(query.get("page", ""))),
        size if size in SIZES else USUAL_SIZE,
        reading.complaints,
    )
