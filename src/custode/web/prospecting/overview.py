"""The page of all lists, with a search over their prospects; and the form of a new list."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.address import whole, words
from custode.kernel.errors import Invalid, read_all
from custode.prospecting import moves, naming, queries
from custode.prospecting.models import ProspectingList
from custode.prospecting.queries import Figures
from custode.web.leads import choices
from custode.web.leads.page import fields
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell

PAGE: Final = 100
"""Lists per page."""
MOST_FOUND: Final = 50
"""The maximum number of prospects shown by a search over all lists."""


@dataclass(frozen=True, slots=True)
class Line:
    """A list with its figures and tags."""

    one: ProspectingList
    figures: Figures
    tags: list[str]


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the visible lists; for a search also the matching prospects."""
    actor = actor_of(request)
    q, number = words(request.GET.get("q", "")), max(1, whole(request.GET.get("page", "")))
    archived, tag = request.GET.get("archived") == "1", whole(request.GET.get("tag", ""))
    lists = queries.found_lists(actor, q, archived=archived, tag=tag)
    page = list(lists[(number - 1) * PAGE : number * PAGE + 1])
    found = list(queries.found_prospects(actor, q)[: MOST_FOUND + 1]) if q else []
    context = {
        "lines": _lines(page[:PAGE]),
        "next": number + 1 if len(page) > PAGE else 0,
        "previous": number - 1,
        "q": q,
        "may_export": policy.may(actor, Verb.EXPORT, ProspectingList.kind.name),
        "archived": archived,
        "tag": tag,
        "tags": choices.tags(),
        "found": found[:MOST_FOUND],
        "found_more": len(found) > MOST_FOUND,
        "is_empty": not page and not q and not tag and not archived and number == 1,
    }
    return render(request, "prospecting/overview.html", context)


def _lines(lists: list[ProspectingList]) -> list[Line]:
    figures, tags = queries.figures(lists), queries.tags(lists)
    return [Line(one, figures.get(one.pk, Figures()), tags.get(one.pk, [])) for one in lists]


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Show the form of a new list; a POST creates it."""
    if request.method == "GET":
        usual = [_("Company"), _("Name"), _("E-mail"), _("Phone")]
        return _form(request, {"columns": "\n".join(usual)})
    form, actor = request.POST, actor_of(request)
    names = form.get("columns", "").replace("\x00", "").splitlines()
    try:
        told = read_all(about(form) | {"columns": lambda: naming.read_new(names)})
        made = moves.create(
            actor,
            told["title"],
            told["columns"],
            description=told["description"],
            tags=told["tags"],
        )
    except Invalid as error:
        return _form(request, form.dict(), error)
    tell(request, _("“%(list)s” was created.") % {"list": made.title})
    return redirect("prospecting_list", made.pk)


def about(form: QueryDict) -> dict[str, Callable[[], Any]]:
    """What reads, for `read_all`, what a form says a list is called."""
    return {
        "title": lambda: moves.read_title(form.get("title", "")),
        "description": lambda: moves.read_description(form.get("description", "")),
        "tags": lambda: fields.tag_names(form),
    }


def beside(error: Invalid) -> dict[str, str]:
    """What is wrong with a list, by the field that it stands beside."""
    of = {"": "title", "name": "columns"}
    return {of.get(field, field): said for field, said in error.wrong.items()}


def _form(
    request: HttpRequest, typed: dict[str, Any], error: Invalid | None = None
) -> HttpResponse:
    context = {
        "typed": typed,
        "wrong": beside(error) if error else {},
        "tags": choices.tags(),
    }
    return render(request, "prospecting/new.html", context, status=422 if error else 200)
