"""The page of a prospect: its cells as a form, what came of it, and its history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel.errors import Invalid
from custode.prospecting import columns, outcomes, queries, sheet
from custode.prospecting.models import ListColumn, Outcome, Prospect
from custode.prospecting.overwriting import Edit
from custode.prospecting.sheet import Conflict
from custode.web.prospecting.finding import prospect_or_404
from custode.web.shell.requests import actor_of
from custode.web.shell.toasts import tell
from custode.web.talk import comments, timeline


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of the form.

    Args:
        text: the field's contents: stored, or typed but not saved.
        was: what the person saw before editing.
        clash: a conflicting edit: who wrote what in the meantime.
    """

    column: ListColumn
    text: str
    was: str
    clash: Conflict | None = None


@require_http_methods(["GET", "POST"])
def prospect(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a prospect; its form sets the cells that were changed."""
    found = prospect_or_404(request, pk)
    standing = columns.of(found.in_list)
    if request.method == "GET":
        return _page(request, found, [_kept(found, column) for column in standing])
    form = request.POST
    edits = [
        Edit(pk, c.pk, form.get(f"was-{c.key}", ""), form[c.key]) for c in standing if c.key in form
    ]
    try:
        written = sheet.write(actor_of(request), found.in_list, edits)
    except Invalid as error:
        typed = [Cell(c, form.get(c.key, ""), form.get(f"was-{c.key}", "")) for c in standing]
        return _page(request, found, typed, str(error))
    if written.conflicts:
        found.refresh_from_db()
        clashes = {clash.column: clash for clash in written.conflicts}
        shown = [_clashing(found, c, clashes.get(c.pk)) for c in standing]
        return _page(request, found, shown, clashing=True)
    tell(request, _("Saved."))
    return redirect("prospect", pk)


def _kept(found: Prospect, column: ListColumn) -> Cell:
    text = found.cells.get(column.key, "")
    return Cell(column, text, text)


def _clashing(found: Prospect, column: ListColumn, clash: Conflict | None) -> Cell:
    """Return the typed text, to be saved over the present one, which the person has been shown."""
    return Cell(column, clash.mine, clash.now, clash) if clash else _kept(found, column)


def _page(
    request: HttpRequest,
    found: Prospect,
    cells: list[Cell],
    mistake: str = "",
    *,
    clashing: bool = False,
) -> HttpResponse:
    actor = actor_of(request)
    context: dict[str, Any] = {
        "prospect": found,
        "list": found.in_list,
        "cells": cells,
        "mistake": mistake,
        "clashing": clashing,
        "lead": found.lead if queries.seen_leads(actor, [found]) else None,
        "may_become": found.outcome != Outcome.LEAD or not outcomes.has_lead(found),
        "may_delete": policy.may(actor, Verb.DELETE, Prospect.kind.name),
        **timeline.words(actor, found, request.GET),
        **comments.form(),
    }
    status = 422 if mistake or clashing else 200
    return render(request, "prospecting/prospect.html", context, status=status)


@require_POST
def act(request: HttpRequest, pk: int) -> HttpResponse:
    """Turn a prospect into a lead, mark it, or move it to the trash."""
    found, actor, form = prospect_or_404(request, pk), actor_of(request), request.POST
    if "delete" in form:
        done = door.delete(actor, [found])
        tell(request, _("“%(name)s” moved to the trash.") % {"name": found.name}, undo=done.seq)
        return redirect("prospecting_list", found.in_list_id)
    if "lead" in form:
        made = outcomes.into_leads(actor, found.in_list, [pk])
        if not made:
            tell(request, _("This prospect is a lead already."))
            return redirect("prospect", pk)
        tell(request, _("“%(name)s” is a lead now.") % {"name": found.name})
        return redirect("lead", made[0].lead_id)
    if form.get("outcome") in {Outcome.LEFT, Outcome.NOT_INTERESTED}:
        if outcomes.mark(actor, found.in_list, [pk], Outcome(form["outcome"])):
            tell(request, _("Saved."))
        return redirect("prospect", pk)
    raise Http404
