"""Whoever was overtaken while editing is told by whom, and what stands there now."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from custode.activities import moves as comments
from custode.clients import moves as clients
from custode.clients.models import Contact
from custode.leads import moves, tagging
from custode.leads.models import Lead
from tests.cast import Cast
from tests.fields.made import a_field

HTMX = {"HX-Request": "true"}
ANNA = "Anna Ferri has changed this while you were editing. Save again to replace it."
HERS = "<b>Anna’s</b>"


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def was(page: str) -> str:
    """What the form on a page knows of how things stood."""
    return str(re.findall(r'name="was" value="([^"]*)"', page)[0])


@pytest.mark.parametrize(
    ("field", "hers", "his", "now"),
    [
        ("title", {"title": HERS}, {"title": "His"}, escape(HERS)),
        ("description", {"description": f"Town: Lodi\n{HERS}"}, {"description": "x"}, escape(HERS)),
        ("description", {"description": "Town: Lodi"}, {"description": "x"}, "Town: Lodi</span>"),
        ("amount", {"amount_minor": 123_400}, {"amount": "7", "currency": "EUR"}, "1,234"),
        ("closing", {"estimated_closing_date": date(2026, 3, 4)}, {"closing": ""}, "4 March 2026"),
        ("owner", {"owner": "bruna"}, {"owner": ""}, "Bruna Sala"),
    ],
)
@pytest.mark.parametrize("headers", [HTMX, {}], ids=["with scripts", "without"])
def test_a_lead_says_who_was_faster_and_what_stands_there(
    ferri: Cast, come_in: Callable[..., Client], field: str, hers: dict[str, Any],
    his: dict[str, str], now: str, headers: dict[str, str],
) -> None:  # fmt: skip
    lead = ferri.lead(ferri.ugo, "Before", description="Before")
    someone, address = come_in(ferri.anna), f"/leads/{lead.pk}/field/{field}/"
    before = was(someone.get(f"{address}?edit=1", headers=HTMX).text)
    hers = {name: getattr(ferri, v) if name == "owner" else v for name, v in hers.items()}
    moves.edit(ferri.actor(ferri.anna), Lead.objects.get(pk=lead.pk), **hers)
    answer = someone.post(address, {**his, "was": before}, headers=headers)
    form = answer.text.partition(f"in-place-{field}")[2].partition("</form>")[0]
    assert answer.status_code == 422
    assert ANNA in form
    assert now in form.partition("What stands here now:")[2]
    assert HERS not in answer.text
    assert someone.post(address, {**his, "was": was(form)}, headers=HTMX).status_code == 200


def test_tags_and_own_fields_say_it_too(ferri: Cast, ugo: Client) -> None:
    vat = a_field(ferri, "VAT number")
    lead = ferri.lead(ferri.ugo)
    asked = {"tags": {"tags": "Cold"}, vat.asked: {vat.asked: "2"}}
    url = f"/leads/{lead.pk}/field/"
    before = {name: was(ugo.get(f"{url}{name}/?edit=1", headers=HTMX).text) for name in asked}
    actor = ferri.actor(ferri.anna)
    moves.set_tags(actor, lead, tagging.tags_named(actor, ["Hot"]))
    moves.edit(actor, lead, own={vat.pk: "0123"})
    moves.edit(ferri.actor(ferri.ugo), lead, title="New")
    for name, now in (("tags", "Hot"), (vat.asked, "0123")):
        answer = ugo.post(f"{url}{name}/", {**asked[name], "was": before[name]}, headers=HTMX)
        assert ANNA in answer.text
        assert now in answer.text.partition("What stands here now:")[2]


def test_a_client_folder_says_it_beside_each_field(ferri: Cast, ugo: Client) -> None:
    folder = clients.create(ferri.actor(ferri.ugo), "Rossi", owner=ferri.ugo)
    before = was(ugo.get(f"/clients/{folder.pk}/edit/").text)
    clients.edit(ferri.actor(ferri.anna), folder, description=HERS, owner=None)
    sent = {"name": "Bianchi", "owner": ferri.ugo.pk, "description": "", "was": before}
    answer = ugo.post(f"/clients/{folder.pk}/edit/", sent)
    assert f"{ANNA} What stands here now: “Rossi”." in answer.text
    assert f"What stands here now: “{escape(HERS)}”." in answer.text
    assert "What stands here now: “Unassigned”." in answer.text
    same = {**sent, "name": "Rossi", "description": HERS, "owner": "", "was": before}
    answer = ugo.post(f"/clients/{folder.pk}/edit/", same)
    assert ANNA in answer.text
    assert "What stands here now" not in answer.text


def test_another_mistake_hides_nobodys_change(ferri: Cast, ugo: Client) -> None:
    anna = ferri.actor(ferri.anna)
    folder = clients.create(anna, "Rossi", owner=ferri.ugo)
    lead = ferri.lead(ferri.ugo, amount_minor=100)
    amount = f"/leads/{lead.pk}/field/amount/"
    for address, form, wrong, right in (
        (f"/clients/{folder.pk}/edit/", f"/clients/{folder.pk}/edit/", {"name": ""},
         {"name": "Bianchi", "owner": ferri.ugo.pk, "description": ""}),
        (amount, f"{amount}?edit=1", {"amount": "much"}, {"amount": "7", "currency": "EUR"}),
    ):  # fmt: skip
        before = was(ugo.get(form, headers=HTMX).text)
        if address == amount:
            moves.edit(anna, Lead.objects.get(pk=lead.pk), amount_minor=123_400)
        else:
            clients.edit(anna, folder, name="Hers")
        no = ugo.post(address, {**right, **wrong, "was": before}, headers=HTMX)
        assert (no.status_code, ANNA in no.text) == (422, False), address
        told = ugo.post(address, {**right, "was": was(no.text)}, headers=HTMX)
        assert (told.status_code, ANNA in told.text) == (422, True), address
        again = ugo.post(address, {**right, "was": was(told.text)}, headers=HTMX)
        assert again.status_code in {200, 204}, address


def test_a_contact_says_it_too(ferri: Cast, ugo: Client) -> None:
    folder = clients.create(ferri.actor(ferri.ugo), "Rossi", owner=ferri.ugo)
    ada = clients.add_contact(ferri.actor(ferri.ugo), folder, name="Ada", phone="1", role="Owner")
    before = was(ugo.get(f"/contacts/{ada.pk}/").text)
    clients.change_contact(ferri.actor(ferri.anna), ada, was=None, name="Ada", phone="2")
    clients.add_contact(ferri.actor(ferri.ugo), folder, name="Somebody else")
    sent = {"name": "Ada", "phone": "3", "role": "Owner", "was": before}
    answer = ugo.post(f"/contacts/{ada.pk}/", sent)
    assert answer.status_code == 422
    assert ANNA in answer.text
    assert "What stands here now: “2”." in answer.text
    assert "It is empty now." in answer.text
    assert ugo.post(f"/contacts/{ada.pk}/", {**sent, "was": was(answer.text)}).status_code == 302
    assert Contact.objects.get(pk=ada.pk).phone == "3"


def test_ones_own_comment_shows_what_one_wrote_elsewhere(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    comment = comments.write(ferri.actor(ferri.ugo), lead, "One")
    comments.edit(ferri.actor(ferri.ugo), comment, "Elsewhere <b>", None, was=0)
    url = f"/comments/{comment.pk}/"
    answer = ugo.post(url, {"text": "Mine", "was": "0"}, headers=HTMX)
    assert "You have changed this comment elsewhere meanwhile" in answer.text
    assert "Elsewhere &lt;b&gt;" in answer.text.partition("What stands here now:")[2]
    assert ">Mine</textarea>" in answer.text


def test_a_field_that_is_open_opens_no_comment(ferri: Cast, ugo: Client) -> None:
    lead = ferri.lead(ferri.ugo)
    comments.write(ferri.actor(ferri.ugo), lead, "Spoke to Mario")
    for field in ("amount", "description", "title"):
        page = ugo.get(f"/leads/{lead.pk}/?edit={field}").text
        assert page.count("data-in-place") == 1
        assert "comment-edit" not in page
        assert "Pin to the top" in page
