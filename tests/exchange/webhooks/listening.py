"""Webhooks that listen, and what they were told."""

from __future__ import annotations

from contextvars import copy_context

from custode.exchange.webhooks import moves, pump, unfolding
from custode.exchange.webhooks.models import Delivery
from custode.exchange.webhooks.moves import Wanted
from custode.kernel import scope
from tests.cast import Cast

TARGET = "https://receiver.example/hook"


def listen(cast: Cast, *names: str) -> None:
    for name in names:
        moves.make(cast.actor(cast.anna), Wanted(name, "url", TARGET))


def told() -> list[str]:
    """The events that became deliveries, in order; all that has happened is unfolded."""
    while unfolding.unfold_due():
        pass
    return list(Delivery.objects.order_by("pk").values_list("event", flat=True))


def look() -> int:
    """A look as the worker takes it: with nobody's account in scope."""
    worker = copy_context()
    worker.run(scope._current.set, None)
    return worker.run(pump.look)


def delivered() -> Delivery:
    """The one delivery, after a look."""
    look()
    return Delivery.objects.get()
