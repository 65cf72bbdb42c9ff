"""The account's mail server: set by admins through the door, tested by a job."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from custode.activities.emails.addresses import ascii_only
from custode.activities.emails.models import MailServer, Security, Trial
from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.signin import limits, sealing

_HOST: Final = re.compile(r"(?=.{1,253}\Z)[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?|[0-9A-Fa-f:]+")


@dataclass(frozen=True, slots=True)
class Wanted:
    """The settings that an admin enters.

    Args:
        password: "" keeps the present one.
    """

    host: str
    port: int
    security: str
    username: str
    password: str
    sender: str


def of_account() -> MailServer:
    """Return the server of the account in scope; an empty one if there is none."""
    return MailServer.objects.first() or MailServer()


def change(actor: Actor, wanted: Wanted) -> bool:
    """Set the server through which e-mails are sent.

    A password is sent only to the server that it was entered for: changing the server requires
    entering it again.

    Returns:
        Whether anything changed.

    Raises:
        Refused: the actor is no admin.
        ProofNeeded: the actor must prove their identity first.
        Invalid: a value is not acceptable. Nothing is changed.
    """
    now = of_account()
    _require_fits(wanted)
    _require_password(now, wanted)
    values: dict[str, Any] = {
        name: getattr(wanted, name) for name in ("host", "port", "security", "username", "sender")
    }
    differing = [name for name, value in values.items() if getattr(now, name) != value]
    if not wanted.username:
        values["password"] = ""
    elif wanted.password:
        values["password"] = wanted.password
    if not (differing or wanted.password):
        return False
    told = {
        "host": wanted.host, "port": wanted.port, "security": wanted.security,
        "password": bool(values.get("password")),
    }  # fmt: skip
    if wanted.host != now.host:
        # What goes through another host can be read there: an alert asks for this mark.
        told["was"] = now.host
    with door.sensitive_act(actor, Verb.ACCOUNT, details={"mail": told}, labels=[wanted.sender]):
        if values.get("password"):
            # Within the door, so that no key rotation comes in between.
            values["password"] = sealing.seal(values["password"])
        values |= {"test": Trial.NONE, "test_why": "", "test_answer": "", "tested_at": None}
        MailServer.objects.update_or_create(account_id=actor.account_id, defaults=values)
    return True


def take_away(actor: Actor) -> None:
    """Remove the server: nothing more is sent, and its password is deleted.

    Raises:
        Refused, ProofNeeded: as `change`.
    """
    if not of_account().is_set_up:
        return
    with door.sensitive_act(actor, Verb.ACCOUNT, details={"mail": {"off": True}}):
        MailServer.objects.filter(account_id=actor.account_id).update(
            host="", username="", password="", sender="", test=Trial.NONE
        )


def begin_trial(actor: Actor, user: User) -> None:
    """Record that a test mail is to be sent through the server to the user.

    Raises:
        Refused: the actor is no admin.
        Invalid: no server is set up, or the person has no address.
        TooMany: it was tested too often.
    """
    policy.require(actor, Verb.ACCOUNT)
    if not of_account().is_set_up:
        raise Invalid(_("Set the server up first."), field="host")
    if not user.email:
        raise Invalid(_("You have no e-mail address to send it to."), field="host")
    limits.spend(limits.MAIL_TRIAL, actor.account_id)
    MailServer.objects.update(
        test=Trial.WAITING, test_to=user.email, test_why="", test_answer="", tested_at=clock.now()
    )


def note_trial(server: MailServer, test: str, why: str, answer: str) -> None:
    """Record the test's result, unless another was requested or the server changed since."""
    same = MailServer.objects.filter(
        pk=server.pk, test=Trial.WAITING, tested_at=server.tested_at, host=server.host
    )
    same.update(test=test, test_why=why, test_answer=answer[:500])


def _require_fits(wanted: Wanted) -> None:
    if not _HOST.fullmatch(wanted.host):
        raise Invalid(_("Write the server's name, like smtp.example.com."), field="host")
    if not 1 <= wanted.port <= 65535:
        raise Invalid(_("Write the port's number, like 587."), field="port")
    if wanted.security not in Security.values:
        raise Invalid(_("Choose how the connection is encrypted."), field="security")
    if len(wanted.username) > 254 or not wanted.username.isprintable():
        raise Invalid(_("This is not a valid user name."), field="username")
    if len(wanted.password) > 500 or not wanted.password.isprintable():
        raise Invalid(_("This is not a valid password."), field="password")
    if wanted.username and wanted.security == Security.NONE:
        raise Invalid(
            _("A password is sent over an encrypted connection only: choose STARTTLS or TLS."),
            field="security",
        )
    if wanted.password and not wanted.username:
        raise Invalid(_("Write the user name to which the password belongs."), field="username")
    try:
        validate_email(wanted.sender)
        ascii_only(wanted.sender)
    except (ValidationError, UnicodeError) as error:
        raise Invalid(
            _("Write the address from which e-mails go, like sales@example.com."), field="sender"
        ) from error


def _require_password(now: MailServer, wanted: Wanted) -> None:
    if not wanted.username or wanted.password:
        return
    same = ("host", "port", "security", "username")
    if not now.password or any(getattr(now, name) != getattr(wanted, name) for name in same):
        raise Invalid(
            _("Type the password: it goes to the server that it was typed for, and to no other."),
            field="password",
        )
