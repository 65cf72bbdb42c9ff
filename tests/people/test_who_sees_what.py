"""Who sees, edits and assigns what: tables written by hand from the help pages and the issue.

"Everything is shared" or "only admins can see others' items"; in teams only admins, also the
managers, or all members. Seeing a lead is not editing it: its owner, admins, and where they see
them the owners' managers. What nobody owns is everybody's.
"""

from __future__ import annotations

import csv
import io
from copy import deepcopy

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.kernel.actor import Actor, ActorKind, Entrance, Reach, Whose
from custode.kernel.errors import Refused
from custode.leads import queries, sight
from custode.people import teams
from tests.cast import Cast
from tests.teams import ALL, SETTINGS, TEAM, North, client_of, north, told

# the settings -> who -> whose leads they see
SEES = {
    "everything is shared": {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
    "shared, members see in teams": {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
    "shared, admins alone see in teams": {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
    "own only, no teams": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, admins alone see in teams": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, managers see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, members see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": TEAM, "Elsa": "Elsa nobody",
    },
}  # fmt: skip
# the settings -> who -> whose leads they edit, and delete
EDITS = {
    "everything is shared": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "shared, members see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "shared, admins alone see in teams": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, no teams": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, admins alone see in teams": {
        "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, managers see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
    "own only, members see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": "Bruna nobody", "Elsa": "Elsa nobody",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def built(ground: Cast) -> North:
    """Ferri with a team."""
    return north(ground)


@pytest.fixture
def house(ferri: Cast, built: North) -> North:
    return deepcopy(built)


def cases(table: dict[str, dict[str, str]]) -> list[tuple[str, str, set[str]]]:
    return [(a, who, set(whose.split())) for a, by in table.items() for who, whose in by.items()]


def test_the_tables_name_every_setting() -> None:
    assert SEES.keys() == EDITS.keys() == SETTINGS.keys()


@pytest.mark.parametrize(("settings", "who", "whose"), cases(SEES))
def test_every_screen_shows_the_same_leads(
    house: North, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    client = client_of(house.people[who])
    assert told(client.get("/leads/").text) == whose
    assert told(client.get("/leads/?q=lead+of").text) == whose
    assert told(client.get("/leads/?sort=owner").text) == whose
    assert told(client.get("/board/").text) == whose
    for name, lead in house.leads.items():
        shown = 200 if name in whose else 404
        assert (name, client.get(f"/leads/{lead.pk}/").status_code) == (name, shown)
        assert (name, client.get(f"/leads/{lead.pk}/history/").status_code) == (name, shown)


@pytest.mark.parametrize(("settings", "who", "whose"), cases(SEES))
def test_counts_and_files_hold_the_same_leads(
    house: North, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    client = client_of(house.people[who])
    asked = {"all": "1", "format": "csv"}
    assert f"Export {len(whose)} lead" in client.post("/exports/start/", asked).text
    file = client.post("/exports/start/", {**asked, "go": "1"})
    rows = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    assert {row["title"] for row in rows} == {f"Lead of {name}" for name in whose}
    ids = [lead.pk for lead in house.leads.values()]
    assert f"Export {len(whose)} lead" in client.post("/exports/start/", {"ids": ids}).text
    actor = house.people[who].actor(Entrance.WEB)
    assert queries.visible(actor).count() == len(whose)


@pytest.mark.parametrize(("settings", "who", "whose"), cases(EDITS))
def test_who_edits_a_lead(house: North, settings: str, who: str, whose: set[str]) -> None:
    house.settle(settings)
    client, actor = client_of(house.people[who]), house.cast.actor(house.people[who])
    done = set()
    for name, lead in house.leads.items():
        client.post(f"/leads/{lead.pk}/field/title/", {"title": f"By {who}"})
        lead.refresh_from_db()
        if lead.title == f"By {who}":
            done.add(name)
    assert done == whose
    gone = set()
    for name, lead in house.leads.items():
        try:
            count = door.delete(actor, [lead]).count
        except Refused:
            count = 0
        if count:
            gone.add(name)
    assert gone == whose


def test_a_change_of_the_settings_holds_at_the_next_request(house: North) -> None:
    client = client_of(house.people["Elsa"])
    assert told(client.get("/leads/").text) == set(ALL.split())
    house.settle("own only, no teams")
    assert told(client.get("/leads/").text) == {"Elsa", "nobody"}
    assert client.get(f"/leads/{house.leads['Anna'].pk}/").status_code == 404


def test_whoever_leaves_a_team_sees_less_from_then_on(house: North) -> None:
    house.settle("own only, members see in teams")
    client = client_of(house.people["Bruna"])
    assert told(client.get("/leads/").text) == set(TEAM.split())
    anna, rest = house.cast.actor(house.people["Anna"]), {house.people["Ugo"].pk: True}
    teams.change(anna, house.team, "North", rest)
    assert told(client.get("/leads/").text) == {"Bruna", "nobody"}
    teams.dissolve(anna, house.team)
    assert told(client_of(house.people["Ugo"]).get("/leads/").text) == {"Ugo", "nobody"}


def test_somebody_in_two_teams_sees_what_both_have(house: North) -> None:
    house.settle("own only, members see in teams")
    anna, elsa = house.cast.actor(house.people["Anna"]), house.people["Elsa"]
    teams.create(anna, "South", {elsa.pk: True, house.people["Dino"].pk: False})
    seen = told(client_of(house.people["Dino"]).get("/leads/").text)
    assert seen == {"Ugo", "Bruna", "Dino", "Elsa", "nobody"}
    assert told(client_of(elsa).get("/leads/").text) == {"Elsa", "Dino", "nobody"}


def test_an_edition_without_teams_has_none_that_show_anything(house: North) -> None:
    house.settle("own only, members see in teams")
    account_moves.set_edition(house.cast.actor(house.people["Anna"]), "sales_essentials")
    assert told(client_of(house.people["Ugo"]).get("/leads/").text) == {"Ugo", "nobody"}


def test_nobody_has_a_reach_that_was_not_given() -> None:
    stray = Actor(1, ActorKind.KEY, 7, "Sync", False, Entrance.API)
    assert stray.reach == Reach(Whose.OWN, Whose.OWN, Whose.OWN)
    # A key is nobody's user: it sees what nobody owns, and not what the user of its number owns.
    assert str(sight.sees(stray)) == "(OR: ('owner', None), ('owner', None))"
