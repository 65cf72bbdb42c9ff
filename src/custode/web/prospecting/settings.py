"""The settings of a list: its title, columns, owner and visibility, archiving and deleting."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, read_all
from custode.prospecting import columns, moves, queries
from custode.prospecting.models import ListColumn, ProspectingList
from custode.web.leads import choices
from custode.web.prospecting.finding import list_or_404
from custode.web.prospecting.overview import about, beside
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and set title, description and tags; below, all other settings."""
    one, actor = list_or_404(request, pk), actor_of(request)
    if request.method == "GET":
        return _page(request, one)
    form = request.POST
    try:
        moves.change(actor, one, **read_all(about(form)))
    except Invalid as error:
        one.refresh_from_db()
        return _page(request, one, form.dict(), error)
    tell(request, _("Saved."))
    return redirect("prospecting_list", pk)


def _page(
    request: HttpRequest,
    one: ProspectingList,
    typed: dict[str, Any] | None = None,
    error: Invalid | None = None,
) -> HttpResponse:
    actor = actor_of(request)
    kept = {
        "title": one.title,
        "description": one.description,
        "tags": ", ".join(queries.tags([one]).get(one.pk, [])),
    }
    context = {
        "list": one,
        "typed": typed or kept,
        "wrong": beside(error) if error else {},
        "tags": choices.tags(),
        "standing": columns.of(one),
        "taken_out": columns.taken_out(one),
        "may_change": moves.may_change(actor, one),
        "may_share": moves.may_share(actor, one),
        "may_assign": moves.may_assign(actor, one),
        "owners": choices.heirs(request),
        "may_delete": policy.may(actor, Verb.DELETE, ProspectingList.kind.name),
    }
    return render(request, "prospecting/settings.html", context, status=422 if error else 200)


@require_POST
def change_columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Do one act on the columns: `add`, or for a `column`: `rename`, `up`, `out` or `back`."""
    one, actor, form = list_or_404(request, pk), actor_of(request), request.POST
    try:
        if "add" in form:
            columns.add(actor, one, form.get("name", ""))
        elif "rename" in form:
            columns.rename(actor, _column(request, one), form.get("name", ""))
        elif "up" in form or "down" in form:
            _shift(request, one, -1 if "up" in form else 1)
        elif "out" in form:
            act = columns.take_out(actor, _column(request, one))
            said = _("The column was taken out. It keeps its cells: you can put it back.")
            tell(request, said, undo=act.seq)
        elif "back" in form:
            columns.put_back(actor, _column(request, one))
        else:
            raise Http404
    except Invalid as error:
        tell(request, str(error), level=messages.ERROR)
    return redirect(f"{reverse('prospecting_settings', args=[pk])}#columns")


def _shift(request: HttpRequest, one: ProspectingList, by: int) -> None:
    """Move a column past its neighbour; the first and the last one cannot move further."""
    order = [column.pk for column in columns.of(one)]
    at = order.index(_column(request, one).pk)
    if 0 <= at + by < len(order):
        order[at + by], order[at] = order[at], order[at + by]
        columns.move(actor_of(request), one, order)


def _column(request: HttpRequest, one: ProspectingList) -> ListColumn:
    found = (
        ListColumn.objects.filter(in_list=one, pk=whole(request.POST.get("column", "")))
        .select_related("in_list")
        .first()
    )
    if found is None:
        raise Invalid(_("This column is not in the list any more. Reload the page."))
    return found


@require_POST
def share(request: HttpRequest, pk: int) -> HttpResponse:
    """Share the list with everybody, for reading and editing, or stop sharing it."""
    one, on = list_or_404(request, pk), request.POST.get("on") == "1"
    moves.share(actor_of(request), one, on)
    tell(
        request,
        _("Everybody in your account sees and edits this list now.")
        if on
        else _("The list is no longer shared."),
    )
    return redirect("prospecting_settings", pk)


@require_POST
def archive(request: HttpRequest, pk: int) -> HttpResponse:
    """Archive the list, or take it out of the archive."""
    one, on = list_or_404(request, pk), request.POST.get("on") == "1"
    moves.archive(actor_of(request), one, on)
    said = _("“%(list)s” is archived.") if on else _("“%(list)s” is back among the lists.")
    tell(request, said % {"list": one.title})
    return redirect("prospecting")


@require_POST
def assign(request: HttpRequest, pk: int) -> HttpResponse:
    """Assign the list to somebody."""
    one, actor = list_or_404(request, pk), actor_of(request)
    owner = choices.owner_of(request.POST.get("owner", ""), _("Choose a user from the list."))
    act = moves.assign(actor, one, owner)
    if not act.count:
        return redirect("prospecting_settings", pk)
    said = _("The list belongs to %(owner)s now.") % {"owner": owner or _("nobody")}
    tell(request, said, undo=act.seq)
    seen = queries.visible(actor).filter(pk=pk).exists()
    return redirect("prospecting_settings", pk) if seen else redirect("prospecting")


@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Move the list with its rows to the trash."""
    one = list_or_404(request, pk)
    act = door.delete(actor_of(request), [one])
    tell(request, _("“%(list)s” moved to the trash.") % {"list": one.title}, undo=act.seq)
    return redirect("prospecting")
