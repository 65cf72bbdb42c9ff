"""A link to set a password, made by somebody else than its user: an entry of the log.

Who holds the link can come in as that user, so making one is an act on users, through the door.
"""

from __future__ import annotations

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.links import password_link


def link_for(actor: Actor, user: User) -> str:
    """The link by which a user sets a password, for the actor to hand over or to mail.

    Raises:
        Refused: the actor is no admin.
        ProofNeeded: the actor must prove first who they are.
        Invalid: the user is disabled, or has no address; then there is no entry.
    """
    with door.deed(actor, Verb.USERS, details={"link": user.pk}, labels=[user.get_full_name()]):
        return password_link(user)
