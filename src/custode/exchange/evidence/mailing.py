"""Mails checkpoints of the log to where nobody with access to this machine can change them."""

from __future__ import annotations

import logging
import zoneinfo
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation

from custode.accounts.models import Account, CheckpointsTo
from custode.guard import checkpoints
from custode.guard.checkpoints import Checkpoint
from custode.guard.models import LogCheckpoint, LogHead
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.people.models import Role, User

EVERY: Final = timedelta(hours=23, minutes=30)
"""Slightly less than a day, because the job runs every hour, but not to the second."""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Recipient:
    """A recipient of checkpoints, and the language used."""

    address: str
    language: str
    time_zone: str


def mail_due(system: Actor) -> None:
    """Mail a checkpoint when a day has passed since the last; for the job, in one account.

    When nothing has been added to the log since, none is mailed. One that was mailed but not
    recorded, because the process was killed in between, is mailed again.
    """
    account = Account.objects.get(pk=system.account_id)
    if account.checkpoints_to == CheckpointsTo.NOBODY or not settings.HAS_MAIL:
        return
    last = LogCheckpoint.objects.filter(mailed_to__gt=0).order_by("-pk").first()
    head = LogHead.objects.first()
    if head is None or not head.seq:
        return
    if last and (last.seq >= head.seq or last.made_at > clock.now() - EVERY):
        return
    mail(account)


def mail(account: Account) -> int:
    """Mail a checkpoint to all recipients, record it, and return how many.

    Raises:
        OSError: no mail was accepted.
    """
    one, sent = checkpoints.make(account.pk), 0
    wrong: Exception | None = None
    for recipient in recipients(account):
        try:
            _send(account, recipient, one)
            sent += 1
        except Exception as error:
            log.exception("A checkpoint of account %s could not be mailed.", account.pk)
            wrong = error
    if sent:
        checkpoints.note(one, sent)
    elif wrong is not None:
        raise wrong
    return sent


def recipients(account: Account) -> Iterator[Recipient]:
    """Yield the recipients of the account's checkpoints."""
    if account.checkpoints_to == CheckpointsTo.ADMINS:
        admins = User.objects.filter(role=Role.ADMIN, disabled_at=None, email__isnull=False)
        for user in admins.order_by("pk"):
            yield Recipient(str(user.email), user.language, user.time_zone)
    elif account.checkpoints_to == CheckpointsTo.ADDRESSES:
        for address in account.checkpoint_addresses.split(","):
            yield Recipient(address, account.language, account.time_zone)


def _send(account: Account, to: Recipient, one: Checkpoint) -> None:
    zone = zoneinfo.ZoneInfo(to.time_zone)
    with translation.override(to.language), timezone.override(zone):
        made = timezone.localtime(one.moment)
        day, hour = formats.date_format(made, "DATE_FORMAT"), formats.time_format(made, "H:i")
        words = {
            "account": account.name, "checkpoint": one, "url": settings.URL,
            "when": f"{day}, {hour} ({to.time_zone})",
        }  # fmt: skip
        text = render_to_string("mail/checkpoint.txt", words)
    subject, _line, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [to.address])
