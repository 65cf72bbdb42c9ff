"""Records what happens, in the transaction in which it happens, where a webhook may need it."""

from __future__ import annotations

from django.db.models import QuerySet

from custode.exchange.webhooks import events
from custode.exchange.webhooks.models import Happening, Webhook
from custode.guard.news import News, Sort


def ears() -> QuerySet[Webhook]:
    """Return the webhooks of the account in scope that are on."""
    return Webhook.living.filter(disabled_at=None).order_by()


def hear(news: News) -> None:
    """Record news, from which deliveries are made later; for `guard.news`.

    Where no webhook is on, this costs only one index lookup.
    """
    wanted = set(ears().filter(account_id=news.account_id).values_list("event", flat=True))
    if not wanted or not events.may_concern(news, wanted):
        return
    one = Happening(
        account_id=news.account_id,
        sort=news.sort.value,
        subject=news.subject,
        seq=news.seq,
        field=news.field,
        data=news.gather(),
    )
    if news.sort is not Sort.BULK or not _is_noted(one):
        one.save(force_insert=True)


def _is_noted(one: Happening) -> bool:
    """Return whether it is the same news again: an act that puts on several labels repeats it."""
    same = Happening.objects.filter(
        account_id=one.account_id, sort=one.sort, seq=one.seq, subject=one.subject, field=one.field
    )
    return same.exists()
