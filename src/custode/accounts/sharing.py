"""The settings of who sees what, and who may assign: set by admins, effective at once."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from django.utils.translation import gettext as _

from custode.accounts import editions
from custode.accounts.editions import Feature
from custode.accounts.models import Account, Assigning, TeamVisibility, Visibility
from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid


@dataclass(frozen=True, slots=True)
class Sharing:
    """An account's sharing settings, named like its columns.

    Args:
        visibility: a `Visibility`, for users who are not admins.
        teams_on: whether teams are in use.
        team_visibility: a `TeamVisibility`, while they are.
        assigning: an `Assigning`.
    """

    visibility: str
    teams_on: bool
    team_visibility: str
    assigning: str

    @classmethod
    def of(cls, account: Account) -> Sharing:
        """Return an account's settings."""
        return cls(**{field.name: getattr(account, field.name) for field in fields(cls)})


def change(actor: Actor, wanted: Sharing) -> bool:
    """Set who sees what, and who may assign; unchanged settings are no act.

    Returns:
        Whether anything changed.

    Raises:
        Refused: the actor is no admin, or switches teams on in an edition without them.
        Invalid: a value is unknown, or leaves something to managers though there are no teams.
    """
    _require_known(wanted)
    account = Account.objects.get(pk=actor.account_id)
    before = asdict(Sharing.of(account))
    changed = {
        name: {"from": before[name], "to": value}
        for name, value in asdict(wanted).items()
        if value != before[name]
    }
    if not changed:
        return False
    with door.sensitive_act(actor, Verb.PRIVACY, details={"sharing": changed}):
        if "teams_on" in changed and wanted.teams_on:
            why = _("Teams are part of the Dream Team edition.")
            editions.require(account.edition, Feature.TEAMS, why)
        Account.objects.filter(pk=account.pk).update(
            **{name: values["to"] for name, values in changed.items()}
        )
    return True


def _require_known(wanted: Sharing) -> None:
    if wanted.visibility not in Visibility.values:
        raise Invalid(_("Choose what users see."), field="visibility")
    if wanted.team_visibility not in TeamVisibility.values:
        raise Invalid(_("Choose who sees the items of a team's members."), field="team_visibility")
    if wanted.assigning not in Assigning.values:
        raise Invalid(_("Choose who may assign leads."), field="assigning")
    if wanted.assigning == Assigning.MANAGERS and not wanted.teams_on:
        raise Invalid(
            _("Managers are managers of teams: switch teams on, or choose somebody else."),
            field="assigning",
        )
