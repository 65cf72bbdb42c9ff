"""E-mail templates: each account's own, retired but never deleted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.activities.emails import placeholders
from custode.activities.emails.models import EmailTemplate
from custode.guard import naming, policy
from custode.guard.owned import Guarded
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, read_all
from custode.kernel.text import is_blank, line

LONGEST_SUBJECT, LONGEST_TEXT = 200, 20_000
NAMES: Final = naming.Names(
    longest=80,
    empty=gettext_lazy("A template needs a name."),
    too_long=gettext_lazy("A template's name has at most 80 characters."),
    taken=gettext_lazy("There is a template of this name already."),
)


def offered() -> Sequence[EmailTemplate]:
    """Return the templates that can be chosen now, by name."""
    return list(EmailTemplate.objects.filter(retired_at=None))


def save(actor: Actor, one: EmailTemplate, name: str, subject: str, text: str) -> EmailTemplate:
    """Save a new or existing template's name and content.

    Raises:
        Refused: the actor is no admin.
        Invalid: something is empty, too long or taken, or a placeholder is unknown.
    """
    policy.require_admin(actor)
    one.name, one.subject, one.text = line(name), line(subject), _text(text)
    if one.pk is None:
        one.account_id = actor.account_id
    with transaction.atomic():
        naming.alone()
        read_all(
            {
                "name": lambda: _require_name(one),
                "subject": lambda: _require_known_subject(one.subject),
                "text": lambda: _require_known_text(one.text),
            }
        )
        with naming.unless_taken(NAMES.is_taken(one.name)):
            one.save()
    return one


def retire(actor: Actor, one: EmailTemplate, on: bool) -> None:
    """Stop offering a template, or offer it again; raise `Refused` when the actor is no admin."""
    policy.require_admin(actor)
    one.retired_at = clock.now() if on else None
    one.save(update_fields=["retired_at"])


def filled(actor: Actor, about: Guarded, one: EmailTemplate) -> tuple[str, str]:
    """Return a template's subject and text, filled in from an object.

    Args:
        actor: the author, used for values only.
    """
    # A subject is one line, whatever is inserted.
    subject = " ".join(placeholders.fill(actor, about, one.subject).split())
    return subject[:LONGEST_SUBJECT], placeholders.fill(actor, about, one.text).strip()


def _require_name(one: EmailTemplate) -> None:
    NAMES.read(one.name)
    NAMES.require_free(one)


def _require_known_subject(subject: str) -> None:
    require_subject(subject)
    placeholders.require_known(subject, "subject")


def _require_known_text(text: str) -> None:
    require_text(text)
    placeholders.require_known(text, "text")


def require_subject(subject: str) -> None:
    """Raise `Invalid` for a subject that is empty or too long."""
    if not subject:
        raise Invalid(_("Write a subject."), field="subject")
    if len(subject) > LONGEST_SUBJECT:
        raise Invalid(_("A subject has at most 200 characters."), field="subject")


def require_text(text: str) -> None:
    """Raise `Invalid` for a text that is empty or too long."""
    if is_blank(text):
        raise Invalid(_("Write a text."), field="text")
    if len(text) > LONGEST_TEXT:
        raise Invalid(_("A text has at most 20,000 characters."), field="text")


def _text(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n").strip()
