"""Several people at the door at once: nothing is done twice, halved or left out of the log."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

import pytest
from django.db import connection, connections

from custode.guard import door, log
from custode.guard.models import Change, LogEntry, TrashEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.kernel.errors import CustodeError, Gone
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def whole(transactional_db: None, ferri: Cast) -> Iterator[Cast]:
    """The cast; afterwards the chain must hold and each entry's rows be where it says."""
    yield ferri
    assert list(log.verify(ferri.ferri.account.pk)) == []
    for entry in TrashEntry.objects.all():
        lying = Lead.with_trashed.filter(trash_id=entry.pk).count()
        assert lying == (entry.count if entry.state == "trashed" else 0)


def at_once(cast: Cast, *acts: Callable[[], Any]) -> list[Any]:
    """Start all at the same moment; gives each one's answer, or the error it met."""
    barrier = threading.Barrier(len(acts))

    def run(act: Callable[[], Any]) -> Any:
        try:
            with scope.account(cast.ferri.account.pk):
                barrier.wait()
                return act()
        except CustodeError as error:
            return error
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_who_delete_the_same_leads_take_each_once(whole: Cast) -> None:
    for i in range(20):
        whole.lead(whole.ugo, f"Lead {i}")
    anna, ugo = whole.actor(whole.anna), whole.actor(whole.ugo)
    answers = at_once(
        whole,
        lambda: door.delete(anna, Lead.objects.order_by("pk")),
        lambda: door.delete(ugo, Lead.objects.order_by("-pk")),
    )
    assert sorted(answer.count for answer in answers) == [0, 20]
    assert not Lead.objects.exists()


def test_many_acts_at_once_stand_in_the_log_one_after_the_other(whole: Cast) -> None:
    leads = [whole.lead(whole.ugo, f"Lead {i}") for i in range(8)]
    before = LogEntry.objects.count()
    ugo = whole.actor(whole.ugo)
    answers = at_once(whole, *(lambda one=lead: door.delete(ugo, [one]) for lead in leads))
    assert [answer.count for answer in answers] == [1] * 8
    assert sorted(answer.seq for answer in answers) == list(range(before + 1, before + 9))


def test_of_restore_and_purge_one_wins(whole: Cast) -> None:
    anna = whole.actor(whole.anna)
    entry = door.delete(anna, [whole.lead(whole.ugo)]).entry or 0
    answers = at_once(
        whole,
        lambda: door.restore(anna, entry),
        lambda: door.purge(anna, entry, reason="for good"),
        lambda: door.restore(anna, entry),
    )
    assert sum(isinstance(answer, door.Act) for answer in answers) == 1
    purged = TrashEntry.objects.get().state == "purged"
    assert Lead.with_trashed.exists() is not purged


def test_an_edit_and_a_deletion_at_once_lose_nothing(whole: Cast) -> None:
    anna = whole.actor(whole.anna)
    for round_ in range(5):
        lead = whole.lead(whole.ugo, f"Round {round_}")
        copy = Lead.objects.get(pk=lead.pk)
        edited, deleted = at_once(
            whole,
            partial(moves.edit, anna, copy, title="Edited"),
            partial(door.delete, anna, [lead]),
        )
        assert deleted.count == 1
        found = Lead.with_trashed.get(pk=lead.pk)
        assert found.trash_id == deleted.entry.pk
        was_edited = not isinstance(edited, CustodeError)
        assert (found.title == "Edited") is was_edited
        told = Change.objects.filter(object_id=lead.pk, field="title").exists()
        assert told is was_edited


def test_a_bulk_change_its_undo_and_a_deletion_at_once_do_not_wait_in_a_circle(
    whole: Cast,
) -> None:
    for i in range(30):
        whole.lead(whole.ugo, f"Lead {i}")
    anna, steps = whole.actor(whole.anna), whole.ferri.steps
    act = door.change(anna, Lead.objects.all(), "step", steps[1])
    answers = at_once(
        whole,
        lambda: door.undo(anna, act.seq),
        lambda: door.change(anna, Lead.objects.order_by("-pk"), "step", steps[2]),
        lambda: door.delete(anna, Lead.objects.order_by("-title")),
        lambda: door.change_labels(
            anna, Lead.objects.all(), "tag", add=tagging.tags_named(anna, ["Hot"])
        ),
    )
    # Who comes last may find nothing left to undo.
    assert all(isinstance(answer, (door.Act, Gone)) for answer in answers), answers
    assert not Lead.objects.exists()


def test_refusals_at_once_are_one_entry(whole: Cast) -> None:
    lead = whole.lead(whole.bruna)
    ugo = whole.actor(whole.ugo)
    answers = at_once(whole, *(lambda: door.delete(ugo, [lead]) for _ in range(6)))
    assert all(isinstance(answer, CustodeError) for answer in answers)
    assert LogEntry.objects.filter(outcome="refused").count() == 1
    system = Actor.system(whole.ferri.account.pk, "refusals")
    assert system.is_admin
    assert Lead.objects.exists()


def test_people_really_came_at_once(whole: Cast) -> None:
    """The tests above are worth something only if their threads have connections of their own."""
    seen = at_once(whole, *(lambda: id(connections["default"]) for _ in range(3)))
    assert len({*seen, id(connection)}) > 1
