"""Acts on many rows of a list: which rows were chosen, and a confirmation if needed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from custode.exchange.orders import MOST_CHOSEN
from custode.guard import policy
from custode.guard.kinds import Translatable, Verb, family
from custode.guard.owned import Guarded
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.kernel.errors import Gone, Invalid
from custode.web.shell.requests import account_of, actor_of, is_htmx
from custode.web.shell.words import counted

AT_ONCE: Final = 10
"""The maximum number of rows deleted without confirmation; an undo is offered afterwards."""

Rows = QuerySet[Any, Any]


@dataclass(frozen=True, slots=True)
class List:
    """A list whose rows can be chosen.

    Args:
        model: the kind of its rows.
        visible: the rows that the actor sees.
        matching: the rows that match the filter in the address; raises `Invalid` if the address
            cannot be read in full, so that more would match than was meant.
        url: the address of its bulk acts, without a query.
        back: the address of the list itself, without a query.
        note: a sentence on what is deleted along with each row, or stays.
        most: the maximum number of rows named one by one.
        target: the part of the page that an act's response replaces.
    """

    model: type[Guarded]
    visible: Callable[[Actor], Rows]
    matching: Callable[[HttpRequest], Rows]
    url: Translatable
    back: Translatable
    note: Translatable = ""
    most: int = MOST_CHOSEN
    target: str = "#results"


def chosen(request: HttpRequest, where: List) -> Rows:
    """Return the rows that a form chose by number, or with `all` those that now match the filter.

    With `mine`, only those that the actor may edit. Numbers of other accounts, or of rows in the
    trash, are ignored.

    Raises:
        Invalid: nothing was chosen, more than a form names, or the filter cannot be read in full.
        Gone: none of the chosen rows is left.
    """
    actor = actor_of(request)
    own = where.model.kind.edits(actor) if request.POST.get("mine") else Q()
    if request.POST.get("all"):
        # By number from here on: rows that begin to match in the meantime were not meant.
        matching = list(where.matching(request).filter(own).values_list("pk", flat=True))
        return where.visible(actor).filter(pk__anyof=matching)
    ids = {whole(text) for text in request.POST.getlist("ids")}
    if not ids:
        raise Invalid(_("Nothing is ticked. Tick something in the list first."))
    if len(ids) > where.most:
        raise Invalid(_("Choose fewer, or all that match."))
    rows = where.visible(actor).filter(own, pk__anyof=ids)
    if not rows.exists():
        raise Gone(_("None of these is here any more. Reload the list."))
    return rows


def ask_to_delete(request: HttpRequest, where: List, rows: Rows) -> HttpResponse | None:
    """Return the confirmation before deleting many rows, or others' rows; None to go on.

    A person who may not delete is not asked: the door refuses and logs it.
    """
    actor, name = actor_of(request), where.model.kind.name
    if not policy.may(actor, Verb.DELETE, name).ok:
        return None
    total, own = rows.count(), rows.filter(where.model.kind.edits(actor)).count()
    confirmed = whole(request.POST.get("confirmed", ""))
    if not own or (total == confirmed if confirmed else own == total <= AT_ONCE):
        return None
    words = {
        "act": "delete",
        "before": confirmed,
        "along": ", ".join(str(model.kind.plural) for model in family(where.model)[1:]),
        "days": account_of(request).trash_days,
        "note": where.note,
    }
    return _ask(request, where, own, total, words)


def ask_for_mine(
    request: HttpRequest, where: List, rows: Rows, fields: Sequence[str]
) -> HttpResponse | None:
    """Return an offer to change only the person's own rows; None if all are theirs.

    Args:
        fields: the form's fields that specify the act.
    """
    edits = where.model.kind.edits(actor_of(request))
    if request.POST.get("mine") or not edits or not rows.exclude(edits).exists():
        return None
    own = rows.filter(edits).count()
    sent = [(name, request.POST[name]) for name in fields if name in request.POST]
    return _ask(request, where, own, rows.count(), {"sent": sent}) if own else None


def _ask(
    request: HttpRequest, where: List, own: int, total: int, words: dict[str, Any]
) -> HttpResponse:
    name, query = where.model.kind.name, request.GET.urlencode()
    words |= {
        "count": own,
        "others": total - own,
        "counted": counted(name, own),
        "counted_all": counted(name, total),
        "many": where.model.kind.plural,
        "ids": [] if request.POST.get("all") else request.POST.getlist("ids"),
        "url": f"{where.url}?{query}",
        "back": f"{where.back}?{query}",
        "target": where.target,
    }
    if not is_htmx(request):
        return render(request, "shell/many/page.html", words)
    response = render(request, "shell/many/dialog.html", words)
    response["HX-Retarget"], response["HX-Reswap"] = "#dialog", "innerHTML"
    return response
