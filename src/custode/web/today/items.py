"""The lines of the page of today: things to do of every kind, in one order.

To add another kind of thing with a day, add a `Source`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from custode.kernel.actor import Actor
from custode.leads import agenda
from custode.leads.models import Lead, Status
from custode.postsales import queries
from custode.postsales.models import State
from custode.postsales.queries import Wanted
from custode.web.postsales import presentation
from custode.web.postsales.presentation import ShownTask
from custode.web.shell.words import money, number

PARTS: Final = ("overdue", "today", "next")


@dataclass(frozen=True, slots=True)
class Item:
    """A thing to do.

    Args:
        sort: its kind, in a word; `icon` shows the same.
        facts: the text below its name.
        way: the address that postpones or completes it; "" if the person may only look at it.
        done: the meaning of its check box.
    """

    day: date
    hour: time | None
    name: str
    url: str
    icon: str
    sort: str | Promise
    facts: tuple[str, ...]
    way: str
    done: str | Promise

    @property
    def order(self) -> tuple[date, bool, time, str]:
        """Return the sort key: by day and hour, items without an hour last."""
        return self.day, self.hour is None, self.hour or time(), self.name


@dataclass(frozen=True, slots=True)
class Found:
    """A source's first items for one part of the day, and the link to the others."""

    items: list[Item]
    count: int
    all_url: str
    all_words: str


Source = Callable[[Actor, int, str], Found]


def leads(actor: Actor, owner: int, part: str) -> Found:
    """Return the leads with a reminder in this part."""
    found = agenda.part(actor, owner, part)
    return Found(
        items=[
            _lead(lead, lead.remind_date, lead.pk in found.editable)
            for lead in found.leads
            if lead.remind_date is not None
        ],
        count=found.count,
        all_url=f"{reverse('lead_list')}?{found.filter.to_query().urlencode()}&sort=reminder",
        all_words=ngettext("All %(n)s lead", "All %(n)s leads", found.count)
        % {"n": number(found.count)},
    )


def _lead(lead: Lead, day: date, may_edit: bool) -> Item:
    facts = [lead.step.name]
    if lead.amount_minor is not None:
        facts.append(money(lead.amount_minor, lead.currency))
    if lead.status == Status.STANDBY:
        facts.append(str(Status.STANDBY.label))
    return Item(
        day=day,
        hour=lead.remind_time,
        name=lead.title,
        url=reverse("lead", args=[lead.pk]),
        icon="handshake",
        sort=gettext_lazy("Lead"),
        facts=tuple(facts),
        way=reverse("today_lead", args=[lead.pk]) if may_edit else "",
        done=gettext_lazy("Done: take the reminder off"),
    )


def tasks(actor: Actor, owner: int, part: str) -> Found:
    """Return the post-sales tasks due in this part, postponed or not."""
    rows = queries.agenda(actor, owner, part)
    found = list(rows.select_related("assignee", "done_by", "process")[: agenda.MOST])
    wanted = Wanted(who="" if owner == actor.user_id else str(owner))
    return Found(
        items=[_task(one) for one in presentation.in_list(actor, found)] if found else [],
        count=len(found) if len(found) < agenda.MOST else rows.count(),
        all_url=f"{reverse('tasks')}?{wanted.query()}",
        all_words=_("All tasks"),
    )


def _task(task: ShownTask) -> Item:
    facts = [task.it.process.title, task.lead.title] if task.lead else []
    if task.it.status == State.STANDBY:
        facts.append(str(State.STANDBY.label))
    url = f"{reverse('lead', args=[task.lead.pk])}#lead-processes" if task.lead else ""
    return Item(
        day=task.it.due_date or date.max,
        hour=task.it.remind_time if task.it.remind_date == task.it.due_date else None,
        name=task.it.text,
        url=url or reverse("tasks"),
        icon="list-checks",
        sort=gettext_lazy("Task"),
        facts=tuple(facts),
        way=reverse("today_task", args=[task.it.pk]) if task.may_set else "",
        done=gettext_lazy("Done"),
    )


SOURCES: Final[tuple[Source, ...]] = (leads, tasks)
