"""Registers what webhooks listen to, and their continuous and periodic work."""

from __future__ import annotations

from datetime import timedelta

from custode.exchange.webhooks import hearing, outbox, pump, tasks
from custode.guard import erasures, news
from custode.kernel import schedule
from custode.kernel.actor import Actor
from custode.kernel.schedule import Periodic


def add() -> None:
    """Register it."""
    news.listen(hearing.hear, hearing.ears)
    erasures.listen(tasks.hear_erased)
    schedule.watch("webhooks", pump.look)
    schedule.add(Periodic("removal of old deliveries", timedelta(hours=6), _forget))


def _forget(_system: Actor) -> None:
    outbox.forget_old()
