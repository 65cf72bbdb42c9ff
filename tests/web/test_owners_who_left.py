"""An owner who has left stays offered, but whoever was chosen instead stays chosen."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.test import Client

from custode.clients import moves as clients
from custode.signin import leaving
from tests.cast import Cast

HTMX = {"HX-Request": "true"}


def chosen(page: str) -> list[str]:
    """Who is chosen as the owner: browsers take the last of several."""
    select = page.partition('name="owner"')[2].partition("</select>")[0]
    return re.findall(r'value="(\d*)" selected', select)


def test_a_client_folder_keeps_the_owner_that_was_chosen_beside_another_mistake(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    folder = clients.create(ferri.actor(ferri.ugo), "Rossi", owner=ferri.ugo)
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    anna, address = come_in(ferri.anna), f"/clients/{folder.pk}/edit/"
    assert chosen(anna.get(address).text) == [str(ferri.ugo.pk)]
    for owner in (str(ferri.bruna.pk), str(ferri.ugo.pk), ""):
        answer = anna.post(address, {"name": "", "owner": owner})
        assert (answer.status_code, chosen(answer.text)) == (422, [owner])


def test_a_lead_keeps_the_owner_that_was_chosen_when_somebody_was_faster(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    lead = ferri.lead(ferri.ugo)
    leaving.disable(ferri.actor(ferri.anna), ferri.ugo)
    anna, address = come_in(ferri.anna), f"/leads/{lead.pk}/field/owner/"
    assert chosen(anna.get(f"{address}?edit=1", headers=HTMX).text) == [str(ferri.ugo.pk)]
    for owner in (str(ferri.bruna.pk), str(ferri.ugo.pk), ""):
        answer = anna.post(address, {"owner": owner, "was": "of another owner"}, headers=HTMX)
        assert (answer.status_code, chosen(answer.text)) == (422, [owner])
