"""Mailed links: each is signed, for one use, and works for some days only.

A signature covers the state that the link is to change (for setting a password, the present one),
so that using it, or changing that state in another way, invalidates it; links are not stored. A
link begins with `CUSTODE_URL`, never with the Host header of a request, which a stranger can
choose.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.conf import settings
from django.utils.crypto import constant_time_compare, salted_hmac
from django.utils.http import base36_to_int, int_to_base36
from django.utils.translation import gettext as _

from custode.guard.kinds import Verb
from custode.guard.log import canonical
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Invalid
from custode.people.models import User
from custode.signin import asking
from custode.signin.models import Session


@dataclass(frozen=True, slots=True)
class Signature:
    """Signs a state for some days: `<when>-<digest>`.

    Args:
        purpose: a signature for one purpose is not valid for another.
    """

    purpose: str
    lasts: timedelta

    def of(self, *state: object) -> str:
        """Return a new signature."""
        return self._at(int(clock.now().timestamp()), state)

    def fits(self, signed: str, *state: object) -> bool:
        """Return whether it is a signature of this state, and not too old."""
        try:
            seconds = base36_to_int(signed.partition("-")[0])
        except ValueError:
            return False
        age = clock.now().timestamp() - seconds
        right = constant_time_compare(signed, self._at(seconds, state))
        return right and 0 <= age <= self.lasts.total_seconds()

    def _at(self, seconds: int, state: tuple[object, ...]) -> str:
        when = int_to_base36(seconds)
        told = "\n".join([when, *map(str, state)])
        digest = salted_hmac(f"custode.link.{self.purpose}", told, algorithm="sha256")
        return f"{when}-{digest.hexdigest()[:40]}"


PASSWORD: Final = Signature("password", timedelta(days=3))
ADDRESS: Final = Signature("address", timedelta(days=3))
NOT_ME: Final = Signature("not_me", timedelta(days=7))


def password_link(user: User) -> str:
    """Return the URL at which this user sets a password; every call returns a new one.

    Raises:
        Invalid: the user is disabled, or has no e-mail address to sign in with.
    """
    if not user.is_active or not user.address:
        raise Invalid(_("Only a user with an e-mail address, who is not disabled, can sign in."))
    return link_to("password", user.pk, PASSWORD.of(*access_of(user), user.last_login))


def user_of(token: str) -> User | None:
    """Return the user of a password link; None when it was used, is too old, or is invalid."""
    user, signed = _user(token)
    fits = user is not None and PASSWORD.fits(signed, *access_of(user), user.last_login)
    return user if fits else None


def address_link(user: User) -> str:
    """Return the URL at which the owner of the pending e-mail address confirms it.

    Raises:
        Invalid: the user is disabled, or no address is pending.
    """
    if not user.is_active or not user.email or not user.pending_email:
        raise Invalid(_("No new e-mail address waits to be confirmed."))
    return link_to("address", user.pk, ADDRESS.of(*access_of(user), user.pending_email))


def user_of_address(token: str) -> User | None:
    """Return the user whose pending address a link confirms; None when it is invalid.

    It is invalid too when the admin who asked for the address may not do so any more.
    """
    user, signed = _user(token)
    if user is None or not user.email or not user.pending_email:
        return None
    fits = ADDRESS.fits(signed, *access_of(user), user.pending_email)
    return user if fits and asking.still_stands(user) else None


def not_me_link(row: Session) -> str:
    """Return the URL at which a user says of a sign-in: this was not me."""
    return link_to("not-me", row.pk, NOT_ME.of(*_sign_in(row)))


def session_of(token: str) -> Session | None:
    """Return the sign-in that a link is about; None when it was used, is too old, or is invalid."""
    pk, signed = parts_of(token)
    with scope.everywhere("of which sign-in a link speaks"):
        row = Session.objects.select_related("user", "account").filter(pk=pk).first()
        if row is None or not row.user.is_active or not NOT_ME.fits(signed, *_sign_in(row)):
            return None
    return None if was_not_me(row) else row


def was_not_me(row: Session, before: int | None = None) -> bool:
    """Return whether the user has reported this sign-in already, according to the log.

    Args:
        before: only entries before the one of this number count.
    """
    return _is_noted(row, {"not_me": row.pk}, **({"seq__lt": before} if before else {}))


def has_new_address(row: Session) -> bool:
    """Return whether the user's e-mail address was changed after this sign-in."""
    return _is_noted(row, {"address": row.user_id}, at__gte=row.started_at)


def _is_noted(row: Session, details: dict[str, int], **more: object) -> bool:
    """Return whether the log has an entry about signing in with exactly these details."""
    with scope.account(row.account_id):
        noted = LogEntry.objects.filter(verb=Verb.SIGN_IN.value, kind="", **more)
        return noted.filter(details=canonical(details)).exists()


def access_of(user: User) -> tuple[object, ...]:
    """Return what a user's links and half-done sign-ins depend on: password, address, enabled."""
    return user.pk, user.password, user.address, user.enabled_at


def _sign_in(row: Session) -> tuple[object, ...]:
    return row.account_id, row.pk, row.user_id, row.started_at


def link_to(name: str, pk: int, signed: str) -> str:
    """Return the URL of a signed link about a row."""
    return f"{settings.URL}/{name}/{int_to_base36(pk)}-{signed}/"


def parts_of(token: str) -> tuple[int, str]:
    """Return the number of the row that a link is about, and its signature; 0 for none."""
    number, _dash, signed = token.partition("-")
    try:
        pk = base36_to_int(number)
    except ValueError:
        return 0, ""
    # More than any row has; a database would refuse to compare with it.
    return (pk, signed) if pk < 1 << 62 else (0, "")


def _user(token: str) -> tuple[User | None, str]:
    pk, signed = parts_of(token)
    with scope.everywhere("whose link this is"):
        user = User.objects.filter(pk=pk, disabled_at__isnull=True).first()
    return user, signed
