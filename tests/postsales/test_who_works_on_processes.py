"""Who sees and edits post-sales: who sees and edits the lead; and whoever has a task, that task."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, trash
from custode.guard.door import Act
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.guard.owned import Guarded
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Refused
from custode.leads.models import Status
from custode.postsales import moves, ordering, queries
from custode.postsales.models import Process, State, Task
from custode.postsales.moves import Wanted
from tests.cast import Cast
from tests.people.test_who_sees_what import EDITS, SEES, cases
from tests.postsales.processes import a_process, a_task, tasks, won
from tests.teams import North, north


@pytest.fixture
def house(ferri: Cast) -> North:
    """Ferri with a team; on each lead stands a process with a task of nobody's."""
    found = north(ferri)
    for name, lead in found.leads.items():
        type(lead).objects.filter(pk=lead.pk).update(status=Status.WON)
        lead.refresh_from_db()
        a_process(ferri, lead, ferri.anna, f"Process of {name}", f"Task of {name}")
    return found


def named(rows: Iterable[object]) -> set[str]:
    return {str(row).rpartition(" ")[2] for row in rows}


@pytest.mark.parametrize(("settings", "who", "whose"), cases(SEES))
def test_who_sees_a_lead_sees_its_processes_and_tasks(
    house: North, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    actor = house.cast.actor(house.people[who])
    assert named(queries.processes(actor)) == whose
    assert named(queries.tasks(actor)) == whose
    assert named(queries.asked(actor, "all")) == whose
    assert named(queries.asked(actor, "none")) == whose
    assert named(queries.asked(actor, "")) == set()


ACTS: tuple[Callable[[Actor, Task], object], ...] = (
    lambda actor, task: moves.set_state(actor, task, State.DONE),
    lambda actor, task: moves.change_task(actor, task, Wanted(task.text)),
    lambda actor, task: moves.add_task(actor, task.process, Wanted("More")),
    lambda actor, task: moves.rename(actor, task.process, task.process.title),
    lambda actor, task: moves.start(actor, task.process.lead, "More"),
    lambda actor, task: door.delete(actor, [task]),
    lambda actor, task: door.delete(actor, [task.process]),
)


def done(actor: Actor, task: Task, act: Callable[[Actor, Task], object]) -> bool:
    """Whether somebody does it; what they do not see is passed over by the door."""
    try:
        made = act(actor, task)
    except Refused:
        return False
    return not isinstance(made, Act) or made.count == 1


@pytest.mark.parametrize(("settings", "who", "whose"), cases(EDITS))
def test_who_edits_a_lead_edits_and_deletes_its_processes_and_tasks(
    house: North, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    actor = house.cast.actor(house.people[who])
    for model in (Process, Task):
        assert named(model.objects.filter(model.kind.edits(actor))) == whose
    tasks = list(Task.objects.select_related("process__lead__owner"))
    assert len(tasks) == len(house.people) + 1
    for task in tasks:
        may = str(task).rpartition(" ")[2] in whose
        assert all(done(actor, task, act) == may for act in ACTS)


def test_whoever_has_a_task_sees_it_and_nothing_else(house: North) -> None:
    house.settle("own only, no teams")
    cast, elsa = house.cast, house.people["Elsa"]
    with scope.account(cast.ferri.account.pk):
        task = a_task(cast, house.leads["Bruna"], elsa, "Task for Elsa")
    actor = cast.actor(elsa)
    assert task in queries.tasks(actor)
    assert list(queries.asked(actor, "")) == [task]
    assert task.process not in queries.processes(actor)
    assert named(queries.tasks(actor)) == {"Elsa", "nobody"}
    moves.set_state(actor, task, State.DONE)
    task.refresh_from_db()
    assert (task.status, task.done_by) == (State.DONE, elsa)
    assert not [act for act in ACTS[1:] if done(actor, task, act)]
    moves.change_task(cast.actor(cast.anna), task, Wanted("Task for Elsa", None, cast.bruna))
    assert task not in queries.tasks(actor)
    with pytest.raises(Refused):
        moves.set_state(actor, task, State.TODO)


def test_a_program_has_no_tasks_of_its_own(ferri: Cast) -> None:
    a_task(ferri, won(ferri), None)
    assert list(queries.asked(Actor.operator(ferri.ferri.account.pk), "")) == []


def test_another_account_has_nothing_to_do_with_it(ferri: Cast) -> None:
    a_task(ferri, won(ferri), ferri.ugo)
    carla = ferri.actor(ferri.carla)
    with scope.account(ferri.lodi.account.pk):
        assert not queries.tasks(carla).exists()
        assert not queries.processes(carla).exists()
        assert ferri.ugo not in queries.assignable()


@pytest.mark.parametrize("what", ["process", "task"])
def test_one_rule_stands_for_processes_and_tasks(ferri: Cast, what: str) -> None:
    lead = won(ferri)
    task = a_task(ferri, lead, ferri.ugo)
    thing: Guarded = task if what == "task" else task.process
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "process", True)
    with pytest.raises(Refused, match="Only admins can delete post-sales processes and tasks"):
        door.delete(ferri.actor(ferri.ugo), [thing])
    refusal = LogEntry.objects.get(outcome="refused")
    assert (refusal.verb, refusal.kind) == (Verb.DELETE, what)
    act = door.delete(ferri.actor(ferri.anna), [thing])
    assert act.along == ({} if what == "task" else {"task": 1})
    assert act.entry is not None
    with pytest.raises(Refused):
        door.restore(ferri.actor(ferri.ugo), act.entry)
    door.restore(ferri.actor(ferri.anna), act.entry)
    assert Task.objects.get() == task


def test_a_leads_processes_and_tasks_go_and_come_back_with_it(ferri: Cast) -> None:
    ugo, lead = ferri.actor(ferri.ugo), won(ferri)
    process = a_process(ferri, lead, None, "Delivery", "One", "Two", "Three")
    gone = Task.objects.get(text="Two")
    door.delete(ugo, [gone])
    # What goes along follows the parent's rule.
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "process", True)
    act = door.delete(ugo, [lead])
    assert act.along == {"process": 1, "task": 2}
    assert not Process.objects.exists()
    assert not Task.objects.exists()
    assert act.entry is not None
    door.restore(ugo, act.entry)
    assert [str(one) for one in Task.objects.filter(process=process)] == ["One", "Three"]


