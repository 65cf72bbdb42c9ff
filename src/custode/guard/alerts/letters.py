"""Alert letters: created in the same transaction as the alert, and sent at least once.

A new alert is reported at once. Acts that join it are reported later in one letter, as are further
alerts of a rule that has just raised several: nobody is flooded, and nothing is left out.

When a letter is due, and who sends it, is by the database's time; how long ago an alert was told is
by the clock of whoever judges, like the alert itself.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.db import transaction
from django.db.models import Case, F, Q, QuerySet, Value, When
from django.db.models.functions import Now

from custode.guard import database_time, lock, ports
from custode.guard.alerts import rules
from custode.guard.alerts.models import Alert, AlertMail, Delivery
from custode.guard.alerts.rules import Rule
from custode.guard.kinds import Verb
from custode.kernel import clock, scope

QUIET: Final = timedelta(minutes=5)
"""The minimum time between two letters about the same alert."""
AT_ONCE: Final = 3
"""How many new alerts of one rule are mailed one by one within that time; the rest are combined."""
MOST: Final = 50
"""The maximum number of alerts in one letter."""
LEASE: Final = timedelta(minutes=5)
"""After this time a claimed letter counts as abandoned; one attempt takes less."""
PAUSES: Final = tuple(timedelta(seconds=n) for n in (10, 60, 300, 900, 3600, 3600, 7200, 14400))
"""The waiting times between attempts; after the last one the letter is given up."""


def make(account_id: int) -> int:
    """Create the letters that are due, one for each admin, and return how many.

    Runs within the transaction that judges, so that no alert is without its letter.
    """
    untold = Alert.objects.select_for_update().filter(untold__gt=0).order_by("pk")
    if not settings.HAS_MAIL:
        # What is shown on screen only must not be mailed weeks later.
        untold.update(untold=0)
        return 0
    due = [alert for alert in untold[: 4 * MOST] if _is_due(alert)][:MOST]
    if not due:
        return 0
    now = clock.now()
    by_user = _by_recipient(account_id, due)
    AlertMail.objects.bulk_create(
        AlertMail(
            account_id=account_id, user_id=user, made_at=now,
            due_at=database_time.now(),
            message_id=secrets.token_hex(16),
            alerts=[{"alert": alert.pk, "acts": alert.untold} for alert in alerts],
        )
        for user, alerts in by_user.items()
    )  # fmt: skip
    Alert.objects.filter(pk__in=[alert.pk for alert in due]).update(untold=0, told_at=now)
    return len(by_user)


def _is_due(alert: Alert) -> bool:
    now = clock.now()
    if alert.told_at is not None:
        return now - alert.told_at >= QUIET
    lately = Alert.objects.filter(rule=alert.rule, told_at__gt=now - QUIET)
    return lately.count() < AT_ONCE


def _by_recipient(account_id: int, alerts: list[Alert]) -> dict[int, list[Alert]]:
    known = rules.keyed(rules.of_account(account_id))
    found: dict[int, list[Alert]] = {}
    for alert in alerts:
        for user in _recipients(account_id, alert, known):
            found.setdefault(user, []).append(alert)
    return found


def _recipients(account_id: int, alert: Alert, known: Mapping[str, Rule]) -> list[int]:
    """Return the recipients that an alert's rules name; all admins when none are left."""
    met = [known[key] for key in alert.keys if key in known]
    everybody = ports.admins_to_tell(account_id)
    chosen = {pk for rule in met for pk in rule.recipients}
    all_of_them = not met or any(not rule.recipients for rule in met)
    left = [pk for pk in everybody if all_of_them or pk in chosen]
    return left or everybody


def take() -> AlertMail | None:
    """Claim the next letter that is due for sending; None when there is none."""
    with scope.everywhere("which letter about alerts is due"):
        first = _due().order_by("due_at", "pk").first()
        if first is None:
            return None
    claim = secrets.token_hex(16)
    with _writing(first.account_id):
        # Compare and set: of several processes that find it, only one writes its claim.
        mine = _due().filter(pk=first.pk, claim=first.claim, tries=first.tries)
        if not mine.update(
            state=Delivery.SENDING, claim=claim, claimed_at=Now(), tries=F("tries") + 1,
            unsure=Case(When(state=Delivery.SENDING, then=Value(True)), default=F("unsure")),
        ):  # fmt: skip
            return None
        return AlertMail.objects.get(pk=first.pk)


def _due() -> QuerySet[AlertMail]:
    """Return letters that are due, and those that another process claimed but never finished."""
    waits = Q(state=Delivery.WAITING, due_at__lte=database_time.now())
    return AlertMail.objects.filter(
        waits | Q(state=Delivery.SENDING, claimed_at__lt=Now() - LEASE)
    )  # fmt: skip


def sent(mail: AlertMail) -> None:
    """Note that the mail server accepted the letter."""
    _settle(mail, state=Delivery.SENT, answer="")


def not_sent(mail: AlertMail, answer: str, *, again: bool = True, unsure: bool = False) -> None:
    """Note that the letter was not (or perhaps not) accepted; retry it later or give it up.

    Args:
        again: whether another attempt could succeed.
        unsure: whether the mail server may have accepted it all the same.
    """
    if again and mail.tries <= len(PAUSES):
        due = database_time.now() + PAUSES[mail.tries - 1]
        _settle(
            mail, state=Delivery.WAITING, due_at=due, answer=answer[:300],
            unsure=mail.unsure or unsure,
        )  # fmt: skip
    else:
        _settle(mail, state=Delivery.FAILED, answer=answer[:300])


def _settle(mail: AlertMail, **values: object) -> None:
    with _writing(mail.account_id):
        mine = AlertMail.objects.filter(pk=mail.pk, claim=mail.claim, state=Delivery.SENDING)
        mine.update(settled_at=Now(), **values)


@contextmanager
def _writing(account_id: int) -> Iterator[None]:
    """Open a transaction in an account in which its alerts may be written."""
    with (
        scope.account(account_id),
        transaction.atomic(durable=True),
        lock.opened(f"{Verb.ALERT}:{account_id}"),
    ):
        yield
