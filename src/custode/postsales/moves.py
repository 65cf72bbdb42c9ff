"""Operations on post-sales processes and tasks. Deleting and restoring them is the door's."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date, time, timedelta
from enum import Enum
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from custode.activities.moves import touch
from custode.guard import emptying, history
from custode.guard.ordering import next_position
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.people.models import User
from custode.postsales.models import Process, ProcessTemplate, State, Task, TemplateTask, Who
from custode.postsales.reading import read_day, read_day_to_come, read_text, read_title

MOST_TASKS: Final = 100
"""The maximum number of tasks of one process."""
MOST_PROCESSES: Final = 20
"""The maximum number of processes on one lead."""

STARTED, DONE, REOPENED = "process", "task_done", "task_reopened"
RENAMED, REWORDED = "process_title", "task_text"
"""The names, in a lead's history, of changes in its processes."""

FIELDS: Final = frozenset({"text", "due_date", "assignee"})
"""The fields of `Wanted`."""


class Kept(Enum):
    """Stands for a value that stays as it is on the row."""

    KEPT = "kept"


KEPT: Final = Kept.KEPT


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task's fields as a user enters them."""

    text: str
    due_date: date | None = None
    assignee: User | None = None


def start(
    actor: Actor, lead: Lead, title: str = "", template: ProcessTemplate | None = None
) -> Process:
    """Start a process on a closed lead, with a template's tasks or with none.

    Args:
        title: its title; the template's name if empty.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: the lead is still open, there is no title, or the template is no longer offered.
        Gone: the lead has been moved to the trash in the meantime.
    """
    title = read_title(title or (template.name if template else ""))
    with transaction.atomic():
        history.hold(lead)
        lead_moves.require_edit(actor, lead)
        if lead.is_open:
            raise Invalid(_("Post-sales begins when a lead is won, lost or cancelled."))
        if Process.objects.filter(lead=lead).count() >= MOST_PROCESSES:
            raise Invalid(
                _("A lead has at most %(n)s post-sales processes.") % {"n": MOST_PROCESSES}
            )
        process = Process(
            account_id=lead.account_id, lead=lead, title=title, created_by_id=actor.user_id
        )
        history.create(actor, process)
        if template is not None:
            _begin_with(actor, process, template)
        history.write([history.line(actor, lead, STARTED, None, process.pk)])
        touch(lead)
    return process


def rename(actor: Actor, process: Process, title: str) -> None:
    """Rename a process.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: the title is empty or too long.
        Gone: the process has been moved to the trash in the meantime.
    """
    title = read_title(title)
    with history.editing(actor, process):
        lead_moves.require_edit(actor, process.lead)
        was, process.title = process.title, title
        _tell_words(actor, process.lead, RENAMED, was, title)


def add_task(actor: Actor, process: Process, wanted: Wanted) -> Task:
    """Add a task at the end of a process.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: a value is not acceptable, or there are too many tasks.
        Gone: the process has been moved to the trash in the meantime.
    """
    task = Task(account_id=process.account_id, process=process)
    with transaction.atomic():
        history.hold(process)
        lead_moves.require_edit(actor, process.lead)
        tasks = Task.objects.filter(process=process)
        if tasks.count() >= MOST_TASKS:
            raise Invalid(_("A process has at most %(n)s tasks.") % {"n": MOST_TASKS}, field="text")
        task.position = next_position(tasks)
        _write(task, wanted, FIELDS)
        history.create(actor, task)
    return task


def _any(_task: Task) -> None:
    """Accept any task."""


def change_task(
    actor: Actor,
    task: Task,
    wanted: Wanted,
    only: Collection[str] = FIELDS,
    *,
    look: Callable[[Task], None] = _any,
) -> history.Changed:
    """Change a task's text, day or assignee.

    Args:
        only: the fields that are changed; what `wanted` holds for the others does not count.
        look: checks the task before anything is changed, and may raise.

    Raises:
        Refused: the lead belongs to somebody else.
        Invalid: a value is not acceptable.
        Gone: the task has been moved to the trash in the meantime.
    """
    with history.editing(actor, task) as changed:
        lead_moves.require_edit(actor, task.process.lead)
        look(task)
        was = task.text
        _write(task, wanted, only)
        _tell_words(actor, task.process.lead, REWORDED, was, task.text)
    return changed


