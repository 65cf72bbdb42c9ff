"""Registers the guard's periodic jobs: emptying the trash, summing up refusals and reading."""

from __future__ import annotations

from datetime import timedelta

from custode.guard import door, refusals, rewriting, scraping, unfinished_emptying
from custode.kernel import schedule
from custode.kernel.schedule import Periodic


def add() -> None:
    """Register the jobs."""
    schedule.add(Periodic("purge of the trash", timedelta(minutes=15), door.purge_due))
    schedule.add(
        Periodic("sum of refusals", timedelta(minutes=1), refusals.close_windows),
    )
    schedule.add(Periodic("sum of reading", timedelta(minutes=10), scraping.close_hours))
    schedule.add(
        Periodic("what was emptied", timedelta(minutes=2), unfinished_emptying.settle_left)
    )
    schedule.add(Periodic("what was written over", timedelta(minutes=2), rewriting.look))
