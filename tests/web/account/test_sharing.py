"""Who sees what, and teams, at the screens of the admin panel."""

from __future__ import annotations

import pytest

from custode.accounts.models import Account
from custode.accounts.sharing import Sharing
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people.models import Membership, Team

PAGE = "/admin-panel/account/privacy/"
FORM = f"{PAGE}sharing/"
TEAMS = "/admin-panel/teams/"
CLOSED = {
    "visibility": "admins",
    "teams_on": "on",
    "team_visibility": "members",
    "assigning": "managers",
}


def shared(people, where="ferri"):
    return Sharing.of(Account.objects.get(pk=getattr(people, where).account.pk))


def log(people):
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.count()


def test_the_page_offers_what_the_account_has_chosen(people, come_in):
    page = come_in(people.anna).get(PAGE).text
    assert "Everything is shared" in page
    assert "Only admins can see others&#x27; items" in page
    assert page.count('type="radio"') == 8
    for chosen in ("visibility-shared", "team_visibility-managers", "assigning-everybody"):
        assert f'id="{chosen}" checked' in page


def test_what_is_saved_holds_and_is_told_in_the_log(people, come_in):
    anna = come_in(people.anna)
    answer = anna.post(FORM, CLOSED, follow=True)
    assert "It holds from now on." in answer.text
    assert shared(people) == Sharing("admins", True, "members", "managers")
    told = anna.get("/security/actions/").text
    assert "changed who sees what" in told
    assert "what users see: Only admins can see others&#x27; items" in told
    assert "leads are assigned by: Admins, and managers within their teams" in told
    before = log(people)
    assert "Nothing was changed." in anna.post(FORM, CLOSED, follow=True).text
    assert log(people) == before


def test_a_mistake_stands_beside_its_field_and_keeps_what_was_chosen(people, come_in):
    given = {**CLOSED, "teams_on": ""}
    answer = come_in(people.anna).post(FORM, given)
    assert answer.status_code == 422
    assert "Managers are managers of teams" in answer.text
    assert 'id="visibility-admins" checked' in answer.text
    assert shared(people) == Sharing("shared", False, "managers", "everybody")


@pytest.mark.parametrize("form", [CLOSED, {}, {"visibility": "all"}])
def test_a_user_sets_nothing_whatever_the_form_says(people, come_in, form):
    before, logged = shared(people), log(people)
    assert come_in(people.ugo).post(FORM, form).status_code == 403
    assert shared(people) == before
    assert log(people) == logged + 1
    assert "was not allowed to change who sees what" in (
        come_in(people.anna).get("/security/actions/").text
    )


def test_a_form_without_its_token_sets_nothing(people, come_in):
    assert come_in(people.anna, strict=True).post(FORM, CLOSED).status_code == 403
    assert shared(people) == Sharing("shared", False, "managers", "everybody")


def test_sales_essentials_has_the_two_modes_and_no_teams(people, come_in):
    carla = come_in(people.carla)
    assert "Teams are part of the Dream Team edition." in carla.get(PAGE).text
    assert carla.post(FORM, CLOSED).status_code == 403
    two = {"visibility": "admins", "team_visibility": "managers", "assigning": "admins"}
    assert carla.post(FORM, two).status_code == 302
    assert shared(people, "lodi") == Sharing("admins", False, "managers", "admins")
    assert "Teams are part of the Dream Team edition" in carla.get(TEAMS).text
    assert carla.post(f"{TEAMS}new/", {"name": "North"}).status_code == 403


@pytest.fixture
def anna(people, come_in):
    client = come_in(people.anna)
    client.post(FORM, CLOSED)
    return client


def members(people):
    with scope.account(people.ferri.account.pk):
        return {one.user.first_name: one.manages for one in Membership.objects.all()}


def test_a_team_is_made_changed_and_dissolved(people, anna):
    assert "No teams yet" in anna.get(TEAMS).text
    assert "Bruna Sala is a member" in anna.get(f"{TEAMS}new/").text
    form = {"name": "North", "members": [people.bruna.pk], "managers": [people.ugo.pk]}
    page = anna.post(f"{TEAMS}new/", form, follow=True).text
    assert "The team “North” was made." in page
    assert members(people) == {"Bruna": False, "Ugo": True}
    with scope.account(people.ferri.account.pk):
        address = f"{TEAMS}{Team.objects.get().pk}/"
    assert anna.get(address).text.count("checked></td>") == 3
    anna.post(address, {"name": "North East", "members": [people.ugo.pk]})
    assert members(people) == {"Ugo": False}
    page = anna.post(f"{address}dissolve/", follow=True).text
    assert "The team “North East” is dissolved." in page
    assert members(people) == {}
    told = anna.get("/security/actions/").text
    for words in (
        "made the team <b>North</b>",
        "changed the team <b>North East</b>: <b>0</b> joined it and <b>1</b> left it",
        "dissolved the team <b>North East</b>",
    ):
        assert words in told


def test_a_name_that_is_taken_keeps_what_was_chosen(people, anna):
    anna.post(f"{TEAMS}new/", {"name": "North"})
    answer = anna.post(f"{TEAMS}new/", {"name": "NORTH", "members": [people.ugo.pk]})
    assert answer.status_code == 422
    assert "There is a team of this name already." in answer.text
    assert answer.text.count("checked></td>") == 1


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("new/", "was not allowed to make a team"),
        ("{pk}/", "was not allowed to change the team <b>North</b>"),
        ("{pk}/dissolve/", "was not allowed to dissolve the team <b>North</b>"),
    ],
)
def test_a_user_finds_no_teams_and_is_logged_for_trying(people, come_in, anna, end, words):
    anna.post(f"{TEAMS}new/", {"name": "North"})
    with scope.account(people.ferri.account.pk):
        pk = Team.objects.get().pk
    ugo, address = come_in(people.ugo), TEAMS + end.format(pk=pk)
    assert ugo.get(TEAMS).status_code == 403
    form = {"name": "Mine", "managers": [people.ugo.pk]}
    assert ugo.post(address, form).status_code == 403
    assert members(people) == {}
    assert words in anna.get("/security/actions/").text


def test_while_teams_are_off_the_page_says_where_to_switch_them_on(people, come_in):
    anna = come_in(people.anna)
    assert "Teams are switched off" in anna.get(TEAMS).text
    assert anna.post(f"{TEAMS}new/", {"name": "North"}).status_code == 403
