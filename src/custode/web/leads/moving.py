"""Set a lead's status from a form: the same on the board and on the lead's page."""

from __future__ import annotations

from datetime import date, time, timedelta

from django.http import QueryDict
from django.utils import formats
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.guard.history import Changed
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import moves
from custode.leads.filters import EARLIEST, LATEST
from custode.leads.models import CLOSED, Lead, Status
from custode.leads.queries import today


def set_status(actor: Actor, lead: Lead, form: QueryDict) -> tuple[str, Changed]:
    """Set the status that a form names; return a sentence that says so, and what changed.

    Raises:
        Invalid: there is no such status, or standby has no day for its reminder.
        Refused: the lead belongs to somebody else.
    """
    status = form.get("status", "")
    if status in CLOSED:
        changed = moves.close(actor, lead, status)
    elif status == Status.STANDBY:
        day = day_of(form.get("remind_date", ""), "remind_date")
        if day is None:
            raise Invalid(_("Say until when the lead is on standby."), field="remind_date")
        hour = hour_of(form.get("remind_time", ""), "remind_time")
        changed = moves.edit(actor, lead, status=status, remind_date=day, remind_time=hour)
    elif status == Status.TODO:
        changed = moves.edit(actor, lead, status=status)
    else:
        raise Invalid(_("There is no such status."), field="status")
    return _said(lead), changed


def day_of(text: str, field: str) -> date | None:
    """Return the day that a form sent; None if empty; raise `Invalid` for anything else."""
    if not text.strip():
        return None
    try:
        day = date.fromisoformat(text.strip())
    except ValueError:
        day = date.min
    if EARLIEST <= day <= LATEST:
        return day
    raise Invalid(
        _("“%(text)s” is not a day. Choose one from the calendar.") % {"text": text[:40]},
        field=field,
    )


def hour_of(text: str, field: str) -> time | None:
    """Return the time of day that a form sent; None if empty; raise `Invalid` for anything else."""
    try:
        return time.fromisoformat(text.strip()).replace(tzinfo=None) if text.strip() else None
    except ValueError as error:
        raise Invalid(_("Write the time like 14:30."), field=field) from error


def standby_days() -> list[tuple[str | Promise, date]]:
    """Return the days that are proposed for a reminder."""
    return [
        (gettext_lazy("Tomorrow"), today() + timedelta(days=1)),
        (gettext_lazy("In 3 days"), today() + timedelta(days=3)),
        (gettext_lazy("In a week"), today() + timedelta(days=7)),
        (gettext_lazy("In 30 days"), today() + timedelta(days=30)),
    ]


def _said(lead: Lead) -> str:
    if lead.status == Status.STANDBY and lead.remind_date is not None:
        day = formats.date_format(lead.remind_date, "SHORT_DATE_FORMAT")
        if lead.remind_time is not None:
            day = f"{day}, {formats.time_format(lead.remind_time, 'H:i')}"
        return _("“%(lead)s” is on standby until %(day)s.") % {"lead": lead.title, "day": day}
    sentences = {
        Status.TODO: _("“%(lead)s” is to do again."),
        Status.WON: _("“%(lead)s” is won."),
        Status.CANCELLED: _("“%(lead)s” is cancelled."),
        Status.LOST: _("“%(lead)s” is lost."),
    }
    return sentences[Status(lead.status)] % {"lead": lead.title}
