"""Two people in the settings of one list: nobody's words go unseen, and nothing breaks."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client

from custode.accounts.sharing import Sharing
from custode.guard.models import LogEntry
from custode.prospecting import columns, moves, queries
from custode.prospecting.models import ProspectingList
from custode.signin import leaving
from tests.cast import Cast
from tests.prospecting.sheets import COLUMNS, a_list
from tests.teams import north

ANNA = "Anna Ferri has changed this while you were editing. Save again to replace it."


@pytest.fixture
def fair(ferri: Cast) -> ProspectingList:
    """Ugo's list, which everybody sees."""
    one = a_list(ferri.actor(ferri.ugo))
    moves.share(ferri.actor(ferri.ugo), one, True)
    return one


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def page_of(who: Client, one: ProspectingList) -> str:
    return str(who.get(f"/prospecting/{one.pk}/settings/").text)


def was(page: str) -> str:
    """What the form on a page knows of how things stood."""
    (found,) = re.findall(r'name="was" value="([^"]*)"', page)
    return str(found)


def chosen(page: str) -> list[str]:
    """Who is chosen as the owner: where nobody is, browsers choose the first."""
    select = page.partition('id="list-owner"')[2].partition("</select>")[0]
    return re.findall(r'value="(\d*)" selected', select)


def save(who: Client, one: ProspectingList, **form: str) -> tuple[int, str]:
    answer = who.post(f"/prospecting/{one.pk}/settings/", form)
    return answer.status_code, answer.text


def stands(one: ProspectingList) -> tuple[str, str, list[str]]:
    one = ProspectingList.objects.get(pk=one.pk)
    return one.title, one.description, queries.tags([one]).get(one.pk, [])


def test_the_second_of_two_people_is_told_who_was_faster_and_what_stands_there(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    his = {"title": fair.title, "description": "", "tags": "warm", "was": was(page_of(ugo, fair))}
    moves.describe(ferri.actor(ferri.anna), fair, fair.title, "Hall 16")
    status, page = save(ugo, fair, **his)
    assert (status, ANNA in page) == (422, True)
    assert "What stands here now: “Hall 16”." in page
    assert 'value="warm"' in page
    assert stands(fair) == (fair.title, "Hall 16", [])
    assert save(ugo, fair, **his | {"was": was(page)})[0] == 302
    assert stands(fair) == (fair.title, "", ["warm"])


def test_tags_that_somebody_else_has_put_on_are_told_too(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    his = {"title": "New", "description": "", "tags": "", "was": was(page_of(ugo, fair))}
    moves.set_tags(ferri.actor(ferri.anna), fair, ["north", "warm"])
    status, page = save(ugo, fair, **his)
    assert (status, ANNA in page) == (422, True)
    assert "What stands here now: “north, warm”." in page
    assert stands(fair) == (fair.title, "", ["north", "warm"])


def test_another_mistake_hides_nobodys_change(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    his = {"title": "His", "description": "", "tags": "", "was": was(page_of(ugo, fair))}
    moves.describe(ferri.actor(ferri.anna), fair, "Hers", "")
    status, page = save(ugo, fair, **his | {"title": " "})
    assert (status, "A list needs a title." in page, ANNA in page) == (422, True, False)
    status, page = save(ugo, fair, **his | {"was": was(page)})
    assert (status, ANNA in page) == (422, True)
    assert "What stands here now: “Hers”." in page
    assert stands(fair)[0] == "Hers"


def test_what_the_form_does_not_hold_is_no_conflict(
    ferri: Cast, ugo: Client, fair: ProspectingList
) -> None:
    his = {"title": "His", "description": "", "tags": "", "was": was(page_of(ugo, fair))}
    columns.add(ferri.actor(ferri.anna), fair, "Phone")
    moves.share(ferri.actor(ferri.anna), fair, False)
    assert save(ugo, fair, **his)[0] == 302
    assert stands(fair)[0] == "His"


def test_who_only_tags_a_list_tags_it_under_the_name_it_has_by_now(
    ferri: Cast, come_in: Callable[..., Client], fair: ProspectingList
) -> None:
    bruna = come_in(ferri.bruna)
    page = page_of(bruna, fair)
    assert fair.title in page
    assert 'name="title"' not in page
    assert 'name="description"' not in page
    moves.describe(ferri.actor(ferri.ugo), fair, "Fair in Milan", "Hall 16")
    assert save(bruna, fair, tags="warm", was=was(page))[0] == 302
    assert stands(fair) == ("Fair in Milan", "Hall 16", ["warm"])
    moves.set_tags(ferri.actor(ferri.anna), fair, ["north"])
    status, answer = save(bruna, fair, tags="warm, south", was=was(page))
    assert (status, ANNA in answer) == (422, True)
    assert "What stands here now: “north”." in answer
    assert stands(fair)[2] == ["north"]


@pytest.mark.parametrize("way", ["up", "down"])
def test_a_column_that_somebody_has_taken_out_meanwhile_does_not_move(
    ferri: Cast, ugo: Client, fair: ProspectingList, way: str
) -> None:
    city = columns.of(fair)[1]
    columns.take_out(ferri.actor(ferri.anna), city)
    address = f"/prospecting/{fair.pk}/columns/"
    answer = ugo.post(address, {"column": city.pk, way: "1"}, follow=True)
    assert answer.status_code == 200
    assert "This column is not in the list any more." in answer.text
    standing = [column.name for column in columns.of(fair)]
    assert standing == [name for name in COLUMNS if name != "City"]


def test_an_owner_who_has_left_stays_chosen(
    ferri: Cast, come_in: Callable[..., Client], fair: ProspectingList
) -> None:
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    anna, entries = come_in(ferri.anna), LogEntry.objects.count()
    assert chosen(page_of(anna, fair)) == [str(ferri.ugo.pk)]
    assert anna.post(f"/prospecting/{fair.pk}/assign/", {"owner": ferri.ugo.pk}).status_code == 302
    fair.refresh_from_db()
    assert (fair.owner, LogEntry.objects.count()) == (ferri.ugo, entries)


def test_an_owner_outside_ones_teams_stays_chosen_too(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    house = north(ferri)
    one = a_list(ferri.actor(ferri.ugo))
    moves.assign(ferri.actor(ferri.anna), one, house.people["Elsa"])
    house.settle(Sharing("shared", True, "managers", "managers"))
    ugo, elsa = come_in(ferri.ugo), house.people["Elsa"]
    assert chosen(page_of(ugo, one)) == [str(elsa.pk)]
    assert ugo.post(f"/prospecting/{one.pk}/assign/", {"owner": elsa.pk}).status_code == 302
    one.refresh_from_db()
    assert one.owner == elsa
