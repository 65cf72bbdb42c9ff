"""Webhooks in every state, with deliveries in every state."""

from __future__ import annotations

from datetime import timedelta

from custode.exchange.webhooks import moves, outbox, unfolding
from custode.exchange.webhooks.models import Delivery, State, Webhook, Why
from custode.exchange.webhooks.moves import Wanted
from custode.exchange.webhooks.sending import Result
from custode.kernel import clock
from custode.leads.models import Lead
from tests.cast import Cast


def webhooks(ferri: Cast, pk: int) -> list[int]:
    """The numbers of some webhooks and of a delivery."""
    anna, lead = ferri.actor(ferri.anna), Lead.objects.get(pk=pk)
    full, off, failing, gone = (
        moves.make(anna, Wanted("lead.manual.trigger", "url", f"https://{n}.example/", n, True))[0]
        for n in ("negozio", "fatture", "magazzino", "vecchio")
    )
    boss = Wanted("lead.step.changed.to." + _of(ferri), "email", "capo@ferri.example")
    unasked, _secret = moves.make(anna, boss)
    for n, state in enumerate(State):
        one = moves.trigger(anna, lead, full)
        Delivery.objects.filter(pk=one.pk).update(
            state=state, why=list(Why)[n], answer="Adesso no", last_returned_code=503, try_count=n
        )
    moves.switch(anna, off, False)
    moves.delete(anna, gone)
    _given_up(moves.trigger(anna, lead, failing), failing)
    unfolding.unfold_due()
    return [full.pk, off.pk, failing.pk, unasked.pk, Delivery.objects.earliest("pk").pk]


def _of(ferri: Cast) -> str:
    return f"{ferri.ferri.pipeline.name}.{ferri.ferri.steps[1].name}"


def _given_up(delivery: Delivery, hook: Webhook) -> None:
    """For three days nothing has got through."""
    Webhook.objects.filter(pk=hook.pk).update(failing_since=clock.now() - timedelta(days=4))
    Delivery.objects.filter(pk=delivery.pk).update(
        state=State.SENDING, claim="x", try_count=len(outbox.PAUSES) + 1
    )
    delivery.refresh_from_db()
    outbox.settle([(delivery, Result(500, Why.STATUS, "Guasto"))])
