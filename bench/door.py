"""Deleting and restoring 10,000 leads through the door, beside the same bare UPDATEs."""

from __future__ import annotations

import statistics
from functools import partial

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.guard import door, locksmith
from custode.guard.models import TrashEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead

MANY = 10_000
ROUNDS = 5


def main() -> None:
    """Judge the statements for 1 and for many, and the times beside those of bare UPDATEs."""
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
                with locksmith.lifted():
                    bares.append(seconds(partial(_bare, entry.pk)) / 2)
            delete, restore, bare = (statistics.median(times) for times in (doors, restores, bares))
            print(
                f"{MANY:,} leads: door delete {delete:.3f} s, restore {restore:.3f} s,"
                f" bare UPDATE without locks {bare:.3f} s"
            )
            judge.at_most("delete, as many times the bare UPDATE", delete / bare, 2)
            judge.at_most("restore, as many times the bare UPDATE", restore / bare, 2)


def deleted(actor: Actor) -> TrashEntry:
    """The trash entry of all leads, deleted."""
    entry = door.delete(actor, Lead.objects.all()).entry
    assert entry is not None
    return entry


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
    """The UPDATE alone and its reverse, in one transaction each."""
    table = Lead._meta.db_table
    for new, old in ((str(entry), "NULL"), ("NULL", str(entry))):
        with transaction.atomic(), connection.cursor() as cursor:
            test = "IS NULL" if old == "NULL" else f"= {old}"
            cursor.execute(f"UPDATE {table} SET trash_id = {new} WHERE trash_id {test}")


if __name__ == "__main__":
    main()
