"""Bulk acts on chosen leads: "these 50", or "all 8,312 that match", found again by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.guard import door
from custode.guard.door import Act
from custode.guard.kinds import Verb, family
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.kernel.text import fold
from custode.leads import moves, queries
from custode.leads.models import Lead, Tag
from custode.leads.queries import Leads
from custode.web.leads import address, choices
from custode.web.leads.list.views import results
from custode.web.shell import words
from custode.web.shell.requests import account_of, actor_of, is_htmx
from custode.web.shell.toasts import tell

AT_ONCE: Final = 10
"""Up to so many leads go to the trash without a question; undo is beside the answer."""
MOST_CHOSEN: Final = 1000
"""The most leads that are named one by one; more are chosen by their filter."""


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one act to the chosen leads, then show the list again."""
    actor = actor_of(request)
    chosen = chosen_leads(request, actor)
    act = next((name for name in ACTS if name in request.POST), None)
    if act is None:
        raise Http404
    if act == "delete" and "confirmed" not in request.POST:
        count = chosen.count()
        if count > AT_ONCE:
            return _ask(request, count)
    done, said = ACTS[act](request, actor, chosen)
    tell(request, said if done.count else _("There was nothing to change."), undo=done.seq)
    return _list_again(request)


def chosen_leads(request: HttpRequest, actor: Actor) -> Leads:
    """The leads that a form chose; with `all`, those that match the address's filter.

    Numbers of other accounts, or of leads in the trash, are passed over.

    Raises:
        Invalid: none was chosen, or more than a form names.
    """
    if request.POST.get("all"):
        return queries.matching(actor, address.read(request).filter)
    ids = {choices.number(text) for text in request.POST.getlist("ids")}
    if len(ids) > MOST_CHOSEN:
        raise Invalid(_("Choose fewer leads, or all that match."))
    chosen = queries.visible(actor).filter(pk__anyof=ids)
    if not chosen.exists():
        raise Gone(_("None of these leads is here any more. Reload the list."))
    return chosen


def _step(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    step = choices.step_of(request.POST["step"], _("Choose a step from the list."))
    act = door.change(actor, chosen, "step", step)
    said = ngettext(
        "%(n)s lead moved to “%(step)s”.", "%(n)s leads moved to “%(step)s”.", act.count
    )
    return act, said % {"n": words.number(act.count), "step": step.name}


def _owner(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    owner = choices.owner_of(request.POST["owner"], _("Choose a user from the list."))
    act = door.change(actor, chosen, "owner", owner)
    n = {"n": words.number(act.count)}
    if owner is None:
        said = ngettext(
            "%(n)s lead is unassigned now.", "%(n)s leads are unassigned now.", act.count
        )
        return act, said % n
    said = ngettext(
        "%(n)s lead belongs to %(owner)s now.", "%(n)s leads belong to %(owner)s now.", act.count
    )
    return act, said % {**n, "owner": owner.get_full_name()}


def _tag_on(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    name = _tag_name(request)
    act = door.relabel(actor, chosen, "tag", add=moves.tags_named(actor, [name]))
    said = ngettext(
        "%(n)s lead has the tag “%(tag)s” now.",
        "%(n)s leads have the tag “%(tag)s” now.",
        act.count,
    )
    return act, said % {"n": words.number(act.count), "tag": name}


def _tag_off(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    name = _tag_name(request)
    tags = list(Tag.objects.filter(folded=fold(name)))
    if not tags:
        raise Invalid(_("There is no tag “%(tag)s”.") % {"tag": name}, field="tag")
    act = door.relabel(actor, chosen, "tag", remove=tags)
    said = ngettext(
        "The tag “%(tag)s” was taken off %(n)s lead.",
        "The tag “%(tag)s” was taken off %(n)s leads.",
        act.count,
    )
    return act, said % {"n": words.number(act.count), "tag": name}


def _tag_name(request: HttpRequest) -> str:
    name = request.POST.get("tag", "").replace("\x00", "").strip()
    if not name or len(name) > 60:
        raise Invalid(_("Write the tag's name, at most 60 characters."), field="tag")
    return name


def _delete(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    act = door.delete(actor, chosen)
    said = ngettext("%(n)s lead moved to the trash.", "%(n)s leads moved to the trash.", act.count)
    return act, said % {"n": words.number(act.count)}


ACTS: Final[dict[str, Callable[[HttpRequest, Actor, Leads], tuple[Act, str]]]] = {
    "delete": _delete,
    "step": _step,
    "owner": _owner,
    "tag_on": _tag_on,
    "tag_off": _tag_off,
}


def _ask(request: HttpRequest, count: int) -> HttpResponse:
    """The one question before many leads are deleted: how many, and what goes along."""
    door.ask(actor_of(request), Verb.DELETE, Lead.kind.name)
    context = {
        "count": count,
        "ids": [] if request.POST.get("all") else request.POST.getlist("ids"),
        "along": [model.kind.many for model in family(Lead)[1:]],
        "days": account_of(request).trash_days,
        "query": request.GET.urlencode(),
    }
    if is_htmx(request):
        response = render(request, "leads/bulk/ask_dialog.html", context)
        response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
        return response
    return render(request, "leads/bulk/ask.html", context)


def _list_again(request: HttpRequest) -> HttpResponse:
    if not is_htmx(request):
        query = request.GET.urlencode()
        return redirect(reverse("lead_list") + (f"?{query}" if query else ""))
    response = results(request, address.read(request))
    response["HX-Trigger"] = "closeDialog"
    return response
