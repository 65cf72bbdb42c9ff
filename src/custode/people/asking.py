"""Whom of an account somebody can ask who may not do a thing."""

from __future__ import annotations

from typing import Final

from custode.people.models import Role, User

MOST: Final = 3


def admins_to_ask(account_id: int) -> list[User]:
    """Up to three admins: those who can sign in; only where nobody can, those who are invited."""
    admins = User.objects.filter(account_id=account_id, role=Role.ADMIN, disabled_at=None)
    found = list(admins.order_by("pk"))
    return ([one for one in found if one.can_sign_in] or found)[:MOST]
