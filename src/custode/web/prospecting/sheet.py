"""A list as a sheet: its page, and saving what is written into it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import CustodeError, Gone, Invalid, Refused
from custode.prospecting import columns, queries, row_filters
from custode.prospecting import sheet as sheets
from custode.prospecting.models import ListColumn, Outcome, Prospect
from custode.prospecting.overwriting import Edit
from custode.prospecting.queries import Figures
from custode.prospecting.sheet import Written
from custode.web.prospecting.finding import list_or_404
from custode.web.prospecting.rows import WINDOW, answer, shown
from custode.web.shell.requests import actor_of

EVERY: Final = 5_000
"""Milliseconds between two requests for others' changes."""


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the page of the sheet, which fetches its rows itself."""
    one, actor = list_or_404(request, pk), actor_of(request)
    figures = queries.figures([one]).get(one.pk, Figures())
    asked = row_filters.read(request.GET)
    standing = columns.of(one)
    context = {
        "list": one,
        "tags": queries.tags([one]).get(one.pk, []),
        "figures": figures,
        "asked": asked.wanted,
        "outcomes": Outcome.choices,
        "may_delete": policy.may(actor, Verb.DELETE, Prospect.kind.name),
        "may_export": policy.may(actor, Verb.EXPORT, Prospect.kind.name),
        "sheet_json": json.dumps(_configuration(pk, standing)),
        "column_names": ", ".join(column.name for column in standing),
    }
    return render(request, "prospecting/sheet.html", context)


def _configuration(pk: int, standing: Sequence[ListColumn]) -> dict[str, Any]:
    """Return the configuration of the sheet's script."""
    return {
        "rows": reverse("prospecting_rows", args=[pk]),
        "write": reverse("prospecting_write", args=[pk]),
        "columns": [{"id": c.pk, "key": c.key, "name": c.name} for c in standing],
        "window": WINDOW,
        "every": EVERY,
        "words": {
            "spoken": _("%(column)s, row %(row)s: %(text)s"),
            "blank": _("empty"),
            "open": _("Open “%(name)s”"),
            "talk": _("Comments on “%(name)s”: %(n)s"),
            "row": _("Row"),
            "outcomes": {value: str(label) for value, label in Outcome.choices},
            "filter": _("Filter"),
            "filterBy": _("Filter by “%(column)s”"),
            "chosen": _("%(n)s rows chosen"),
            "chosenOne": _("1 row chosen"),
            "chosenNone": _("No row chosen"),
            "clash": _(
                "%(who)s wrote “%(now)s” in “%(column)s” of “%(row)s” meanwhile. Yours,"
                " “%(mine)s”, was not saved."
            ),
            "clashEmpty": _(
                "%(who)s emptied “%(column)s” of “%(row)s” meanwhile. Yours, “%(mine)s”, was not"
                " saved."
            ),
            "somebody": _("Somebody"),
            "replace": _("Replace with mine"),
            "leave": _("Leave it"),
            "missing": _("A row that you wrote in is not here any more: somebody deleted it."),
            "saved": _("Saved"),
            "saving": _("Saving…"),
            "failed": _("Not saved: the server could not be reached. Try again."),
            "tooMany": _("This is more than can be copied or emptied at once: choose fewer rows."),
            "later": _("These rows are still being fetched. Try again in a moment."),
            "tooWide": _(
                "Nothing was pasted: the text has more columns than are left in the list. Add"
                " columns first, in the list's settings."
            ),
            "empty": _("No rows match"),
            "nothing": _("No rows yet. Paste some here, add them, or import a file."),
            "loading": _("Loading"),
        },
    }


@require_POST
def write(request: HttpRequest, pk: int) -> JsonResponse:
    """Set cells and add rows; return what was saved, and what somebody else had changed."""
    one, actor = list_or_404(request, pk), actor_of(request)
    try:
        edits, added = _read(request.body)
        written = sheets.write(actor, one, edits, added)
    except CustodeError as error:
        status = {Invalid: 400, Refused: 403, Gone: 410}.get(type(error), 400)
        return answer({"why": str(error)}, status)
    return answer(_told(actor, written))


def _read(body: bytes) -> tuple[list[Edit], list[dict[int, str]]]:
    """Return what the sheet sent; raise `Invalid` for anything else."""
    try:
        sent = json.loads(body)
        edits = [
            Edit(_number(row), _number(column), _text(was), _text(new))
            for row, column, was, new in sent["edits"]
        ]
        added = [{_number(column): _text(text) for column, text in row} for row in sent["rows"]]
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise Invalid(
            _("What was sent could not be read. Reload the page and try again.")
        ) from error
    return edits, added


def _number(value: object) -> int:
    if type(value) is not int or not 0 < value < 2**63:
        raise TypeError
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    # A lone surrogate: JSON can carry it, but no database accepts it.
    return value.encode("utf-8", "replace").decode()


def _told(actor: Actor, written: Written) -> dict[str, Any]:
    return {
        "saved": shown(actor, written.saved),
        "added": shown(actor, written.added),
        "conflicts": [
            {"row": c.row, "column": c.column, "now": c.now, "mine": c.mine, "by": c.by}
            for c in written.conflicts
        ],
        "missing": written.missing,
    }
