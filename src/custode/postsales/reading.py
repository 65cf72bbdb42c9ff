"""Reading what people enter about processes and tasks: titles, texts and days."""

from __future__ import annotations

from datetime import date
from typing import Final

from django.utils.translation import gettext as _

from custode.kernel.errors import Invalid
from custode.kernel.text import line
from custode.leads.queries import today

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 200
EARLIEST, LATEST = date(1900, 1, 1), date(2999, 12, 31)


def read_title(title: str) -> str:
    """Return a title as stored; raise `Invalid` when it is empty or too long."""
    title = line(title)
    if not title:
        raise Invalid(_("A process needs a title."), field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid(_("A process's title has at most 120 characters."), field="title")
    return title


def read_text(text: str) -> str:
    """Return a task's text as stored; raise `Invalid` when it is empty or too long."""
    text = line(text)
    if not text:
        raise Invalid(_("Write what is to be done."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("A task has at most 200 characters."), field="text")
    return text


def read_day(day: date | None) -> date | None:
    """Return the day on which a task is due; raise `Invalid` for one that no calendar shows."""
    if day is not None and not EARLIEST <= day <= LATEST:
        raise Invalid(_("Choose a day from the calendar."), field="due_date")
    return day


def read_day_to_come(day: date | None) -> date:
    """Return the day on which standby ends; raise `Invalid` for none, and for one in the past."""
    if day is None:
        raise Invalid(_("Say until when the task is on standby."), field="remind_date")
    if not today() <= day <= LATEST:
        raise Invalid(
            _("Standby cannot end in the past. Choose today or a later date."), field="remind_date"
        )
    return day
