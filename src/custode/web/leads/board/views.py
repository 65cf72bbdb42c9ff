"""The views of a pipeline's board."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from custode.kernel.address import moment, whole
from custode.leads import moves, queries
from custode.leads.filters import Filter
from custode.leads.models import OPEN, Status
from custode.leads.words import marks
from custode.web.leads import address, choices, moving, own
from custode.web.leads.board import columns
from custode.web.leads.board.cards import icons_of_cards
from custode.web.leads.board.cards import of as cards_of
from custode.web.leads.choices import WithSteps, new_url
from custode.web.leads.page.back import tell_edited, tell_moved
from custode.web.postsales import presentation as postsales
from custode.web.shell.requests import actor_of, is_htmx, user_of

SESSION_KEY: Final = "board_pipeline"
VIEWS: Final = (
    ("todo", gettext_lazy("To do"), (Status.TODO,)),
    ("standby", gettext_lazy("Standby"), (Status.STANDBY,)),
    ("open", gettext_lazy("All open"), OPEN),
    ("won", pgettext_lazy("several leads", "Won"), (Status.WON,)),
    ("lost", pgettext_lazy("several leads", "Lost"), (Status.LOST,)),
    ("cancelled", pgettext_lazy("several leads", "Cancelled"), (Status.CANCELLED,)),
)


@dataclass(frozen=True, slots=True)
class Board:
    """The requested board: a pipeline, its statuses, and a filter."""

    filter: Filter
    shown: WithSteps
    all: list[WithSteps]

    @property
    def statuses(self) -> tuple[str, ...]:
        """Return the statuses that the board shows; to-do if the address names none."""
        return self.filter.statuses or (Status.TODO,)

    def query(self, **changes: Any) -> str:
        """Return the address's query string with changes."""
        named = replace(self.filter, pipeline=self.shown.pipeline.pk)
        return replace(named, **changes).to_query().urlencode()

    def but(self, rest: Filter) -> str:
        """Return the query string of the same pipeline and statuses with another filter."""
        named = replace(rest, pipeline=self.shown.pipeline.pk, statuses=self.filter.statuses)
        return named.to_query().urlencode()


@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Show the board."""
    asked = _asked(request)
    actor = actor_of(request)
    sums = columns.sums(actor, asked.filter, asked.shown.steps)
    heads = columns.heads(sums, asked.shown.steps, asked.statuses)
    rest = replace(asked.filter, pipeline=None, statuses=())
    context = {
        "board": asked,
        "query": asked.query(),
        "filter": asked.filter,
        "columns": columns.columns(actor, asked.filter, heads, asked.statuses),
        "views": _views(asked, sums),
        "pipelines": [
            (one.pipeline, asked.query(pipeline=one.pipeline.pk, steps=())) for one in asked.all
        ],
        "marks": [(mark.text, asked.but(mark.rest)) for mark in marks(rest)],
        "reset": asked.but(Filter()),
        # With a pipeline only if the address names it: whoever comes from the list finds it again.
        "list_query": asked.filter.to_query().urlencode(),
        "owners": choices.owners(request),
        "tags": choices.tags(),
        "own": own.wanted(own.fields(), asked.filter.own),
        "standby_days": moving.standby_days(),
        "icons": icons_of_cards(),
        "new_lead": new_url(asked.shown.pipeline.pk),
        "is_empty": not sums and not rest,
        "me": user_of(request).pk,
        "complaints": address.read(request).complaints,
    }
    name = "leads/board/columns.html" if is_htmx(request) else "leads/board/board.html"
    return render(request, name, context)


@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """Return more cards of one column, after the last one shown."""
    asked = _asked(request)
    pk = whole(request.GET.get("column", ""))
    step = next((step for step in asked.shown.steps if step.pk == pk), None)
    shown_at = moment(request.GET.get("after", ""))
    if step is None or shown_at is None:
        raise Http404
    after = (shown_at, whole(request.GET.get("last", "")))
    column = columns.more(actor_of(request), asked.filter, step, asked.statuses, after)
    context = {"column": column, "query": asked.query(), "icons": icons_of_cards()}
    return render(request, "leads/board/more.html", context)


@require_POST
def move(request: HttpRequest, pk: int) -> HttpResponse:
    """Move a card that was dropped on another step or on a status."""
    actor, lead = actor_of(request), choices.lead_or_404(request, pk)
    was = lead.status
    if "step" in request.POST:
        step = choices.step_of(request.POST["step"], _("Choose a step from the list."))
        tell_moved(request, lead, moves.edit(actor, lead, step=step))
    elif "status" in request.POST:
        tell_edited(request, lead, *moving.set_status(actor, lead, request.POST))
    else:
        raise Http404
    asked = _asked(request)
    sums = columns.sums(actor, asked.filter, asked.shown.steps)
    lead = queries.visible(actor).select_related("owner").get(pk=lead.pk)
    context = {
        "heads": columns.heads(sums, asked.shown.steps, asked.statuses),
        "views": _views(asked, sums),
        "board": asked,
        "card": cards_of(actor, [lead])[lead.pk],
        "stays": lead.status in asked.statuses,
        "icons": icons_of_cards(),
        "query": asked.query(),
        **postsales.offer(request, lead, was),
    }
    return render(request, "leads/board/moved.html", context)


def _asked(request: HttpRequest) -> Board:
    wanted = address.read(request).filter
    everything = choices.pipelines()
    default = choices.usual(everything)
    usual = request.session.get(SESSION_KEY)
    by_id = {one.pipeline.pk: one for one in everything}
    if wanted.pipeline is not None and wanted.pipeline not in by_id:
        raise Http404
    shown = by_id.get(wanted.pipeline or usual or 0, default)
    if wanted.pipeline is not None and wanted.pipeline != usual:
        request.session[SESSION_KEY] = wanted.pipeline
    return Board(wanted, shown, everything)


def _views(asked: Board, sums: Any) -> list[dict[str, Any]]:
    """Return the tabs: what each shows, its count, and whether it is the current one."""
    found = []
    for name, label, statuses in VIEWS:
        found.append({
            "name": name,
            "label": label,
            "count": sum(one.count for one in sums if one.status in statuses),
            "query": asked.query(statuses=() if name == "todo" else tuple(statuses)),
            "current": set(asked.statuses) == set(statuses),
        })  # fmt: skip
    return found
