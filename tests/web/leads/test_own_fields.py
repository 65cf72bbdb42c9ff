"""Default fields on the screens of leads: created with, edited in place, listed and looked for."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities.emails import placeholders
from custode.fields import moves
from custode.fields.models import FieldChoice
from custode.leads import mailing
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from tests.cast import Cast
from tests.fields.made import a_field
from tests.web.leads.test_create import form

HTMX = {"HX-Request": "true"}


def text(answer: Any) -> str:
    body: HttpResponse = answer
    return body.content.decode()


def test_a_lead_is_created_with_its_fields(ferri: Cast, ugo: Client) -> None:
    size, region = a_field(ferri, "Size", "number"), a_field(ferri, "Region", "choice", "North")
    sent = form(ferri, **{size.asked: "1,200", region.asked: "North"})
    ugo.post("/leads/new/", sent)
    lead = Lead.objects.get()
    assert lead.field_values == {size.key: "1200", region.key: FieldChoice.objects.get().pk}
    page = text(ugo.get(f"/leads/{lead.pk}/"))
    assert "1200" in page
    assert "North" in page


def test_what_does_not_fit_stands_beside_its_field_and_nothing_is_made(
    ferri: Cast, ugo: Client
) -> None:
    mail = a_field(ferri, "PEC", "email")
    answer = ugo.post("/leads/new/", form(ferri, **{mail.asked: "nobody"}))
    assert answer.status_code == 422
    assert "“nobody” is not an e-mail address." in text(answer)
    assert 'value="nobody"' in text(answer)
    assert not Lead.objects.exists()


def test_a_field_is_edited_in_place_unless_somebody_was_faster(ferri: Cast, ugo: Client) -> None:
    vat = a_field(ferri, "Partita IVA")
    lead = ferri.lead(ferri.ugo, own={vat.pk: "01234567897"})
    url = f"/leads/{lead.pk}/field/{vat.asked}/"
    opened = text(ugo.get(f"{url}?edit=1", headers=HTMX))
    (was,) = re.findall(r'name="was" value="(\w+)"', opened)
    assert 'value="01234567897"' in opened
    lead_moves.edit(ferri.actor(ferri.anna), lead, own={vat.pk: "1"})
    answer = ugo.post(url, {vat.asked: "2", "was": was}, headers=HTMX)
    assert (answer.status_code, "has changed this while you were editing" in text(answer)) == (
        422,
        True,
    )
    ugo.post(url, {vat.asked: "2"}, headers=HTMX)
    lead.refresh_from_db()
    assert lead.field_values == {vat.key: "2"}
    page = text(ugo.get(f"/leads/{lead.pk}/"))
    assert "changed “Partita IVA” from “1” to “2”" in page
    ugo.post(url, {vat.asked: " "})
    lead.refresh_from_db()
    assert lead.field_values == {}


def test_a_field_of_somebody_elses_lead_is_not_changed(ferri: Cast, ugo: Client) -> None:
    vat, theirs = a_field(ferri, "Partita IVA"), a_field(ferri, "PEC", kind="client_folder")
    lead = ferri.lead(ferri.bruna, own={vat.pk: "1"})
    assert ugo.post(f"/leads/{lead.pk}/field/{vat.asked}/", {vat.asked: "2"}).status_code == 403
    for name in (theirs.asked, "own-0", "own-x"):
        assert ugo.post(f"/leads/{lead.pk}/field/{name}/", {name: "2"}).status_code == 404
    lead.refresh_from_db()
    assert lead.field_values == {vat.key: "1"}


def test_a_choice_offered_no_more_stays_where_it_was_chosen(ferri: Cast, ugo: Client) -> None:
    anna, region = ferri.actor(ferri.anna), a_field(ferri, "Region", "choice", "North", "South")
    north = FieldChoice.objects.get(name="North")
    lead = ferri.lead(ferri.ugo, own={region.pk: north.pk})
    moves.retire_choice(anna, north, True)
    url = f"/leads/{lead.pk}/field/{region.asked}/"
    assert "<option selected>North</option>" in text(ugo.get(f"{url}?edit=1", headers=HTMX))
    assert ugo.post(url, {region.asked: "North"}, headers=HTMX).status_code == 200
    ugo.post(url, {region.asked: "South"}, headers=HTMX)
    assert ugo.post(url, {region.asked: "North"}, headers=HTMX).status_code == 422


def test_a_duplicate_is_told_once_before_it_is_made_and_on_both_pages(
    ferri: Cast, ugo: Client
) -> None:
    vat = a_field(ferri, "Partita IVA", key=True)
    first = ferri.lead(ferri.bruna, "The first one", own={vat.pk: "01234567897"})
    sent = form(ferri, **{vat.asked: "IT 01234567897"})
    answer = ugo.post("/leads/new/", sent)
    assert answer.status_code == 422
    assert "“The first one” has the same “Partita IVA”." in text(answer)
    assert "If this is another one, press the same button again." in text(answer)
    assert f'<a href="/leads/{first.pk}/" target="_blank">Open “The first one”</a>' in text(answer)
    assert Lead.objects.count() == 1
    assert 'name="same" value="1"' in text(answer)
    ugo.post("/leads/new/", {**sent, "same": "1"})
    made = Lead.objects.exclude(pk=first.pk).get()
    assert f'The same as <a href="/leads/{first.pk}/">' in text(ugo.get(f"/leads/{made.pk}/"))


def test_a_duplicate_that_one_does_not_see_is_not_told_of(ferri: Cast, ugo: Client) -> None:
    vat = a_field(ferri, "Partita IVA", key=True)
    ferri.lead(ferri.bruna, "The first one", own={vat.pk: "01234567897"})
    sharing.change(ferri.actor(ferri.anna), Sharing("admins", False, "admins", "everybody"))
    answer = ugo.post("/leads/new/", form(ferri, **{vat.asked: "01234567897"}), follow=True)
    assert Lead.objects.count() == 2
    assert "The first one" not in text(answer)
    assert "The same as" not in text(answer)


LOOKED_FOR = [
    ("own-{contact}", "nic", {"One"}),
    ("own-{contact}", "NICCOLÒ  B", {"One"}),
    ("own-{contact}", "colo", set()),
    ("own-{region}", "{north}", {"One"}),
    ("own-{region}", "North", set()),
    ("own-{size}", "1,200", {"Two"}),
    ("own-{size}", "12", set()),
    ("own-{size}", "many", set()),
    ("own-999999", "x", set()),
]


@pytest.mark.parametrize(("name", "value", "found"), LOOKED_FOR)
def test_leads_are_found_by_what_a_field_begins_with(
    ferri: Cast, ugo: Client, name: str, value: str, found: set[str]
) -> None:
    contact, size = a_field(ferri, "Contact"), a_field(ferri, "Size", "number")
    region = a_field(ferri, "Region", "choice", "North", "South")
    north = FieldChoice.objects.get(name="North").pk
    ferri.lead(ferri.ugo, "One", own={contact.pk: "Niccolò Bassi", region.pk: north})
    ferri.lead(ferri.ugo, "Two", own={contact.pk: "Ada Neri", size.pk: "1200"})
    numbers = {"contact": contact.pk, "size": size.pk, "region": region.pk, "north": north}
    query = {name.format(**numbers): value.format(**numbers)}
    page = text(ugo.get("/leads/", query))
    assert {title for title in ("One", "Two") if f'title="{title}"' in page} == found


def test_fields_are_columns_of_the_list_without_further_queries(ferri: Cast, ugo: Client) -> None:
    size, region = a_field(ferri, "Size", "number"), a_field(ferri, "Region", "choice", "North")
    north = FieldChoice.objects.get(name="North").pk
    asked = {"cols": [size.asked, region.asked]}

    def queries() -> int:
        with CaptureQueriesContext(connection) as done:
            page = text(ugo.get("/leads/", asked))
        assert "1200" in page
        assert page.count('data-label="Region"') == Lead.objects.count()
        return len(done)

    ferri.lead(ferri.ugo, "One", own={size.pk: "1200", region.pk: north})
    queries()
    few = queries()
    for n in range(9):
        ferri.lead(ferri.ugo, f"Lead {n}", own={size.pk: "1200", region.pk: north})
    queries()
    assert queries() == few


def test_an_e_mail_is_filled_with_fields_before_lines_and_goes_to_their_address(
    ferri: Cast,
) -> None:
    ugo, pec = ferri.actor(ferri.ugo), a_field(ferri, "PEC", "email")
    lead = ferri.lead(
        ferri.ugo, description="PEC: old\nContact: Ada", own={pec.pk: "new@pec.example"}
    )
    filled = placeholders.fill(ugo, lead, "{{field:pec}} {{field:Contact}}")
    assert filled == "new@pec.example Ada"
    assert mailing.addresses(lead) == ["new@pec.example"]
