"""Disabling a user who leaves, which ends all their sessions, and enabling them again."""

from __future__ import annotations

from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.people import moves
from custode.people.addresses import require_may_let_in
from custode.people.models import User
from custode.signin.models import Ended
from custode.signin.sessions import moves as session_moves


def disable(actor: Actor, user: User) -> int:
    """Disable a user: every session ends, every link becomes invalid.

    Returns:
        The number of sessions ended.

    Raises:
        Refused: the actor is no admin.
        Invalid: it is oneself, or the last admin who can sign in.
    """
    require_other(actor, user)
    if not user.is_active:
        return 0
    # An admin who is shut out is news for the others (`alerting.is_lost_admin`).
    details = {"disabled": user.pk, **({"admin": True} if user.is_admin else {})}
    with door.sensitive_act(actor, Verb.USERS, details=details, labels=[user.get_full_name()]):
        moves.set_disabled(user, True)
        return session_moves.end_all_of(user, Ended.DISABLED, by=actor.name)


def enable(actor: Actor, user: User) -> None:
    """Enable a disabled user again: their password works, but nothing else from before does.

    Raises:
        Refused: the actor is no admin, or a key that lacks a scope that the user does not lack.
    """
    if user.is_active:
        return
    _require_here(actor, user)
    with door.sensitive_act(
        actor, Verb.USERS, details={"enabled": user.pk}, labels=[user.get_full_name()]
    ):
        require_may_let_in(actor, user.role)
        # A sign-in that was in progress while the user was disabled may have left one behind.
        session_moves.end_all_of(user, Ended.DISABLED)
        moves.set_disabled(user, False)


def require_other(actor: Actor, user: User) -> None:
    """Raise `Invalid` when somebody would disable themselves."""
    _require_here(actor, user)
    if actor.user_id == user.pk:
        raise Invalid(_("You cannot disable yourself. Ask another admin."))


def _require_here(actor: Actor, user: User) -> None:
    if actor.account_id != user.account_id:
        raise Gone(_("There is no such user."))
