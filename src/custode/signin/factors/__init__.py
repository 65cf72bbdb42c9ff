"""The second factor: codes of an authenticator app, passkeys, and recovery codes.

A user has two-factor authentication when there is an authenticator app or a passkey; recovery codes
are for when these are lost.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q

from custode.people.models import User
from custode.signin.models import Passkey, RecoveryCode, Totp


@dataclass(frozen=True, slots=True)
class Factors:
    """The factors that a user has set up.

    Args:
        codes_left: how many recovery codes have not been used.
    """

    totp: bool
    passkeys: int
    codes_left: int

    @property
    def on(self) -> bool:
        """Whether signing in with a password requires a second factor."""
        return self.totp or self.passkeys > 0


def of(user: User) -> Factors:
    """Return what this user has set up; the user's account is in scope."""
    return Factors(
        totp=Totp.objects.filter(user=user, removed_at=None).exists(),
        passkeys=Passkey.objects.filter(user=user, removed_at=None).count(),
        codes_left=RecoveryCode.objects.filter(user=user, spent_at=None).count(),
    )


def somebody_has(person: str = "pk") -> Q:
    """Return the condition on users that they have two-factor authentication.

    Args:
        person: the name of the user's number in the outer query.
    """
    mine = {"user": OuterRef(person), "removed_at": None}
    return Q(Exists(Totp.objects.filter(**mine))) | Q(Exists(Passkey.objects.filter(**mine)))


def are_on(user: User) -> bool:
    """Return whether this user has two-factor authentication."""
    return (
        Totp.objects.filter(user=user, removed_at=None).exists()
        or Passkey.objects.filter(user=user, removed_at=None).exists()
    )
