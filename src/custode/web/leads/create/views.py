"""Quick creation of a lead: a title and a few fields, then its page or the next lead."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from custode.clients import queries as folders
from custode.clients.models import ClientFolder
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, read_all
from custode.leads import checks, figures, moves, queries
from custode.leads.filters import Filter
from custode.leads.models import Lead, Step
from custode.web.leads import amounts, choices, own
from custode.web.leads.choices import WithSteps
from custode.web.leads.moving import day_of
from custode.web.leads.page import fields
from custode.web.shell.requests import account_of, actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def lead_new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new lead, in the dialog or on a page of its own; a POST creates it."""
    if request.method == "GET":
        return _form(request, _empty(request))
    try:
        made = _create(request)
    except Invalid as error:
        return _form(request, request.POST.dict(), error)
    if "another" in request.POST:
        tell(request, _("“%(lead)s” was created.") % {"lead": made.title})
        kept = {name: request.POST.get(name, "") for name in ("step", "owner", "currency")}
        return _form(request, kept)
    url = _shown_at(request, made)
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": url})
    return redirect(url)


def _shown_at(request: HttpRequest, made: Lead) -> str:
    """Return the new lead's page.

    If its owner's leads are not visible, return the list's page, and leave a message.
    """
    if queries.visible(actor_of(request)).filter(pk=made.pk).exists():
        return reverse("lead", args=[made.pk])
    said = _("“%(lead)s” was created. You do not see it: it belongs to somebody else.")
    tell(request, said % {"lead": made.title})
    return reverse("lead_list")


def _create(request: HttpRequest) -> Lead:
    form, actor = request.POST, actor_of(request)
    usual = account_of(request).currency
    known = own.fields()
    values = read_all(
        {
            "title": lambda: checks.title(form.get("title", "")),
            "step": lambda: choices.step_of(
                form.get("step", ""), _("Choose a step from the list.")
            ),
            "owner": lambda: choices.owner_of(
                form.get("owner", ""), _("Choose a user from the list.")
            ),
            "money": lambda: fields.money(form, usual),
            "probability": lambda: fields.probability(form),
            "estimated_closing_date": lambda: fields.closing(form),
            "remind_date": lambda: day_of(form.get("remind_date", ""), "remind_date"),
            "tags": lambda: fields.tag_names(form),
            "own": lambda: own.sent(known, form),
            "description": lambda: fields.description(form),
        }
    )
    if "same" not in form:
        own.require_new(actor, Lead.kind.name, known, values["own"])
    return moves.create(
        actor, client_folder=_folder(request, form), **values.pop("money"), **values
    )


def _folder(request: HttpRequest, form: QueryDict) -> ClientFolder | None:
    """Return the client folder that an address or a form names, if the person sees it."""
    asked = whole(form.get("folder", ""))
    return folders.visible(actor_of(request)).filter(pk=asked).first() if asked else None


def _empty(request: HttpRequest) -> dict[str, Any]:
    """Return an empty form: own lead, the address's step, the most common currency there."""
    actor = actor_of(request)
    chosen, step = _place(request)
    steps = tuple(sorted(one.pk for one in chosen.steps))
    there = figures.by_step(actor, queries.matching(actor, Filter(steps=steps)))
    return {
        "step": str(step.pk),
        "owner": str(user_of(request).pk),
        "currency": figures.usual_currency(there) or account_of(request).currency,
    }


def _place(request: HttpRequest) -> tuple[WithSteps, Step]:
    """Return the step that the address names, or the first of the named or default pipeline."""
    everything = choices.pipelines()
    wanted = whole(request.GET.get("step", ""))
    for one in everything:
        for step in one.steps:
            if step.pk == wanted:
                return one, step
    pipeline = whole(request.GET.get("pipeline", ""))
    named = (one for one in everything if one.pipeline.pk == pipeline)
    chosen = next(named, None) or choices.usual(everything)
    return chosen, chosen.steps[0]


def _form(
    request: HttpRequest, typed: dict[str, Any], error: Invalid | None = None
) -> HttpResponse:
    usual = account_of(request).currency
    folder = _folder(request, request.POST if request.method == "POST" else request.GET)
    wrong = {field or "title": said for field, said in error.wrong.items()} if error else {}
    context = {
        "own": own.form(own.fields(), typed, wrong),
        "own_same": "same" in typed or isinstance(error, own.HasTwin),
        "own_twin": error.twin if isinstance(error, own.HasTwin) else None,
        "folder": folder,
        "typed": typed,
        "wrong": wrong,
        "first_wrong": next(iter(wrong), "title"),
        "pipelines": choices.pipelines(),
        "owners": choices.heirs(request),
        "tags": choices.tags(),
        "currencies": [usual, *(c for c in amounts.CURRENCIES if c != usual)],
    }
    name = "leads/create/dialog.html" if is_htmx(request) else "leads/create/create.html"
    return render(request, name, context, status=422 if error else 200)
