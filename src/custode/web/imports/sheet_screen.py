"""The screen of an import of prospects: the list, the columns' destinations, and the result."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.exchange.importing import runs
from custode.exchange.importing.choices import NEW
from custode.exchange.importing.sheets.line import names_of
from custode.exchange.importing.sheets.plan import SKIP, Fitted, Plan, chosen, fit, proposed
from custode.exchange.importing.sheets.trial import Trial, readings
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.prospecting import columns, queries
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.imports.screen import Screen
from custode.web.imports.selects import options
from custode.web.shell import words
from custode.web.shell.requests import actor_of, is_htmx

_OFFERED: Final = 200
"""The maximum number of lists that the form offers, newest first; others import on their page."""
_PREVIEWED: Final = 6


class SheetScreen(Screen):
    """The screen of imports whose rows become prospects of a list."""

    kind = Prospect.kind
    outcome = "imports/sheets/outcome.html"

    def kept(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the stored plan."""
        return _page(request, run, Plan(**run.choices), run.why)

    def changed(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the plan as sent; for another list, its columns are proposed anew."""
        return _page(request, run, _sent(request, run))

    def keep(self, request: HttpRequest, run: ImportRun) -> HttpResponse | None:
        """Store a plan that fits."""
        plan = _sent(request, run)
        try:
            fit(actor_of(request), plan, Study.from_dict(run.study).headers)
        except Invalid as error:
            return _page(request, run, plan, str(error))
        runs.decide(run, {}, plan.as_dict())
        return None

    def tried(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return how many prospects would go into which list, and the columns that it would get."""
        told, plan = Trial.from_dict(run.forecast), Plan(**run.choices)
        found: dict[str, Any] = {
            "comes": told.comes,
            "refused_rows": told.refused,
            "refusals": [
                {"line": line, "column": column, "value": value, "reason": reason}
                for line, column, value, reason in told.refusals
            ],
            "go": ngettext("Import %(n)s prospect", "Import %(n)s prospects", told.comes)
            % {"n": words.number(told.comes)},
        }
        try:
            fitted = fit(actor, plan, Study.from_dict(run.study).headers)
        except Invalid as error:
            return {**found, "mistake": str(error)}
        return {**found, "list": fitted.one, "title": plan.title, "new": list(fitted.new.values())}

    def came(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return the imported prospects that still exist, in their list."""
        left = queries.prospects(actor).filter(arrived=run.entry_id).count()
        one = _list_of(actor, run)
        return {
            "left": left,
            "left_words": ngettext(
                "%(n)s of %(total)s prospects is still there: left out, worked on since, or"
                " restored.",
                "%(n)s of %(total)s prospects are still there: left out, worked on since, or"
                " restored.",
                left,
            )
            % {"n": words.number(left), "total": words.number(run.imported)},
            "show": reverse("prospecting_list", args=[one.pk]) if one else "",
            "show_words": _("Open the list"),
        }


def _list_of(actor: Actor, run: ImportRun) -> ProspectingList | None:
    """Return the list of an import, if it exists and the actor sees it."""
    lists = queries.visible(actor)
    into = run.choices.get("into", NEW)
    return (
        lists.filter(arrived=run.entry_id).first() if into == NEW else chosen_or_none(actor, into)
    )


def chosen_or_none(actor: Actor, into: str) -> ProspectingList | None:
    """Return the chosen list; None if it does not exist."""
    try:
        return chosen(actor, into)
    except Invalid:
        return None


def _sent(request: HttpRequest, run: ImportRun) -> Plan:
    data, told = request.POST, Study.from_dict(run.study)
    title = data.get("title", run.choices.get("title", "")).replace("\x00", "")[:300]
    into = data.get("into", NEW)[:20]
    if into != data.get("into_before", into):
        try:
            return proposed(actor_of(request), told, into, title)
        except Invalid:
            return Plan(into, title, Plan(**run.choices).places)
    return Plan(into, title, _places(data, told))


def _places(data: QueryDict, told: Study) -> dict[str, str]:
    return {
        header: data.get(f"place-{number}", SKIP)[:20] for number, header in enumerate(told.headers)
    }


def _page(request: HttpRequest, run: ImportRun, plan: Plan, mistake: str = "") -> HttpResponse:
    actor, told = actor_of(request), Study.from_dict(run.study)
    one = chosen_or_none(actor, plan.into)
    fitted: Fitted | None = None
    try:
        fitted = fit(actor, plan, told.headers)
    except Invalid as error:
        mistake = mistake or str(error)
    if one is None and plan.into != NEW:
        plan = Plan(NEW, plan.title, proposed(actor, told, NEW, plan.title).places)
    context: dict[str, Any] = {
        "run": run,
        "mistake": mistake,
        "before": runs.same_before(run),
        "told": told,
        "plan": plan,
        "lists": _lists(actor, plan.into, one),
        "columns": _columns(told, plan, one),
        "names": list(names_of(fitted).values()) if fitted else [],
        "rows": _preview(told, fitted) if fitted else [],
        "form_template": "imports/sheets/form.html",
    }
    template = context["form_template"] if is_htmx(request) else "imports/mapping.html"
    return render(request, template, context, status=422 if "go" in request.POST else 200)


def _lists(actor: Actor, into: str, one: ProspectingList | None) -> list[tuple[str, str, bool]]:
    found = list(queries.found_lists(actor, "", archived=False)[:_OFFERED])
    if one is not None and one not in found:
        found.insert(0, one)
    return options([(NEW, _("A new list")), *((item.pk, item.title) for item in found)], into)


def _columns(told: Study, plan: Plan, one: ProspectingList | None) -> list[dict[str, Any]]:
    standing = columns.of(one) if one else []
    pairs = [
        (NEW, _("a new column")), (SKIP, _("left out")), *((c.pk, c.name) for c in standing),
    ]  # fmt: skip
    return [
        {
            "number": number,
            "name": column.name,
            "samples": column.samples,
            "is_empty": not column.filled,
            "places": options(pairs, plan.places.get(column.name, SKIP)),
            "is_skipped": plan.places.get(column.name, SKIP) == SKIP,
        }
        for number, column in enumerate(told.columns)
    ]


def _preview(told: Study, fitted: Fitted) -> Sequence[dict[str, Any]]:
    """Return the first rows as the list will have them."""
    rows = zip(readings(told.table, fitted.headers), range(_PREVIEWED), strict=False)
    return [
        {
            "line": row.line,
            "refusals": row.refusals,
            "cells": [(row.draft or {}).get(header, "") for header in fitted.headers],
        }
        for row, _n in rows
    ]
