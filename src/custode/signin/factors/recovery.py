"""Recovery codes: ten of 80 random bits, shown once, each accepted once."""

from __future__ import annotations

import base64
import hashlib
import secrets
from typing import Final

from custode.kernel import clock
from custode.people.models import User
from custode.signin.models import RecoveryCode

MANY: Final = 10


def make(user: User) -> list[str]:
    """Replace all codes by new ones, and return these as they are to be shown.

    Called within `door.sensitive_act(actor, Verb.TWO_FACTOR)`: the database refuses it anywhere
    else.
    """
    codes = [base64.b32encode(secrets.token_bytes(10)).decode() for _number in range(MANY)]
    RecoveryCode.objects.filter(user=user).delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(account_id=user.account_id, user=user, digest=_digest(code)) for code in codes
    )
    return ["-".join(code[at : at + 4] for at in range(0, 16, 4)).lower() for code in codes]


def remove(user: User) -> None:
    """Remove all codes, when two-factor authentication is switched off."""
    RecoveryCode.objects.filter(user=user).delete()


def takes(user: User, code: str) -> bool:
    """Return whether this is an unused code, and mark it as used."""
    unspent = RecoveryCode.objects.filter(user=user, digest=_digest(code), spent_at=None)
    return bool(unspent.update(spent_at=clock.now()))


def left(user: User) -> int:
    """Return how many codes are unused."""
    return RecoveryCode.objects.filter(user=user, spent_at=None).count()


def _digest(code: str) -> str:
    plain = code.upper().replace("-", "").replace(" ", "")
    return hashlib.sha256(plain.encode()).hexdigest()
