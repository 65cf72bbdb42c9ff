"""A link to set a password, created by somebody other than its user: a logged act.

Whoever holds the link can sign in as that user, so creating one is an act on users, through the
door.
"""

from __future__ import annotations

from django.conf import settings

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.letters import Letter
from custode.signin.links import password_link
from custode.signin.mailing import post


def link_for(actor: Actor, user: User) -> str:
    """Return the link by which a user sets a password, for the actor to hand over or to mail.

    Raises:
        Refused: the actor is no admin.
        ProofNeeded: the actor must prove their identity first.
        Invalid: the user is disabled, or has no address; then there is no entry.
    """
    with door.sensitive_act(
        actor, Verb.USERS, details={"link": user.pk}, labels=[user.get_full_name()]
    ):
        return password_link(user)


def hand_over(actor: Actor, user: User) -> str:
    """Deliver the link by which a user sets a password.

    Returns:
        "" when it is mailed, by a job; the link, to be shown once, where no mail is set up.

    Raises:
        Refused, ProofNeeded, Invalid: as `link_for`.
    """
    link = link_for(actor, user)
    if not settings.HAS_MAIL:
        return link
    post(user, Letter.RESET if user.has_usable_password() else Letter.INVITATION)
    return ""
