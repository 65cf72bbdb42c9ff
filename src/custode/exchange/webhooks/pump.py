"""The pump continuously turns events into deliveries, and sends those that are due.

A few chains run at once, in threads that do not use the database: a slow receiver holds up only its
own deliveries. A worker told to stop takes nothing new; a killed one leaves what it was sending to
the others (`outbox.LEASE`).
"""

from __future__ import annotations

import logging
import queue
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Final

from custode.exchange.webhooks import (
    letters,
    mailing,
    outbox,
    sending,
    signature_keys,
    signing,
    unfolding,
)
from custode.exchange.webhooks.models import Delivery, TargetType, Why
from custode.exchange.webhooks.sending import Result
from custode.kernel import clock, scope
from custode.signin import sealing

LANES: Final = 8
"""The number of chains of deliveries that are sent at once."""
ROUND: Final = 5.0
"""The seconds after which a round ends, so that the worker can stop; the rest is next."""
PAUSE: Final = 1.0
"""The seconds without a finished chain after which due deliveries are looked up again."""
TURN: Final = 5.0
"""The seconds after which a chain starts nothing further: others wait for its lane."""

log = logging.getLogger(__name__)

Ended = list[tuple[Delivery, Result | None]]
HandOver = Callable[[], Result]

# Per process, in which only one thread runs the pump: a chain outlives the round that started it.
_busy: dict[int, int] = {}
"""Webhook -> the number of its chains in progress."""
_ended: queue.Queue[Ended] = queue.Queue()


def look() -> int:
    """Send what is due, and return how many attempts have ended.

    A chain still in progress when the round ends is settled by the next one: a slow receiver makes
    no other wait.
    """
    tries, until = 0, time.monotonic() + ROUND
    while (left := until - time.monotonic()) > 0:
        unfolding.unfold_due()
        _begin_more()
        if not _busy:
            break
        tries += _settle_ended(min(left, PAUSE))
    return tries + _settle_ended(0)


def _begin_more() -> None:
    """Start as many chains as there are free lanes and due deliveries."""
    while free := LANES - sum(_busy.values()):
        mails = mailing.take(free, _busy)
        chains = [one.deliveries for one in mails if not one.together]
        chains += outbox.take(free - len(mails), _busy)
        runs = [(one.deliveries, _together(one.deliveries)) for one in mails if one.together]
        for chain in chains:
            ready = [(delivery, _ready(delivery)) for delivery in chain]
            runs.append((chain, partial(_run, ready, _ended)))
        if not runs:
            return
        for chain, run in runs:
            threading.Thread(target=run, name="deliveries", daemon=True).start()
            _busy[chain[0].webhook_id] = _busy.get(chain[0].webhook_id, 0) + 1


def _settle_ended(wait: float) -> int:
    """Record the results of the finished chains, and return the number of attempts.

    Args:
        wait: the seconds to wait for the first one.
    """
    tries = 0
    with suppress(queue.Empty):
        tries += _settle(_ended.get(timeout=wait) if wait else _ended.get_nowait())
        while True:
            tries += _settle(_ended.get_nowait())
    return tries


def _settle(chain: Ended) -> int:
    """Record the results of a chain, and return the number of attempts."""
    webhook = chain[0][0].webhook_id
    _busy[webhook] -= 1
    if not _busy[webhook]:
        del _busy[webhook]
    outbox.settle(chain)
    return sum(result is not None for _delivery, result in chain)


def _run(ready: list[tuple[Delivery, HandOver]], ended: queue.Queue[Ended]) -> None:
    """Make the attempts of a chain, in a thread of its own, which ends with the process."""
    done: Ended = []
    until = time.monotonic() + TURN
    for delivery, hand_over in ready:
        try:
            in_time = not done or time.monotonic() < until
            done.append((delivery, hand_over() if in_time else None))
        except Exception:
            log.exception("Delivery %s went wrong", delivery.pk)
            done.append((delivery, Result(why=Why.WRONG)))
    ended.put(done)


def _together(chain: list[Delivery]) -> Callable[[], None]:
    """Return the remaining work for deliveries combined in one mail; all get its result."""
    hand_over: HandOver
    try:
        with scope.account(chain[0].account_id):
            hand_over = partial(letters.send, letters.together(chain))
    except Exception:
        log.exception("Deliveries from %s on could not be made ready", chain[0].pk)
        hand_over = partial(Result, why=Why.WRONG)

    def run() -> None:
        """Send the mail, and report its result for each delivery."""
        try:
            result = hand_over()
        except Exception:
            log.exception("Deliveries from %s on went wrong", chain[0].pk)
            result = Result(why=Why.WRONG)
        _ended.put([(delivery, result) for delivery in chain])

    return run


def _ready(delivery: Delivery) -> HandOver:
    """Return the remaining work for the chain's thread; earlier errors are reported there."""
    try:
        # The worker serves every account; the signing key belongs to this webhook's account.
        with scope.account(delivery.account_id):
            return prepared(delivery)
    except sealing.Sealed:
        return lambda: Result(why=Why.LOCKED)
    except Exception:
        log.exception("Delivery %s could not be made ready", delivery.pk)
        return lambda: Result(why=Why.WRONG)


def prepared(delivery: Delivery) -> HandOver:
    """Return the remaining work, without database; the delivery's account is in scope.

    Raises:
        Sealed: the webhook's secret cannot be read with the available keys.
    """
    hook = delivery.webhook
    if hook.target_type == TargetType.EMAIL:
        message = letters.news(delivery)
        return lambda: letters.send(message)
    signature = signing.reference_signature(delivery.pk, signature_keys.readable(hook))
    body = sending.body_of(delivery.pk, delivery.event, signature, delivery.data)
    secret, now = sealing.unseal(hook.secret), int(clock.now().timestamp())
    headers = signing.headers(secret, f"msg_{delivery.account_id}_{delivery.pk}", now, body)
    return lambda: sending.post(hook.target, body, headers)
