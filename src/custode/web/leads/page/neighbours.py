"""The previous and next lead in the list from which the person came."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from custode.kernel.address import whole
from custode.leads import queries
from custode.leads.models import Lead
from custode.web.leads import address
from custode.web.shell.requests import actor_of


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Links from a lead: back to its list, and to its neighbours there."""

    back: str
    previous: str = ""
    next: str = ""


def of(request: HttpRequest, lead: Lead) -> Neighbours:
    """Return the lead's neighbours; `in` in the address is its position in the list, from 1."""
    place = whole(request.GET.get("in", ""))
    asked = address.read(request)
    query = asked.query()
    back = reverse("lead_list") + (f"?{query}" if query else "")
    if request.GET.get("at") == "board":
        return Neighbours(reverse("board") + (f"?{asked.filter.to_query().urlencode()}"))
    if not 0 < place < 10**9:
        return Neighbours(back)
    leads = queries.matching(actor_of(request), asked.filter)
    ids = list(leads.order_by(*asked.sort.order()).values_list("pk", flat=True)[
        max(0, place - 2) : place + 1
    ])  # fmt: skip
    places = dict(enumerate(ids, start=max(1, place - 1)))
    # An edited lead may have left its place, so that its former neighbours are now adjacent.
    here = places.get(place) == lead.pk
    return Neighbours(
        back,
        _url(places.get(place - 1 if here else place), place - 1 if here else place, query),
        _url(places.get(place + 1), place + 1, query),
    )


def _url(pk: int | None, place: int, query: str) -> str:
    if pk is None:
        return ""
    return f"{reverse('lead', args=[pk])}?in={place}" + (f"&{query}" if query else "")
