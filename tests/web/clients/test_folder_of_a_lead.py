"""The client folder of a lead: proposed, chosen, opened anew, left."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from custode.clients import moves
from custode.clients.models import ClientFolder
from tests.cast import Cast
from tests.fields.made import a_field

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def folders(ferri: Cast, *names: str) -> None:
    """Folders of Ugo's, of these names."""
    for name in names:
        moves.create(ferri.actor(ferri.ugo), name, owner=ferri.ugo)


def test_a_lead_opens_a_folder_from_its_page_and_leaves_it(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    ugo.post(f"/leads/{lead.pk}/folder/", {"new": "1", "name": "Rossi"})
    lead.refresh_from_db()
    assert lead.client_folder == ClientFolder.objects.get()
    ugo.post(f"/leads/{lead.pk}/folder/", {"none": "1"})
    lead.refresh_from_db()
    assert lead.client_folder is None


def test_the_folders_of_a_leads_own_firm_are_proposed_first(ferri: Cast, ugo: Client) -> None:
    folders(ferri, *(f"A firm {n}" for n in range(25)), "Rossi")
    lead = ferri.lead(ferri.ugo, "ROSSI: a press")
    page = ugo.get(f"/leads/{lead.pk}/folder/", headers=HTMX).text
    assert page.index("Rossi") < page.index("A firm 0")
    found = ugo.get(f"/leads/{lead.pk}/folder/?q=firm+24", headers=HTMX).text
    assert "A firm 24" in found
    assert "A firm 2<" not in found


# The title, the description -> the name that is proposed for a new folder, by hand.
CLIENTS = {
    ("Rossi: a press", ""): "Rossi",
    ("A press", "Azienda: Rossi & figli\nPEC: x"): "Rossi &amp; figli",
    ("A press", "Ragione sociale: Rossi"): "Rossi",
    ("A press", "Telefono: 02"): "A press",
    ("Rossi:", ""): "Rossi:",
}


@pytest.mark.parametrize(("lead", "name"), CLIENTS.items())
def test_a_new_folder_is_called_like_the_client(
    ferri: Cast, ugo: Client, lead: tuple[str, str], name: str
) -> None:
    folders(ferri, "Rossi S.r.l.", "A firm")
    made = ferri.lead(ferri.ugo, lead[0], description=lead[1])
    page = ugo.get(f"/leads/{made.pk}/folder/", headers=HTMX).text
    assert f'name="name" value="{name}"' in page
    if name == "Rossi":
        assert page.index("Rossi S.r.l.") < page.index("A firm")


def test_a_default_field_tells_who_the_client_is(ferri: Cast, ugo: Client) -> None:
    field = a_field(ferri, "Ragione sociale")
    lead = ferri.lead(ferri.ugo, "A press")
    type(lead).objects.filter(pk=lead.pk).update(field_values={field.key: "Rossi"})
    page = ugo.get(f"/leads/{lead.pk}/folder/", headers=HTMX).text
    assert 'name="name" value="Rossi"' in page


@pytest.mark.parametrize(
    "sent", [{"folder": "x"}, {"folder": "999999"}, {"new": "1", "name": " "}, {}]
)
def test_what_names_no_folder_is_told(ferri: Cast, ugo: Client, sent: dict[str, str]) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    answer = ugo.post(f"/leads/{lead.pk}/folder/", sent)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    lead.refresh_from_db()
    assert lead.client_folder_id is None
