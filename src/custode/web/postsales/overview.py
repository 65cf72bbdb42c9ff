"""The page of tasks: one's own by day, and others' as far as the person sees them."""

from __future__ import annotations

from itertools import chain
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import pgettext, pgettext_lazy
from django.views.decorators.http import require_GET

from custode.guard import policy
from custode.guard.kinds import Verb
from custode.postsales import queries
from custode.postsales.models import Task
from custode.postsales.queries import EVERYBODY, NOBODY, OPEN, Tasks, Wanted
from custode.web.postsales import presentation
from custode.web.shell.requests import actor_of

AT_FIRST: Final = 50
"""The number of tasks per part while all parts are shown together."""
ON_A_PAGE: Final = 100
NAMES: Final[dict[str, str | Promise]] = {
    "overdue": pgettext_lazy("tasks", "Overdue"),
    "today": pgettext_lazy("tasks", "Today"),
    "next": pgettext_lazy("tasks", "Next"),
    "undated": pgettext_lazy("tasks", "Without a day"),
    "standby": pgettext_lazy("tasks", "Standby"),
    "done": pgettext_lazy("tasks", "Done"),
}


@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Show the tasks that the address asks for."""
    actor = actor_of(request)
    people = [one for one in queries.people(actor) if one.pk != actor.user_id]
    words = _words(request) | {
        "people": [(str(one.pk), one) for one in people],
        "everybody": EVERYBODY,
        "nobody": NOBODY,
    }
    return render(request, "postsales/overview.html", words)


def part(request: HttpRequest) -> HttpResponse:
    """Render only the list, after something was done in it."""
    return render(request, "postsales/tasks.html", _words(request))


def heads(request: HttpRequest) -> dict[str, Any]:
    """Return the tabs with their numbers."""
    wanted = Wanted.of(request.GET)
    counts = queries.counts(queries.asked(actor_of(request), wanted.who))
    tabs: list[tuple[str, str | Promise, int]] = [
        ("", pgettext("tasks", "Open"), sum(counts[name] for name in OPEN))
    ]
    tabs += [(name, NAMES[name], counts[name]) for name in queries.WHEN]
    return {
        "wanted": wanted,
        "list_query": wanted.query(),
        "counts": counts,
        "may_delete_tasks": policy.may(actor_of(request), Verb.DELETE, Task.kind.name),
        "tabs": [
            {
                "label": label,
                "count": count,
                "query": wanted.query(when=name, page=1),
                "current": name == wanted.when,
            }
            for name, label, count in tabs
        ],
    }


def _words(request: HttpRequest) -> dict[str, Any]:
    actor, words = actor_of(request), heads(request)
    wanted, counts = words["wanted"], words["counts"]
    rows = queries.asked(actor, wanted.who)
    names = [wanted.when] if wanted.when else [*OPEN, "standby"]
    first, most = ((wanted.page - 1) * ON_A_PAGE, ON_A_PAGE) if wanted.when else (0, AT_FIRST)
    found = {
        name: list(_related(queries.part(rows, name))[first : first + most])
        for name in names
        if counts[name]
    }
    tasks = {one.it.pk: one for one in presentation.in_list(actor, chain(*found.values()))}
    words["parts"] = [
        {
            "name": name,
            "label": NAMES[name],
            "count": counts[name],
            "tasks": [tasks[one.pk] for one in part],
            "more": "" if wanted.when or counts[name] <= most else wanted.query(when=name),
        }
        for name, part in found.items()
        if part
    ]
    if wanted.when and wanted.page > 1:
        words["previous"] = wanted.query(page=wanted.page - 1)
    if wanted.when and counts[wanted.when] > first + most:
        words["next"] = wanted.query(page=wanted.page + 1)
    return words


def _related(rows: Tasks) -> Tasks:
    return rows.select_related("assignee", "done_by", "process")
