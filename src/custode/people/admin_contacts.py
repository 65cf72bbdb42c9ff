"""The admins whom a user can ask for what they may not do."""

from __future__ import annotations

from typing import Final

from custode.people.models import Role, User

MOST: Final = 3


def admins_to_ask(account_id: int) -> list[User]:
    """Return up to three admins who can sign in; invited ones only if there are no others."""
    admins = User.objects.filter(account_id=account_id, role=Role.ADMIN, disabled_at=None)
    found = list(admins.order_by("pk"))
    return ([one for one in found if one.can_sign_in] or found)[:MOST]
