"""Mails to people about their sign-in: plain text, in their language.

Each is a template in `templates/mail`, whose first line is the subject. Links are made when a mail
is written, by a job, so that none is stored in the database.
"""

from __future__ import annotations

import zoneinfo
from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Any, Final

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.utils import formats, timezone, translation

from custode.kernel import scope
from custode.people import addresses
from custode.people.models import User
from custode.signin import devices, links
from custode.signin.models import Session

Facts = Mapping[str, Any]


class Letter(StrEnum):
    """The mails, by the names of their templates."""

    INVITATION = "invitation"
    RESET = "reset"
    ACCESS_RESET = "access_reset"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 (a template's name)
    ADDRESS_CONFIRM = "address_confirm"
    ADDRESS_ASKED = "address_asked"
    ADDRESS_IN_USE = "address_in_use"
    NEW_DEVICE = "new_device"
    TWO_FACTOR_OFF = "two_factor_off"


def send(user: User, letter: Letter, facts: Facts | None = None) -> None:
    """Write a mail and send it; nothing when the user was disabled, or changed it, meanwhile.

    Args:
        facts: further facts for the text: `session` is the number of the sign-in it is about,
            `by` who did it (empty for the operator), `to` where it goes instead of the user's own
            address, `new` an address.

    Raises:
        OSError: the mail server could not be reached, or did not accept the mail.
    """
    gone = letter == Letter.ADDRESS_CONFIRM and not (user.email and user.pending_email)
    if not user.is_active or not user.address or gone:
        return
    letter = _unless_taken(user, letter)
    with (
        scope.account(user.account_id),
        translation.override(user.language),
        timezone.override(zoneinfo.ZoneInfo(user.time_zone)),
    ):
        words = _words(user, letter, facts or {})
        text = render_to_string(f"mail/{letter}.txt", words)
    subject, _line, body = text.strip().partition("\n")
    send_mail(subject.strip(), body.strip() + "\n", None, [words["to"]])


def invite(user: User) -> str:
    """Mail a user the link by which they set a password, at once.

    Returns:
        "" when it was mailed; the link, to be shown once, when no mail is set up.

    Raises:
        Invalid: the user is disabled or has no address.
        OSError: the mail server could not be reached, or did not accept the mail.
    """
    link = links.password_link(user)
    if not settings.HAS_MAIL:
        return link
    send(user, Letter.INVITATION)
    return ""


def _unless_taken(user: User, letter: Letter) -> Letter:
    """Return the mail to send: only the mailbox's owner may learn that the address is taken."""
    goes_to_waiting = letter == Letter.ADDRESS_CONFIRM or (
        letter == Letter.INVITATION and not user.email
    )
    if goes_to_waiting and addresses.is_taken(user.pending_email, user):
        return Letter.ADDRESS_IN_USE
    return letter


def _words(user: User, letter: Letter, facts: Facts) -> dict[str, Any]:
    link = _LINKS.get(letter)
    return {
        "name": user.first_name,
        "email": user.address,
        "account": user.account.name,
        "url": settings.URL,
        "forgot": f"{settings.URL}/forgot/",
        "link": link(user) if link else "",
        "to": _recipient(user, letter, facts),
        "by": facts.get("by", ""),
        "new": facts.get("new") or user.pending_email,
        **_sign_in(user, facts.get("session")),
    }


def _recipient(user: User, letter: Letter, facts: Facts) -> str:
    waiting = letter in {Letter.ADDRESS_CONFIRM, Letter.ADDRESS_IN_USE}
    return str(facts.get("to") or (user.pending_email if waiting else user.address))


def _sign_in(user: User, pk: Any) -> dict[str, str]:
    """Return when, from which device and from where, and the link that says: this was not me."""
    row = Session.objects.filter(user=user, pk=pk).first() if pk else None
    if row is None:
        return {}
    begun = timezone.localtime(row.started_at)
    day, time = formats.date_format(begun, "DATE_FORMAT"), formats.time_format(begun, "H:i")
    return {
        "when": f"{day}, {time} ({user.time_zone})",
        "device": devices.words(row.browser, row.system),
        "ip": row.ip,
        "not_me": links.not_me_link(row),
    }


_LINKS: Final[Mapping[Letter, Callable[[User], str]]] = {
    Letter.INVITATION: links.password_link,
    Letter.RESET: links.password_link,
    Letter.ACCESS_RESET: links.password_link,
    Letter.ADDRESS_CONFIRM: links.address_link,
}
