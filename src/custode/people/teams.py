"""Teams: created, changed and dissolved by admins. Membership is a sensitive matter."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from custode.accounts import editions, reach
from custode.accounts.editions import Feature
from custode.accounts.models import Account
from custode.guard import door, naming
from custode.guard.kinds import Verb
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people.models import Membership, Team, User

NAMES: Final = naming.Names(
    longest=80,
    empty=gettext_lazy("A team needs a name."),
    too_long=gettext_lazy("A team's name has at most 80 characters."),
    taken=gettext_lazy("There is a team of this name already."),
)


def _any(_team: Team) -> None:
    """Accept any team."""


def create(actor: Actor, name: str, members: Mapping[int, bool]) -> Team:
    """Create a team.

    Args:
        members: number of a user -> whether they manage the team.

    Raises:
        Refused: the actor is no admin, or the account's edition has no teams.
        Invalid: the name is empty, too long or taken, or a member is not of the account.
    """
    team = Team(account_id=actor.account_id, name=_read(name))
    with door.sensitive_act(actor, Verb.USERS, details={"team": "created"}, labels=[team.name]):
        _require_teams(actor)
        _require_free(team)
        team.save()
        _fill(team, _people(members), members)
    return team


def change(
    actor: Actor,
    team: Team,
    name: str,
    members: Mapping[int, bool],
    *,
    look: Callable[[Team], None] = _any,
) -> None:
    """Set a team's name and its exact members; unchanged values are no act.

    Args:
        look: checks the team as it is now, before anything is changed, and may raise.

    Raises:
        Refused: the actor is no admin, or the account's edition has no teams.
        Invalid: the name is empty, too long or taken, or a member is not of the account; or
            somebody else changed the members at the same moment.
        Gone: the team has been dissolved in the meantime.
    """
    before, old = members_of(team), team.name
    team.name = _read(name)
    if team.name == old and before == members:
        return
    details = _came_and_left(
        len(members.keys() - before.keys()), len(before.keys() - members.keys())
    )
    with door.sensitive_act(actor, Verb.USERS, details=details, labels=[team.name]):
        _require_teams(actor)
        look(_present(team))
        # What the entry says of them was counted before the act had its turn.
        _require_members(team, before)
        _require_free(team)
        team.save(update_fields=["name"])
        Membership.objects.filter(team=team).delete()
        _fill(team, _people(members), members)


def rename(actor: Actor, team: Team, name: str) -> None:
    """Rename a team; an unchanged name is no act.

    Raises:
        Refused: the actor is no admin, or the account's edition has no teams.
        Invalid: the name is empty, too long or taken.
        Gone: the team has been dissolved in the meantime.
    """
    old, team.name = team.name, _read(name)
    if team.name == old:
        return
    with door.sensitive_act(actor, Verb.USERS, details=_came_and_left(0, 0), labels=[team.name]):
        _require_teams(actor)
        _present(team)
        _require_free(team)
        team.save(update_fields=["name"])


def join(actor: Actor, team: Team, user: User, *, manages: bool = False) -> None:
    """Add a user to a team, or change whether they manage it; no change is no act.

    Raises:
        Refused: the actor is no admin, or the account's edition has no teams.
        Gone: the team has been dissolved in the meantime.
    """
    if members_of(team).get(user.pk) is manages:
        return
    with door.sensitive_act(actor, Verb.USERS, details=_came_and_left(1, 0), labels=[team.name]):
        _require_teams(actor)
        _present(team)
        Membership.objects.update_or_create(
            account_id=team.account_id, team=team, user=user, defaults={"manages": manages}
        )


def leave(actor: Actor, team: Team, user: User) -> None:
    """Remove a user from a team; if they are not in it, that is no act.

    Raises:
        Refused: the actor is no admin, or the account's edition has no teams.
        Invalid: somebody else removed them at the same moment.
        Gone: the team has been dissolved in the meantime.
    """
    before = members_of(team)
    if user.pk not in before:
        return
    with door.sensitive_act(actor, Verb.USERS, details=_came_and_left(0, 1), labels=[team.name]):
        _require_teams(actor)
        _require_members(_present(team), before)
        Membership.objects.filter(team=team, user=user).delete()


def visible(actor: Actor) -> QuerySet[Team, Team]:
    """Return the teams that an actor sees: for a user who is no admin, their own."""
    if actor.is_admin or actor.user_id is None:
        return Team.objects.all()
    return Team.objects.filter(memberships__user=actor.user_id)


def _came_and_left(joined: int, left: int) -> dict[str, Any]:
    return {"team": "changed", "joined": joined, "left": left}


def dissolve(actor: Actor, team: Team) -> None:
    """Dissolve a team; its people stay, and lose what they saw through it.

    Raises:
        Refused: the actor is no admin.
        Gone: it has been dissolved already.
    """
    with door.sensitive_act(actor, Verb.USERS, details={"team": "dissolved"}, labels=[team.name]):
        _present(team).delete()


def members_of(team: Team) -> dict[int, bool]:
    """Return the members: number of a user -> whether they manage the team."""
    return dict(Membership.objects.filter(team=team).values_list("user_id", "manages"))


def _present(team: Team) -> Team:
    """Lock a team, and return it as it is now; raise `Gone` if it is dissolved."""
    now = Team.objects.select_for_update().filter(pk=team.pk).first()
    if now is None:
        raise Gone(_("This team has been dissolved in the meantime."))
    return now


def _require_members(team: Team, before: Mapping[int, bool]) -> None:
    """Raise `Invalid` if the members of a team are not those any more."""
    if members_of(team) != before:
        raise Invalid(
            _("Somebody else changed this team's members just now. Reload the page."),
            field="members",
        )


def _require_teams(actor: Actor) -> None:
    account = Account.objects.get(pk=actor.account_id)
    editions.require(account.edition, Feature.TEAMS, _("Teams are part of the Dream Team edition."))
    if not reach.teams_count(account):
        raise Refused(_("Switch teams on first, in the privacy settings."))


def _read(name: str) -> str:
    return NAMES.read(name)


def _require_free(team: Team) -> None:
    NAMES.require_free(team)


def _people(members: Collection[int]) -> list[User]:
    found = list(User.objects.filter(pk__in=members))
    if len(found) < len(members):
        raise Invalid(_("Choose the members from the list."), field="members")
    return found


def _fill(team: Team, people: Collection[User], members: Mapping[int, bool]) -> None:
    Membership.objects.bulk_create(
        Membership(account_id=team.account_id, team=team, user=user, manages=members[user.pk])
        for user in people
    )
