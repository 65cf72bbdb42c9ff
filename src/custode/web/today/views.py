"""The page of today: overdue, today and next; one's own, or of somebody whose leads one sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from custode.kernel.errors import Invalid
from custode.leads import agenda, moves, takeback
from custode.leads.queries import today as this_day
from custode.people.models import User
from custode.postsales import moves as task_moves
from custode.postsales import takeback as task_takeback
from custode.postsales.models import State, Task
from custode.web.leads import choices, moving
from custode.web.postsales.presentation import task_or_404
from custode.web.shell.requests import actor_of, is_htmx, user_of
from custode.web.shell.toasts import tell
from custode.web.today.items import PARTS, SOURCES, Found, Item

Told = tuple[str, int]
"""A message, and the number of the edit that it offers to undo; 0 for none."""


@dataclass(frozen=True, slots=True)
class Part:
    """A part of the day, with the items of all sources."""

    name: str
    heading: str
    items: list[Item]
    count: int
    more: list[Found]


@require_GET
def today(request: HttpRequest) -> HttpResponse:
    """Show what there is to do; for htmx only the lines."""
    words = _words(request)
    if is_htmx(request):
        return render(request, "today/parts.html", words)
    return render(
        request,
        "today/today.html",
        words | {"people": choices.owners(request), "new_lead": choices.new_url(None)},
    )


@require_POST
def lead(request: HttpRequest, pk: int) -> HttpResponse:
    """Postpone a lead's reminder to the form's day; if it names none, mark the reminder as done."""
    actor, found = actor_of(request), choices.lead_or_404(request, pk)
    moves.require_edit(actor, found)

    def done(was: date | None) -> Told:
        """Remove the reminder."""
        agenda.done(actor, found, was)
        said = _("The reminder of “%(lead)s” is taken off.") % {"lead": found.title}
        return said, takeback.offered(actor, found)

    def put_off(day: date, was: date | None) -> Told:
        """Move the reminder to another day."""
        changed = agenda.put_off(actor, found, day, was)
        when = formats.date_format(day, "SHORT_DATE_FORMAT")
        said = _("“%(lead)s” put off until %(day)s.") % {"lead": found.title, "day": when}
        return said, takeback.offered(actor, found) if changed else 0

    return _acted(request, done, put_off)


@require_POST
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Complete a task, or put it on standby until the day that the form names."""
    actor, found = actor_of(request), task_or_404(request, pk)
    task_moves.require_set(actor, found, found.process.lead)

    def unchanged(was: date | None) -> Callable[[Task], None]:
        """Return a check that the task is as the person saw it."""

        def look(now: Task) -> None:
            """Raise `Invalid` if the task has been changed in the meantime."""
            if now.due_date != was or now.status == State.DONE:
                raise Invalid(
                    _("“%(task)s” has been changed in the meantime. This is how it stands now.")
                    % {"task": now.text},
                    field="due_date",
                )

        return look

    def done(was: date | None) -> Told:
        """Complete the task."""
        task_moves.set_state(actor, found, State.DONE, look=unchanged(was))
        said = _("“%(task)s” is done.") % {"task": found.text}
        return said, task_takeback.offered(actor, found)

    def put_off(day: date, was: date | None) -> Told:
        """Put the task on standby until a day."""
        task_moves.set_state(actor, found, State.STANDBY, day, look=unchanged(was))
        when = formats.date_format(day, "SHORT_DATE_FORMAT")
        said = _("“%(task)s” is on standby until %(day)s.") % {"task": found.text, "day": when}
        return said, 0

    return _acted(request, done, put_off)


def _acted(
    request: HttpRequest,
    done: Callable[[date | None], Told],
    put_off: Callable[[date, date | None], Told],
) -> HttpResponse:
    """Do what the form says about a line, and show the day as it is afterwards.

    Args:
        done: completes it, given the day that the person was shown, and returns a message.
        put_off: postpones it to its first argument, otherwise like `done`.
    """
    whose = _whose(request)
    try:
        was = moving.day_of(request.POST.get("was", ""), "remind_date")
        day = moving.day_of(request.POST.get("day", ""), "remind_date")
        if "done" in request.POST:
            said, back = done(was)
        elif day is None:
            raise Invalid(_("Choose a day."), field="remind_date")
        else:
            said, back = put_off(day, was)
    except Invalid as error:
        tell(request, str(error), level=messages.WARNING)
    else:
        tell(request, said, back=back)
    if not is_htmx(request):
        return redirect(reverse("today") + _of(request, whose))
    return render(request, "today/parts.html", _words(request))


def _whose(request: HttpRequest) -> User:
    """Return whose day is requested; raise 404 unless the person sees their leads."""
    asked = request.GET.get("of", "")
    if not asked:
        return user_of(request)
    found = next((who for who in choices.owners(request) if str(who.pk) == asked), None)
    if found is None:
        raise Http404
    return found


def _of(request: HttpRequest, whose: User) -> str:
    """Return the query string that selects somebody else's day."""
    return "" if whose == user_of(request) else f"?of={whose.pk}"


def _words(request: HttpRequest) -> dict[str, Any]:
    actor, whose = actor_of(request), _whose(request)
    count, wanted = agenda.without_day(actor, whose.pk)
    parts = [_part(request, whose, name) for name in PARTS]
    return {
        "whose": whose,
        "of": _of(request, whose),
        "is_own": whose == user_of(request),
        "parts": parts,
        "is_free": not any(part.count for part in parts),
        "today": this_day(),
        "tomorrow": this_day() + timedelta(days=1),
        "yesterday": this_day() - timedelta(days=1),
        "days": moving.standby_days(),
        "without_day": count,
        "without_day_query": wanted.to_query().urlencode(),
    }


def _part(request: HttpRequest, whose: User, name: str) -> Part:
    headings = {
        "overdue": pgettext("today", "Overdue"),
        "today": _("Today"),
        "next": _("The next 7 days"),
    }
    found = [source(actor_of(request), whose.pk, name) for source in SOURCES]
    items = sorted((item for one in found for item in one.items), key=lambda item: item.order)
    return Part(
        name,
        headings[name],
        items,
        sum(one.count for one in found),
        [one for one in found if one.count > len(one.items)],
    )
