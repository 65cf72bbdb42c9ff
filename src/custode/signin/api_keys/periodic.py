"""The periodic job of the keys: it removes stored responses after a day."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from custode.kernel import clock, schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic
from custode.signin.api_keys.models import Answered

KEPT: Final = timedelta(hours=24)
"""How long a repeated request gets the same response as the first time."""


def add() -> None:
    """Register the job."""
    schedule.add(Periodic("answers to programs", timedelta(hours=1), forget_answers))


def forget_answers(_system: Actor) -> int:
    """Remove expired responses of the account in scope, and return how many."""
    return int(Answered.objects.filter(at__lt=clock.now() - KEPT).delete()[0])
