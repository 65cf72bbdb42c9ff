"""Looks all the time for what has happened and for deliveries that are due, and sends these.

A few chains at once, in threads that touch no database: a receiver that is slow holds up its own
deliveries and no other's. A worker that is told to stop takes up nothing new; one that is killed
leaves what it was sending to the others (`outbox.LEASE`).
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
    keys,
    letters,
    mailing,
    outbox,
    sending,
    signing,
    unfolding,
)
from custode.exchange.webhooks.models import Delivery, TargetType, Why
from custode.exchange.webhooks.sending import Result
from custode.kernel import clock, scope
from custode.signin import sealing

LANES: Final = 8
"""Chains of deliveries that are under way at once."""
ROUND: Final = 5.0
"""Seconds after which a look ends, so that the worker can stop; what is left is next."""
PAUSE: Final = 1.0
"""Seconds without an end of a chain after which it is looked again for what is due."""
TURN: Final = 5.0
"""Seconds after which a chain begins nothing further: others wait for its lane."""

log = logging.getLogger(__name__)

Ended = list[tuple[Delivery, Result | None]]
HandOver = Callable[[], Result]

# Of this process, whose one thread looks: a chain outlives the look that began it.
_busy: dict[int, int] = {}
"""Webhook -> how many chains of it are under way."""
_ended: queue.Queue[Ended] = queue.Queue()


def look() -> int:
    """Send what is due; gives how many tries have ended.

    A chain that is still under way when the look ends is settled by the next one: a receiver that
    is slow lets no other wait for it.
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
    """As many chains as there are lanes for, and deliveries."""
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
    """Note what became of the chains that have ended; gives how many tries these were.

    Args:
        wait: so many seconds for the first one.
    """
    tries = 0
    with suppress(queue.Empty):
        tries += _settle(_ended.get(timeout=wait) if wait else _ended.get_nowait())
        while True:
            tries += _settle(_ended.get_nowait())
    return tries


def _settle(chain: Ended) -> int:
    """Note what became of a chain; gives how many tries it was."""
    webhook = chain[0][0].webhook_id
    _busy[webhook] -= 1
    if not _busy[webhook]:
        del _busy[webhook]
    outbox.settle(chain)
    return sum(result is not None for _delivery, result in chain)


def _run(ready: list[tuple[Delivery, HandOver]], ended: queue.Queue[Ended]) -> None:
    """Make the tries of a chain, in a thread of its own, which ends with the process."""
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
    """What remains to be done in a thread for deliveries that go in one mail: they fare alike."""
    hand_over: HandOver
    try:
        with scope.account(chain[0].account_id):
            hand_over = partial(letters.send, letters.together(chain))
    except Exception:
        log.exception("Deliveries from %s on could not be made ready", chain[0].pk)
        hand_over = partial(Result, why=Why.WRONG)

    def run() -> None:
        try:
            result = hand_over()
        except Exception:
            log.exception("Deliveries from %s on went wrong", chain[0].pk)
            result = Result(why=Why.WRONG)
        _ended.put([(delivery, result) for delivery in chain])

    return run


def _ready(delivery: Delivery) -> HandOver:
    """What remains to be done in the chain's thread; what went wrong before is told there."""
    try:
        # The worker looks for every account; the key that signs is one of this webhook's own.
        with scope.account(delivery.account_id):
            return prepared(delivery)
    except sealing.Sealed:
        return lambda: Result(why=Why.LOCKED)
    except Exception:
        log.exception("Delivery %s could not be made ready", delivery.pk)
        return lambda: Result(why=Why.WRONG)


def prepared(delivery: Delivery) -> HandOver:
    """What remains to be done without the database; the delivery's account is in scope.

    Raises:
        Sealed: the webhook's secret cannot be read with the keys that are here.
    """
    hook = delivery.webhook
    if hook.target_type == TargetType.EMAIL:
        message = letters.news(delivery)
        return lambda: letters.send(message)
    signature = signing.reference_signature(delivery.pk, keys.readable(hook))
    body = sending.body_of(delivery.pk, delivery.event, signature, delivery.data)
    secret, now = sealing.unseal(hook.secret), int(clock.now().timestamp())
    headers = signing.headers(secret, f"msg_{delivery.account_id}_{delivery.pk}", now, body)
    return lambda: sending.post(hook.target, body, headers)
