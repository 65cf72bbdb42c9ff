"""What the tests of post-sales begin with."""

from __future__ import annotations

from datetime import date
from typing import Any

from custode.leads.models import Lead, Status
from custode.people.models import User
from custode.postsales import moves, templates
from custode.postsales.models import Process, ProcessTemplate, Task, TemplateTask, Who
from tests.cast import Cast

# Text, days after the beginning, who gets it.
TASKS = (
    ("Send the contract", 0, Who.OWNER),
    ("Install the press", 7, Who.PERSON),
    ("Call and ask", 30, Who.STARTER),
)


def won(cast: Cast, who: User | None = None, title: str = "Scanner", **values: Any) -> Lead:
    """A lead that is won; Ugo's unless somebody else is named."""
    return cast.lead(who or cast.ugo, title, status=Status.WON, **values)


def a_template(cast: Cast, name: str = "Onboarding") -> ProcessTemplate:
    """A template with three tasks, the second of which is Bruna's."""
    anna = cast.actor(cast.anna)
    one = templates.create(anna, name)
    for text, days, who in TASKS:
        person = cast.bruna if who == Who.PERSON else None
        templates.save_task(
            anna, TemplateTask(template=one), text=text, days=days, who=who, person=person
        )
    return one


def a_process(
    cast: Cast, lead: Lead, who: User | None = None, title: str = "Delivery", *texts: str
) -> Process:
    """A process with tasks of these texts, each without a day and of nobody."""
    actor = cast.actor(who or cast.ugo)
    process = moves.start(actor, lead, title)
    for text in texts:
        moves.add_task(actor, process, moves.Wanted(text))
    return process


def a_task(
    cast: Cast, lead: Lead, assignee: User | None, text: str = "Install", due: date | None = None
) -> Task:
    """A task in a process of its own, begun by Anna."""
    anna = cast.actor(cast.anna)
    process = moves.start(anna, lead, f"Process of {text}"[:120])
    return moves.add_task(anna, process, moves.Wanted(text, due, assignee))


def tasks(process: Process) -> list[Task]:
    """The living tasks of a process, in order."""
    return list(Task.objects.filter(process=process).order_by("position", "pk"))
