"""Post-sales for the walk through all pages in Italian."""

from __future__ import annotations

from datetime import timedelta

from custode.kernel import clock
from custode.leads.models import Lead
from custode.postsales import moves, templates
from custode.postsales.models import State, Task, TemplateTask
from tests.cast import Cast
from tests.postsales.processes import a_process


def processes(ferri: Cast, pk: int) -> dict[str, list[int]]:
    """One with a task in each state, one that was begun with a template, one that is empty."""
    won, anna = Lead.objects.get(pk=pk), ferri.actor(ferri.anna)
    assert not won.is_open
    first = a_process(ferri, won, ferri.anna, "Consegna", "Contratto", "Montaggio", "Prova", "Fine")
    tasks = list(Task.objects.filter(process=first))
    moves.set_state(anna, tasks[1], State.STANDBY, clock.now().date() + timedelta(days=9))
    for state in (State.DONE, State.TODO, State.DONE):
        moves.set_state(anna, tasks[2], state)
    late = moves.Wanted("Fine", clock.now().date() - timedelta(days=9), ferri.anna)
    moves.change_task(anna, tasks[3], late)
    empty = moves.start(anna, won, "Ancora vuoto")
    return {"processes": [first.pk, empty.pk], "tasks": [task.pk for task in tasks]}


def process_template(ferri: Cast) -> list[int]:
    """One with a task, and one that is offered no more, beside it."""
    anna = ferri.actor(ferri.anna)
    one = templates.create(anna, "Avvio")
    task = templates.save_task(
        anna, TemplateTask(template=one), text="Contratto", days=1, who="owner", person=None
    )
    templates.retire(anna, templates.create(anna, "Vecchio"), True)
    return [one.pk, task.pk]
