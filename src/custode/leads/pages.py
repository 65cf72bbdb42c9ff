"""Pages of a long list, as fast for the last page as for the first.

The database first finds the numbers of one page's leads, from an index alone, then fetches these
leads; a page deep in the second half is counted from the end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from custode.kernel.actor import Actor
from custode.leads import figures
from custode.leads.models import Lead, LeadTag
from custode.leads.queries import Leads, visible
from custode.leads.sorting import Sort

SIZES: Final = (25, 50, 100)
USUAL_SIZE: Final = 50
NOT_IN_LISTS: Final = ("description", "searched", "title_folded", "reference")


@dataclass(frozen=True, slots=True)
class Page:
    """A page of leads. `number` starts at 1 and is within the existing pages.

    Args:
        tags: the names of tags, by lead number.
    """

    leads: list[Lead]
    tags: dict[int, list[str]]
    number: int
    pages: int
    count: int
    size: int

    @property
    def first(self) -> int:
        """The position of the page's first lead in the whole list, from 1."""
        return (self.number - 1) * self.size + 1

    @property
    def last(self) -> int:
        """The position of its last lead."""
        return self.first + len(self.leads) - 1

    @property
    def previous(self) -> int | None:
        """The number of the page before, if any."""
        return self.number - 1 if self.number > 1 else None

    @property
    def next(self) -> int | None:
        """The number of the page after, if any."""
        return self.number + 1 if self.number < self.pages else None


def page(
    actor: Actor,
    leads: Leads,
    sort: Sort,
    number: int,
    size: int = USUAL_SIZE,
    count: int | None = None,
) -> Page:
    """Return a page of a query's leads; a number beyond the last returns the last.

    Args:
        count: the number of leads, if known already.
    """
    count = figures.count(actor, leads) if count is None else count
    pages = max(1, -(-count // size))
    number = min(max(1, number), pages)
    ids = _ids(leads, sort, (number - 1) * size, size, count)
    return Page(fetched(actor, ids), tags_of(ids), number, pages, count, size)


def fetched(actor: Actor, ids: list[int]) -> list[Lead]:
    """Return the leads of these numbers, in this order, with what a row of a list shows."""
    rows = visible(actor).filter(pk__anyof=ids).select_related("step__pipeline", "owner")
    found = {lead.pk: lead for lead in rows.defer(*NOT_IN_LISTS)}
    return [found[pk] for pk in ids if pk in found]


def tags_of(ids: Iterable[int]) -> dict[int, list[str]]:
    """Return tag names by lead, in order, by one query; leads without tags are left out."""
    links = LeadTag.objects.filter(lead__in=list(ids)).order_by("tag__folded")
    names: dict[int, list[str]] = {}
    for pk, name in links.values_list("lead_id", "tag__name"):
        names.setdefault(pk, []).append(name)
    return names


def _ids(leads: Leads, sort: Sort, offset: int, size: int, count: int) -> list[int]:
    ordered = leads.order_by(*sort.order()).values_list("pk", flat=True)
    if offset <= count // 2:
        return list(ordered[offset : offset + size])
    # The count may be some seconds old; so near the end it only chooses the direction.
    from_end = count - offset
    last = min(size, from_end)
    return list(ordered.reverse()[from_end - last : from_end])[::-1]
