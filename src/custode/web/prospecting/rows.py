"""The rows of a sheet: their order at once, their cells while scrolling, and their changes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from django.http import HttpRequest, JsonResponse
from django.urls import reverse
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.address import moment, whole
from custode.prospecting import queries, row_filters
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.queries import Figures
from custode.web.prospecting.finding import list_or_404
from custode.web.shell import words
from custode.web.shell.requests import actor_of

WINDOW: Final = 200
"""The number of rows whose cells are fetched at once."""
MOST_CHANGED: Final = 500
"""The maximum number of changed rows sent one by one; for more, the sheet reloads."""
_LATE: Final = timedelta(seconds=10)
"""The maximum delay between a change's timestamp and its commit."""


@require_GET
def rows(request: HttpRequest, pk: int) -> JsonResponse:
    """Return the numbers of all matching rows in order, with the cells of the first ones.

    With `ids`, the cells of these rows; with `since`, those of the rows changed after it.
    """
    one, actor = list_or_404(request, pk), actor_of(request)
    if "ids" in request.GET:
        return answer({"data": shown(actor, _named(one, request.GET["ids"]))})
    if "since" in request.GET:
        return answer(_changed(actor, one, request.GET["since"]))
    return answer(_ordered(request, actor, one))


def _ordered(request: HttpRequest, actor: Actor, one: ProspectingList) -> dict[str, Any]:
    asked, stamp = row_filters.read(request.GET), clock.now()
    found = queries.matching(queries.visible(actor).filter(pk=one.pk), asked.wanted)
    ids = list(found.values_list("pk", flat=True))
    at = min(whole(request.GET.get("at", "")), max(len(ids) - 1, 0))
    first = max(0, at - WINDOW // 4)
    page = queries.chosen(one, ids[first : first + WINDOW])
    return {
        "ids": ids,
        "at": at,
        "data": shown(actor, page),
        "count": _counted(len(ids), queries.figures([one]).get(one.pk, Figures())),
        "complaints": asked.complaints,
        "stamp": stamp.isoformat(),
    }


def _named(one: ProspectingList, text: str) -> list[Prospect]:
    ids = [whole(part) for part in text[: 20 * WINDOW].split(".")]
    return queries.chosen(one, ids[:WINDOW])


def _changed(actor: Actor, one: ProspectingList, text: str) -> dict[str, Any]:
    """Return the changes since; the rows are not queried unless the list has changed."""
    stamp, now = moment(text), clock.now()
    told: dict[str, Any] = {"stamp": now.isoformat(), "data": [], "more": False}
    if stamp is None or one.updated_at < stamp - _LATE:
        return told
    ids = queries.changed(one, stamp - _LATE)[: MOST_CHANGED + 1]
    if len(ids) > MOST_CHANGED:
        return {**told, "more": True}
    return {**told, "data": shown(actor, queries.chosen(one, list(ids)))}


def _counted(count: int, figures: Figures) -> str:
    """Return how many rows are shown, and how many are left to do, in words."""
    shown = ngettext("%(n)s row", "%(n)s rows", count) % {"n": words.number(count)}
    left = ngettext("%(n)s left to qualify", "%(n)s left to qualify", figures.left)
    return f"{shown} · {left % {'n': words.number(figures.left)}}"


def shown(actor: Actor, page: Sequence[Prospect]) -> list[dict[str, Any]]:
    """Return rows as the sheet expects them."""
    seen, said = queries.seen_leads(actor, page), queries.comments(page)
    return [
        {
            **row.cells,
            "id": row.pk,
            "name": row.name,
            "outcome": row.outcome,
            "open": reverse("prospect", args=[row.pk]),
            "said": said.get(row.pk, 0),
            "talk": reverse("prospect_comments", args=[row.pk]),
            "lead": reverse("lead", args=[row.lead_id]) if row.lead_id in seen else "",
        }
        for row in page
    ]


def answer(data: dict[str, Any], status: int = 200) -> JsonResponse:
    """Return a response for the sheet that nobody may cache."""
    return JsonResponse(data, status=status, headers={"Cache-Control": "no-store, private"})
