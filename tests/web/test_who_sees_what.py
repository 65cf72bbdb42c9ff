"""One table of who sees whose things, tried on every kind of object in every place.

Written by hand from what must hold: an account where everything is shared, or where only admins see
others' items; teams (in which one may be with several) whose members only admins see, or also the
managers, or all members. What nobody owns is everybody's. A prospecting list that its creator has
shared is everybody's too, and whoever has a task sees that task.
"""

from __future__ import annotations

import csv
import html
import io
import re
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest
from django.test import Client

from custode.activities.models import Comment, Email
from custode.clients.models import ClientFolder
from custode.exchange import exporting, folders, making
from custode.exchange.models import ExportFile
from custode.exchange.orders import Order
from custode.kernel.actor import Entrance
from custode.leads import deals
from custode.leads.models import Lead
from custode.people.models import User
from custode.postsales.models import Process, Task
from custode.prospecting.models import Prospect, ProspectingList
from tests.cast import Cast
from tests.teams import ALL, SETTINGS, client_of, north
from tests.web.conftest import HTMX
from tests.web.everybodys_things import GIVEN, GROUPS, SHARED, WORDS, WORTH, House
from tests.web.test_figures import row

# Ugo manages the North, where Bruna and Dino sell; Elsa manages the South, where Dino sells too.
EVERYBODY: Final = dict.fromkeys(("Anna", "Ugo", "Bruna", "Dino", "Elsa"), ALL)
ALONE: Final = {
    "Anna": ALL, "Ugo": "Ugo nobody", "Bruna": "Bruna nobody", "Dino": "Dino nobody",
    "Elsa": "Elsa nobody",
}  # fmt: skip
# the settings -> who -> whose things they see
SEES: Final = {
    "everything is shared": EVERYBODY,
    "shared, members see in teams": EVERYBODY,
    "shared, admins alone see in teams": EVERYBODY,
    "own only, no teams": ALONE,
    "own only, admins alone see in teams": ALONE,
    "own only, managers see in teams": {
        "Anna": ALL, "Ugo": "Ugo Bruna Dino nobody", "Bruna": "Bruna nobody",
        "Dino": "Dino nobody", "Elsa": "Elsa Dino nobody",
    },
    "own only, members see in teams": {
        "Anna": ALL, "Ugo": "Ugo Bruna Dino nobody", "Bruna": "Ugo Bruna Dino nobody",
        "Dino": "Ugo Bruna Dino Elsa nobody", "Elsa": "Elsa Dino nobody",
    },
}  # fmt: skip


def expected(kind: Any, settings: str, who: str) -> set[str]:
    """Whose things of a kind somebody sees."""
    whose = set(SEES[settings][who].split())
    if kind in {ProspectingList, Prospect}:
        whose.add(SHARED)
    if kind is Task and who == GIVEN[0]:
        whose.add(GIVEN[1])
    return whose


@pytest.fixture
def house(ferri: Cast, tmp_path: Path, settings: Any) -> House:
    settings.DATA = settings.MEDIA_ROOT = tmp_path
    return House(north(ferri))


def named(text: str, word: str) -> set[str]:
    """Whose things of a sort a text names."""
    return {name for name in ALL.split() if f"{word} of {name}" in text}


def test_the_table_names_every_setting_and_everybody(house: House) -> None:
    assert SEES.keys() == SETTINGS.keys()
    assert {tuple(by) for by in SEES.values()} == {tuple(house.north.people)}


Places = dict[str, tuple[Any, set[str]]]


def lists(client: Client, house: House) -> Places:
    """What the lists, boards and days show."""
    days = "".join(
        answer.text
        for one in house.north.people.values()
        if (answer := client.get(f"/today/?of={one.pk}")).status_code == 200
    )
    everybodys = client.get("/post-sales/?who=all").text
    # What nobody owns stands on nobody's day.
    on_days = named(days, "Lead") | {"nobody"}
    return {
        "the list of leads": (Lead, named(client.get("/leads/").text, "Lead")),
        "its search": (Lead, named(client.get("/leads/?q=lead+of").text, "Lead")),
        "the board": (Lead, named(client.get("/board/").text, "Lead")),
        "everybody's days": (Lead, on_days),
        "the client folders": (ClientFolder, named(client.get("/clients/").text, "Folder")),
        "their search": (ClientFolder, named(client.get("/clients/?q=folder+of").text, "Folder")),
        "the lists": (ProspectingList, named(client.get("/prospecting/").text, "List")),
        "the prospects": (
            Prospect, named(client.get("/prospecting/?q=prospect+of").text, "Prospect"),
        ),
        "the tasks": (Task, named(everybodys, "Task")),
    }  # fmt: skip


def searched(client: Client) -> Places:
    """What the search over everything finds."""
    found: dict[str, set[str]] = {name: set() for name in GROUPS}
    for name in ALL.split():
        page = client.get("/search/", {"q": f"of {name}"}).text
        plain = re.sub("</?mark>", "", page)
        for part in plain.split('aria-labelledby="found-')[1:]:
            group = part.partition('"')[0]
            if name in named(part, WORDS[GROUPS[group]]):
                found[group].add(name)
    return {f"the search for {name}": (GROUPS[name], whose) for name, whose in found.items()}


