"""A webhook with a delivery, for tests that are about other things."""

from __future__ import annotations

from custode.exchange.webhooks import moves
from custode.exchange.webhooks.moves import Wanted
from custode.leads.models import Lead
from tests.cast import Cast


def a_delivery(cast: Cast, lead: Lead, name: str = "Shop") -> dict[str, int]:
    """A webhook of Ferri's that is triggered by hand, and what it has to deliver."""
    anna = cast.actor(cast.anna)
    wanted = Wanted("lead.manual.trigger", "url", "https://shop.example/in", name, True)
    hook, _secret = moves.make(anna, wanted)
    return {"webhook": hook.pk, "delivery": moves.trigger(anna, lead, hook).pk}
