"""Acts on chosen rows of a sheet: delete, mark, turn into leads."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.guard import door
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.prospecting import outcomes, queries, row_filters
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from custode.web.prospecting.finding import list_or_404
from custode.web.shell import many, words
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell

MOST_CHOSEN: Final = 5_000
"""The maximum number of rows that are named one by one; more are chosen by their filter."""


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one act to the chosen rows (`ids`, or `all` that the address asks for)."""
    one, actor = list_or_404(request, pk), actor_of(request)
    where = _where(one)
    rows = many.chosen(request, where)
    if "delete" in request.POST:
        if question := many.ask_to_delete(request, where, rows):
            return question
        _delete(request, actor, rows)
        return _done(request, one)
    ids = list(rows.values_list("pk", flat=True))
    if not ids:
        raise Gone(_("None of these prospects is here any more. Reload the list."))
    if request.POST.get("outcome") in {Outcome.LEFT, Outcome.NOT_INTERESTED}:
        _mark(request, actor, one, ids)
    elif "lead" in request.POST:
        _into_leads(request, actor, one, ids)
    else:
        raise Http404
    return _done(request, one)


def _where(one: ProspectingList) -> many.List:
    return many.List(
        model=Prospect,
        visible=lambda actor: queries.prospects(actor).filter(in_list=one),
        matching=partial(_matching, one),
        url=reverse("prospecting_act", args=[one.pk]),
        back=reverse("prospecting_list", args=[one.pk]),
        note=_("Leads that were made of them stay."),
        most=MOST_CHOSEN,
        target="#sheet-answer",
    )


def _matching(one: ProspectingList, request: HttpRequest) -> many.Rows:
    asked = row_filters.read(request.GET)
    if asked.complaints:
        raise Invalid(
            _("The filter could not be read, so nothing was changed. %(why)s")
            % {"why": asked.complaints[0]}
        )
    return queries.matching(queries.visible(actor_of(request)).filter(pk=one.pk), asked.wanted)


def _delete(request: HttpRequest, actor: Actor, rows: many.Rows) -> None:
    act = door.delete(actor, rows)
    said = ngettext(
        "%(n)s prospect moved to the trash.", "%(n)s prospects moved to the trash.", act.count
    )
    tell(request, said % {"n": words.number(act.count)}, undo=act.seq)


def _mark(request: HttpRequest, actor: Actor, one: ProspectingList, ids: list[int]) -> None:
    outcome = Outcome(request.POST["outcome"])
    marked = outcomes.mark(actor, one, ids, outcome)
    n = len(marked)
    if not n:
        tell(request, _("There was nothing to change."))
        return
    if n == 1:
        said = (
            _("“%(name)s” is not interested.")
            if outcome is Outcome.NOT_INTERESTED
            else _("“%(name)s” is left to qualify.")
        )
        tell(request, said % {"name": marked[0].name})
        return
    said = (
        ngettext("%(n)s prospect is not interested.", "%(n)s prospects are not interested.", n)
        if outcome is Outcome.NOT_INTERESTED
        else ngettext(
            "%(n)s prospect is left to qualify.", "%(n)s prospects are left to qualify.", n
        )
    )
    tell(request, said % {"n": words.number(n)})


def _into_leads(request: HttpRequest, actor: Actor, one: ProspectingList, ids: list[int]) -> None:
    became = outcomes.into_leads(actor, one, ids)
    n = len(became)
    if not n:
        tell(request, _("These prospects are leads already."))
        return
    if n == 1:
        said = _("“%(name)s” is a lead now.") % {"name": became[0].name}
        tell(request, said, lead=became[0].lead_id or 0)
        return
    said = ngettext("%(n)s prospect is a lead now.", "%(n)s prospects are leads now.", n)
    tell(request, said % {"n": words.number(n)})


def _done(request: HttpRequest, one: ProspectingList) -> HttpResponse:
    if not is_htmx(request):
        return redirect("prospecting_list", one.pk)
    # The sheet fetches its rows again; the response carries the messages.
    return HttpResponse("", headers={"HX-Trigger": "sheetChanged, closeDialog"})