def set_state(
    actor: Actor,
    task: Task,
    state: str,
    until: date | Kept | None = KEPT,
    hour: time | Kept | None = KEPT,
    *,
    look: Callable[[Task], None] = _any,
) -> history.Changed:
    """Set a task's state; for its assignee, and for users who may edit the lead.

    Args:
        until: for standby, the day on which it becomes to do again; if not given, the one that the
            task has. It is due on that day at the earliest.
        hour: for standby, the hour of that day, None for its beginning; if not given, the one that
            the task has.
        look: checks the task before anything is changed, and may raise.

    Raises:
        Refused: the task and the lead are somebody else's.
        Invalid: the state is unknown, or standby has no day in the future.
        Gone: the task has been moved to the trash in the meantime.
    """
    lead = task.process.lead
    with emptying.watching(actor):
        # The lead first, as when it is deleted, so that no deadlock can arise.
        history.hold(lead)
        with history.editing(actor, task) as changed:
            require_set(actor, task, lead)
            look(task)
            was = task.status
            _set_state(actor, task, state, until, hour)
        _tell_lead(actor, lead, task, was)
    return changed


def require_set(actor: Actor, task: Task, lead: Lead) -> None:
    """Raise `Refused` unless the actor is the task's assignee, or may edit the lead."""
    if actor.user_id is None or task.assignee_id != actor.user_id:
        lead_moves.require_edit(actor, lead)


def require_assignable(person: User | None) -> None:
    """Raise `Invalid` for somebody who no longer works here."""
    if person is not None and not person.is_active:
        raise Invalid(
            _("%(name)s is disabled. Choose somebody else.") % {"name": person}, field="assignee"
        )


def _begin_with(actor: Actor, process: Process, template: ProcessTemplate) -> None:
    """Create the template's tasks, with days counted from today.

    Today is the user's on a page, and the account's by the API.
    """
    held = ProcessTemplate.objects.filter(pk=template.pk, retired_at=None).select_for_update()
    if held.first() is None:
        raise Invalid(_("This template is no longer available. Choose another."), field="template")
    planned = TemplateTask.objects.filter(template=template).select_related("person")
    made = [
        Task(
            account_id=process.account_id,
            process=process,
            text=one.text,
            position=place,
            due_date=today() + timedelta(days=one.days),
            assignee_id=_assignee(actor, process.lead, one),
        )
        for place, one in enumerate(planned)
    ]
    for task in made:
        task.derive()
    Task.objects.bulk_create(made)
    history.write(history.line(actor, task, history.CREATED, None, None) for task in made)


def _assignee(actor: Actor, lead: Lead, planned: TemplateTask) -> int | None:
    """Return a planned task's assignee; the lead's owner if that person has left."""
    if planned.who == Who.STARTER and actor.user_id is not None:
        return actor.user_id
    if planned.person is not None and planned.person.is_active:
        return planned.person.pk
    return lead.owner_id


def _write(task: Task, wanted: Wanted, only: Collection[str]) -> None:
    had = task.assignee_id
    if "text" in only:
        task.text = read_text(wanted.text)
    if "due_date" in only:
        task.due_date = read_day(wanted.due_date)
        _due_when_it_comes_back(task)
    if "assignee" in only:
        task.assignee = wanted.assignee
    if task.assignee_id != had:
        require_assignable(task.assignee)


def _due_when_it_comes_back(task: Task) -> None:
    """Make a task on standby due at the earliest on the day when standby ends."""
    until = task.remind_date if task.status == State.STANDBY else None
    if until is not None and (task.due_date is None or task.due_date < until):
        task.due_date = until


def _set_state(
    actor: Actor, task: Task, state: str, until: date | Kept | None, hour: time | Kept | None
) -> None:
    if state not in State.values:
        raise Invalid(_("There is no such status."), field="status")
    was, task.status = task.status, state
    if state == State.STANDBY:
        task.remind_date = read_day_to_come(task.remind_date if until is KEPT else until)
        task.remind_time = task.remind_time if hour is KEPT else hour
    else:
        task.remind_date = task.remind_time = None
    _due_when_it_comes_back(task)
    if state != was:
        done = state == State.DONE
        task.done_at = clock.now() if done else None
        task.done_by_id = actor.user_id if done else None


def _tell_lead(actor: Actor, lead: Lead, task: Task, was: str) -> None:
    """Write a line in the lead's history when a task is done, or is to do after all."""
    said = DONE if task.status == State.DONE else REOPENED if was == State.DONE else ""
    if said and was != task.status:
        history.write([history.line(actor, lead, said, None, task.pk)])
        touch(lead)


def _tell_words(actor: Actor, lead: Lead, field: str, was: str, now: str) -> None:
    """Write a line in the lead's history that shows a title's or text's earlier wording."""
    if was != now:
        history.write([history.line(actor, lead, field, was, now)])
