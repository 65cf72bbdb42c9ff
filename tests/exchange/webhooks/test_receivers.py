"""Receivers that are slow, endless or gone; and workers that are."""

from __future__ import annotations

import socket
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from custode.exchange.webhooks import (
    moves,
    outbox,
    pump,
    sending,
    unfolding,
)
from custode.exchange.webhooks.models import Delivery, State, Why
from custode.exchange.webhooks.moves import Wanted
from custode.kernel import clock
from custode.leads import moves as leads
from custode.leads.models import Lead
from tests.cast import Cast
from tests.exchange.webhooks.conftest import Hook
from tests.exchange.webhooks.listening import delivered, look
from tests.exchange.webhooks.receiving import (
    Receiver,
    answers,
    drips,
    floods,
    hangs_up,
    receiver,
)


def settle_all() -> None:
    """Wait for the chains under way, and begin no others."""
    while pump._busy:
        pump._settle_ended(5.0)


def test_a_header_that_drips_is_cut_off(
    ferri: Cast, there: Receiver, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT", 0.6)
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    there.behave = drips(60)
    began = time.monotonic()
    one = delivered()
    assert time.monotonic() - began < 30
    assert (one.state, one.why) == (State.WAITING, Why.SLOW)


def test_a_delivery_has_one_time_for_its_names_and_all_its_redirects(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT", 0.8)

    def on_and_on(handler: BaseHTTPRequestHandler) -> None:
        time.sleep(0.5)
        answers(307, b"", location=there.url)(handler)

    there.behave = on_and_on
    # With a time for each, these would be too many redirects.
    assert sending.post(there.url, b"{}", {}).why == Why.SLOW
    assert len(there.got) in {1, 2}


def test_when_a_name_takes_too_long_nothing_is_connected_to(
    there: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT", 0.2)
    ask = socket.getaddrinfo

    def slowly(*args: Any, **named: Any) -> Any:
        time.sleep(0.4)
        return ask(*args, **named)

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    assert sending.post(there.url, b"{}", {}).why == Why.SLOW
    assert there.got == []


def test_a_chain_takes_less_than_its_lease() -> None:
    # A resolver gives a name up after half a minute.
    assert outbox.LEASE.total_seconds() > pump.TURN + sending.LIMIT + 30 + sending.PATIENCE


def test_an_answer_without_end_is_not_read_to_its_end(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    there.behave = floods
    one = delivered()
    assert one.state == State.DELIVERED
    assert one.answer == "x" * sending.ANSWER


def test_a_receiver_that_hangs_up_or_is_not_there_is_told_so(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    there.behave = hangs_up
    assert delivered().why == Why.BROKE_OFF
    Delivery.objects.all().delete()
    moves.make(ferri.actor(ferri.anna), Wanted("lead.assigned", "url", "http://127.0.0.1:9/nobody"))
    leads.edit(ferri.actor(ferri.anna), Lead.objects.get(), owner=ferri.bruna)
    assert delivered().why == Why.CONNECT


def test_a_slow_receiver_holds_up_no_other(
    ferri: Cast, there: Receiver, hook: Hook, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sending, "LIMIT", 4.0)
    with receiver(drips(10)) as slow:
        for _n in range(3):
            moves.make(
                ferri.actor(ferri.anna),
                Wanted("lead.creation", "url", f"{slow.url}/{_n}"),
            )
        hook("lead.creation")
        for n in range(4):
            ferri.lead(ferri.ugo, f"Lead {n}")
        monkeypatch.setattr(pump, "ROUND", 1.0)
        monkeypatch.setattr(pump, "TURN", 0.1)
        look()
        # The look does not wait for the slow ones, and the next one settles them.
        assert len(there.got) == 4
        assert Delivery.objects.filter(state=State.SENDING).count() == 12
        ferri.lead(ferri.ugo, "Lead 4")
        look()
        assert len(there.got) == 5
        settle_all()
        # A chain's turn was over after its first; what it did not come to is due as before.
        assert len(slow.got) == 6
        waiting = Delivery.objects.filter(state=State.WAITING)
        assert sorted(waiting.values_list("try_count", flat=True)) == [0] * 9 + [1] * 6


def test_what_a_dead_worker_was_sending_is_sent_by_another(
    ferri: Cast, there: Receiver, hook: Hook
) -> None:
    hook("lead.creation")
    ferri.lead(ferri.ugo)
    unfolding.unfold_due()
    ((dead,),) = outbox.take(8, {})
    assert outbox.take(8, {}) == []
    look()
    assert there.got == []
    Delivery.objects.update(claimed_at=clock.now() - outbox.LEASE - timedelta(seconds=1))
    one = delivered()
    assert (one.state, one.try_count) == (State.DELIVERED, 2)
    # What was taken for dead, and was only slow, changes nothing of the other's try.
    outbox.settle([(dead, sending.Result(500, Why.STATUS))])
    one.refresh_from_db()
    assert one.state == State.DELIVERED
