"""The settings of a list: its title, columns, owner and visibility, archiving and deleting."""

from __future__ import annotations

from collections.abc import Iterable

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door, history, policy
from custode.guard.kinds import Verb
from custode.guard.models import Change
from custode.kernel.address import whole
from custode.kernel.errors import Invalid, Overtaken, read_all
from custode.prospecting import columns, moves, queries
from custode.prospecting.models import ListColumn, ProspectingList
from custode.web.leads import choices
from custode.web.prospecting.finding import list_or_404
from custode.web.prospecting.overview import about, beside
from custode.web.shell import overtaken
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell


@require_http_methods(["GET", "POST"])
def settings(request: HttpRequest, pk: int) -> HttpResponse:
    """Show and set title, description and tags; below, all other settings."""
    one, actor = list_or_404(request, pk), actor_of(request)
    if request.method == "GET":
        return _page(request, one)
    form = request.POST

    def look(now: ProspectingList) -> None:
        """Raise `Overtaken` if what the form sends has changed since it was opened."""
        sent = {name: text for name, text in _typed(now).items() if name in form}
        if form.get("was") not in {None, overtaken.fingerprint(sent)}:
            raise Overtaken(overtaken.by(_written(now, sent)), field=next(iter(sent), "title"))

    try:
        # Who may not change the title is shown it, but does not send it: it may be old by now.
        told = {name: read for name, read in about(form).items() if name in form}
        moves.change(actor, one, look=look, **read_all(told))
    except Invalid as error:
        one.refresh_from_db()
        return _page(request, one, error)
    tell(request, _("Saved."))
    return redirect("prospecting_list", pk)


def _typed(one: ProspectingList) -> dict[str, str]:
    """Return what stands in the form of a list."""
    return {
        "title": one.title,
        "description": one.description,
        "tags": ", ".join(queries.tags([one]).get(one.pk, [])),
    }


def _written(one: ProspectingList, sent: Iterable[str]) -> QuerySet[Change]:
    """What the history tells of what the form sends, the latest first."""
    return history.of(one).filter(field__in=["tag" if name == "tags" else name for name in sent])


def _page(request: HttpRequest, one: ProspectingList, error: Invalid | None = None) -> HttpResponse:
    actor, form = actor_of(request), request.POST
    may_change, kept = moves.may_change(actor, one), _typed(one)
    sent = kept if may_change.ok else {"tags": kept["tags"]}
    typed, wrong, was = kept, {}, overtaken.fingerprint(sent)
    if error:
        typed = kept | {name: form.get(name, text) for name, text in sent.items()}
    if isinstance(error, Overtaken):
        wrong = overtaken.beside(error, typed, kept)
    elif error:
        # Another mistake comes first: what has changed in the meantime was not shown yet.
        wrong, was = beside(error), form.get("was", "")
    context = {
        "list": one,
        "typed": typed,
        "wrong": wrong,
        "was": was,
        "tags": choices.tags(),
        "standing": columns.of(one),
        "taken_out": columns.taken_out(one),
        "may_change": may_change,
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
    order, pk = [column.pk for column in columns.of(one)], _column(request, one).pk
    if pk not in order:
        raise _not_there()
    at = order.index(pk)
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
        raise _not_there()
    return found


def _not_there() -> Invalid:
    return Invalid(_("This column is not in the list any more. Reload the page."))


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
    text = request.POST.get("owner", "")
    if text == str(one.owner_id):
        # Whoever has it keeps it, also if nobody could give it to them any more.
        return redirect("prospecting_settings", pk)
    owner = choices.owner_of(text, _("Choose a user from the list."))
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
