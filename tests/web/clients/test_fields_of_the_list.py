"""Default fields in the list of client folders: as columns, as filters, and in what follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from custode.clients import moves
from custode.clients.models import ClientFolder
from custode.fields import moves as field_moves
from custode.fields.models import DefaultField, Sort
from custode.fields.values import from_texts
from custode.guard.models import LogEntry
from tests.cast import Cast
from tests.fields.made import a_field

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


@pytest.fixture
def region(ferri: Cast) -> DefaultField:
    """A choice, with Rossi in the north and Verdi in the south; Bianchi has none."""
    field = a_field(ferri, "Region", Sort.CHOICE, "North", "South", kind="client_folder")
    code = a_field(ferri, "VAT number", kind="client_folder")
    for name, where, number in (("Rossi", "North", "IT 0123"), ("Verdi", "South", "")):
        texts = {field.asked: where, code.asked: number}
        values = from_texts([field, code], texts)
        moves.create(ferri.actor(ferri.ugo), name, owner=ferri.ugo, own=values)
    moves.create(ferri.actor(ferri.ugo), "Bianchi", owner=ferri.ugo)
    return field


def told(client: Client, query: dict[str, Any], **headers: str) -> str:
    return client.get("/clients/", query, headers=headers or None).content.decode()


def names(client: Client, query: dict[str, Any]) -> list[str]:
    rows = client.get("/clients/", query).context["rows"]
    return [row.folder.name for row in rows]


def test_fields_are_columns_once_they_are_chosen(
    ferri: Cast, ugo: Client, region: DefaultField
) -> None:
    assert f'data-name="{region.asked}"' not in told(ugo, {})
    page = told(ugo, {"cols": ["owner", region.asked]})
    assert f'data-name="{region.asked}" data-label="Region" >North</td>' in page
    assert 'data-name="updated"' not in page
    # Remembered, and not mixed up with the columns of the leads.
    assert f'data-name="{region.asked}"' in told(ugo, {})
    assert 'data-name="leads"' not in told(ugo, {})
    ferri.lead(ferri.ugo)
    assert 'data-name="status"' in ugo.get("/leads/").content.decode()


def test_fields_are_filters(ferri: Cast, ugo: Client, region: DefaultField) -> None:
    north, south = region.choices.all()
    code = DefaultField.objects.get(name="VAT number")
    assert names(ugo, {region.asked: north.pk}) == ["Rossi"]
    assert names(ugo, {region.asked: south.pk}) == ["Verdi"]
    assert names(ugo, {code.asked: "it 01"}) == ["Rossi"]
    assert names(ugo, {code.asked: "0123"}) == []
    assert names(ugo, {region.asked: south.pk, code.asked: "it"}) == []
    assert names(ugo, {region.asked: "", code.asked: " "}) == ["Bianchi", "Rossi", "Verdi"]
    page = ugo.get("/clients/", {region.asked: str(north.pk), "state": "all"})
    assert page.context["marks"] == [("Region: “North”", "state=all")]
    assert f'<option value="{north.pk}" selected>North</option>' in page.content.decode()
    again = ugo.get("/clients/", {region.asked: str(north.pk), "q": ""}, headers=HTMX)
    assert again["HX-Push-Url"] == f"/clients/?{region.asked}={north.pk}"


@pytest.mark.parametrize("odd", [{"own-x": "1"}, {"own-": "1"}, {"own-1": "x" * 201}])
def test_a_field_that_cannot_be_read_changes_nothing(
    ferri: Cast, ugo: Client, region: DefaultField, odd: dict[str, str]
) -> None:
    assert "could not be read" in told(ugo, odd)
    query = "&".join(f"{name}={value}" for name, value in odd.items())
    answer = ugo.post(f"/clients/bulk/?{query}", {"all": "1", "delete": "1", "confirmed": "3"})
    assert answer.status_code == 400
    assert ClientFolder.objects.count() == 3


def test_another_kinds_field_finds_nothing(ferri: Cast, ugo: Client, region: DefaultField) -> None:
    of_leads = a_field(ferri, "Sector")
    assert names(ugo, {of_leads.asked: "a"}) == []
    assert of_leads.asked not in told(ugo, {})
    assert "Sector" not in told(ugo, {})


def test_a_field_out_of_use_is_neither_column_nor_filter(
    ferri: Cast, ugo: Client, region: DefaultField
) -> None:
    ugo.get("/clients/", {"cols": [region.asked]})
    field_moves.retire(ferri.actor(ferri.anna), region, True)
    assert region.asked not in told(ugo, {})


def test_what_leaves_by_a_filter_is_told_by_its_words(
    ferri: Cast, ugo: Client, region: DefaultField, come_in: Callable[..., Client]
) -> None:
    north = region.choices.all()[0]
    query = f"{region.asked}={north.pk}&state=all"
    ugo.post(
        f"/exports/start/?{query}",
        {"all": "1", "format": "csv", "dialect": "comma", "kind": "client_folder", "go": "1"},
    ).getvalue()
    entry = LogEntry.objects.filter(verb="export").order_by("seq").first()
    assert entry is not None
    page = come_in(ferri.anna).get(f"/security/actions/{entry.seq}/").text
    assert "deactivated ones too, Region: “North”" in page
