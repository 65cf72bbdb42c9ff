"""How far the rights of users who are not admins extend, by the account's settings.

The two visibility modes, the three team modes and who may assign are the product's own (its help
pages on privacy and on teams).
"""

from __future__ import annotations

from typing import Final

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account, Assigning, TeamVisibility, Visibility
from custode.kernel.actor import Reach, Whose

_SEEN_IN_TEAMS: Final = {
    TeamVisibility.ADMINS: Whose.OWN,
    TeamVisibility.MANAGERS: Whose.MANAGED,
    TeamVisibility.MEMBERS: Whose.MEMBERS,
}
_ASSIGNED_BY: Final = {
    Assigning.ADMINS: Whose.OWN,
    Assigning.MANAGERS: Whose.MANAGED,
    Assigning.EVERYBODY: Whose.ALL,
}


def teams_count(account: Account) -> bool:
    """Return whether teams are switched on, and part of the account's edition."""
    return account.teams_on and has(account.edition, Feature.TEAMS)


def of_users(account: Account) -> Reach:
    """Return whose things a user who is not an admin sees, edits and assigns.

    Managers may edit what they see of their members. Without teams nobody manages anybody, so what
    is left to managers is left to admins.
    """
    teams = teams_count(account)
    seen = _SEEN_IN_TEAMS[TeamVisibility(account.team_visibility)] if teams else Whose.OWN
    managed = Whose.OWN if seen is Whose.OWN else Whose.MANAGED
    assigned = _ASSIGNED_BY[Assigning(account.assigning)]
    if assigned is Whose.MANAGED and not teams:
        assigned = Whose.OWN
    return Reach(
        sees=Whose.ALL if account.visibility == Visibility.SHARED else seen,
        edits=managed,
        assigns=assigned,
    )
