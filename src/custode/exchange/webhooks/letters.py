"""The mails of webhooks: news for an e-mail address, and notices to admins on giving up."""

from __future__ import annotations

import json
import smtplib
import zoneinfo
from collections.abc import Sequence
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, send_mail
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from custode.exchange.webhooks import confirming, events
from custode.exchange.webhooks.models import Delivery, Webhook, Why
from custode.exchange.webhooks.sending import ANSWER, Result
from custode.kernel import clock, scope
from custode.people.models import Role, User

LONGEST: Final = 4_000
"""The maximum number of characters of data in a mail."""


def news(delivery: Delivery) -> EmailMessage:
    """Return the mail of a delivery, in the account's language."""
    account = delivery.account
    with translation.override(account.language):
        words = {
            "account": account.name,
            "what": str(events.words_of(delivery.event)),
            "name": _name(delivery.data),
            "data": json.dumps(delivery.data, ensure_ascii=False, indent=2)[:LONGEST],
            "link": delivery.data.get("permalink", ""),
            "url": settings.URL,
        }
        text = render_to_string("mail/webhook_news.txt", words)
    return _message(delivery.webhook, text, str(delivery.pk))


def together(deliveries: Sequence[Delivery]) -> EmailMessage:
    """Return one mail of several deliveries of a webhook: one line for each, in order."""
    first, account = deliveries[0], deliveries[0].account
    with translation.override(account.language):
        words = {
            "account": account.name,
            "count": len(deliveries),
            "lines": [
                {
                    "what": str(events.words_of(one.event)),
                    "name": _one_line(_name(one.data)),
                    "link": one.data.get("permalink", ""),
                }
                for one in deliveries
            ],
            "url": settings.URL,
        }
        text = render_to_string("mail/webhook_news_together.txt", words)
    return _message(first.webhook, text, f"{first.pk}-{deliveries[-1].pk}")


def ask_for_a_yes(account_id: int, pk: int) -> None:
    """Ask the owner of a webhook's e-mail address to confirm that they want its news.

    Raises:
        OSError: the mail was not accepted; the job tries again.
    """
    if not settings.HAS_MAIL:
        return
    with scope.account(account_id):
        hook = Webhook.living.select_related("account").filter(pk=pk).first()
        if hook is None or not hook.awaits_a_yes:
            return
        with translation.override(hook.account.language):
            words = {
                "account": hook.account.name,
                "what": str(events.words_of(hook.event)),
                "link": confirming.link_of(hook),
                "days": confirming.YES.lasts.days,
                "url": settings.URL,
            }
            text = render_to_string("mail/webhook_confirm.txt", words)
        _message(hook, text, f"yes-{hook.pk}-{int(clock.now().timestamp())}").send()


def _message(hook: Webhook, text: str, number: str) -> EmailMessage:
    """Return a mail to a webhook's address; the first line of the text is the subject.

    Args:
        number: what distinguishes it from other mails of the account's webhooks.
    """
    subject, _line, body = text.strip().partition("\n")
    host = urlsplit(settings.URL).hostname or "localhost"
    headers = {
        "Message-ID": f"<webhook.{hook.account_id}.{number}@{host}>",
        "Auto-Submitted": "auto-generated",
    }
    subject = _one_line(subject)[:180]
    return EmailMessage(subject, body.strip() + "\n", None, [hook.target], headers=headers)


def _name(data: dict[str, Any]) -> str:
    """Return the name of the object concerned."""
    return str(data.get("title") or data.get("name") or data.get("action") or data.get("id") or "")


def send(message: EmailMessage) -> Result:
    """Send a mail by the installation's mail server."""
    if not settings.HAS_MAIL:
        return Result(why=Why.NO_MAIL)
    try:
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        return Result(why=Why.MAIL, answer=str(error)[:ANSWER])
    return Result()


def tell_given_up(account_id: int, pk: int) -> None:
    """Mail all admins that a webhook was switched off; does nothing where no mail is set up.

    Raises:
        OSError: a mail was not accepted; the job's next attempt also repeats those that were.
    """
    if not settings.HAS_MAIL:
        return
    with scope.account(account_id):
        hook = Webhook.objects.select_related("account").filter(pk=pk).first()
        if hook is None or hook.given_up_at is None:
            return
        admins = User.objects.filter(role=Role.ADMIN, disabled_at=None, email__isnull=False)
        for user in admins.order_by("pk"):
            _tell(hook, user)


def _tell(hook: Webhook, user: User) -> None:
    with (
        translation.override(user.language),
        timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
    ):
        words = {
            "name": user.first_name,
            "account": hook.account.name,
            "webhook": hook,
            "what": str(events.words_of(hook.event)),
            "link": settings.URL + reverse("webhook", args=[hook.pk]),
            "url": settings.URL,
        }
        text = render_to_string("mail/webhook_given_up.txt", words)
    subject, _line, body = text.strip().partition("\n")
    send_mail(_one_line(subject)[:180], body.strip() + "\n", None, [str(user.email)])


def _one_line(text: str) -> str:
    return " ".join(text.split())


def trouble() -> str:
    """Return why no mail can be sent to addresses; "" when it can."""
    return "" if settings.HAS_MAIL else _("No mail is set up on this installation.")
