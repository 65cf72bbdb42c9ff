"""Teams are made, changed and dissolved by admins, and each of these is an entry of the log."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.models import Account
from custode.accounts.sharing import Sharing
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people import teams
from custode.people.models import Membership, Team
from tests.cast import Cast
from tests.teams import OPEN

ON = Sharing("shared", True, "managers", "everybody")


def shared(ferri: Cast) -> Sharing:
    return Sharing.of(Account.objects.get(pk=ferri.ferri.account.pk))


def test_a_team_has_its_members_and_managers(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    team = teams.create(anna, "  North   East ", {ferri.ugo.pk: True, ferri.bruna.pk: False})
    assert team.name == "North East"
    assert teams.members_of(team) == {ferri.ugo.pk: True, ferri.bruna.pk: False}
    teams.change(anna, team, "North", {ferri.bruna.pk: True})
    assert teams.members_of(team) == {ferri.bruna.pk: True}
    told = LogEntry.objects.latest("seq")
    assert '"joined":0' in told.details
    assert '"left":1' in told.details


def test_the_same_again_is_no_act(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    team = teams.create(anna, "North", {ferri.ugo.pk: True})
    before = LogEntry.objects.count()
    teams.change(anna, team, "North", {ferri.ugo.pk: True})
    assert not sharing.change(anna, ON)
    assert LogEntry.objects.count() == before


def test_users_make_no_teams(ferri: Cast) -> None:
    anna, ugo = ferri.actor(ferri.anna), ferri.actor(ferri.ugo)
    sharing.change(anna, ON)
    team = teams.create(anna, "North", {ferri.bruna.pk: False})
    with pytest.raises(Refused):
        teams.create(ugo, "Mine", {ferri.ugo.pk: True})
    with pytest.raises(Refused):
        teams.change(ugo, team, "North", {ferri.ugo.pk: True, ferri.bruna.pk: False})
    with pytest.raises(Refused):
        teams.dissolve(ugo, team)
    with pytest.raises(Refused):
        sharing.change(ugo, OPEN)
    assert teams.members_of(Team.objects.get()) == {ferri.bruna.pk: False}
    assert shared(ferri) == ON


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("  ", "A team needs a name."),
        ("x" * 81, "A team's name has at most 80 characters."),
        ("north", "There is a team of this name already."),
    ],
)
def test_a_name_that_does_not_fit_makes_no_team(ferri: Cast, name: str, why: str) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    teams.create(anna, "North", {})
    with pytest.raises(Invalid, match=why):
        teams.create(anna, name, {ferri.ugo.pk: False})
    assert list(Team.objects.values_list("name", flat=True)) == ["North"]
    assert not Membership.objects.exists()


def test_nobody_of_another_account_joins(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    with pytest.raises(Invalid, match="Choose the members from the list"):
        teams.create(anna, "North", {ferri.carla.pk: True})
    assert not Team.objects.exists()


def test_teams_are_part_of_dream_team(ferri: Cast) -> None:
    carla = ferri.actor(ferri.carla)
    with pytest.raises(Refused, match="Dream Team"):
        sharing.change(carla, ON)
    with pytest.raises(Refused, match="Dream Team"):
        teams.create(carla, "North", {})
    # The two modes are in every edition.
    assert sharing.change(carla, Sharing("admins", False, "managers", "admins"))


def test_without_teams_nothing_is_left_to_managers(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    with pytest.raises(Invalid, match="switch teams on"):
        sharing.change(anna, Sharing("shared", False, "managers", "managers"))
    with pytest.raises(Refused, match="Switch teams on first"):
        teams.create(anna, "North", {})
    assert shared(ferri) == OPEN


@pytest.mark.parametrize("field", ["visibility", "team_visibility", "assigning"])
def test_a_choice_that_there_is_not_is_named(ferri: Cast, field: str) -> None:
    values = {"visibility": "shared", "team_visibility": "members", "assigning": "admins"}
    with pytest.raises(Invalid) as no:
        sharing.change(ferri.actor(ferri.anna), Sharing(teams_on=True, **values | {field: "all"}))
    assert no.value.field == field
    assert shared(ferri) == OPEN


def test_a_team_that_somebody_else_dissolved_does_not_rise_again(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    team = teams.create(anna, "North", {ferri.ugo.pk: True})
    stale, entries = [Team.objects.get(pk=team.pk) for _n in range(4)], LogEntry.objects.count()
    teams.dissolve(anna, team)
    tries = (
        lambda: teams.change(anna, stale[0], "South", {ferri.bruna.pk: False}),
        lambda: teams.rename(anna, stale[1], "South"),
        lambda: teams.join(anna, stale[2], ferri.bruna),
        lambda: teams.dissolve(anna, stale[3]),
    )
    for change in tries:
        with pytest.raises(Gone, match="dissolved"):
            change()
    assert not Team.objects.exists()
    assert LogEntry.objects.count() == entries + 1


def read_before(monkeypatch: pytest.MonkeyPatch, known: dict[int, bool]) -> None:
    """Let the next act read a team's members as they were before somebody else's act."""
    first, real = iter([known]), teams.members_of
    monkeypatch.setattr(teams, "members_of", lambda one: next(first, None) or real(one))


def test_members_that_came_at_the_same_moment_are_not_thrown_out_unseen(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    team = teams.create(anna, "North", {ferri.ugo.pk: True})
    real, known = teams.members_of, teams.members_of(team)
    teams.join(anna, team, ferri.bruna)
    read_before(monkeypatch, known)
    with pytest.raises(Invalid, match="just now") as told:
        teams.change(anna, team, "North", {ferri.ugo.pk: False})
    assert told.value.field == "members"
    assert real(team) == {ferri.ugo.pk: True, ferri.bruna.pk: False}


def test_who_was_removed_at_the_same_moment_is_not_removed_twice(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna = ferri.actor(ferri.anna)
    sharing.change(anna, ON)
    team = teams.create(anna, "North", {ferri.ugo.pk: True})
    known = teams.members_of(team)
    teams.leave(anna, team, ferri.ugo)
    entries = LogEntry.objects.count()
    read_before(monkeypatch, known)
    with pytest.raises(Invalid, match="just now"):
        teams.leave(anna, team, ferri.ugo)
    assert LogEntry.objects.count() == entries
