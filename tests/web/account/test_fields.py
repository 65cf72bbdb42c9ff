"""The panel's pages of default fields: made, named, put in order, taken out of use and up again."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.fields import moves
from custode.fields.models import DefaultField, FieldChoice
from tests.cast import Cast
from tests.fields.made import a_field

PAGE, CLIENTS = "/admin-panel/fields/leads/", "/admin-panel/fields/clients/"


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    """Anna's browser."""
    return come_in(ferri.anna)


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return body.content.decode()


def names(kind: str = "lead") -> list[str]:
    return [one.name for one in moves.offered(kind)]


def test_an_admin_makes_fields_of_leads_and_of_folders(ferri: Cast, anna: Client) -> None:
    anna.post(PAGE, {"name": " Partita  IVA ", "sort": "text", "is_key": "1"})
    anna.post(PAGE, {"name": "Region", "sort": "choice", "choices": "North\r\n\r\n South"})
    anna.post(CLIENTS, {"name": "Website", "sort": "link"})
    assert (names(), names("client_folder")) == (["Partita IVA", "Region"], ["Website"])
    vat, region = moves.offered("lead")
    assert vat.is_key
    assert [one.name for one in region.offered_choices] == ["North", "South"]
    anna.get(PAGE)  # tells what was made
    assert "Website" not in text(anna.get(PAGE))
    for page in ("/leads/new/", PAGE):
        assert "Partita IVA" in text(anna.get(page))
    assert "Website" in text(anna.get("/clients/new/"))


def test_what_is_wrong_stands_beside_what_was_typed(ferri: Cast, anna: Client) -> None:
    answer = anna.post(PAGE, {"name": "Region", "sort": "choice", "choices": " "})
    assert answer.status_code == 422
    assert "Write what can be chosen" in text(answer)
    assert 'value="Region"' in text(answer)
    one, _two = a_field(ferri, "One"), a_field(ferri, "Two")
    answer = anna.post(f"/admin-panel/fields/{one.pk}/", {"name": "two"})
    assert "There is a field “Two” already." in text(answer)
    answer = anna.post(PAGE, {"name": "Day", "sort": "date", "is_key": "1"})
    assert "cannot be a duplicate key" in text(answer)
    assert names() == ["One", "Two"]


def test_names_keys_order_and_choices_are_changed(ferri: Cast, anna: Client) -> None:
    one, two = a_field(ferri, "One"), a_field(ferri, "Two", "choice", "A", "B")
    anna.post(f"/admin-panel/fields/{one.pk}/", {"name": "First", "is_key": "1"})
    answer = anna.post(f"{PAGE}order/", {"ids": [one.pk, two.pk], "down": one.pk}, follow=True)
    assert names() == ["Two", "First"]
    assert "autofocus" in text(answer)
    assert DefaultField.objects.get(pk=one.pk).is_key
    a, b = two.choices.all()
    anna.post(f"/admin-panel/field-choices/{a.pk}/", {"name": "Alpha"})
    anna.post(f"/admin-panel/fields/{two.pk}/choices/", {"name": "C"})
    c = FieldChoice.objects.get(name="C")
    anna.post(f"/admin-panel/fields/{two.pk}/choices/order/", {"ids": [c.pk, a.pk, b.pk]})
    anna.post(f"/admin-panel/field-choices/{b.pk}/use/", {"on": "0"})
    two = moves.offered("lead")[0]
    assert [choice.name for choice in two.offered_choices] == ["C", "Alpha"]
    anna.post(f"/admin-panel/field-choices/{b.pk}/use/", {"on": "1"})
    assert len(moves.offered("lead")[0].offered_choices) == 3
    answer = anna.post(f"{PAGE}order/", {"ids": [one.pk]})
    assert answer.status_code == 400


def test_a_field_goes_out_of_use_and_comes_back_and_the_log_tells_it(
    ferri: Cast, anna: Client
) -> None:
    field = a_field(ferri, "Fax", "phone")
    lead = ferri.lead(ferri.ugo, own={field.pk: "02 123456"})
    answer = anna.post(f"/admin-panel/fields/{field.pk}/use/", {"on": "0"}, follow=True)
    assert "The field “Fax” is out of use. Its values are kept." in text(answer)
    assert "02 123456" not in text(anna.get(f"/leads/{lead.pk}/")).rpartition("Facts")[2]
    log = text(anna.get("/security/actions/"))
    assert "took the default field <b>Fax</b> (<b>leads</b>) out of use" in log
    anna.post(f"/admin-panel/fields/{field.pk}/use/", {"on": "1"})
    log = text(anna.get("/security/actions/"))
    assert "took up the default field <b>Fax</b> (<b>leads</b>) again" in log
    assert "02 123456" in text(anna.get(f"/leads/{lead.pk}/")).rpartition("Facts")[2]
    a_field(ferri, "Mobile", "phone")
    anna.post(f"/admin-panel/fields/{field.pk}/use/", {"on": "0"})
    a_field(ferri, "fax")
    answer = anna.post(f"/admin-panel/fields/{field.pk}/use/", {"on": "1"})
    assert (answer.status_code, "There is a field “fax” already." in text(answer)) == (422, True)


def test_the_page_asks_as_much_of_the_database_with_many_fields(ferri: Cast, anna: Client) -> None:
    def queries() -> int:
        with CaptureQueriesContext(
            connection,
        ) as asked:
            anna.get(PAGE)
        return len(asked)

    a_field(ferri, "One", "choice", "A")
    queries()
    few = queries()
    for n in range(6):
        a_field(ferri, f"Field {n}", "choice", "A", "B", "C")
    assert queries() == few