def test_a_purge_takes_them_for_ever(ferri: Cast) -> None:
    lead = won(ferri)
    a_process(ferri, lead, None, "Delivery", "One", "Two")
    act = door.delete(ferri.actor(ferri.ugo), [lead])
    assert act.entry is not None
    door.purge(ferri.actor(ferri.anna), act.entry, reason="for good")
    assert not Process.with_trashed.exists()
    assert not Task.with_trashed.exists()


def test_who_deleted_a_task_finds_it_in_the_trash(ferri: Cast) -> None:
    task = a_task(ferri, won(ferri), ferri.ugo, "Install the press")
    door.delete(ferri.actor(ferri.ugo), [task])
    (entry,) = trash.entries(ferri.actor(ferri.ugo))
    assert (entry.kind, entry.labels) == ("task", ["Install the press"])
    assert not trash.entries(ferri.actor(ferri.bruna)).exists()


def test_whoever_has_a_task_does_not_move_it(ferri: Cast) -> None:
    process = a_process(ferri, won(ferri), None, "Delivery", "One", "Two")
    _one, two = Task.objects.filter(process=process).order_by("position")
    Task.objects.filter(pk=two.pk).update(assignee=ferri.bruna)
    two.refresh_from_db()
    with pytest.raises(Refused):
        ordering.move_task(ferri.actor(ferri.bruna), two, -1)
    ordering.move_task(ferri.actor(ferri.ugo), two, -1)
    assert [str(one) for one in tasks(process)] == ["Two", "One"]
    door.delete(ferri.actor(ferri.ugo), [two])
    with pytest.raises(Gone):
        ordering.move_task(ferri.actor(ferri.ugo), two, 1)
