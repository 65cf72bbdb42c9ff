"""The list of client folders, and bulk acts on them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from custode.clients import queries
from custode.clients.models import ClientFolder
from custode.clients.queries import Wanted
from custode.fields import moves
from custode.fields.values import told_filter
from custode.guard import door, policy
from custode.guard.door import Act
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.kernel.errors import Invalid
from custode.leads import deals
from custode.people import assigning
from custode.web.clients import columns
from custode.web.clients.columns import Column
from custode.web.leads import choices, own
from custode.web.shell import many
from custode.web.shell.requests import actor_of, is_htmx
from custode.web.shell.toasts import tell
from custode.web.shell.words import counted

PAGE: Final = 50


@dataclass(frozen=True, slots=True)
class Row:
    """A folder in the list, with the contents of its columns."""

    folder: ClientFolder
    cells: list[tuple[Column, str]]


@require_GET
def folder_list(request: HttpRequest) -> HttpResponse:
    """Show the list that the address asks for; for htmx only its results."""
    if is_htmx(request):
        response = _results(request)
        query = Wanted.of(request.GET).to_query().urlencode()
        response["HX-Push-Url"] = f"{LIST.back}?{query}" if query else str(LIST.back)
        return response
    words = _words(request) | {"people": choices.owners(request)}
    return render(request, "clients/list.html", words)


def _results(request: HttpRequest) -> HttpResponse:
    return render(request, "clients/results.html", _words(request))


def _words(request: HttpRequest) -> dict[str, Any]:
    actor, wanted = actor_of(request), Wanted.of(request.GET)
    rows = queries.matching(actor, wanted).select_related("owner").defer("description", "searched")
    pages = Paginator(rows, PAGE)
    page = pages.get_page(whole(request.GET.get("page", "")) or 1)
    sums = deals.of_folders(actor, [folder.pk for folder in page])
    fields = moves.offered(ClientFolder.kind.name)
    every = columns.every(fields)
    shown = columns.chosen(request, every)
    return {
        "wanted": wanted,
        "query": wanted.to_query().urlencode(),
        "page": page,
        "count": pages.count,
        "rows": [
            Row(folder, [(one, one.cell(folder, sums[folder.pk])) for one in shown])
            for folder in page
        ],
        "heads": shown,
        "all_columns": [(one.name, one.label, one in shown) for one in every],
        "own": own.wanted(fields, wanted.own),
        "marks": _marks(wanted),
        "may_delete": policy.may(actor, Verb.DELETE, ClientFolder.kind.name),
        "may_export": policy.may(actor, Verb.EXPORT, ClientFolder.kind.name),
        "may_assign": assigning.may(actor, ClientFolder.kind),
        "heirs": choices.heirs(request),
    }


def _marks(wanted: Wanted) -> list[tuple[str, str]]:
    """Return the parts of the filter in words, each with the address without it."""
    marks = [(f"“{wanted.q}”", replace(wanted, q=""))] if wanted.q else []
    told = told_filter(ClientFolder.kind.name, wanted.own)
    marks += [(words, wanted.without(pair)) for pair, words in told]
    return [(words, rest.to_query().urlencode()) for words, rest in marks]


@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do one act to the chosen folders, and show the list again."""
    rows = many.chosen(request, LIST)
    if "delete" in request.POST:
        return many.ask_to_delete(request, LIST, rows) or _delete(request, rows)
    if "owner" in request.POST:
        return many.ask_for_mine(request, LIST, rows, ("owner",)) or _assign(request, rows)
    raise Http404


def _delete(request: HttpRequest, rows: queries.Folders) -> HttpResponse:
    act = door.delete(actor_of(request), rows)
    return _done(request, act, _("%(what)s moved to the trash."), {})


def _assign(request: HttpRequest, rows: queries.Folders) -> HttpResponse:
    owner = choices.owner_of(request.POST["owner"], _("Choose a user from the list."))
    act = door.change(actor_of(request), rows, "owner", owner)
    name = owner.get_full_name() if owner else _("nobody")
    return _done(request, act, _("%(what)s: owner is %(owner)s now."), {"owner": name})


def _done(request: HttpRequest, act: Act, said: str, values: dict[str, str]) -> HttpResponse:
    told = said % {**values, "what": counted(ClientFolder.kind.name, act.count)}
    tell(request, told if act.count else _("There was nothing to change."), undo=act.seq)
    return _again(request)


def _again(request: HttpRequest) -> HttpResponse:
    if not is_htmx(request):
        query = request.GET.urlencode()
        return redirect(f"{LIST.back}?{query}" if query else str(LIST.back))
    response = _results(request)
    response["HX-Trigger"] = "closeDialog"
    return response


def _matching(request: HttpRequest) -> queries.Folders:
    wanted = Wanted.of(request.GET)
    if wanted.is_odd:
        raise Invalid(_("The filter could not be read, so nothing was changed."))
    return queries.matching(actor_of(request), wanted)


LIST: Final = many.List(
    model=ClientFolder,
    visible=queries.visible,
    matching=_matching,
    url=reverse_lazy("folder_bulk"),
    back=reverse_lazy("folder_list"),
    note=gettext_lazy("Their leads stay, and are in no folder until it is restored."),
)
