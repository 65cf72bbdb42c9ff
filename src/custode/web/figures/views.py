"""The page of figures: created, won and lost by month and person, and what is expected to close."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from custode.leads import performance
from custode.leads.performance import Month
from custode.leads.queries import today
from custode.web.figures import filters as asking
from custode.web.figures import pictures, tables
from custode.web.figures.filters import Asked
from custode.web.leads import choices
from custode.web.shell.requests import account_of, actor_of


@require_GET
def figures(request: HttpRequest) -> HttpResponse:
    """Show the requested figures of the leads that the person sees."""
    actor, people, teams = actor_of(request), asking.owners(request), asking.teams_of(request)
    asked = asking.read(request, teams, people)
    wanted = asked.filter(asking.members_of(asked.team))
    found = performance.groups(actor, wanted, asked.months)
    ahead = performance.forecast(actor, wanted)
    currencies = tables.currencies([*found, *ahead], account_of(request).currency)
    found, ahead = tables.in_order(found, currencies), tables.in_order(ahead, currencies)
    context: dict[str, Any] = {
        "asked": asked,
        "pipelines": choices.pipelines(),
        "teams": teams,
        "people": people,
        "quick": _quick(asked),
        "by_month": tables.by_month(found, asked.months, wanted),
        "by_person": tables.by_person(found, asked.months, wanted),
        "forecast": tables.forecast(ahead, wanted),
        "counts_chart": pictures.counts(found, asked.months),
        "money_charts": [pictures.won(found, asked.months, one) for one in currencies],
        "forecast_charts": [pictures.expected(ahead, one) for one in currencies],
        "is_empty": not found and not ahead,
    }
    return render(request, "figures/figures.html", context)


def _quick(asked: Asked) -> list[tuple[str, str, bool]]:
    """Return the usual periods: label, query, and whether it is the current one."""
    now = Month.of(today())
    january = Month(now.year, 1)
    periods = (
        (_("Last 12 months"), now.after(-11), now),
        (_("This year"), january, now),
        (_("Last year"), january.after(-12), january.after(-1)),
        (_("Last 3 months"), now.after(-2), now),
    )
    return [
        (words, asked.but(first, last), (first, last) == (asked.first, asked.last))
        for words, first, last in periods
    ]
