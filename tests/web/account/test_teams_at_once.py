"""Two admins with the form of one team: who sees what is not changed back unseen."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor
from custode.people import moves as people
from custode.people import teams
from custode.people.models import Role, Team
from tests.cast import Cast

BRUNA = "Bruna Sala has changed this while you were editing. Save again to replace it."


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    sharing.change(ferri.actor(ferri.anna), Sharing("shared", True, "managers", "everybody"))
    return come_in(ferri.anna)


@pytest.fixture
def team(ferri: Cast, anna: Client) -> Team:
    """The North, of which Ugo is a member."""
    return teams.create(ferri.actor(ferri.anna), "North", {ferri.ugo.pk: False})


@pytest.fixture
def other(ferri: Cast, team: Team) -> Actor:
    """Bruna, who is an admin by now."""
    people.set_role(ferri.actor(ferri.anna), ferri.bruna, Role.ADMIN)
    ferri.bruna.refresh_from_db()
    return ferri.actor(ferri.bruna)


def address(team: Team) -> str:
    return f"/admin-panel/teams/{team.pk}/"


def was(page: str) -> str:
    """What the form on a page knows of how things stood."""
    (found,) = re.findall(r'name="was" value="([^"]*)"', page)
    return str(found)


def test_a_member_whom_another_admin_has_added_is_not_taken_out_unseen(
    ferri: Cast, anna: Client, team: Team, other: Actor
) -> None:
    form = {"name": "North East", "members": [ferri.ugo.pk]}
    before = was(anna.get(address(team)).text)
    teams.join(other, team, ferri.bruna, manages=True)
    south = teams.create(ferri.actor(ferri.anna), "South", {})
    teams.join(ferri.actor(ferri.anna), south, ferri.ugo)
    entries = LogEntry.objects.count()
    answer = anna.post(address(team), form | {"was": before})
    assert answer.status_code == 422
    stands = "What stands here now: “Bruna Sala manages the team, Ugo Conti is a member”."
    assert f"{BRUNA} {stands}" in answer.text
    assert "What stands here now: “North”." in answer.text
    assert 'value="North East"' in answer.text
    assert teams.members_of(team) == {ferri.ugo.pk: False, ferri.bruna.pk: True}
    assert LogEntry.objects.count() == entries
    again = anna.post(address(team), form | {"was": was(answer.text)})
    assert again.status_code == 302
    assert teams.members_of(team) == {ferri.ugo.pk: False}
    assert Team.objects.get(pk=team.pk).name == "North East"


def test_a_name_that_another_admin_has_given_is_told(
    ferri: Cast, anna: Client, team: Team, other: Actor
) -> None:
    before = was(anna.get(address(team)).text)
    teams.rename(other, team, "Lombardy")
    form = {"name": "North", "members": [ferri.ugo.pk, ferri.bruna.pk], "was": before}
    answer = anna.post(address(team), form)
    assert answer.status_code == 422
    assert BRUNA in answer.text
    assert "What stands here now: “Lombardy”." in answer.text
    assert Team.objects.get(pk=team.pk).name == "Lombardy"


def test_another_mistake_hides_nobodys_change(
    ferri: Cast, anna: Client, team: Team, other: Actor
) -> None:
    form = {"name": "North East", "members": [ferri.ugo.pk]}
    before = was(anna.get(address(team)).text)
    teams.leave(other, team, ferri.ugo)
    wrong = anna.post(address(team), form | {"name": " ", "was": before})
    assert (wrong.status_code, "A team needs a name." in wrong.text) == (422, True)
    told = anna.post(address(team), form | {"was": was(wrong.text)})
    assert (told.status_code, BRUNA in told.text) == (422, True)
    assert "It is empty now." in told.text
    assert teams.members_of(team) == {}


def test_what_nobody_has_changed_is_saved_and_a_new_team_overtakes_nobody(
    ferri: Cast, anna: Client, team: Team
) -> None:
    before = was(anna.get(address(team)).text)
    assert anna.post(address(team), {"name": "North East", "was": before}).status_code == 302
    assert teams.members_of(team) == {}
    assert 'name="was"' not in anna.get("/admin-panel/teams/new/").text
