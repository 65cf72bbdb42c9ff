"""What is done again and again about keys: answers that are kept for a day are forgotten."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.signin.keys.models import Answered

KEPT: Final = timedelta(hours=24)
"""How long a request that is sent again is answered as the first time."""


def add() -> None:
    """Have it done."""
    schedule.add(Periodic("answers to programs", timedelta(hours=1), forget_answers))


def forget_answers(_system: Actor) -> int:
    """Remove the answers of the account in scope whose day is over; gives how many."""
    return int(Answered.objects.filter(at__lt=clock.now() - KEPT).delete()[0])
