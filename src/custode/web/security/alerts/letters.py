"""E-mails about alerts: written as plain text in the reader's language when they are sent."""

from __future__ import annotations

import smtplib
import zoneinfo
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from custode.guard.alerts import letters as outbox
from custode.guard.alerts.models import Alert, AlertAct, AlertMail, Delivery
from custode.guard.alerts.rules import Rule
from custode.guard.display_names import display_name
from custode.kernel import scope
from custode.people.models import User
from custode.signin.devices import device
from custode.web.security.alerts import reading, words
from custode.web.security.reading import Told
from custode.web.security.sentences import plain
from custode.web.shell.words import exact, number

ACTS: Final = 10
"""The maximum number of acts of an alert that an e-mail lists."""
ROUND: Final = 50
"""The maximum number of e-mails sent in one round."""


def look() -> int:
    """Send the e-mails that are due; return how many were sent."""
    return sum(_send(mail) for mail in islice(iter(outbox.take, None), ROUND))


def _send(mail: AlertMail) -> bool:
    try:
        with scope.account(mail.account_id):
            message = letter(mail)
        if message is None:
            outbox.not_sent(mail, "", again=False)
            return False
        message.send()
    except (smtplib.SMTPException, OSError) as error:
        # Once the text has been sent, a missing reply says nothing about its delivery.
        unsure = isinstance(error, (TimeoutError, smtplib.SMTPServerDisconnected))
        outbox.not_sent(mail, str(error), unsure=unsure)
        return False
    except Exception as error:
        outbox.not_sent(mail, type(error).__name__)
        raise
    outbox.sent(mail)
    return True


def letter(mail: AlertMail) -> EmailMessage | None:
    """Return the message; None if its reader is no longer an admin.

    It is sent even if the alert has been acknowledged meanwhile: nobody hides an act by being
    quick.
    """
    user = User.objects.select_related("account").filter(pk=mail.user_id).first()
    if user is None or not (user.is_active and user.is_admin and user.email):
        return None
    new = {int(one["alert"]): int(one["acts"]) for one in mail.alerts}
    alerts = list(Alert.objects.filter(pk__in=new).order_by("pk"))
    with (
        translation.override(user.language),
        timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
    ):
        rules = reading.rules_of(mail.account_id)
        parts = [_part(alert, new[alert.pk], rules) for alert in alerts]
        text = render_to_string(
            "mail/alert.txt",
            {
                "name": user.first_name,
                "account": user.account.name,
                "parts": parts,
                "unsure": mail.unsure,
                "url": settings.URL,
                "all_url": settings.URL + reverse("alerts"),
                "rules_url": settings.URL + reverse("alert_rules"),
            },
        )
        subject = _subject(parts, user.account.name)
    host = urlsplit(settings.URL).hostname or "localhost"
    return EmailMessage(
        subject, text.strip() + "\n", None, [user.email],
        headers={"Message-ID": f"<{mail.message_id}@{host}>", "Auto-Submitted": "auto-generated"},
    )  # fmt: skip


def _subject(parts: list[dict[str, Any]], account: str) -> str:
    """Return the subject in one line, whatever a name contains."""
    if len(parts) == 1:
        words_ = _("Alert: %(what)s (%(account)s)")
        said = words_ % {"what": parts[0]["headline"].rstrip("."), "account": account}
    else:
        said = ngettext("%(n)s alert (%(account)s)", "%(n)s alerts (%(account)s)", len(parts))
        said = said % {"n": number(len(parts)), "account": account}
    return _one_line(said)[:180]


def _part(alert: Alert, new: int, rules: Mapping[str, Rule]) -> dict[str, Any]:
    latest = AlertAct.objects.filter(alert=alert).order_by("-seq")
    seqs = list(latest.values_list("seq", flat=True)[:ACTS])
    acts = reading.acts_told(seqs)
    return {
        "headline": _one_line(words.plain_headline(alert, acts.get(alert.last_seq), rules)),
        "rules": [words.name_of(key, rules) for key in alert.keys],
        "acts": [_line(acts[seq]) for seq in sorted(acts)],
        "others": max(alert.acts - len(acts), 0),
        "new": new if new < alert.acts else 0,
        "acknowledged_by": display_name(alert.acknowledged_by),
        "url": f"{settings.URL}{reverse('security')}?alert={alert.pk}",
    }


def _line(act: Told) -> str:
    """Return an act with its time and place, in one line."""
    seen = str(device(str(act.person.get("device") or "")))
    facts = (exact(act.entry.at), seen, str(act.person.get("ip") or ""))
    return _one_line(f"{plain(act)} ({', '.join(fact for fact in facts if fact)})")


def _one_line(text: str) -> str:
    """Return a text without line breaks, so that no name can start a paragraph."""
    return " ".join(text.split())


def troubles() -> Iterator[tuple[User, AlertMail]]:
    """Iterate over the recent e-mails that could not be sent, with their recipients."""
    failed = AlertMail.objects.exclude(answer="").exclude(state=Delivery.SENT).order_by("-pk")[:3]
    users = {user.pk: user for user in User.objects.filter(pk__in=[m.user_id for m in failed])}
    return ((users[mail.user_id], mail) for mail in failed if mail.user_id in users)
