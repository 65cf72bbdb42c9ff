"""Proof of identity, required before acts that cannot be undone or that release data or rights.

With two-factor authentication the second factor is requested, else the password. A proof is valid
for ten minutes in this one session; signing in is one.
"""

from __future__ import annotations

from typing import Any

from custode.people.models import User
from custode.signin import factors, guessing, limits, stages
from custode.signin.models import Session
from custode.signin.sessions import moves


def asks_for_password(user: User) -> bool:
    """Return whether the password is the proof; else it is the second factor."""
    return not factors.are_on(user)


def give(
    row: Session, user: User, session: Any, *, password: str = "", code: str = "", passkey: str = ""
) -> bool:
    """Attempt a proof, and return whether it was right.

    Args:
        row: the session in which the proof is valid.
        session: Django's session, which keeps a passkey's challenge.

    Raises:
        TooMany: too many tries in this session.
    """
    left = limits.spend(limits.PROOF, user.pk, row.pk)
    if asks_for_password(user):
        right = bool(password) and user.check_password(password)
    else:
        right = bool(stages.which(session, user, code=code, passkey=passkey))
    if right:
        moves.prove(row)
        limits.forgive(limits.PROOF, user.pk, row.pk)
    elif not left:
        guessing.tell(user, guessing.PROOF, guessing.origin_of(session))
    return right
