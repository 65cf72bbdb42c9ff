"""Bulk acts on chosen leads: "these 50", or "all 8,312 that match", which the server looks up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse, reverse_lazy
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from custode.guard import door
from custode.guard.door import Act
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.kernel.text import fold
from custode.leads import queries, tagging
from custode.leads.models import Lead, Tag
from custode.leads.queries import Leads
from custode.web.leads import address, choices
from custode.web.leads.list.views import results
from custode.web.leads.page import fields
from custode.web.shell import many, words
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one act to the chosen leads, and show the list again."""
    actor = actor_of(request)
    rows = many.chosen(request, LIST)
    act = next((name for name in ACTS if name in request.POST), None)
    if act is None:
        raise Http404
    if act == "delete":
        question = many.ask_to_delete(request, LIST, rows)
    else:
        question = many.ask_for_mine(request, LIST, rows, (act, "tag"))
    if question is not None:
        return question
    done, said = ACTS[act](request, actor, rows)
    tell(request, said if done.count else _("There was nothing to change."), undo=done.seq)
    return _list_again(request)


def _matching(request: HttpRequest) -> Leads:
    asked = address.read(request)
    if asked.complaints:
        raise Invalid(
            _("The filter could not be read, so nothing was changed. %(why)s")
            % {"why": asked.complaints[0]}
        )
    return queries.matching(actor_of(request), asked.filter)


LIST: Final = many.List(
    model=Lead,
    visible=queries.visible,
    matching=_matching,
    url=reverse_lazy("lead_bulk"),
    back=reverse_lazy("lead_list"),
    note=gettext_lazy("Each goes with its history and its tags."),
)


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
    names, tags = _tag_names(request), list[Tag]()

    def made() -> list[Tag]:
        tags.extend(tagging.tags_named(actor, names))
        return tags

    act = door.change_labels(actor, chosen, "tag", add=made)
    values = {"n": words.number(act.count), **_told([tag.name for tag in tags] or names)}
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
    act = door.change_labels(actor, chosen, "tag", remove=tags)
    values = {"n": words.number(act.count), **_told([tag.name for tag in tags])}
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


def _told(tags: list[str]) -> dict[str, str]:
    """Return a sentence's values for some tags: the first as `tag`, all of them as `tags`."""
    quoted = [f"“{tag}”" for tag in tags]
    return {"tag": tags[0], "tags": str(get_text_list(quoted, _("and")))}


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


def _list_again(request: HttpRequest) -> HttpResponse:
    if not is_htmx(request):
        query = request.GET.urlencode()
        return redirect(reverse("lead_list") + (f"?{query}" if query else ""))
    response = results(request, address.read(request))
    response["HX-Trigger"] = "closeDialog"
    return response
