"""What becomes of a list as a whole is for whoever made or has it, who manages them, and admins."""

from __future__ import annotations

import pytest

from custode.accounts.sharing import Sharing
from custode.guard import door
from custode.kernel.errors import Refused
from custode.prospecting import moves, sheet
from custode.prospecting.models import ProspectingList
from tests.cast import Cast
from tests.prospecting.sheets import a_list, edit, texts
from tests.teams import OPEN, client_of, north

MANAGED = Sharing("shared", True, "managers", "everybody")

# everybody sees all lists; the settings, whose list, who -> whether they name, archive and take it
MAY = {
    ("open", "Bruna", "Anna"): True,
    ("open", "Bruna", "Bruna"): True,
    ("open", "Bruna", "Ugo"): False,
    ("open", "Bruna", "Elsa"): False,
    ("open", "Ugo", "Bruna"): False,
    ("managed", "Bruna", "Ugo"): True,
    ("managed", "Bruna", "Dino"): False,
    ("managed", "Ugo", "Bruna"): False,
    ("managed", "Elsa", "Ugo"): False,
}


@pytest.mark.parametrize(("case", "may"), MAY.items(), ids=str)
def test_who_may_name_archive_and_take_a_list(
    ferri: Cast, case: tuple[str, str, str], may: bool
) -> None:
    settings, whose, who = case
    house = north(ferri)
    house.settle(MANAGED if settings == "managed" else OPEN)
    one = a_list(ferri.actor(house.people[whose]), "Fair")
    one.refresh_from_db()
    client, at = client_of(house.people[who]), f"/prospecting/{one.pk}"
    settings_form = {"title": ".", "description": "", "tags": ""}
    answers = [
        client.post(f"{at}/settings/", settings_form).status_code,
        client.post(f"{at}/archive/", {"on": "1"}).status_code,
        client.post(f"{at}/assign/", {"owner": house.people[who].pk}).status_code,
    ]
    assert answers == [302 if may else 403] * 3
    one = ProspectingList.objects.get(pk=one.pk)
    taken = house.people[who if may else whose].pk
    assert (one.title, bool(one.archived_at), one.owner_id) == ("." if may else "Fair", may, taken)
    page = client.get(f"{at}/settings/").text
    assert ("Only whoever made or has this list" in page) is not may
    assert ("Archive this list" in page or "Take out of the archive" in page) is may


def test_who_sees_a_list_still_writes_in_it_and_tags_it(ferri: Cast) -> None:
    house = north(ferri)
    one = a_list(ferri.actor(house.people["Ugo"]), "Fair")
    elsa = client_of(house.people["Elsa"])
    form = {"title": "Fair", "description": "", "tags": "warm"}
    assert elsa.post(f"/prospecting/{one.pk}/settings/", form).status_code == 302
    wanted = edit(one, "Verdi 2000", "City", "Bari")
    sheet.write(ferri.actor(house.people["Elsa"]), one, [wanted])
    assert texts(one)[2][1] == "Bari"


def test_the_moves_refuse_it_too_by_whatever_entrance(ferri: Cast) -> None:
    house = north(ferri)
    one = a_list(ferri.actor(house.people["Ugo"]), "Fair")
    elsa = ferri.actor(house.people["Elsa"])
    for refused in (
        lambda: moves.describe(elsa, one, "Mine", ""),
        lambda: moves.describe(elsa, one, "Fair", "Mine"),
        lambda: moves.archive(elsa, one, True),
        lambda: door.change(elsa, [one], "owner", house.people["Elsa"]),
    ):
        with pytest.raises(Refused):
            refused()
