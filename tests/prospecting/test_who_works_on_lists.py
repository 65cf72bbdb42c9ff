"""Who sees a prospecting list, which is editing it: tables written by hand from the help pages.

"Everything is shared" or "only admins can see others' items"; in teams only admins, also managers,
or all members. Even in the closed modes whoever made a list may share it with everybody.
"""

from __future__ import annotations

import csv
import io
from copy import deepcopy

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel.errors import Gone, Refused
from custode.prospecting import moves, queries, sheet
from custode.prospecting.models import Prospect, ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, edit
from tests.teams import ALL, SETTINGS, TEAM, North, client_of, north

OWN = {who: f"{who} nobody" for who in ("Bruna", "Elsa")}
EVERYBODY = dict.fromkeys(("Anna", "Ugo", "Bruna", "Elsa"), ALL)
# the settings -> who -> whose lists they see and edit
SEES: dict[str, dict[str, str]] = {
    "everything is shared": EVERYBODY,
    "shared, members see in teams": EVERYBODY,
    "shared, admins alone see in teams": EVERYBODY,
    "own only, no teams": {"Anna": ALL, "Ugo": "Ugo nobody", **OWN},
    "own only, admins alone see in teams": {"Anna": ALL, "Ugo": "Ugo nobody", **OWN},
    "own only, managers see in teams": {"Anna": ALL, "Ugo": TEAM, **OWN},
    "own only, members see in teams": {
        "Anna": ALL, "Ugo": TEAM, "Bruna": TEAM, "Elsa": "Elsa nobody",
    },
}  # fmt: skip
CLOSED = "own only, no teams"


class House:
    """Ferri with a team, and a list of each."""

    def __init__(self, north: North) -> None:
        self.north = north
        self.lists: dict[str, ProspectingList] = {}
        for name in ALL.split():
            who = north.people.get(name, north.people["Anna"])
            row = [(f"Prospect of {name}", "Asti", "")]
            self.lists[name] = a_list(north.cast.actor(who), f"List of {name}", row)
            if name == "nobody":
                moves.assign(north.cast.actor(who), self.lists[name], None)


@pytest.fixture(scope="module")
def built(ground: Cast) -> House:
    return House(north(ground))


@pytest.fixture
def house(ferri: Cast, built: House) -> House:
    return deepcopy(built)


def named(text: str, what: str = "List") -> set[str]:
    return {name for name in ALL.split() if f"{what} of {name}" in text}


def cases() -> list[tuple[str, str, set[str]]]:
    return [(s, who, set(whose.split())) for s, by in SEES.items() for who, whose in by.items()]


def test_the_table_names_every_setting() -> None:
    assert SEES.keys() == SETTINGS.keys()


@pytest.mark.parametrize(("settings", "who", "whose"), cases())
def test_every_screen_count_and_file_has_the_same_lists(
    house: House, settings: str, who: str, whose: set[str]
) -> None:
    house.north.settle(settings)
    client = client_of(house.north.people[who])
    actor = house.north.cast.actor(house.north.people[who])
    assert named(client.get("/prospecting/").text) == whose
    assert named(client.get("/prospecting/?q=list").text) == whose
    assert named(client.get("/prospecting/?q=prospect").text, "Prospect") == whose
    for name, one in house.lists.items():
        row = Prospect.objects.get(in_list=one)
        shown = 200 if name in whose else 404
        for address in (
            f"/prospecting/{one.pk}/", f"/prospecting/{one.pk}/rows/",
            f"/prospecting/{one.pk}/settings/", f"/prospects/{row.pk}/",
        ):  # fmt: skip
            assert (address, client.get(address).status_code) == (address, shown)
    asked = {"all": "1", "format": "csv", "kind": "prospect", "go": "1"}
    file = client.post("/exports/start/", asked)
    rows = csv.DictReader(io.StringIO(file.getvalue().decode("utf-8-sig")))
    assert {row["Company"].removeprefix("Prospect of ") for row in rows} == whose
    assert queries.visible(actor).count() == queries.prospects(actor).count() == len(whose)


@pytest.mark.parametrize(("settings", "who", "whose"), cases())
def test_who_sees_a_list_edits_and_deletes_it(
    house: House, settings: str, who: str, whose: set[str]
) -> None:
    house.north.settle(settings)
    actor = house.north.cast.actor(house.north.people[who])
    done = set()
    for name, one in house.lists.items():
        change = edit(one, f"Prospect of {name}", "City", "Bari")
        try:
            sheet.write(actor, one, [change])
        except Gone:
            assert door.delete(actor, [one]).count == 0
            assert door.delete(actor, Prospect.objects.filter(in_list=one)).count == 0
            continue
        done.add(name)
        assert door.delete(actor, [one]).count == 1
    assert done == whose
    assert named(" ".join(ProspectingList.objects.values_list("title", flat=True))) == (
        set(ALL.split()) - whose
    )


# Ugo made a list, and it is Bruna's now: who may share it with everybody, in the open mode
SHARES = {"Anna": True, "Ugo": True, "Bruna": True, "Elsa": False}


