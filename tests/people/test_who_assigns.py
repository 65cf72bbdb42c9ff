"""Who assigns leads, and to whom: a table written by hand from the help pages and the issue."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from custode.accounts import moves as account_moves
from custode.accounts.sharing import Sharing
from custode.exchange.importing import runs
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel.actor import Actor, Entrance
from custode.kernel.errors import Gone, Refused
from custode.leads import moves, sight
from custode.leads.models import Lead
from custode.people import teams
from custode.people.models import User
from tests.cast import Cast
from tests.exchange.bringing import checked, worked
from tests.teams import ALL, TEAM, North, client_of, north

Way = Callable[[North, Actor, User, User | None], Lead]
# who may assign, by which teams mode -> who -> to whom they may give a lead of their own
ASSIGNS = {
    ("admins", "managers"): {"Anna": ALL, "Ugo": "", "Bruna": "", "Elsa": ""},
    ("managers", "managers"): {"Anna": ALL, "Ugo": TEAM, "Bruna": "", "Elsa": ""},
    ("managers", "members"): {"Anna": ALL, "Ugo": TEAM, "Bruna": "", "Elsa": ""},
    ("everybody", "managers"): {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
}


@pytest.fixture
def house(ferri: Cast) -> North:
    """Ferri with a team."""
    return north(ferri)


def by_edit(house: North, actor: Actor, me: User, heir: User | None) -> Lead:
    lead = house.cast.lead(me, "To be given")
    moves.edit(actor, lead, owner=heir)
    return lead


def by_bulk(house: North, actor: Actor, me: User, heir: User | None) -> Lead:
    lead = house.cast.lead(me, "To be given")
    door.change(actor, [lead], "owner", heir)
    return lead


def by_making(house: North, actor: Actor, me: User, heir: User | None) -> Lead:
    return moves.create(actor, title="Made for somebody", owner=heir)


@pytest.mark.parametrize("way", [by_edit, by_bulk, by_making])
@pytest.mark.parametrize(
    ("assigning", "mode", "who", "whom"),
    [(*key, who, set(to.split())) for key, by in ASSIGNS.items() for who, to in by.items()],
)
def test_who_assigns_leads_and_to_whom(
    house: North, assigning: str, mode: str, who: str, whom: set[str], way: Way
) -> None:
    house.settle(Sharing("admins", True, mode, assigning))
    me = house.people[who]
    if way is by_making:
        # Whoever makes a lead for nobody gives nothing away.
        whom = whom | {"nobody"}
    given = set()
    for name in set(ALL.split()) - {who}:
        heir = house.people.get(name)
        try:
            lead = way(house, house.cast.actor(me), me, heir)
        except Refused:
            continue
        lead.refresh_from_db()
        assert lead.owner == heir
        given.add(name)
    assert given == whom - {who}


@pytest.mark.parametrize(("assigning", "taken"), [("admins", False), ("everybody", True)])
def test_who_may_not_assign_does_not_take_what_nobody_owns(
    house: North, assigning: str, taken: bool
) -> None:
    house.settle(Sharing("shared", False, "managers", assigning))
    lead, elsa = house.leads["nobody"], house.people["Elsa"]
    answer = client_of(elsa).post(f"/leads/{lead.pk}/field/owner/", {"owner": elsa.pk})
    lead.refresh_from_db()
    assert (answer.status_code, lead.owner == elsa) == ((302, True) if taken else (403, False))


def test_a_refused_assignment_says_who_may(house: North) -> None:
    house.settle(Sharing("shared", True, "managers", "managers"))
    bruna, ugo = house.people["Bruna"], house.people["Ugo"]
    form = {"ids": [house.leads["Bruna"].pk], "owner": house.people["Dino"].pk}
    said = client_of(bruna).post("/leads/bulk/", form)
    assert said.status_code == 403
    assert "Only admins and managers of teams can assign leads." in said.text
    assert "You can ask Anna Ferri." in said.text
    form = {"ids": [house.leads["Ugo"].pk], "owner": house.people["Elsa"].pk}
    said = client_of(ugo).post("/leads/bulk/", form)
    assert "You can assign leads only to members of the teams that you manage." in said.text
    refused = LogEntry.objects.filter(outcome="refused", verb="change")
    assert refused.count() == 2


def test_what_one_has_given_away_one_no_longer_sees_and_can_take_back(house: North) -> None:
    house.settle("own only, no teams")
    elsa, lead = house.people["Elsa"], house.leads["Elsa"]
    client = client_of(elsa)
    form = {"ids": [lead.pk], "owner": house.people["Dino"].pk}
    assert client.post("/leads/bulk/", form).status_code == 302
    assert client.get(f"/leads/{lead.pk}/").status_code == 404
    seq = LogEntry.objects.filter(verb="change").latest("seq").seq
    assert client.post(f"/undo/{seq}/").status_code == 302
    assert client.get(f"/leads/{lead.pk}/").status_code == 200


def test_a_lead_given_away_on_its_page_leads_back_to_the_list(house: North) -> None:
    house.settle("own only, no teams")
    client, lead = client_of(house.people["Elsa"]), house.leads["Elsa"]
    address, form = f"/leads/{lead.pk}/field/owner/", {"owner": house.people["Dino"].pk}
    answer = client.post(address, form, headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"] == "/leads/"
    assert "You no longer see this lead" in client.get("/leads/").text
    made = client.post(
        "/leads/new/",
        {"title": "For Dino", "step": lead.step_id, "currency": "EUR", **form},
        follow=True,
    )
    assert "You do not see it: it belongs to somebody else." in made.text
    assert Lead.objects.get(title="For Dino").owner == house.people["Dino"]


def test_the_menus_name_only_whom_the_settings_allow(house: North) -> None:
    house.settle(Sharing("admins", True, "managers", "managers"))
    page = client_of(house.people["Ugo"]).get("/leads/").text
    owners, _middle, rest = page.partition("data-chosen-these")
    assert "Dino Rota" in owners
    assert "Elsa Neri" not in page
    assert 'name="owner" value="none" hx-post' in rest
    page = client_of(house.people["Bruna"]).get("/leads/").text
    assert "Dino Rota" not in page
    assert 'name="owner" value="none" hx-post' not in page
    assert "Only admins and managers of teams can assign leads." in page


def test_a_file_gives_no_leads_to_whom_its_bearer_may_not(house: North) -> None:
    file = "title,owner\nMine,Bruna Sala\nTheirs,Elsa Neri\nHis,Dino Rota\n"
    owners = {
        "everybody": {"Mine": "Bruna", "Theirs": "Elsa", "His": "Dino"},
        "managers": {"Mine": "Bruna", "Theirs": "", "His": ""},
        "admins": {"Mine": "Bruna", "Theirs": "", "His": ""},
    }
    for assigning, expected in owners.items():
        house.settle(Sharing("shared", True, "managers", assigning))
        run = checked(house.cast, house.people["Bruna"], file)
        runs.start(run, house.cast.actor(house.people["Bruna"]))
        worked(run)
        came = Lead.objects.filter(origin="import")
        found = {one.title: one.owner.first_name if one.owner else "" for one in came}
        assert (assigning, found) == (assigning, expected)
        door.delete(house.cast.actor(house.people["Anna"]), came)


def test_an_assignment_is_not_undone_by_whom_may_assign_no_more(house: North) -> None:
    ugo = house.cast.actor(house.people["Ugo"])
    seq = door.change(ugo, [house.leads["Ugo"]], "owner", house.people["Elsa"]).seq
    house.settle(Sharing("shared", False, "managers", "admins"))
    with pytest.raises(Refused, match="Only admins can assign leads"):
        door.undo(house.cast.actor(house.people["Ugo"]), seq)
    assert door.undo(house.cast.actor(house.people["Anna"]), seq).count == 1


def test_what_was_left_to_managers_is_left_to_admins_when_the_edition_has_no_teams(
    house: North,
) -> None:
    house.settle(Sharing("shared", True, "managers", "managers"))
    account_moves.set_edition(house.cast.actor(house.people["Anna"]), "sales_essentials")
    for name in ("Ugo", "Bruna"):
        house.people[name].account.refresh_from_db()
        decision = sight.may_assign(house.people[name].actor(Entrance.WEB))
        assert decision.why.startswith("Only admins can assign leads.")


@pytest.mark.parametrize(
    ("settings", "no"),
    [("own only, managers see in teams", Gone), ("shared, members see in teams", Refused)],
)
def test_whoever_left_the_team_does_not_undo_what_they_did_in_it(
    house: North, settings: str, no: type[Exception]
) -> None:
    """Leaving is no touch of a lead, and the act gave nothing away: its way back is closed."""
    house.settle(settings)
    ugo, lead = house.people["Ugo"], house.leads["Bruna"]
    step = house.cast.ferri.steps[2]
    seq = door.change(house.cast.actor(ugo), [lead], "step", step).seq
    teams.dissolve(house.cast.actor(house.people["Anna"]), house.team)
    with pytest.raises(no):
        door.undo(house.cast.actor(User.objects.get(pk=ugo.pk)), seq)
    lead.refresh_from_db()
    assert lead.step == step
    assert door.undo(house.cast.actor(house.people["Anna"]), seq).count == 1
