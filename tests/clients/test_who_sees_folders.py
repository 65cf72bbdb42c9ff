"""Who sees and edits which client folder: a table written by hand from the help pages.

A folder is seen like a lead: by its owner, and by whom the settings let see what is the owner's;
besides, by whoever sees a lead in it. It is edited and deleted like a lead, by its owner, admins
and, where they see the owner's leads, the owner's managers. What nobody owns is everybody's.
"""

from __future__ import annotations

from copy import deepcopy

import pytest

from custode.clients import moves, queries
from custode.clients.models import ClientFolder
from custode.guard import door
from custode.kernel.actor import Entrance
from custode.kernel.errors import Invalid, Refused
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.people.test_who_sees_what import EDITS, cases
from tests.teams import ALL, TEAM, North, client_of, north

# Ugo's lead lies in Elsa's folder, and Elsa's lead in Anna's.
SEES = {
    "everything is shared": {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
    "shared, members see in teams": {"Anna": ALL, "Ugo": ALL, "Bruna": ALL, "Elsa": ALL},
    "own only, no teams": {
        "Anna": ALL, "Ugo": "Ugo Elsa nobody", "Bruna": "Bruna nobody",
        "Dino": "Dino nobody", "Elsa": "Elsa Anna nobody",
    },
    "own only, managers see in teams": {
        "Anna": ALL, "Ugo": f"{TEAM} Elsa", "Bruna": "Bruna nobody", "Elsa": "Elsa Anna nobody",
    },
    "own only, members see in teams": {
        "Anna": ALL, "Ugo": f"{TEAM} Elsa", "Bruna": f"{TEAM} Elsa", "Elsa": "Elsa Anna nobody",
    },
}  # fmt: skip


class Folders(North):
    """The people of the North, each with a folder that bears their name."""

    folders: dict[str, ClientFolder]


@pytest.fixture(scope="module")
def built(ground: Cast) -> Folders:
    """A folder for each, and two leads that lie in somebody else's."""
    found = north(ground)
    anna = ground.actor(ground.anna)
    folders = {
        name: moves.create(anna, f"Folder of {name}", owner=found.people.get(name))
        for name in ALL.split()
    }
    for lead, folder in (("Ugo", "Elsa"), ("Elsa", "Anna")):
        lead_moves.edit(anna, found.leads[lead], client_folder=folders[folder])
    house = Folders(found.cast, found.team, found.people, found.leads)
    object.__setattr__(house, "folders", folders)
    return house


@pytest.fixture
def house(ferri: Cast, built: Folders) -> Folders:
    return deepcopy(built)


def told(text: str) -> set[str]:
    """Whose folders a page names."""
    return {name for name in ALL.split() if f"Folder of {name}" in text}


@pytest.mark.parametrize(("settings", "who", "whose"), cases(SEES))
def test_every_screen_shows_the_same_folders(
    house: Folders, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    client, user = client_of(house.people[who]), house.people[who]
    assert told(client.get("/clients/").text) == whose
    assert told(client.get("/clients/?q=folder+of").text) == whose
    mine = house.leads[who].pk
    assert told(client.get(f"/leads/{mine}/folder/").text) == whose
    assert queries.visible(user.actor(Entrance.WEB)).count() == len(whose)
    for name, folder in house.folders.items():
        shown = 200 if name in whose else 404
        assert (name, client.get(f"/clients/{folder.pk}/").status_code) == (name, shown)


@pytest.mark.parametrize(("settings", "who", "whose"), cases(SEES))
def test_a_lead_goes_only_into_a_folder_that_one_sees(
    house: Folders, settings: str, who: str, whose: set[str]
) -> None:
    house.settle(settings)
    client, me = client_of(house.people[who]), house.people[who]
    for name, folder in house.folders.items():
        lead = house.cast.lead(me, "Another")
        answer = client.post(f"/leads/{lead.pk}/folder/", {"folder": folder.pk})
        assert (name, answer.status_code) == (name, 302 if name in whose else 422)
        sent = {"title": "Forged", "step": lead.step_id, "currency": "EUR", "folder": folder.pk}
        made = client.post("/leads/new/", {**sent, "owner": me.pk})
        assert made.status_code == 302
    forged = Lead.objects.filter(title="Forged", client_folder__isnull=False)
    assert forged.count() == len(whose)


@pytest.mark.parametrize(("settings", "who", "whose"), cases(EDITS))
def test_who_edits_a_folder(house: Folders, settings: str, who: str, whose: set[str]) -> None:
    house.settle(settings)
    client, actor = client_of(house.people[who]), house.cast.actor(house.people[who])
    edited, contacted, put_aside, gone = set(), set(), set(), set()
    for name, folder in house.folders.items():
        sent = {"name": f"By {who}", "owner": folder.owner_id or ""}
        client.post(f"/clients/{folder.pk}/edit/", sent)
        client.post(f"/clients/{folder.pk}/contacts/", {"name": "Ada"})
        client.post(f"/clients/{folder.pk}/use/", {"on": "0"})
        folder.refresh_from_db()
        edited |= {name} if folder.name == f"By {who}" else set()
        contacted |= {name} if folder.contacts.exists() else set()
        put_aside |= set() if folder.is_active else {name}
        try:
            gone |= {name} if door.delete(actor, [folder]).count else set()
        except Refused:
            continue
    assert edited == contacted == put_aside == gone == whose


def test_no_move_puts_a_lead_into_a_folder_that_one_does_not_see(house: Folders) -> None:
    house.settle("own only, no teams")
    bruna = house.people["Bruna"].actor(Entrance.WEB)
    lead, hidden = house.leads["Bruna"], house.folders["Dino"]
    with pytest.raises(Invalid, match="Choose a client folder"):
        lead_moves.edit(bruna, lead, client_folder=hidden)
    with pytest.raises(Invalid, match="Choose a client folder"):
        lead_moves.create(bruna, title="New", owner=house.people["Bruna"], client_folder=hidden)


def test_a_folders_name_is_not_told_by_a_leads_history(house: Folders) -> None:
    house.settle("own only, no teams")
    lead, anna = house.leads["Bruna"], house.cast.actor(house.people["Anna"])
    for name in ("Dino", "Bruna"):
        lead_moves.edit(anna, lead, client_folder=house.folders[name])
    page = client_of(house.people["Bruna"]).get(f"/leads/{lead.pk}/").text
    assert "Folder of Bruna" in page
    assert "Folder of Dino" not in page
    assert "a folder that you do not see" in page
