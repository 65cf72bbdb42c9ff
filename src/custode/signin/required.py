"""Whether an account requires two-factor authentication of a user who has not set it up."""

from __future__ import annotations

from datetime import datetime, timedelta

from custode.accounts.models import Account, RequiredOf
from custode.kernel import clock
from custode.people.models import User
from custode.signin import factors


def due(user: User, account: Account) -> datetime | None:
    """Return by when the user must have set it up; None when they have, or need not.

    The days of grace start when the account required it, or when the user was added, if later.
    """
    of_all = account.two_factor_for == RequiredOf.ALL
    of_admins = account.two_factor_for == RequiredOf.ADMINS
    if not (of_all or (of_admins and user.is_admin)) or factors.are_on(user):
        return None
    since = max(account.two_factor_since or user.created_at, user.created_at)
    return since + timedelta(days=account.two_factor_grace_days)


def is_over(until: datetime) -> bool:
    """Return whether the days of grace are over."""
    return clock.now() >= until


def is_missing(user: User) -> bool:
    """Return whether the user should have set it up by now and has not.

    Args:
        user: with their account, which is in scope.
    """
    until = due(user, user.account)
    return until is not None and is_over(until)
