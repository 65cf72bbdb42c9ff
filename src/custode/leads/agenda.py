"""A person's agenda: their open leads with reminders, by day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.utils.translation import gettext as _

from custode.guard.gathering import LATELY
from custode.guard.history import Changed
from custode.guard.models import Change
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import moves, queries
from custode.leads.filters import Filter
from custode.leads.models import OPEN, Lead, Status

MOST: Final = 50
"""The maximum number of leads in one part of the day; the list of leads shows all."""
STATUSES: Final = tuple(status.value for status in OPEN)


@dataclass(frozen=True, slots=True)
class Part:
    """The leads of one part of a person's agenda.

    Args:
        leads: the first ones, by day and hour; those without an hour come last on their day.
        count: how many there are.
        filter: the filter that shows all of them in the list.
        editable: the numbers of those that the actor may edit.
    """

    leads: list[Lead]
    count: int
    filter: Filter
    editable: frozenset[int]


def part(actor: Actor, owner: int, reminder: str) -> Part:
    """Return a person's open leads that the actor sees and whose reminder is in this part.

    Args:
        reminder: `overdue`, `today` or `next`.
    """
    wanted = Filter(owners=(str(owner),), statuses=STATUSES, reminder=reminder)
    found = queries.matching(actor, wanted)
    ordered = found.select_related("step__pipeline").defer("description", "searched")
    leads = list(ordered.order_by("remind_date", *queries.BY_HOUR, "pk")[:MOST])
    count = len(leads) if len(leads) < MOST else found.count()
    return Part(leads, count, wanted, moves.editable(actor, leads))


def without_day(actor: Actor, owner: int) -> tuple[int, Filter]:
    """Return how many of a person's open leads have no day, and the filter that shows them."""
    wanted = Filter(owners=(str(owner),), statuses=(Status.TODO.value,), reminder="none")
    return queries.matching(actor, wanted).count(), wanted


def put_off(actor: Actor, lead: Lead, day: date, was: date | None) -> Changed:
    """Move a lead's reminder to another day, at the same hour.

    Args:
        was: the day that the actor was shown.

    Returns:
        The changes: field -> (old, new).

    Raises:
        Invalid: the day is in the past, or somebody has changed it in the meantime.
        Refused: the lead belongs to somebody else.
        Gone: the lead has been moved to the trash in the meantime.
    """
    if day < queries.today():
        raise Invalid(_("This day has passed. Choose today or a later date."), field="remind_date")
    return moves.edit(actor, lead, look=_unless_changed(was), remind_date=day)


def done(actor: Actor, lead: Lead, was: date | None) -> Changed:
    """Mark a lead's reminder as done: it is removed, and the lead is to do.

    To tick off what has come is work, however many in an hour; a day to come is taken away.

    Raises:
        Invalid: somebody has changed the day in the meantime.
        Refused, Gone: as for `put_off`.
    """
    values: dict[str, Any] = {"remind_date": None, "remind_time": None, "status": Status.TODO}
    has_come = was is not None and was <= queries.today() and not _was_brought_forward(lead, was)
    over = ("remind_date", "remind_time") if has_come else ()
    return moves.edit(actor, lead, look=_unless_changed(was), done=over, **values)


def _was_brought_forward(lead: Lead, day: date) -> bool:
    """Return whether a reminder for a later day was moved to this day within the last hour."""
    lines = Change.objects.filter(kind=lead.kind.name, object_id=lead.pk, field="remind_date")
    latest = lines.order_by("-pk").first()
    if latest is None or latest.at < clock.now() - LATELY or not latest.old or not latest.new:
        return False
    return latest.new == day.isoformat() < latest.old


def _unless_changed(was: date | None) -> Callable[[Lead], None]:
    def look(now: Lead) -> None:
        """Raise `Invalid` when the day has been changed."""
        if now.remind_date != was or not now.is_open:
            raise Invalid(
                _("“%(lead)s” has been changed in the meantime. This is how it stands now.")
                % {"lead": now.title},
                field="remind_date",
            )

    return look