@pytest.mark.parametrize(("who", "may"), SHARES.items())
def test_who_made_or_has_a_list_shares_it(house: House, who: str, may: bool) -> None:
    people, cast, one = house.north.people, house.north.cast, house.lists["Ugo"]
    moves.assign(cast.actor(people["Ugo"]), one, people["Bruna"])
    actor = cast.actor(people[who])
    assert moves.may_share(actor, ProspectingList.objects.get(pk=one.pk)) is may
    if may:
        moves.share(actor, one, True)
    else:
        with pytest.raises(Refused, match="made or has this list"):
            moves.share(actor, one, True)
    one.refresh_from_db()
    assert bool(one.shared_at) is may


def test_a_shared_list_is_everybodys_until_it_is_shared_no_longer(house: House) -> None:
    house.north.settle(CLOSED)
    people, cast, one = house.north.people, house.north.cast, house.lists["Ugo"]
    elsa, client = cast.actor(people["Elsa"]), client_of(people["Elsa"])
    assert client.get(f"/prospecting/{one.pk}/").status_code == 404
    moves.share(cast.actor(people["Ugo"]), one, True)
    assert named(client.get("/prospecting/").text) == {"Ugo", "Elsa", "nobody"}
    sheet.write(elsa, one, [edit(one, "Prospect of Ugo", "City", "Bari")])
    assert client.post(f"/prospecting/{one.pk}/share/", {"on": "0"}).status_code == 403
    moves.share(cast.actor(people["Ugo"]), one, False)
    with pytest.raises(Gone):
        sheet.write(elsa, one, [edit(one, "Prospect of Ugo", "City", "Asti")])
    assert client.get(f"/prospecting/{one.pk}/").status_code == 404


# in the closed mode Ugo's list is shared: who gives it to themselves, and so could end the sharing
TAKES = {"Anna": True, "Ugo": True, "Bruna": False, "Elsa": False}


@pytest.mark.parametrize(("who", "may"), TAKES.items())
def test_a_list_is_not_taken_by_whom_it_is_only_shared_with(
    house: House, who: str, may: bool
) -> None:
    house.north.settle(CLOSED)
    people, cast, one = house.north.people, house.north.cast, house.lists["Ugo"]
    moves.share(cast.actor(people["Ugo"]), one, True)
    client, mine = client_of(people[who]), people[who].pk
    answer = client.post(f"/prospecting/{one.pk}/assign/", {"owner": mine})
    assert answer.status_code == (302 if may else 403)
    one.refresh_from_db()
    assert one.owner_id == (mine if may else people["Ugo"].pk)
    settings = client.get(f"/prospecting/{one.pk}/settings/").text
    assert ('name="owner"' in settings) is may
    told = LogEntry.objects.filter(outcome="refused", verb="change", kind="prospecting_list")
    assert told.exists() is not may


def test_what_was_given_is_not_taken_back_once_it_is_only_shared(house: House) -> None:
    people, cast, one = house.north.people, house.north.cast, house.lists["Bruna"]
    anna, ugo = cast.actor(people["Anna"]), cast.actor(people["Ugo"])
    moves.assign(anna, one, people["Ugo"])
    moves.share(ugo, one, True)
    given = moves.assign(ugo, one, people["Elsa"])
    house.north.settle(CLOSED)
    elsa, ugo = cast.actor(people["Elsa"]), cast.actor(people["Ugo"])
    moves.describe(elsa, one, "Worked on", "")
    with pytest.raises(Refused):
        door.undo(ugo, given.seq)
    one.refresh_from_db()
    assert one.owner_id == people["Elsa"].pk


def test_titles_of_lists_that_one_does_not_see_are_nowhere_told(house: House) -> None:
    house.north.settle(CLOSED)
    client = client_of(house.north.people["Elsa"])
    other, own = house.lists["Ugo"].pk, house.lists["Elsa"].pk
    asked = {"all": "1", "format": "csv", "kind": "prospect"}
    answer = client.post(f"/exports/start/?list={other}&list={own}", asked)
    assert named(answer.text) == {"Elsa"}
    assert client.post(f"/exports/start/?list={other}", asked).status_code == 410
    # What is no number means no list, not all of them.
    assert client.post("/exports/start/?list=x", asked).status_code == 410


@pytest.mark.parametrize("ticked", [False, True])
def test_exporting_goes_by_the_lists_rule(house: House, ticked: bool) -> None:
    anna, one = house.north.cast.actor(house.north.people["Anna"]), house.lists["Ugo"]
    account_moves.set_privacy(anna, Verb.EXPORT, "prospecting_list", ticked)
    asked = {"all": "1", "format": "csv", "kind": "prospect", "go": "1"}
    path = f"/exports/start/?list={one.pk}"
    for who, status in (("Ugo", 403 if ticked else 200), ("Anna", 200)):
        answer = client_of(house.north.people[who]).post(path, asked)
        assert (who, answer.status_code) == (who, status)
        # Read to its end, or its seat stays taken.
        assert not answer.streaming or answer.getvalue()
    refused = LogEntry.objects.filter(outcome="refused", verb="export", kind="prospect")
    assert refused.exists() is ticked
