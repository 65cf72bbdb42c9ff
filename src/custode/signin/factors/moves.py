"""Switching two-factor authentication on and off, and asking for it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.utils.translation import gettext as _

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid
from custode.people.addresses import require_own_or_admin
from custode.people.models import User
from custode.signin import factors, mailing, sealing
from custode.signin.factors import recovery, totp
from custode.signin.letters import Letter
from custode.signin.models import Ended, Passkey, RecoveryCode, Totp
from custode.signin.sessions import moves as session_moves


def add_totp(actor: Actor, user: User, secret: str, code: str, *, this: int) -> list[str]:
    """Set up an authenticator app, proved by one of its codes.

    Args:
        this: the session that stays open; the user's others end.

    Returns:
        New recovery codes, when this is the first factor; else none.

    Raises:
        Invalid: the code is wrong, or there is an authenticator app already.
    """
    step = totp.step_of(secret, code)
    if step is None:
        raise Invalid(_("This code does not fit. Wait for the next one and try again."), "code")
    with _changing(actor, user, on="totp"):
        # Within the door, which lets one through after the other: two tabs may ask at once.
        if Totp.objects.filter(user=user, removed_at=None).exists():
            raise Invalid(_("There is an authenticator app already. Remove it first."))
        first = not factors.are_on(user)
        Totp.objects.create(
            account_id=user.account_id, user=user, secret=sealing.seal(secret), last_step=step
        )
        return _begun(user, first, this)


def add_passkey(actor: Actor, passkey: Passkey, *, this: int) -> list[str]:
    """Save a passkey that the browser created.

    Returns:
        New recovery codes, when this is the first factor; else none.
    """
    user = passkey.user
    with _changing(actor, user, on="passkey"):
        first = not factors.are_on(user)
        passkey.save(force_insert=True)
        return _begun(user, first, this)


def _begun(user: User, first: bool, this: int) -> list[str]:
    if not first:
        return []
    session_moves.end_all_of(user, Ended.TWO_FACTOR, but=[this])
    return recovery.make(user)


def new_codes(actor: Actor, user: User) -> list[str]:
    """Replace the recovery codes by new ones, and return these.

    Raises:
        Invalid: the user has no second factor.
    """
    with _changing(actor, user, codes="new"):
        if not factors.are_on(user):
            raise Invalid(_("Set up two-factor authentication first."))
        return recovery.make(user)


def remove_totp(actor: Actor, user: User) -> None:
    """Remove one's own authenticator app.

    Raises:
        Gone: the user has none.
    """
    with _changing(actor, user, off="totp"):
        if not _remove_totp(user):
            raise Gone(_("This authenticator app is not here any more."))
        _codes_go_with_the_last(user)


def remove_passkey(actor: Actor, user: User, pk: int) -> None:
    """Remove one of one's own passkeys.

    Raises:
        Gone: the user has no such passkey.
    """
    with _changing(actor, user, off="passkey"):
        mine = Passkey.objects.filter(pk=pk, user=user, removed_at=None)
        if not mine.update(removed_at=clock.now(), public_key=""):
            raise Gone(_("This passkey is not here any more."))
        _codes_go_with_the_last(user)


def deactivate(actor: Actor, user: User, *, reason: str = "") -> None:
    """Remove every second factor: one's own, or as an admin a locked-out user's.

    Raises:
        Refused: it is somebody else's and the actor is no admin.
        Gone: it is one's own, and off already.
    """
    with deactivating(actor, user, reason=reason):
        pass


@contextmanager
def deactivating(actor: Actor, user: User, *, reason: str = "") -> Iterator[None]:
    """Do what `deactivate` does, together with the block, in one transaction; raise as it does."""
    with _changing(actor, user, reason, off="all"):
        if actor.user_id == user.pk and not factors.are_on(user):
            raise Gone(_("Two-factor authentication is off already."))
        _remove_totp(user)
        Passkey.objects.filter(user=user, removed_at=None).update(
            removed_at=clock.now(), public_key=""
        )
        recovery.remove(user)
        if actor.user_id != user.pk:
            session_moves.end_all_of(user, Ended.TWO_FACTOR, by=actor.name)
        yield
    if actor.user_id != user.pk:
        mailing.post(user, Letter.TWO_FACTOR_OFF, by=mailing.name_of(actor))


def remove_newer(actor: Actor, user: User, since: datetime) -> None:
    """Remove what was set up in the user's name since an intruder came in, as part of another act.

    A passkey of the intruder's would let them in again, whatever the password. Nobody can tell what
    they set up from what the user did: they may have used any number of browsers. What is older
    stays.
    """
    totps = Totp.objects.filter(user=user, removed_at=None, created_at__gte=since)
    keys = Passkey.objects.filter(user=user, removed_at=None, created_at__gte=since)
    codes = RecoveryCode.objects.filter(user=user, created_at__gte=since)
    if not any(rows.exists() for rows in (totps, keys, codes)):
        return
    labels = [user.get_full_name()]
    with door.also(actor, Verb.TWO_FACTOR, details={"off": "newer"}, labels=labels):
        totps.update(removed_at=clock.now(), secret="")
        keys.update(removed_at=clock.now(), public_key="")
        codes.delete()
        _codes_go_with_the_last(user)


@contextmanager
def _changing(actor: Actor, user: User, reason: str = "", **details: str) -> Iterator[None]:
    with door.sensitive_act(
        actor, Verb.TWO_FACTOR, details=details, labels=[user.get_full_name()], reason=reason
    ):
        require_own_or_admin(actor, user)
        yield


def _remove_totp(user: User) -> int:
    return Totp.objects.filter(user=user, removed_at=None).update(removed_at=clock.now(), secret="")


def _codes_go_with_the_last(user: User) -> None:
    if not factors.are_on(user):
        recovery.remove(user)
