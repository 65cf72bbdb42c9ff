"""Sending a delivery once more takes what making its webhook takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from custode.exchange.webhooks import moves
from custode.exchange.webhooks.models import Delivery, State
from custode.kernel.actor import Actor, Origin, Scope
from custode.kernel.errors import Refused
from custode.signin.api_keys import moves as keys
from tests.cast import Cast
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import look
from tests.exchange.webhooks.receiving import Receiver
from tests.exchange.webhooks.test_moves import WANTED, log


@pytest.mark.parametrize("lacking", ["write", "export", "admin"])
def test_sending_again_takes_of_a_key_what_making_the_webhook_takes(
    ferri: Cast, there: Receiver, hook: Hook, lacking: str
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    look()
    one = Delivery.objects.get()
    row, _text = keys.make(
        Actor.operator(one.account_id), "Zapp", [one for one in Scope if one != lacking]
    )
    with pytest.raises(Refused):
        moves.send_again(row.actor(Origin()), one)
    with pytest.raises(Refused):
        moves.make(row.actor(Origin()), replace(WANTED, event="lead.deleted"))
    one.refresh_from_db()
    assert one.state == State.DELIVERED
    every, _text = keys.make(Actor.operator(one.account_id), "All", list(Scope))
    moves.send_again(every.actor(Origin()), one)
    assert [entry[0] for entry in log()[-3:]] == ["refused", "refused", "done"]
    assert log()[-1] == ("done", "again", "key")
