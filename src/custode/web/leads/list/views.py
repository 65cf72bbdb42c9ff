"""The views of the list of leads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.leads import figures, pages, queries, sight, words
from custode.leads.models import Lead, Status
from custode.leads.pages import SIZES, Page
from custode.leads.sorting import Sort
from custode.web.leads import address, choices, own
from custode.web.leads.address import Asked
from custode.web.leads.list import columns
from custode.web.shell.requests import actor_of, is_htmx


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: the contents of one column for one lead."""

    name: str
    label: str | Promise
    text: str | SafeString
    is_number: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A lead in the list; `place` is its position in the whole list, from 1."""

    lead: Lead
    cells: list[Cell]
    place: int


@dataclass(frozen=True, slots=True)
class Head:
    """The head of a column: its link, and its present order."""

    label: str | Promise
    is_number: bool
    query: str | None = None
    sorted: str = ""


@require_GET
def lead_list(request: HttpRequest) -> HttpResponse:
    """Show the list that the address asks for; for htmx only its results."""
    asked = address.read(request)
    if is_htmx(request):
        response = results(request, asked)
        response["HX-Push-Url"] = _url(asked)
        return response
    return render(request, "leads/list/list.html", {**_results(request, asked), **_menus(request)})


def results(request: HttpRequest, asked: Asked) -> HttpResponse:
    """Render only the results, which replace the former ones, and the way to their board."""
    words = {**_results(request, asked), "oob": True}
    return render(request, "leads/list/results.html", words)


def _url(asked: Asked) -> str:
    query = asked.query()
    return reverse("lead_list") + (f"?{query}" if query else "")


def _results(request: HttpRequest, asked: Asked) -> dict[str, Any]:
    actor = actor_of(request)
    leads = queries.matching(actor, asked.filter)
    sums = figures.by_step(actor, leads)
    count = sum(one.count for one in sums)
    page = pages.page(actor, leads, asked.sort, asked.page, asked.size, count)
    fields = own.fields()
    every = columns.every(fields)
    shown = columns.chosen(request, every)
    return {
        "asked": asked,
        "query": asked.query(),
        "filter": asked.filter,
        "board_query": asked.filter.to_query().urlencode(),
        "marks": [(mark.text, asked.but(filter=mark.rest)) for mark in words.marks(asked.filter)],
        "page": page,
        "rows": _rows(page, shown),
        "heads": _heads(asked, shown),
        "sorted_by_title": _head_of("title", asked),
        "totals": list(figures.totals(sums).items()),
        "pages": _pages(asked, page),
        "sizes": [(size, asked.but(size=size)) for size in SIZES],
        "new_lead": choices.new_url(asked.filter.pipeline),
        "is_empty": not count and not asked.filter,
        "may_delete": policy.may(actor, Verb.DELETE, Lead.kind.name),
        "may_export": policy.may(actor, Verb.EXPORT, Lead.kind.name),
        "pipelines": choices.pipelines(),
        "may_assign": sight.may_assign(actor),
        "owners": choices.owners(request),
        "heirs": choices.heirs(request),
        "tags": choices.tags(),
        "own": own.wanted(fields, asked.filter.own),
        "all_columns": [(c.name, c.label, c in shown) for c in every],
    }


def _menus(request: HttpRequest) -> dict[str, Any]:
    return {"statuses": Status.choices}


def _rows(page: Page, shown: list[columns.Column]) -> list[Row]:
    return [
        Row(
            lead,
            [
                Cell(c.name, c.label, c.cell(lead, page.tags.get(lead.pk, [])), c.is_number)
                for c in shown
            ],
            page.first + i,
        )
        for i, lead in enumerate(page.leads)
    ]


def _heads(asked: Asked, shown: list[columns.Column]) -> list[Head]:
    return [
        Head(c.label, c.is_number, *_head_of(c.sort, asked))
        if c.sort
        else Head(c.label, c.is_number)
        for c in shown
    ]


def _head_of(by: str, asked: Asked) -> tuple[str, str]:
    """Return the link of a column's head, and its present order as an ARIA value."""
    if asked.sort.by == by:
        now = "descending" if asked.sort.down else "ascending"
        return asked.but(sort=asked.sort.turned()), now
    return asked.but(sort=Sort(by, by in {"amount", "updated", "created"})), ""


def _pages(asked: Asked, page: Page) -> dict[str, str | None]:
    """Return the links of the paging buttons; None if there is no such page."""
    places = {
        "first": 1 if page.number > 1 else None,
        "previous": page.previous,
        "next": page.next,
        "last": page.pages if page.number < page.pages else None,
    }
    return {name: None if to is None else asked.but(page=to) for name, to in places.items()}
