"""The form that says who sees what, and who may assign leads."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, Final

from django.http import HttpRequest
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from custode.accounts.editions import Feature, has
from custode.accounts.models import Account, Assigning, TeamVisibility, Visibility
from custode.accounts.sharing import Sharing
from custode.kernel.errors import Invalid

Choice = tuple[str, str | Promise, str | Promise]
"""A value, its label, and its explanation."""

VISIBILITY: Final[tuple[Choice, ...]] = (
    (
        Visibility.SHARED,
        Visibility.SHARED.label,
        gettext_lazy("Everybody sees all leads, and changes their own and unassigned ones."),
    ),
    (
        Visibility.ADMINS,
        Visibility.ADMINS.label,
        gettext_lazy(
            "A user sees their own leads and unassigned ones: in the list, on the board, in the"
            " search, in figures and exports. With teams, also what you choose below."
        ),
    ),
)
TEAM_VISIBILITY: Final[tuple[Choice, ...]] = (
    (
        TeamVisibility.ADMINS,
        TeamVisibility.ADMINS.label,
        gettext_lazy("Being in a team shows nobody anything more."),
    ),
    (
        TeamVisibility.MANAGERS,
        TeamVisibility.MANAGERS.label,
        gettext_lazy("Managers see and change what the members of their teams have."),
    ),
    (
        TeamVisibility.MEMBERS,
        TeamVisibility.MEMBERS.label,
        gettext_lazy("Members see what the others in their teams have; managers also change it."),
    ),
)
ASSIGNING: Final[tuple[Choice, ...]] = (
    (
        Assigning.ADMINS,
        Assigning.ADMINS.label,
        gettext_lazy("Users neither give their leads away nor take unassigned ones."),
    ),
    (
        Assigning.MANAGERS,
        Assigning.MANAGERS.label,
        gettext_lazy("Managers give leads to themselves and to the members of their teams."),
    ),
    (
        Assigning.EVERYBODY,
        Assigning.EVERYBODY.label,
        gettext_lazy("Whoever may change a lead may give it to anybody."),
    ),
)


def words(account: Account, given: Sharing, mistake: Invalid | None = None) -> dict[str, Any]:
    """Return the form's context: the account's settings, or the rejected input."""
    return {
        "sharing": asdict(given),
        "visibility": VISIBILITY,
        "team_visibility": TEAM_VISIBILITY,
        "assigning": ASSIGNING,
        "has_teams": has(account.edition, Feature.TEAMS),
        "sharing_mistakes": {mistake.field: str(mistake)} if mistake else {},
    }


def read(request: HttpRequest) -> Sharing:
    """Return what the form sent, which `accounts.sharing.change` validates."""
    return Sharing(
        visibility=request.POST.get("visibility", ""),
        teams_on=request.POST.get("teams_on") == "on",
        team_visibility=request.POST.get("team_visibility", ""),
        assigning=request.POST.get("assigning", ""),
    )