def pages(client: Client, house: House) -> Places:
    """Whose pages open, and what is told there."""
    things = house.things
    addresses: dict[str, tuple[Any, str]] = {
        "the page of a lead": (Lead, "/leads/{}/"),
        "its history": (Lead, "/leads/{}/history/"),
        "the page of a folder": (ClientFolder, "/clients/{}/"),
        "the sheet of a list": (ProspectingList, "/prospecting/{}/"),
        "its rows": (ProspectingList, "/prospecting/{}/rows/"),
        "what is said about it": (ProspectingList, "/prospecting/{}/talk/"),
        "the page of a prospect": (Prospect, "/prospects/{}/"),
        "the versions of a comment": (Comment, "/comments/{}/versions/"),
        "an e-mail": (Email, "/emails/{}/"),
        "how far a task is": (Task, "/tasks/{}/state/"),
    }
    found: Places = {}
    for place, (kind, address) in addresses.items():
        opened = {
            name: client.get(address.format(one.pk), headers=HTMX).status_code
            for name, one in things[kind].items()
        }
        assert set(opened.values()) <= {200, 404}, (place, opened)
        found[place] = kind, {name for name, status in opened.items() if status == 200}
    told = "".join(client.get(f"/leads/{one.pk}/").text for one in things[Lead].values())
    found["what is said on leads' pages"] = Comment, named(told, "Comment")
    found["the e-mails on leads' pages"] = Email, named(told, "Letter")
    common = client.get(f"/clients/{house.common.pk}/").text
    found["the leads in a folder"] = Lead, named(common, "Lead")
    found["the processes in a folder"] = Process, named(common, "Process")
    return found


def files(house: House, who: User) -> Places:
    """What leaves in files: with all that is said, and by itself."""
    actor = house.cast.actor(who)

    def made(order: Order) -> str:
        file = exporting.file_for(who, actor, order)
        making.make(file.account_id, file.pk)
        content = folders.path_of(folders.EXPORTS, ExportFile.objects.get(pk=file.pk).token)
        if not order.is_archive:
            return content.read_text("utf-8-sig")
        with zipfile.ZipFile(content) as archive:
            return "".join(archive.read(name).decode("utf-8-sig") for name in archive.namelist())

    leads = made(Order("csv", comments=True))
    clients = made(Order("csv", kind="client_folder"))
    rows = list(csv.reader(io.StringIO(made(Order("csv", kind="prospect")))))
    return {
        "the file of leads": (Lead, named(leads, "Lead")),
        "the comments in it": (Comment, named(leads, "Comment")),
        "the e-mails in it": (Email, named(leads, "Letter")),
        "the file of folders": (ClientFolder, named(clients, "Folder")),
        "the file of prospects": (Prospect, named(str(rows), "Prospect")),
        "the lists in it": (ProspectingList, named(str(rows), "List")),
    }


def summed(amount: int) -> set[str]:
    """Whose amounts are in a sum of minor units."""
    return {name for name, bit in WORTH.items() if amount // 100 & bit}


def counts(client: Client, house: House, who: User) -> tuple[Places, dict[str, int]]:
    """Whose amounts are in sums; and numbers that are shown."""
    actor = who.actor(Entrance.WEB)
    folder = client.get(f"/clients/{house.common.pk}/")
    deal = folder.context["deals"]
    figures = html.unescape(client.get("/figures/").text)
    created, _, sold, *_ = row(figures, "All months")
    whole = deals.of_folders(actor, [house.common.pk])[house.common.pk]
    shown = re.search(r"([\d,]+) leads", client.get("/leads/?status=todo").text)
    assert shown is not None
    tasks = client.get("/post-sales/?who=all").context["tabs"]
    return {
        "what a folder's open leads amount to": (Lead, summed(deal.open.get("EUR", 0))),
        "what its won leads amount to": (Lead, summed(deal.won.get("EUR", 0))),
        "the same for many folders": (Lead, summed(whole.open.get("EUR", 0))),
    }, {
        "leads to do": int(shown[1]),
        "leads that were created": int(created),
        "leads that were won": int(sold),
        "open tasks": tasks[0]["count"],
    }


def at_the_door(house: House, who: User) -> Places:
    """What the one place that answers says itself."""
    actor = who.actor(Entrance.WEB)
    return {
        f"the door's {kind.kind.name}": (
            kind,
            named(
                " · ".join(str(one) for one in kind.objects.filter(kind.kind.sees(actor))),
                WORDS[kind],
            ),
        )
        for kind in WORDS
    }


@pytest.mark.proof
@pytest.mark.parametrize("mode", SEES)
def test_no_place_differs_from_the_table(house: House, mode: str) -> None:
    house.north.settle(mode)
    wrong = []
    for who in SEES[mode]:
        user = User.objects.get(pk=house.north.people[who].pk)
        client = client_of(user)
        sums, numbers = counts(client, house, user)
        places = {
            **lists(client, house), **searched(client), **pages(client, house),
            **files(house, user), **sums, **at_the_door(house, user),
        }  # fmt: skip
        for place, (kind, whose) in places.items():
            if whose != (wanted := expected(kind, mode, who)):
                wrong.append(f"{mode}, {who}, {place}: {sorted(wanted)} but {sorted(whose)}")
        leads, tasks = (len(expected(kind, mode, who)) for kind in (Lead, Task))
        right = {
            "leads to do": leads, "leads that were created": 2 * leads,
            "leads that were won": leads, "open tasks": tasks,
        }  # fmt: skip
        if numbers != right:
            wrong.append(f"{mode}, {who}: {right} but {numbers}")
    assert not wrong, "\n".join(wrong)
