"""The page of the search over everything, and its results while typing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from custode.guard.search_texts import SHORTEST
from custode.kernel import address
from custode.kernel.actor import Actor
from custode.kernel.text import fold
from custode.web.search.groups import GROUPS, Group, Hit
from custode.web.shell.requests import actor_of, is_htmx

LONGEST: Final = 200
"""The maximum number of characters of a search."""
MOST_WORDS: Final = 10
FEW: Final = 5
"""Rows per group; a link leads to the others."""
MANY: Final = 100
"""Rows of a single group, if no other page shows all of them."""
MOST_COUNTED: Final = 999
"""The highest count of a group; beyond it the page says "more"."""


@dataclass(frozen=True, slots=True)
class Found:
    """The results in one group.

    Args:
        more: the address of all results; "" if all are shown.
    """

    group: Group
    hits: list[Hit]
    count: int
    and_more: bool
    more: str


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show everything with these words that the person sees; for htmx only the results."""
    q = address.words(request.GET.get("q", ""), LONGEST)
    only = next((one for one in GROUPS if one.name == request.GET.get("in")), None)
    words = list(dict.fromkeys(fold(q).split()))
    looked = words[:MOST_WORDS]
    context = {
        "q": q,
        "only": only,
        "looked": looked,
        "found": _found(actor_of(request), looked, q, only) if looked else [],
        "complaint": _complaint(request.GET.get("q", ""), words),
        "is_short": bool(looked) and all(len(word) < SHORTEST for word in looked),
    }
    if not is_htmx(request):
        return render(request, "search/search.html", context)
    answer = render(request, "search/results.html", context)
    answer["HX-Push-Url"] = _here(q, only) if q else reverse("search")
    return answer


def _complaint(typed: str, words: Sequence[str]) -> str:
    """Return what was not searched for; a shorter search finds more, so this is always said."""
    if len(typed.strip()) > LONGEST:
        return _("The search is too long. A part of it was left out.")
    if len(words) > MOST_WORDS:
        return _("Only the first %(n)s words were looked for.") % {"n": MOST_WORDS}
    return ""


def _found(actor: Actor, words: Sequence[str], q: str, only: Group | None) -> list[Found]:
    found = []
    for group in (only,) if only else GROUPS:
        rows = group.rows(actor, words)
        if rows is None:
            continue
        shown = list(rows[: MANY if only else FEW])
        if not shown:
            continue
        count = rows.order_by().values("pk")[: MOST_COUNTED + 1].count()
        more = "" if len(shown) == count else _all(group, q, only)
        hits = [group.hit(row, words) for row in shown]
        found.append(Found(group, hits, min(count, MOST_COUNTED), count > MOST_COUNTED, more))
    return found


def _all(group: Group, q: str, only: Group | None) -> str:
    if group.all_url:
        return f"{reverse(group.all_url)}?{_query(q=q)}"
    return "" if only else _here(q, group)


def _here(q: str, only: Group | None) -> str:
    named: dict[str, Any] = {"in": only.name} if only else {}
    return f"{reverse('search')}?{_query(q=q, **named)}"


def _query(**values: str) -> str:
    query = QueryDict(mutable=True)
    for name, value in values.items():
        query[name] = value
    return query.urlencode()
