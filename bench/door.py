"""10,000 leads deleted and restored through the door, compared with bare UPDATEs; and undone."""

from __future__ import annotations

import statistics
import time
from functools import partial

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.guard import door, lock_installation
from custode.guard.models import TrashEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead, Step

MANY = 10_000
ROUNDS = 5


def main() -> None:
    """Judge the number of statements for 1 and for many, and the times relative to bare UPDATEs."""
    with database(), judging() as judge:
        actor, _ = company(MANY)
        with scope.account(actor.account_id):
            judge.same(f"statements to delete 1 and {MANY:,} leads", _statements(actor))
            doors, restores, bares = [], [], []
            for _round in range(ROUNDS):
                entry = deleted(actor)
                restores.append(seconds(partial(door.restore, actor, entry)))
                doors.append(seconds(partial(deleted, actor)))
                door.restore(actor, entry.pk + 1)
                with lock_installation.lifted():
                    bares.append(seconds(partial(_bare, entry.pk)) / 2)
            delete, restore, bare = (statistics.median(times) for times in (doors, restores, bares))
            print(
                f"{MANY:,} leads: door delete {delete:.3f} s, restore {restore:.3f} s,"
                f" bare UPDATE without locks {bare:.3f} s"
            )
            judge.at_most("delete, as many times the bare UPDATE", delete / bare, 2)
            judge.at_most("restore, as many times the bare UPDATE", restore / bare, 2)
            if connection.vendor == "postgresql":
                act = door.delete(actor, Lead.objects.all())
                undo = seconds(partial(door.undo, actor, act.seq))
                judge.at_most("delete, in seconds", delete, 1)
                judge.at_most("undo of it from the log, in seconds", undo, 1)
                changes, undos = zip(*(_changed(actor, place) for place in (1, 2, 3)), strict=True)
                judge.at_most("change of a field, in seconds", statistics.median(changes), 1)
                judge.at_most("undo of that, in seconds", statistics.median(undos), 1)


def deleted(actor: Actor) -> TrashEntry:
    """Delete all leads and return their trash entry."""
    entry = door.delete(actor, Lead.objects.all()).entry
    assert entry is not None
    return entry


def _changed(actor: Actor, place: int) -> tuple[float, float]:
    """Return the time to move all leads to a step, and to undo that, with present statistics."""
    step = Step.objects.order_by("pk")[place]
    began = time.perf_counter()
    act = door.change(actor, Lead.objects.all(), "step", step)
    return time.perf_counter() - began, seconds(partial(door.undo, actor, act.seq))


def _statements(actor: Actor) -> list[int]:
    found = []
    for many in (1, MANY):
        ids = list(Lead.objects.values_list("pk", flat=True)[:many])
        with CaptureQueriesContext(connection) as queries:
            act = door.delete(actor, Lead.objects.filter(pk__anyof=ids))
        found.append(len(queries))
        door.restore(actor, act.entry or 0)
    return found


def _bare(entry: int) -> None:
    """Run only the UPDATE and its reverse, in one transaction each."""
    table = Lead._meta.db_table
    for new, old in ((str(entry), "NULL"), ("NULL", str(entry))):
        with transaction.atomic(), connection.cursor() as cursor:
            test = "IS NULL" if old == "NULL" else f"= {old}"
            cursor.execute(f"UPDATE {table} SET trash_id = {new} WHERE trash_id {test}")


if __name__ == "__main__":
    main()
