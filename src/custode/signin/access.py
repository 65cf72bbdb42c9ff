"""Operations on a user's access: passwords, addresses, and revoking somebody else's.

All of these are sensitive acts. Users of a mailed link have no session in which to prove their
identity: holding the link is the proof (`by_link`).
"""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import replace

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from custode.guard import door, policy
from custode.guard.kinds import Verb
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance, Origin
from custode.kernel.errors import Gone, Invalid
from custode.people import addresses
from custode.people.models import User
from custode.signin import asking, factors, limits, links, mailing
from custode.signin.factors import moves as factor_moves
from custode.signin.letters import Letter
from custode.signin.links import password_link
from custode.signin.mailing import post
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves as session_moves


def by_link(user: User, origin: Origin) -> Actor:
    """Return the user as an actor, identified by a link that was mailed to them alone."""
    return replace(user.actor(Entrance.WEB, origin), proved=True)


def set_by_link(actor: Actor, user: User, raw: str) -> None:
    """Set the password of the link's user: all sessions end, and all other links.

    Args:
        user: as returned by `links.user_of`.

    Raises:
        Invalid: the password is too short, too common or too like the user's data; or the same link
            was used simultaneously.
        Taken: the address that was pending for this link is somebody else's sign-in by now.
    """
    new, first = _hashed(raw, user), not user.has_usable_password() and user.last_login is None
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"password": "link", "user": user.pk},
        labels=[user.get_full_name()],
    ):  # fmt: skip
        _replace(user, new, _("This link has been used before. Ask for a new one."))
        if not user.email:
            addresses.take(user)
        session_moves.end_all_of(user, Ended.PASSWORD)
    if not first:
        post(user, Letter.PASSWORD_CHANGED)


def change_password(actor: Actor, user: User, raw: str, *, this: int) -> None:
    """Change one's own password: all other sessions end, and every link.

    Args:
        this: the session that stays open.

    Raises:
        Invalid: the password is too short, too common or too like the user's data; or it was
            changed elsewhere simultaneously.
    """
    new = _hashed(raw, user)
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"password": "own", "user": user.pk},
        labels=[user.get_full_name()],
    ):  # fmt: skip
        _replace(user, new, _("Your password was changed elsewhere just now. Reload the page."))
        session_moves.end_own_others(user, this, Ended.PASSWORD)
    post(user, Letter.PASSWORD_CHANGED, session=this)


def ask_for_address(actor: Actor, user: User, email: str) -> None:
    """Request another sign-in address: its owner confirms it, and the old one is warned.

    Raises:
        Refused: it is somebody else's and the actor is no admin.
        Invalid: the address is not acceptable.
        TooMany: a user has asked too often.
    """
    policy.require_proof(actor, Verb.SIGN_IN)
    own = actor.user_id == user.pk
    if own:
        limits.spend(limits.ADDRESS_CHANGE, user.pk)
    addresses.ask(actor, user, email)
    post(user, Letter.ADDRESS_CONFIRM)
    told = {"session": int(actor.origin.session or 0)} if own else {"by": mailing.name_of(actor)}
    post(user, Letter.ADDRESS_ASKED, to=user.email, new=user.pending_email, **told)


def confirm_address(actor: Actor, user: User) -> None:
    """Make the pending address the sign-in address; every link sent before becomes invalid.

    Args:
        user: as returned by `links.user_of_address`.

    Raises:
        Invalid: something has changed in the meantime, or the admin who asked for the address has
            been disabled or is no admin any more.
        Taken: the address is somebody else's sign-in by now.
    """
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"address": user.pk}, labels=[user.get_full_name()]
    ):
        # Within the act: an admin who is shut out at this very moment is so before or after it.
        if not asking.still_stands(user):
            raise Invalid(_("This link no longer works"))
        addresses.take(user)


def not_me(actor: Actor, row: Session) -> bool:
    """End an intruder's session in a user's name: it is closed, and the password is void.

    Second factors and recovery codes that were set up since, on whatever device, may be the
    intruder's and are removed; a pending address is discarded. One that was confirmed since may be
    the intruder's too, and no longer signs in: with it they would only have to forget a password.

    Returns:
        Whether a link for a new password was sent. It is not when the address was changed since: it
        would go to the wrong person.

    Raises:
        Gone: the session was reported already.
    """
    user = row.user
    with door.sensitive_act(
        actor, Verb.SIGN_IN, details={"not_me": row.pk}, labels=[user.get_full_name()]
    ) as noted:
        if links.was_not_me(row, before=noted.seq):
            raise Gone(_("This link has been used before."))
        _void(user)
        # Asked within the act: nobody confirms an address between the question and the answer.
        if moved := links.has_new_address(row):
            addresses.drop(user)
        session_moves.end_all_of(user, Ended.NOT_ME)
        factor_moves.remove_newer(actor, user, row.started_at)
    if not moved:
        post(user, Letter.RESET)
    return not moved


def reset(actor: Actor, user: User) -> str:
    """Remove everything by which a user signs in, all or nothing; return the link to start anew.

    Raises:
        Refused: the actor is no admin.
        Invalid: the user is disabled, or has no address.
        Gone: the user has set up two-factor authentication at this very moment.
    """
    password_link(user)
    with scope.account(user.account_id):
        has_factors = factors.are_on(user)
    # One transaction: without second factors, the old password alone would let anybody in.
    off = factor_moves.deactivating(actor, user) if has_factors else nullcontext()
    voided = door.also if has_factors else door.sensitive_act
    labels = [user.get_full_name()]
    with off, voided(actor, Verb.SIGN_IN, details={"reset": user.pk}, labels=labels):
        if factors.are_on(user):
            raise Gone(_("Somebody has changed this in the meantime. Look at it again."))
        addresses.require_own_or_admin(actor, user)
        _void(user)
        session_moves.end_all_of(user, Ended.PASSWORD, by=actor.name)
    post(user, Letter.ACCESS_RESET)
    return password_link(user)


def _hashed(raw: str, user: User) -> str:
    try:
        validate_password(raw, user)
    except ValidationError as error:
        raise Invalid(" ".join(error.messages), field="password") from error
    return make_password(raw)


def _replace(user: User, new: str, overtaken: str) -> None:
    """Set the password, unless it was changed in the meantime: then raise `Invalid`, saying that.

    If a link is used twice simultaneously, the password that the link was signed for decides.
    """
    mine = User.objects.filter(pk=user.pk, password=user.password, disabled_at=None)
    if not mine.update(password=new):
        raise Invalid(overtaken)
    user.password = new


def _void(user: User) -> None:
    """Make the password and all mailed links invalid, and discard a change of address."""
    user.set_unusable_password()
    if user.email:
        user.pending_email = ""
    user.save(update_fields=["password", "pending_email"])
