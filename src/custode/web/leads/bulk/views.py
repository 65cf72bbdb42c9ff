"""Bulk acts on chosen leads: "these 50", or "all 8,312 that match", found again by the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from custode.guard import door, policy
from custode.guard.door import Act
from custode.guard.kinds import Verb, family
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.kernel.text import fold
from custode.leads import moves, queries, sight
from custode.leads.models import Lead, Tag
from custode.leads.queries import Leads
from custode.web.leads import address, choices
from custode.web.leads.list.views import results
from custode.web.leads.page import fields
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
    if act == "delete" and _may_delete(actor):
        # By number from here on: what begins to match while they go was not meant.
        ids = list(chosen.values_list("pk", flat=True))
        own = chosen.filter(sight.edits(actor)).count()
        confirmed = choices.number(request.POST.get("confirmed", ""))
        many = own < len(ids) or len(ids) > AT_ONCE
        if own and (len(ids) != confirmed if confirmed else many):
            return _ask(request, len(ids), own, confirmed)
        chosen = queries.visible(actor).filter(pk__anyof=ids)
    elif act != "delete" and (own := _some_are_mine(request, actor, chosen)):
        return _offer_mine(request, act, own, chosen.count())
    done, said = ACTS[act](request, actor, chosen)
    tell(request, said if done.count else _("There was nothing to change."), undo=done.seq)
    return _list_again(request)


def _some_are_mine(request: HttpRequest, actor: Actor, chosen: Leads) -> int:
    """How many the actor may change, when that is some of them and not all; else 0."""
    edits = sight.edits(actor)
    if request.POST.get("mine") or not edits or not chosen.exclude(edits).exists():
        return 0
    return chosen.filter(edits).count()


def _may_delete(actor: Actor) -> bool:
    """Whether it makes sense to ask; the door says no, and logs it, to who may not."""
    return policy.may(actor, Verb.DELETE, Lead.kind.name).ok


def chosen_leads(request: HttpRequest, actor: Actor) -> Leads:
    """The leads that a form chose; with `all`, those that match the address's filter.

    With `mine`, those among them that the actor may edit. Numbers of other accounts, or of leads
    in the trash, are passed over.

    Raises:
        Invalid: more were chosen than a form names; or all that match a filter which cannot be
            read in full, so that more would match than was meant.
        Gone: none of those chosen is left.
    """
    own = sight.edits(actor) if request.POST.get("mine") else Q()
    if request.POST.get("all"):
        asked = address.read(request)
        if asked.complaints:
            raise Invalid(
                _("The filter could not be read, so nothing was changed. %(why)s")
                % {"why": asked.complaints[0]}
            )
        return queries.matching(actor, asked.filter).filter(own)
    ids = {choices.number(text) for text in request.POST.getlist("ids")}
    if len(ids) > MOST_CHOSEN:
        raise Invalid(_("Choose fewer leads, or all that match."))
    chosen = queries.visible(actor).filter(own, pk__anyof=ids)
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
    tags = moves.tags_named(actor, _tag_names(request))
    act = door.relabel(actor, chosen, "tag", add=tags)
    values = {"n": words.number(act.count), **_told(tags)}
    if len(tags) > 1:
        said = ngettext(
            "%(n)s lead has the tags %(tags)s now.",
            "%(n)s leads have the tags %(tags)s now.",
            act.count,
        )
        return act, said % values
    said = ngettext(
        "%(n)s lead has the tag “%(tag)s” now.",
        "%(n)s leads have the tag “%(tag)s” now.",
        act.count,
    )
    return act, said % values


def _tag_off(request: HttpRequest, actor: Actor, chosen: Leads) -> tuple[Act, str]:
    names = {fold(name): name for name in _tag_names(request)}
    found = {tag.folded: tag for tag in Tag.offered.filter(folded__in=names)}
    for unknown in names.keys() - found.keys():
        raise Invalid(_("There is no tag “%(tag)s”.") % {"tag": names[unknown]}, field="tag")
    tags = [found[folded] for folded in names]
    act = door.relabel(actor, chosen, "tag", remove=tags)
    values = {"n": words.number(act.count), **_told(tags)}
    if len(tags) > 1:
        said = ngettext(
            "The tags %(tags)s were taken off %(n)s lead.",
            "The tags %(tags)s were taken off %(n)s leads.",
            act.count,
        )
        return act, said % values
    said = ngettext(
        "The tag “%(tag)s” was taken off %(n)s lead.",
        "The tag “%(tag)s” was taken off %(n)s leads.",
        act.count,
    )
    return act, said % values


def _tag_names(request: HttpRequest) -> list[str]:
    names = fields.tag_names(request.POST, "tag")
    if not names:
        raise Invalid(_("Write the tag's name, at most 60 characters."), field="tag")
    return names


def _told(tags: list[Tag]) -> dict[str, str]:
    """One tag as it is, several in a list."""
    quoted = [f"“{tag}”" for tag in tags]
    return {"tag": str(tags[0]), "tags": str(get_text_list(quoted, _("and")))}


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


def _ask(request: HttpRequest, chosen: int, own: int, before: int) -> HttpResponse:
    """The one question before many leads are deleted: how many, whose, and what goes along.

    Args:
        own: how many of those chosen the actor may delete.
        before: the number that was confirmed and holds no more; 0 when nobody was asked yet.
    """
    context = {
        "count": own,
        "chosen": chosen,
        "others": chosen - own,
        "before": before,
        "along": [model.kind.many for model in family(Lead)[1:]],
        "days": account_of(request).trash_days,
        "no": _("Keep them"),
        "weight": "btn-danger",
    }
    return _question(request, "ask", context)


def _question(request: HttpRequest, name: str, context: dict[str, Any]) -> HttpResponse:
    """One question about chosen leads, in the dialog or as a page of its own.

    Args:
        name: what its heading, its words and its button are called among the templates.
    """
    parts = {"heading": "heading", "words": "words", "yes": "button"}
    context |= {part: f"leads/bulk/{name}_{file}.html" for part, file in parts.items()}
    context |= {
        "ids": [] if request.POST.get("all") else request.POST.getlist("ids"),
        "query": request.GET.urlencode(),
    }
    if not is_htmx(request):
        return render(request, "leads/bulk/ask.html", context)
    response = render(request, "leads/bulk/ask_dialog.html", context)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response


def _offer_mine(request: HttpRequest, act: str, own: int, chosen: int) -> HttpResponse:
    """Say that some belong to others, and offer to do it to the rest; nothing is done yet."""
    context = {
        "count": own,
        "chosen": chosen,
        "others": chosen - own,
        "act": act,
        "value": request.POST[act],
        "tag": request.POST.get("tag", ""),
        "no": _("Change nothing"),
        "weight": "btn-primary",
    }
    return _question(request, "mine", context)


def _list_again(request: HttpRequest) -> HttpResponse:
    if not is_htmx(request):
        query = request.GET.urlencode()
        return redirect(reverse("lead_list") + (f"?{query}" if query else ""))
    response = results(request, address.read(request))
    response["HX-Trigger"] = "closeDialog"
    return response
