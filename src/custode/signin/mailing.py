"""Requests mails: requests and moves only ask for them, a job sends them."""

from __future__ import annotations

from typing import Any

from django.conf import settings

from custode.guard.display_names import display_name
from custode.kernel.actor import Actor, ActorKind
from custode.people.models import User
from custode.signin import tasks
from custode.signin.letters import Letter


def post(user: User, letter: Letter, **facts: Any) -> None:
    """Have a mail sent to a user; does nothing where no mail is set up.

    Args:
        facts: further facts for the text (`letters.send`).
    """
    if settings.HAS_MAIL:
        tasks.send_letter.enqueue(user.account_id, user.pk, letter.value, facts)


def answer_forgotten(email: str) -> None:
    """Have a link sent to whoever signs in with this address, if anybody does."""
    if settings.HAS_MAIL:
        tasks.answer_forgotten.enqueue(email[:254])


def name_of(actor: Actor) -> str:
    """Return who did it, for a mail; empty for the operator."""
    return display_name(actor.name) if actor.kind is ActorKind.USER else ""
