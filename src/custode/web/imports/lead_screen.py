"""The screen of an import of leads: the mapping's form, a trial's findings, and the result."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.exchange.importing import runs
from custode.exchange.importing.choices import Choices
from custode.exchange.importing.deciding import decide
from custode.exchange.importing.forecast import Forecast
from custode.exchange.importing.names import Names
from custode.exchange.importing.needs import needs
from custode.exchange.importing.own import Own
from custode.exchange.importing.owners import fates, named_in, question
from custode.exchange.importing.studies import Study
from custode.exchange.models import ImportRun
from custode.exchange.reading import MappingError, from_dict
from custode.exchange.reading.currencies import CODES
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import queries
from custode.leads.models import Lead, Status
from custode.web.imports import forms
from custode.web.imports.mapping_form import Form
from custode.web.imports.screen import Screen
from custode.web.shell import words
from custode.web.shell.requests import actor_of, is_htmx


class LeadScreen(Screen):
    """The screen of imports whose rows become leads."""

    kind = Lead.kind
    outcome = "imports/outcome_of_leads.html"

    def kept(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the stored mapping."""
        return _page(request, run)

    def changed(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        """Show the mapping as sent, completed with what is certain."""
        return _page(request, run, _sent(request, run))

    def keep(self, request: HttpRequest, run: ImportRun) -> HttpResponse | None:
        """Store a mapping that leaves no question open."""
        sent, told = _sent(request, run), Study.from_dict(run.study)
        names = Names.load(actor_of(request))
        try:
            decided = decide(sent.mapping, told, names, sent.choices)
        except Invalid as error:
            return _page(request, run, sent, str(error))
        if decided.questions:
            columns = ", ".join(f"“{one.column}”" for one in decided.questions)
            mistake = _("Answer what is asked beside these columns: %(columns)s.")
            return _page(request, run, sent, mistake % {"columns": columns})
        asked = fates(named_in(run, told, decided.mapping), names, sent.choices, {}).asked
        if asked:
            return _page(request, run, sent, question(asked))
        runs.set_mapping(run, decided.mapping, sent.choices)
        return None

    def tried(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return how many leads of each status there would be, and what they would create."""
        told = Forecast.from_dict(run.forecast)
        statuses, counts = dict(Status.choices), Counter[str]()
        for code, rows in told.statuses.items():
            counts[code or Status.TODO] += rows
        found: dict[str, Any] = {
            "told": told,
            "comes": told.leads,
            "refused_rows": told.refused,
            "go": ngettext("Import %(n)s lead", "Import %(n)s leads", told.leads)
            % {"n": words.number(told.leads)},
            "statuses": [(statuses[code], rows) for code, rows in counts.most_common()],
            "totals": [words.money(minor, code) for code, minor in told.totals.most_common(5)],
            "refusals": [
                {"line": line, "column": column, "value": value, "reason": reason}
                for line, column, value, reason in told.refusals
            ],
        }
        try:
            needed = needs(told, Names.load(actor), Choices(**run.choices))
        except Invalid as error:
            return {**found, "mistake": str(error)}
        return {
            **found,
            "needed": needed,
            "unassigned": sum(needed.unassigned.values()),
            "elsewhere": sum(needed.elsewhere.values()),
            "mistake": question(needed.asked) if needed.asked else "",
            "not_allowed": needed.of_admins and not actor.is_admin,
        }

    def came(self, actor: Actor, run: ImportRun) -> dict[str, Any]:
        """Return the imported leads that still exist, in the list of leads."""
        left = queries.visible(actor).filter(arrived=run.entry_id).count()
        return {
            "left": left,
            "left_words": ngettext(
                "%(n)s of %(total)s leads is still there: left out, worked on since, somebody"
                " else’s, or restored.",
                "%(n)s of %(total)s leads are still there: left out, worked on since, somebody"
                " else’s, or restored.",
                left,
            )
            % {"n": words.number(left), "total": words.number(run.imported)},
            "show": f"{reverse('lead_list')}?import={run.entry_id}",
            "show_words": _("Show these leads"),
        }


def _sent(request: HttpRequest, run: ImportRun) -> forms.Sent:
    told, actor = Study.from_dict(run.study), actor_of(request)
    return forms.read(
        request.POST, told, Choices(**run.choices), named=partial(named_in, run, told),
        is_admin=actor.is_admin, own=Own.load(),
    )  # fmt: skip


def _page(
    request: HttpRequest, run: ImportRun, sent: forms.Sent | None = None, mistake: str = ""
) -> HttpResponse:
    """Render the mapping's form, as stored or as just sent."""
    actor = actor_of(request)
    told, names = Study.from_dict(run.study), Names.load(actor)
    kept = Choices(**run.choices)
    known = sent or forms.Sent(from_dict(run.mapping, told.headers), kept)
    try:
        decided = decide(known.mapping, told, names, known.choices)
    except Invalid as error:
        mistake = mistake or str(error)
        choices = _without_mistake(known.choices, kept, error)
        mapping = known.mapping
        if isinstance(error, MappingError):
            mapping = from_dict(run.mapping, told.headers)
        decided = decide(mapping, told, names, choices)
        known = forms.Sent(mapping, choices)
    form = Form(told, decided, known.choices, actor, names, named_in(run, told, decided.mapping))
    context: dict[str, Any] = {
        "run": run,
        "form": form,
        "mistake": mistake or ("" if sent else run.why),
        "before": runs.same_before(run),
        "opened": request.headers.get("HX-Trigger-Name", ""),
        "currencies": sorted(CODES),
    }
    context["form_template"] = "imports/mapping_form.html"
    template = context["form_template"] if is_htmx(request) else "imports/mapping.html"
    return render(request, template, context, status=422 if mistake else 200)


def _without_mistake(sent: Choices, kept: Choices, error: Invalid) -> Choices:
    if error.field in {"pipeline", "pipeline_name"}:
        return Choices(**{**sent.as_dict(), "pipeline": kept.pipeline, "pipeline_name": ""})
    return sent
