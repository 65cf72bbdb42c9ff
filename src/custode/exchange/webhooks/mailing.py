"""Which deliveries go to e-mail addresses now, within an hourly limit of mails for each webhook.

What exceeds the hour's remaining mails is combined in one: an act on ten thousand leads fills
nobody's mailbox, and nothing is lost. When the hour has none left, everything waits for the next.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.conf import settings
from django.db.models import Count, Min

from custode.exchange.webhooks import outbox
from custode.exchange.webhooks.models import Delivery, TargetType, Webhook
from custode.kernel import clock, scope

TOGETHER: Final = 500
"""The maximum number of deliveries in one mail."""


@dataclass(frozen=True, slots=True)
class Mails:
    """Deliveries of one webhook to be mailed.

    Args:
        together: whether they are combined in one mail.
    """

    deliveries: list[Delivery]
    together: bool


def take(lanes: int, busy: Mapping[int, int]) -> list[Mails]:
    """Start mailing what is due: for each webhook what it may mail now.

    Args:
        lanes: the maximum number of webhooks.
        busy: webhook -> the number of its deliveries in progress; such a webhook waits.
    """
    found: list[Mails] = []
    with scope.everywhere("which mails are due"):
        hour = clock.now().replace(minute=0, second=0, microsecond=0)
        full = Webhook.objects.filter(mails_hour=hour, mails__gte=settings.WEBHOOK_MAILS_HOURLY)
        due = outbox.due_now(TargetType.EMAIL).exclude(webhook__in=list(busy))
        due = due.exclude(webhook__in=full.values("pk")).order_by()
        waiting = due.values("webhook").annotate(n=Count("pk"), first=Min("due_at"))
        for pk, count in waiting.order_by("first").values_list("webhook", "n")[:lanes]:
            mails = _of(pk, count, hour)
            if mails.deliveries:
                found.append(mails)
    return found


def _of(pk: int, waiting: int, hour: datetime) -> Mails:
    """Return what one webhook mails now; nothing when another worker takes it."""
    hook = Webhook.objects.get(pk=pk)
    used = hook.mails if hook.mails_hour == hour else 0
    left = settings.WEBHOOK_MAILS_HOURLY - used
    together = waiting > left
    most = TOGETHER if together else min(waiting, outbox.LENGTH)
    # Compare and set: of several workers that count, only one continues.
    mine = Webhook.objects.filter(pk=pk, mails_hour=hook.mails_hour, mails=hook.mails)
    if not mine.update(mails_hour=hour, mails=used + (1 if together else most)):
        return Mails([], together)
    due = outbox.due_now(TargetType.EMAIL).filter(webhook=pk).order_by("due_at", "pk")
    wanted = list(due.values_list("pk", flat=True)[:most])
    rows = outbox.claimed(TargetType.EMAIL, wanted)
    return Mails([rows[pk] for pk in wanted if pk in rows], together)
