"""The process is killed at every statement of every act: afterwards the act is whole or absent.

Each act runs in a child process that kills itself (SIGKILL) right before its nth statement, or
right before or after it commits, for every n until it comes through.
"""

from __future__ import annotations

import os
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections

from custode.guard import door, log
from custode.guard.models import Change, LogEntry, TrashEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead, LeadTag
from custode.leads.moves import tags_named
from tests.cast import Cast

pytestmark = [pytest.mark.proof, pytest.mark.django_db(transaction=True)]

KILLED = signal.SIGKILL


def state() -> tuple[Any, ...]:
    """All that an act may change, in a form that can be compared."""
    return (
        sorted(Lead.with_trashed.values_list("pk", "step_id", "owner_id", "trash_id")),
        sorted(LeadTag.objects.values_list("lead_id", "tag_id")),
        list(TrashEntry.objects.order_by("pk").values_list("pk", "count", "state")),
        list(LogEntry.objects.order_by("seq").values_list("seq", "verb", "outcome", "count")),
        Change.objects.count(),
    )


@contextmanager
def deadly(at: int) -> Iterator[None]:
    """Within the block the process dies right before its statement number `at`, commits counted."""
    done = 0

    def count(*_: Any) -> None:
        nonlocal done
        done += 1
        if done == at:
            os.kill(os.getpid(), KILLED)

    def wrapper(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        count()
        return execute(sql, params, many, context)

    database: Any = connection
    commit = database._commit

    def committing() -> None:
        count()
        commit()
        count()

    database._commit = committing
    with connection.execute_wrapper(wrapper):
        yield


def comes_through(account: int, act: Callable[[], Any], at: int) -> bool:
    """Run the act in a child that dies at statement `at`; whether it was through before."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        try:
            with scope.account(account):
                connection.ensure_connection()
                with deadly(at):
                    act()
        except BaseException:  # noqa: BLE001 (the child tells what it was and ends)
            traceback.print_exc()
            os._exit(3)
        os._exit(0)
    _, status = os.waitpid(child, 0)
    if os.WIFSIGNALED(status):
        assert os.WTERMSIG(status) == KILLED
        return False
    assert os.WEXITSTATUS(status) == 0, "the act failed by itself"
    return True


def restored(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), Lead.objects.all()).entry
    return lambda: door.restore(cast.actor(cast.ugo), entry or 0)


def purged(cast: Cast) -> Callable[[], Any]:
    entry = door.delete(cast.actor(cast.ugo), Lead.objects.all()).entry
    return lambda: door.purge(cast.actor(cast.anna), entry or 0, reason="for good")


def undone(cast: Cast) -> Callable[[], Any]:
    act = door.change(cast.actor(cast.ugo), Lead.objects.all(), "step", cast.ferri.steps[2])
    return lambda: door.undo(cast.actor(cast.ugo), act.seq)


def labelled(cast: Cast) -> Callable[[], Any]:
    hot, cold = tags_named(cast.actor(cast.ugo), ["Hot", "Cold"])
    return lambda: door.relabel(
        cast.actor(cast.ugo), Lead.objects.all(), "tag", add=[cold], remove=[hot]
    )


def import_finished(cast: Cast) -> Callable[[], Any]:
    ugo = cast.actor(cast.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    with door.arriving(ugo, entry):
        lead = Lead(title="Arriving", step=cast.ferri.steps[0])
        lead.derive()
        door.arrive(entry, [lead])
    return lambda: door.finish_import(ugo, entry, details={})


def import_abandoned(cast: Cast) -> Callable[[], Any]:
    ugo = cast.actor(cast.ugo)
    entry = door.begin_import(ugo, "lead", details={}, labels=["leads.csv"])
    system = Actor.system(ugo.account_id, "imports")
    return lambda: door.purge(system, entry, reason="withdrawn")


ACTS: dict[str, Callable[[Cast], Callable[[], Any]]] = {
    "delete": lambda cast: lambda: door.delete(cast.actor(cast.ugo), Lead.objects.all()),
    "restore": restored,
    "purge": purged,
    "bulk change": lambda cast: (
        lambda: door.change(cast.actor(cast.ugo), Lead.objects.all(), "step", cast.ferri.steps[1])
    ),
    "undo of it": undone,
    "bulk tags": labelled,
    "end of an import": import_finished,
    "abandoned import": import_abandoned,
}


@pytest.mark.parametrize("prepare", ACTS.values(), ids=ACTS.keys())
def test_a_killed_act_is_whole_or_absent(
    transactional_db: None, ferri: Cast, prepare: Callable[[Cast], Callable[[], Any]]
) -> None:
    for i in range(3):
        ferri.lead(ferri.ugo, f"Lead {i}", tags=tags_named(ferri.actor(ferri.ugo), ["Hot"]))
    act = prepare(ferri)
    before = state()
    account = ferri.ferri.account.pk
    states = []
    for at in range(1, 200):
        through = comes_through(account, act, at)
        states.append(state())
        assert list(log.verify(account)) == []
        if through or states[-1] != before:
            break
    after = states[-1]
    assert after != before
    assert all(one in (before, after) for one in states)
    # Killed after its commit, it was whole; before that, absent, so it could be tried again.
    assert len(states) > 5
    print(f"kills: {len(states)} tried, 0 halves")


def test_a_killed_export_leaves_its_beginning_in_the_log(
    transactional_db: None, ferri: Cast
) -> None:
    ferri.lead(ferri.ugo)
    ugo = ferri.actor(ferri.ugo)

    def leave() -> None:
        rows = door.export(ugo, Lead.objects.all(), format="csv").rows()
        next(rows)
        os.kill(os.getpid(), KILLED)

    assert not comes_through(ferri.ferri.account.pk, leave, at=1000)
    told = LogEntry.objects.filter(verb="export").values_list("outcome", "count")
    assert list(told) == [("started", 0)]
