"""The demo's post-sales: two templates, and processes on some leads that were won or lost."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from custode.console.demo.selling import Seller
from custode.kernel import clock
from custode.leads.models import Lead, Status
from custode.leads.queries import today
from custode.postsales import moves, templates
from custode.postsales.models import Process, ProcessTemplate, State, Task, TemplateTask, Who

# Name -> its tasks: text, days after the start, assignee.
TEMPLATES: Final = {
    "Avvio del cliente": (
        ("Inviare il contratto firmato", 0, Who.STARTER),
        ("Raccogliere i dati per la fattura", 2, Who.OWNER),
        ("Fissare la data della consegna", 5, Who.PERSON),
        ("Formazione degli operatori", 20, Who.PERSON),
        ("Telefonare: tutto bene?", 30, Who.OWNER),
    ),
    "Capire perché è persa": (
        ("Chiedere il motivo", 3, Who.OWNER),
        ("Risentire il cliente", 90, Who.OWNER),
    ),
}
WON, LOST = 6, 2
"""The number of won leads and of lost leads with a process."""


def follow_up(chance: random.Random, people: Sequence[Seller]) -> None:
    """Create templates, and processes in different states."""
    made = [_template(people, name) for name in TEMPLATES]
    for template, status, count in zip(made, (Status.WON, Status.LOST), (WON, LOST), strict=True):
        leads = Lead.objects.filter(status=status, owner__email__isnull=False)
        for lead in leads.select_related("owner").order_by("-closed_at", "pk")[: 3 * count : 3]:
            who = next(one for one in people if one.user.pk == lead.owner_id)
            with clock.at(min(clock.now(), (lead.closed_at or clock.now()) + timedelta(hours=1))):
                process = moves.start(who.actor, lead, template=template)
            _work(chance, who, process)


def _template(people: Sequence[Seller], name: str) -> ProcessTemplate:
    boss, helper = people[0], next(one for one in people[1:] if one.user.email)
    made = templates.create(boss.actor, name)
    for text, days, who in TEMPLATES[name]:
        person = helper.user if who == Who.PERSON else None
        templates.save_task(
            boss.actor, TemplateTask(template=made), text=text, days=days, who=who, person=person
        )
    return made


def _work(chance: random.Random, who: Seller, process: Process) -> None:
    """Complete most tasks that were due; put the next one on standby now and then."""
    tasks = list(Task.objects.filter(process=process).order_by("position"))
    due = [one for one in tasks if one.due_date and one.due_date < today()]
    for task in due:
        if chance.random() < 0.75:
            days = (today() - task.due_date).days if task.due_date else 0
            with clock.at(clock.now() - timedelta(days=days, hours=chance.randint(0, 5))):
                moves.set_state(who.actor, task, State.DONE)
    if due and chance.random() < 0.6:
        waiting = next((one for one in tasks if one not in due), None)
        if waiting is not None:
            moves.set_state(who.actor, waiting, State.STANDBY, today() + timedelta(days=6))
