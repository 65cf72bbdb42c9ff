"""Views that request an export, list the person's own files, download and delete them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from custode.clients.models import ClientFolder
from custode.exchange import askers, exporting, tasks
from custode.exchange.models import ExportFile, FileState, Format
from custode.exchange.orders import Order, counted, counted_along, usual_dialect
from custode.guard import door, kinds, policy
from custode.guard.kinds import Column, Verb
from custode.kernel.errors import Invalid
from custode.leads.models import Lead
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.shell import words
from custode.web.shell.requests import actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell

MOST = 200
"""The maximum number of files shown."""

_LISTS = {
    Lead.kind.name: "lead_list",
    ClientFolder.kind.name: "folder_list",
    Prospect.kind.name: "prospecting",
    kinds.LOG.name: "security",
}
"""The page on which the objects of each kind are chosen for export."""


@require_POST
def start(request: HttpRequest) -> HttpResponseBase:
    """Ask for the format of an export of the chosen objects; a POST starts it.

    The address carries the list's filter and order, as the list's own does; the form carries the
    `kind`, and `ids`, or `all` for all that match.
    """
    actor, user = actor_of(request), user_of(request)
    order = _order(request)
    if "go" not in request.POST:
        order.check()
        door.check_policy(actor, Verb.EXPORT, order.kind)
        return _ask(request, order)
    body = exporting.stream(user, actor, order)
    if body is not None:
        return _attachment(StreamingHttpResponse(body), body.name)
    file = exporting.file_for(user, actor, order)
    tasks.make_export.enqueue(actor.account_id, file.pk)
    tell(request, _("The file is being made. You can leave this page; it waits for you here."))
    return HttpResponseRedirect(reverse("exports"))


def _order(request: HttpRequest) -> Order:
    chosen = [] if request.POST.get("all") else request.POST.getlist("ids")
    ids = tuple(int(pk) for pk in chosen if pk.isascii() and pk.isdigit() and len(pk) < 19)
    if not ids and not request.POST.get("all"):
        raise Invalid(_("Choose what to export first."))
    kind, query = request.POST.get("kind", Lead.kind.name), request.GET.urlencode()
    if kind == ProspectingList.kind.name:
        # A list is exported as all its rows, whichever filter found the lists.
        kind, query, ids = Prospect.kind.name, urlencode([("list", pk) for pk in ids]), ()
    if kind == kinds.LOG.name and not actor_of(request).is_admin:
        # Nothing in the log is read for somebody who may not see it; the refusal is logged.
        door.check_policy(actor_of(request), Verb.EXPORT, kind)
    columns = tuple(name for name in request.POST.getlist("columns") if name)
    order = Order(
        kind=kind,
        format=request.POST.get("format", Format.CSV),
        dialect=request.POST.get("dialect") or usual_dialect(user_of(request).language),
        columns=columns,
        query=query,
        ids=ids,
        comments=request.POST.get("comments") == "1",
        in_words=request.POST.get("words") == "1",
    )
    known = [column.name for column in _columns(request, order)]
    return replace(order, columns=()) if list(columns) == known else order


def _columns(request: HttpRequest, order: Order) -> tuple[Column, ...]:
    actor = actor_of(request)
    return order.source.columns(actor, order.rows(actor))


def _ask(request: HttpRequest, order: Order) -> HttpResponse:
    actor, query = actor_of(request), order.query
    count, back = counted(actor, order), reverse(_LISTS[order.kind])
    context = {
        "order": order,
        "count": count,
        "what": words.counted(order.kind, count),
        "many": order.source.kind.plural,
        "back": f"{back}?{query}" if query else back,
        "said": counted_along(actor, replace(order, comments=True)),
        "filter_words": "" if order.ids else order.words(actor),
        "columns": _columns(request, order),
        "query": query,
        "streamed": exporting.STREAMED if order.source.at_once else 0,
        "days": exporting.KEPT.days,
    }
    template = "exports/ask_dialog.html" if is_htmx(request) else "exports/ask.html"
    return render(request, template, context)


@require_GET
def exports(request: HttpRequest) -> HttpResponse:
    """List the person's own files; polled while one is being written."""
    actor = actor_of(request)
    files = list(exporting.files_of(actor)[:MOST])
    context: dict[str, Any] = {
        "files": files,
        "under_way": any(file.is_under_way for file in files),
        "days": exporting.KEPT.days,
        "states": FileState,
        # A rule now in force also applies to files written before it.
        "closed": {kind for kind in {file.kind for file in files}
                   if not policy.may(actor, Verb.EXPORT, kind).ok},
        "out_of_reach": exporting.out_of_reach(actor, files),
    }  # fmt: skip
    if not is_htmx(request):
        context["programs"] = _of_programs(request)
    template = "exports/files.html" if is_htmx(request) else "exports/exports.html"
    return render(request, template, context)


def _of_programs(request: HttpRequest) -> list[tuple[ExportFile, str]]:
    """Return the exports that applications made for themselves, with their names; for admins."""
    files = list(exporting.of_programs(actor_of(request))[:MOST])
    names = askers.programs_of(files)
    return [(file, names.get(file.origin[askers.KEY], "")) for file in files]


@require_GET
def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Send the file to its owner, if the rules now in force allow it."""
    file = _own(request, pk)
    return _attachment(FileResponse(exporting.opened(actor_of(request), file)), file.name)


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove one's own file, or as an admin an application's, which then cannot download it."""
    file = exporting.of_programs(actor_of(request)).filter(pk=pk).first() or _own(request, pk)
    exporting.remove(file)
    tell(request, _("“%(name)s” was removed.") % {"name": file.name})
    return HttpResponseRedirect(reverse("exports"))


def _own(request: HttpRequest, pk: int) -> ExportFile:
    file = exporting.files_of(actor_of(request)).filter(pk=pk).first()
    if file is None:
        raise Http404
    return file


def _attachment(response: HttpResponseBase, name: str) -> HttpResponseBase:
    exporting.attach(response, name)
    return response
