"""The outbox: which deliveries are due, who is sending them, and the results.

Every change of state is a compare-and-set in the database: of several workers that find a due
delivery, only one sends it. What is due, and since when, is by the database's time: hosts whose
clocks differ agree on it. What a dead worker was sending is sent again:
a receiver may get a delivery twice, with the same number, but none is lost.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from custode.exchange.webhooks import tasks
from custode.exchange.webhooks.models import Delivery, State, TargetType, Webhook
from custode.exchange.webhooks.sending import Result
from custode.guard import database_time, door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor

LEASE: Final = timedelta(minutes=2)
"""The time after which no sender is active: above `pump.TURN`, `sending.LIMIT` and a lookup."""
LENGTH: Final = 10
"""The maximum number of deliveries in one chain."""
EACH: Final = 2
"""The maximum number of simultaneous chains of one webhook."""
HOUR: Final = 3600
PAUSES: Final = tuple(
    timedelta(seconds=n)
    for n in (
        10, 60, 5 * 60, 15 * 60, HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, 24 * HOUR, 26 * HOUR,
    )
)  # fmt: skip
"""The waiting times between attempts, three days in all; then the delivery is given up."""
LASTING: Final = timedelta(hours=70)
"""A webhook without a successful delivery for this long is switched off."""


Chain = list[Delivery]
"""Deliveries of one webhook that are sent one after the other."""


def take(chains: int, busy: Mapping[int, int]) -> list[Chain]:
    """Start sending what is due to programs; mails are handled separately (`mailing`).

    Args:
        chains: the maximum number of chains.
        busy: webhook -> the number of its chains in progress. A webhook has at most `EACH`, so that
            a slow receiver does not hold up others.
    """
    with scope.everywhere("which deliveries are due"):
        full = [pk for pk, count in busy.items() if count >= EACH]
        due = due_now(TargetType.URL).exclude(webhook__in=full).order_by("due_at", "pk")
        found = _fairly(due.values_list("pk", "webhook")[: 4 * chains * LENGTH], chains, busy)
        if not found:
            return []
        rows = claimed(TargetType.URL, [pk for some in found for pk in some])
    taken = ([rows[pk] for pk in some if pk in rows] for some in found)
    return [chain for chain in taken if chain]


def claimed(sort: TargetType, wanted: Sequence[int]) -> dict[int, Delivery]:
    """Claim some deliveries; return those that this worker sends, by number."""
    claim = secrets.token_hex(16)
    # Compare and set: of several workers that find one, the first writes its claim.
    due_now(sort).filter(pk__in=wanted).update(
        state=State.SENDING, claim=claim, claimed_at=Now(), try_count=F("try_count") + 1
    )
    mine = Delivery.objects.filter(claim=claim, pk__in=wanted)
    return {one.pk: one for one in mine.select_related("webhook", "account")}


def _fairly(
    due: Iterable[tuple[int, int]], chains: int, busy: Mapping[int, int]
) -> list[list[int]]:  # fmt: skip
    found: list[list[int]] = []
    latest: dict[int, list[int]] = {}
    count = dict(busy)
    for pk, webhook in due:
        chain = latest.get(webhook)
        if chain is None or len(chain) == LENGTH:
            if len(found) == chains or count.get(webhook, 0) >= EACH:
                continue
            chain = latest[webhook] = []
            found.append(chain)
            count[webhook] = count.get(webhook, 0) + 1
        chain.append(pk)
    return found


def due_now(sort: TargetType) -> QuerySet[Delivery, Delivery]:
    """Return waiting deliveries that are due, and those that a dead worker was sending."""
    on = Webhook.living.filter(disabled_at=None, awaits_since=None, target_type=sort)
    waits = Q(state=State.WAITING, due_at__lte=database_time.now())
    left = Q(state=State.SENDING, claimed_at__lt=Now() - LEASE)
    return Delivery.objects.filter(waits | left, webhook__in=on.values("pk"))


def settle(chain: Sequence[tuple[Delivery, Result | None]]) -> None:
    """Record the results of a chain's attempts, except those superseded by another attempt.

    Args:
        chain: each with its result; None when it was not attempted.
    """
    hook = chain[0][0].webhook
    with scope.account(hook.account_id), transaction.atomic():
        for delivery, result in chain:
            if result is None:
                _give_back(delivery)
            else:
                _note(delivery, result)
        results = [result for _delivery, result in chain if result is not None]
        _note_health(hook.pk, results)
    given_up = any(
        result is not None and result.why and delivery.try_count > len(PAUSES)
        for delivery, result in chain
    )
    if given_up:
        with scope.account(hook.account_id):
            _switch_off_lasting(hook.pk)


def _note_health(pk: int, results: Sequence[Result]) -> None:
    """Record since when no delivery to a webhook has succeeded."""
    if any(not result.why for result in results):
        failing = Webhook.objects.filter(pk=pk, failing_since__isnull=False)
        failing.update(failing_since=None)
    elif results:
        Webhook.objects.filter(pk=pk, failing_since=None).update(failing_since=database_time.now())


def _give_back(delivery: Delivery) -> None:
    """Make a delivery due again, as if it had not been attempted."""
    _mine(delivery).update(state=State.WAITING, try_count=F("try_count") - 1)


def _note(delivery: Delivery, result: Result) -> None:
    """Mark a delivery as delivered, to be retried, or finally given up."""
    values: dict[str, Any] = {"state": State.DELIVERED}
    if result.why and delivery.try_count <= len(PAUSES):
        due = database_time.now() + PAUSES[delivery.try_count - 1]
        values = {"state": State.WAITING, "due_at": due}
    elif result.why:
        values = {"state": State.FAILED}
    _mine(delivery).update(
        last_returned_code=result.code, why=result.why, answer=result.answer, settled_at=Now(),
        **values,
    )  # fmt: skip


def _mine(delivery: Delivery) -> QuerySet[Delivery, Delivery]:
    """Return the delivery, unless another attempt has started since this one."""
    return Delivery.objects.filter(pk=delivery.pk, claim=delivery.claim, state=State.SENDING)


def _switch_off_lasting(pk: int) -> None:
    """Switch off a webhook without success for days, and notify the admins."""
    failing = Webhook.living.filter(
        pk=pk, disabled_at=None, failing_since__lte=database_time.now() - LASTING
    )
    hook = failing.first()
    if hook is None:
        return
    system = Actor.system(hook.account_id, "webhooks")
    details = {"webhook": hook.pk, "did": "given_up", "event": hook.event}
    with door.sensitive_act(system, Verb.WEBHOOKS, details=details, labels=hook.labels):
        now = clock.now()
        if failing.update(disabled_at=now, given_up_at=now):
            tasks.tell_given_up.enqueue(hook.account_id, hook.pk)


def forget_old(days: int = 10) -> int:
    """Remove older deliveries of the account in scope, and return how many."""
    old = Delivery.objects.filter(made_at__lt=clock.now() - timedelta(days=days))
    with transaction.atomic():
        return int(old.delete()[0])
