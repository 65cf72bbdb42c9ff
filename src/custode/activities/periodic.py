"""The periodic jobs of the activities."""

from __future__ import annotations

from datetime import timedelta

from custode.activities import files
from custode.activities.emails import moves, outbox
from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic


def add() -> None:
    """Register the jobs."""
    schedule.add(Periodic("removal of purged attachments", timedelta(hours=6), _remove))
    schedule.add(Periodic("e-mails that were cut off", timedelta(minutes=2), _look_after_emails))


def _remove(system: Actor) -> None:
    files.remove_orphans(system)


def _look_after_emails(_system: Actor) -> None:
    outbox.doubt()
    moves.ask_again()
