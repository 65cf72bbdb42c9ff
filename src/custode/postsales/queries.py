"""Which post-sales processes and tasks an actor sees, and their progress."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.http import QueryDict

from custode.clients.models import ClientFolder
from custode.kernel.actor import Actor
from custode.kernel.address import whole
from custode.leads.models import Lead
from custode.leads.queries import BY_HOUR, NEXT_DAYS, today
from custode.leads.queries import visible as visible_leads
from custode.people.models import User
from custode.people.visibility import within
from custode.postsales import sight
from custode.postsales.models import Process, State, Task

Tasks = QuerySet[Task, Task]

OPEN: Final = ("overdue", "today", "next", "undated")
WHEN: Final = (*OPEN, "standby", "done")
"""The sections of a list of tasks: by the day on which they are due in the user's time zone."""
EVERYBODY: Final = "all"
NOBODY: Final = "none"
_ORDERS: Final[dict[str, tuple[Any, ...]]] = {
    "standby": ("remind_date", *BY_HOUR, "pk"),
    "done": ("-done_at", "-pk"),
}


@dataclass(frozen=True, slots=True)
class Progress:
    """How many of some tasks are done."""

    done: int = 0
    total: int = 0

    @property
    def percent(self) -> int:
        """The percentage of tasks done."""
        return self.done * 100 // self.total if self.total else 0


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search for tasks, as requested in a URL; invalid values are ignored.

    Args:
        who: whose: `all`, `none`, a user's number, or "" for one's own.
        when: one of `WHEN`, or "" for all that are open.
        page: the page, from 1.
    """

    who: str = ""
    when: str = ""
    page: int = 1

    @classmethod
    def of(cls, query: QueryDict) -> Wanted:
        """Return the search that a URL describes."""
        who, when = query.get("who", ""), query.get("when", "")
        return cls(
            who=who if who in {EVERYBODY, NOBODY} or whole(who) else "",
            when=when if when in WHEN else "",
            page=min(max(1, whole(query.get("page", ""))), 10_000),
        )

    def query(self, **changes: Any) -> str:
        """Return the URL's query with some changes, without defaults."""
        one, found = replace(self, **changes), QueryDict(mutable=True)
        for name in ("who", "when"):
            if getattr(one, name):
                found[name] = getattr(one, name)
        if one.page > 1:
            found["page"] = str(one.page)
        return found.urlencode()


def processes(actor: Actor) -> QuerySet[Process, Process]:
    """Return the living processes that an actor sees."""
    return Process.objects.filter(sight.processes(actor))


def tasks(actor: Actor) -> Tasks:
    """Return the living tasks that an actor sees, including their own."""
    return Task.objects.filter(sight.tasks(actor))


def found(actor: Actor, words: Iterable[str]) -> Tasks:
    """Return the tasks an actor sees whose text contains all these words, the latest first.

    Each has `is_on_seen`: whether the actor sees the task's lead, too.
    """
    lead = visible_leads(actor).order_by().filter(pk=OuterRef("process__lead_id"))
    rows = tasks(actor).annotate(is_on_seen=Exists(lead))
    for word in words:
        rows = rows.filter(searched__contains=word)
    return rows.select_related("process__lead", "assignee").order_by("-updated_at", "-pk")


def agenda(actor: Actor, person: int, part: str) -> Tasks:
    """Return a person's tasks to do or on standby, by day, as far as the actor sees them.

    A task on standby is due when standby ends, or later.

    Args:
        part: `overdue`, `today` or `next`, as for leads.
    """
    day, one = today(), timedelta(days=1)
    first, last = {
        "overdue": (None, day - one), "today": (day, day),
        "next": (day + one, day + timedelta(days=NEXT_DAYS)),
    }[part]  # fmt: skip
    rows = asked(actor, "" if person == actor.user_id else str(person))
    rows = rows.filter(status__in=[State.TODO, State.STANDBY], due_date__lte=last)
    if first:
        rows = rows.filter(due_date__gte=first)
    return rows.order_by("due_date", *BY_HOUR, "pk")


def asked(actor: Actor, who: str) -> Tasks:
    """Return the visible tasks of the person that a URL names (`Wanted.who`)."""
    if who == EVERYBODY:
        return tasks(actor)
    if who == NOBODY:
        return tasks(actor).filter(assignee=None)
    return tasks(actor).filter(assignee=int(who)) if who else Task.objects.filter(sight.mine(actor))


def part(rows: Tasks, when: str) -> Tasks:
    """Return one section of a list of tasks, in its order."""
    return rows.filter(_when(when, today())).order_by(*_ORDERS.get(when, ("due_date", "pk")))


def counts(rows: Tasks) -> dict[str, int]:
    """Return how many tasks each section of a list has, by one query."""
    day = today()
    return rows.order_by().aggregate(**{
        name: Count("pk", filter=_when(name, day)) for name in WHEN
    })  # fmt: skip


def _when(when: str, day: date) -> Q:
    if when in {State.STANDBY, State.DONE}:
        return Q(status=when)
    days = {
        "overdue": Q(due_date__lt=day), "today": Q(due_date=day), "next": Q(due_date__gt=day),
        "undated": Q(due_date=None),
    }  # fmt: skip
    return Q(status=State.TODO) & days[when]


def of_lead(lead: Lead) -> list[tuple[Process, list[Task]]]:
    """Return a visible lead's processes with their tasks, the latest process first."""
    found = list(Process.objects.filter(lead=lead).order_by("-pk"))
    by_process: dict[int, list[Task]] = {one.pk: [] for one in found}
    rows = Task.objects.filter(process__in=list(by_process)) if found else Task.objects.none()
    for task in rows.select_related("assignee", "done_by").order_by("position", "pk"):
        by_process[task.process_id].append(task)
    return [(one, by_process[one.pk]) for one in found]


def in_folder(actor: Actor, folder: ClientFolder) -> QuerySet[Process, Process]:
    """Return the processes of the leads in a folder that an actor sees, the latest first."""
    leads = visible_leads(actor).filter(client_folder=folder)
    found = Process.objects.filter(lead__in=leads.values("pk"))
    return found.select_related("lead").order_by("-pk")


def progress(processes: Iterable[Process]) -> dict[int, Progress]:
    """Return the progress of each process, by one query."""
    found = {one.pk: Progress() for one in processes}
    rows = Task.objects.filter(process__in=list(found)).order_by().values("process")
    for row in rows.annotate(total=Count("pk"), done=Count("pk", filter=Q(status=State.DONE))):
        found[row["process"]] = Progress(row["done"], row["total"])
    return found


def people(actor: Actor) -> QuerySet[User, User]:
    """Return the people whose tasks an actor may list: those whose things they see."""
    found = User.objects.filter(within(actor, actor.reach.sees, "pk"))
    return found.order_by("first_name", "last_name", "pk")


def assignable() -> QuerySet[User, User]:
    """Return the people to whom a task can be assigned."""
    found = User.objects.filter(disabled_at__isnull=True)
    return found.order_by("first_name", "last_name", "pk")
