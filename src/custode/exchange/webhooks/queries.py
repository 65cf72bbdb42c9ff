"""Which webhooks and deliveries are shown."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet

from custode.exchange.webhooks.models import Delivery, State, TargetType, Webhook
from custode.people.models import User
from custode.signin.api_keys import queries as keys


def webhooks() -> QuerySet[Webhook, Webhook]:
    """Return the account's webhooks, the latest first."""
    return Webhook.living.order_by("-pk")


def left_by(user: User) -> QuerySet[Webhook, Webhook]:
    """Return the webhooks related to a user, the latest first, including those that are off.

    They created it, an application did with a key that they created, or it mails to their own
    address.
    """
    made = keys.made_by(user.pk).order_by().values("pk")
    theirs = Q(made_by_id=user.pk) | Q(made_by_key__in=made)
    if user.email:
        theirs |= Q(target_type=TargetType.EMAIL, target__iexact=user.email)
    return webhooks().filter(theirs)


def deliveries(hook: Webhook | None = None) -> QuerySet[Delivery, Delivery]:
    """Return past and pending deliveries, the latest first.

    Args:
        hook: this webhook's only; None for all.
    """
    rows = Delivery.objects.select_related("webhook").order_by("-pk")
    return rows if hook is None else rows.filter(webhook=hook)


def counts() -> dict[int, dict[str, int]]:
    """Return how many deliveries of each webhook are waiting, and how many were given up."""
    rows = Delivery.objects.order_by().values("webhook").annotate(
        waiting=Count("pk", filter=Q(state__in=[State.WAITING, State.SENDING])),
        failed=Count("pk", filter=Q(state=State.FAILED)),
    )  # fmt: skip
    return {row["webhook"]: {"waiting": row["waiting"], "failed": row["failed"]} for row in rows}
