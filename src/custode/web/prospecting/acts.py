"""What is done to chosen rows of a sheet: deleted, marked, turned into leads."""

from __future__ import annotations

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.guard import door, policy
from custode.guard.kinds import Verb, family
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid
from custode.prospecting import asking, outcomes, queries
from custode.prospecting.models import Outcome, Prospect, ProspectingList
from custode.web.prospecting.finding import list_or_404
from custode.web.shell import words
from custode.web.shell.requests import account_of, actor_of, is_htmx
from custode.web.shell.toasts import tell

AT_ONCE: Final = 10
"""Up to so many rows go to the trash without a question; undo is beside the answer."""
MOST_CHOSEN: Final = 5_000
"""The most rows that are named one by one; more are chosen by their filter."""


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one act to the chosen rows (`ids`, or `all` that the address asks for)."""
    one, actor = list_or_404(request, pk), actor_of(request)
    ids = _chosen(request, actor, one)
    if "delete" in request.POST:
        confirmed = whole(request.POST.get("confirmed", ""))
        many = len(ids) > AT_ONCE and policy.may(actor, Verb.DELETE, Prospect.kind.name).ok
        if many and confirmed != len(ids):
            return _ask(request, one, ids, confirmed)
        _delete(request, actor, ids)
    elif request.POST.get("outcome") in {Outcome.LEFT, Outcome.NOT_INTERESTED}:
        _mark(request, actor, one, ids)
    elif "lead" in request.POST:
        _into_leads(request, actor, one, ids)
    else:
        raise Http404
    return _done(request, one)


def _chosen(request: HttpRequest, actor: Actor, one: ProspectingList) -> list[int]:
    """The numbers of the chosen rows that are there.

    Raises:
        Invalid: more were chosen than a form names, or all of what cannot be read in full.
        Gone: none of those chosen is left.
    """
    asked = asking.read(request.GET)
    mine = queries.visible(actor).filter(pk=one.pk)
    if request.POST.get("all"):
        if asked.complaints:
            raise Invalid(
                _("The filter could not be read, so nothing was changed. %(why)s")
                % {"why": asked.complaints[0]}
            )
        found = queries.matching(mine, asked.wanted)
    else:
        named = [whole(text) for text in request.POST.getlist("ids")]
        if len(named) > MOST_CHOSEN:
            raise Invalid(_("Choose fewer rows, or all that match."))
        found = Prospect.objects.filter(in_list=one, pk__anyof=named)
    ids = list(found.values_list("pk", flat=True))
    if not ids:
        raise Gone(_("None of these prospects is here any more. Reload the list."))
    return ids


def _delete(request: HttpRequest, actor: Actor, ids: list[int]) -> None:
    act = door.delete(actor, queries.prospects(actor).filter(pk__anyof=ids))
    said = ngettext(
        "%(n)s prospect moved to the trash.", "%(n)s prospects moved to the trash.", act.count
    )
    tell(request, said % {"n": words.number(act.count)}, undo=act.seq)


def _mark(request: HttpRequest, actor: Actor, one: ProspectingList, ids: list[int]) -> None:
    outcome = Outcome(request.POST["outcome"])
    n = len(outcomes.mark(actor, one, ids, outcome))
    if not n:
        tell(request, _("There was nothing to change."))
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
    n = len(outcomes.into_leads(actor, one, ids))
    if not n:
        tell(request, _("These prospects are leads already."))
        return
    said = ngettext("%(n)s prospect is a lead now.", "%(n)s prospects are leads now.", n)
    tell(request, said % {"n": words.number(n)})


def _ask(request: HttpRequest, one: ProspectingList, ids: list[int], before: int) -> HttpResponse:
    """The question before many rows are deleted: how many, and what goes along."""
    context: dict[str, Any] = {
        "list": one,
        "count": len(ids),
        "before": before,
        "ids": [] if request.POST.get("all") else ids,
        "query": request.GET.urlencode(),
        "along": [model.kind.many for model in family(Prospect)[1:]],
        "days": account_of(request).trash_days,
    }
    if not is_htmx(request):
        return render(request, "prospecting/ask.html", context)
    response = render(request, "prospecting/ask_dialog.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _done(request: HttpRequest, one: ProspectingList) -> HttpResponse:
    if not is_htmx(request):
        return redirect("prospecting_list", one.pk)
    # The sheet fetches its rows again; the answer carries the messages.
    return HttpResponse("", headers={"HX-Trigger": "sheetChanged, closeDialog"})
