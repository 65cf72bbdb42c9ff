"""Templates of post-sales processes: each account's own, retired but never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.guard import door, naming, policy
from custode.guard.door import Act
from custode.guard.ordering import next_position, put_in_order
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.people.models import User
from custode.postsales import moves, reading
from custode.postsales.models import Process, ProcessTemplate, TemplateTask, Who

MOST_DAYS: Final = 3650
NAMES: Final = naming.Names(
    longest=reading.LONGEST_TITLE,
    empty=gettext_lazy("A template needs a name."),
    too_long=gettext_lazy("A template's name has at most 120 characters."),
    taken=gettext_lazy("There is a template of this name already."),
)
TEMPLATE: Final = "process_template"
"""The name of a retired template's kind in the log."""


def offered() -> Sequence[ProcessTemplate]:
    """Return the templates that can be chosen now, by name."""
    return list(ProcessTemplate.objects.filter(retired_at=None))


def offered_after(status: str) -> Sequence[ProcessTemplate]:
    """Those for a lead that has just got this status, by name.

    Without those with which processes began on leads of other statuses only: what is done for a
    lost lead is not offered for a won one. One that was not used yet may be for any.
    """
    found = offered()
    began: dict[str, set[str]] = {}
    used = Process.objects.filter(title__in=[one.name for one in found])
    for title, of in used.values_list("title", "lead__status").distinct():
        began.setdefault(title, set()).add(of)
    return [one for one in found if status in began.get(one.name, {status})]


def create(actor: Actor, name: str) -> ProcessTemplate:
    """Create a template without tasks.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
    """
    policy.require_admin(actor)
    one = ProcessTemplate(account_id=actor.account_id, name=NAMES.read(name))
    with transaction.atomic():
        naming.alone()
        with NAMES.giving(one):
            one.save()
    return one


def rename(actor: Actor, one: ProcessTemplate, name: str) -> None:
    """Rename a template; processes started from it keep their titles.

    Raises:
        Refused: the actor is no admin.
        Invalid: the name is empty, too long or taken.
    """
    policy.require_admin(actor)
    one.name = NAMES.read(name)
    with transaction.atomic():
        naming.alone()
        with NAMES.giving(one):
            one.save(update_fields=["name"])


def retire(actor: Actor, one: ProcessTemplate, on: bool) -> Act:
    """Stop offering a template, or offer it again; processes started from it are unchanged.

    Raises:
        Refused: the actor is no admin.
        Gone: somebody else has done it in the meantime.
    """
    return door.set_retired(actor, Process.kind.name, TEMPLATE, one, on)


def save_task(
    actor: Actor, task: TemplateTask, *, text: str, days: int | None, who: str, person: User | None
) -> TemplateTask:
    """Save a template's task, existing or new; a new one is added at the end.

    Raises:
        Refused: the actor is no admin.
        Invalid: something is empty, too long or not offered, or there are too many tasks.
        Gone: the task was removed in the meantime.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _hold(task.template)
        _require_offered(task)
        others = TemplateTask.objects.filter(template=task.template)
        new = task.pk is None
        if new:
            if others.count() >= moves.MOST_TASKS:
                raise Invalid(
                    _("A process has at most %(n)s tasks.") % {"n": moves.MOST_TASKS}, field="text"
                )
            task.position, task.account_id = next_position(others), actor.account_id
        elif not others.filter(pk=task.pk).exists():
            raise Gone(_("“%(name)s” has been deleted in the meantime.") % {"name": task.text})
        _fill(task, text, days, who, person)
        # Not its position: somebody may have reordered the tasks meanwhile.
        task.save(update_fields=None if new else ["text", "days", "who", "person"])
    return task


def remove_task(actor: Actor, task: TemplateTask) -> None:
    """Remove a task from its template; raise `Refused` when the actor is no admin.

    Processes started from the template keep theirs.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _hold(task.template)
        TemplateTask.objects.filter(pk=task.pk).delete()


def order_tasks(actor: Actor, one: ProcessTemplate, ids: Sequence[int]) -> None:
    """Set the order of a template's tasks.

    Raises:
        Refused: the actor is no admin.
        Invalid: these are not exactly its present tasks.
    """
    policy.require_admin(actor)
    with transaction.atomic():
        _hold(one)
        put_in_order(TemplateTask.objects.filter(template=one), ids)


def _fill(task: TemplateTask, text: str, days: int | None, who: str, person: User | None) -> None:
    task.text = reading.read_text(text)
    if days is None or not 0 <= days <= MOST_DAYS:
        raise Invalid(
            _("Write a number of days between 0 and %(most)s.") % {"most": MOST_DAYS},
            field="days",
        )
    if who not in Who.values or (who == Who.PERSON and person is None):
        raise Invalid(_("Choose who gets the task from the list."), field="assignee")
    person = person if who == Who.PERSON else None
    if person is not None and person.pk != task.person_id:
        moves.require_assignable(person)
    task.days, task.who, task.person = days, who, person


def _require_offered(task: TemplateTask) -> None:
    """Raise unless the task's template is offered: a retired one keeps its tasks unchanged."""
    if task.pk is None and not ProcessTemplate.offered.filter(pk=task.template_id).exists():
        raise Invalid(
            _("This template is no longer available. Offer it again before you add tasks."),
            field="text",
        )


def _hold(one: ProcessTemplate) -> None:
    """Lock the template for the rest of the transaction."""
    ProcessTemplate.objects.select_for_update().get(pk=one.pk)
