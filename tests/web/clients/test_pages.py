"""The screens of client folders."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.clients import moves
from custode.clients.models import ClientFolder, Contact
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.leads import moves as lead_moves
from tests.cast import Cast
from tests.fields.made import a_field

HTMX = {"HX-Request": "true"}


@pytest.fixture
def ugo(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    return come_in(ferri.ugo)


def folders(ferri: Cast, *names: str, owner: str = "ugo") -> list[ClientFolder]:
    """Folders of these names."""
    who = getattr(ferri, owner)
    return [moves.create(ferri.actor(who), name, owner=who) for name in names]


def test_a_folder_is_opened_filled_and_read(ferri: Cast, ugo: Client) -> None:
    sent = {"name": "Rossi", "owner": ferri.ugo.pk, "description": "Partita IVA: 0123\nOld client"}
    made = ugo.post("/clients/new/", sent, follow=True)
    folder = ClientFolder.objects.get()
    assert made.redirect_chain[-1][0] == f"/clients/{folder.pk}/"
    ugo.post(f"/clients/{folder.pk}/contacts/", {"name": "Ada", "phone": "02 555"})
    lead = ferri.lead(ferri.ugo, "Press", amount_minor=1_234_00)
    ugo.post(f"/leads/{lead.pk}/folder/", {"folder": folder.pk})
    page = ugo.get(f"/clients/{folder.pk}/").text
    for told in ("Rossi", "0123", "Old client", "Ada", "tel:02 555", "Press", "1,234"):
        assert told in page
    assert f'href="/clients/{folder.pk}/"' in ugo.get(f"/leads/{lead.pk}/").text
    assert "Press" in ugo.get(f"/leads/?folder={folder.pk}").text
    assert "Press" not in ugo.get(f"/leads/?folder={folder.pk + 1}").text


def test_mistakes_stay_in_the_form(ferri: Cast, ugo: Client) -> None:
    answer = ugo.post("/clients/new/", {"name": "", "description": "Kept"})
    assert answer.status_code == 422
    assert "A client folder needs a name." in answer.text
    assert "Kept" in answer.text
    (folder,) = folders(ferri, "Rossi")
    answer = ugo.post(f"/clients/{folder.pk}/contacts/", {"name": "Ada", "email": "no"})
    assert answer.status_code == 422
    assert "This is not an e-mail address." in answer.text
    assert 'value="Ada"' in answer.text


def test_a_clash_is_told_and_the_second_save_replaces(ferri: Cast, ugo: Client) -> None:
    (folder,) = folders(ferri, "Rossi")
    page = ugo.get(f"/clients/{folder.pk}/edit/").text
    was = page.split('name="was" value="')[1].split('"')[0]
    moves.edit(ferri.actor(ferri.anna), folder, description="By Anna")
    sent = {"name": "Rossi 2", "owner": ferri.ugo.pk, "was": was}
    clash = ugo.post(f"/clients/{folder.pk}/edit/", sent)
    assert clash.status_code == 422
    assert "has changed this while you were editing" in clash.text
    again = clash.text.split('name="was" value="')[1].split('"')[0]
    assert ugo.post(f"/clients/{folder.pk}/edit/", {**sent, "was": again}).status_code == 302
    folder.refresh_from_db()
    assert folder.name == "Rossi 2"


def test_the_list_shows_what_is_in_use_unless_asked(ferri: Cast, ugo: Client) -> None:
    old, _new = folders(ferri, "Old one", "New one")
    ugo.post(f"/clients/{old.pk}/use/", {"on": "0"})
    for query, names in {
        "": {"New one"}, "?state=deactivated": {"Old one"}, "?state=all": {"Old one", "New one"},
        "?q=one": {"New one"}, "?owner=me": {"New one"}, "?owner=none": set(),
        f"?owner={ferri.bruna.pk}": set(), "?state=all&sort=-updated": {"Old one", "New one"},
    }.items():  # fmt: skip
        page = ugo.get(f"/clients/{query}", headers=HTMX).text
        assert {name for name in ("Old one", "New one") if f'">{name}<' in page} == names, query


def test_a_filter_that_cannot_be_read_changes_nothing(ferri: Cast, ugo: Client) -> None:
    folders(ferri, "Rossi", "Bianchi")
    for query in ("owner=x", "state=gone", f"q={'x' * 201}"):
        assert "could not be read" in ugo.get(f"/clients/?{query}").text
        answer = ugo.post(f"/clients/bulk/?{query}", {"delete": "1", "all": "1", "confirmed": "2"})
        assert answer.status_code == 400
    assert ClientFolder.objects.count() == 2


def test_a_few_go_at_once_and_many_after_a_question(ferri: Cast, ugo: Client) -> None:
    ids = [folder.pk for folder in folders(ferri, *(f"F{n}" for n in range(14)))]
    ugo.post("/clients/bulk/", {"delete": "1", "ids": ids[:3]})
    assert ClientFolder.objects.count() == 11
    asked = ugo.post("/clients/bulk/", {"delete": "1", "all": "1"})
    assert "Delete 11 client folders?" in asked.text
    assert "Their leads stay" in asked.text
    assert ClientFolder.objects.count() == 11
    stale = ugo.post("/clients/bulk/", {"delete": "1", "all": "1", "confirmed": "12"})
    assert "the number has changed" in stale.text
    ugo.post("/clients/bulk/", {"delete": "1", "all": "1", "confirmed": "11"})
    assert not ClientFolder.objects.exists()


def test_those_of_others_stay(ferri: Cast, ugo: Client) -> None:
    mine = folders(ferri, "Mine")
    theirs = folders(ferri, "Theirs", owner="bruna")
    ids = [folder.pk for folder in (*mine, *theirs)]
    asked = ugo.post("/clients/bulk/", {"delete": "1", "ids": ids})
    assert "Delete 1 of these 2 client folders?" in asked.text
    asked = ugo.post("/clients/bulk/", {"owner": ferri.anna.pk, "ids": ids})
    assert "You may change 1 of these 2 client folders" in asked.text
    ugo.post("/clients/bulk/", {"owner": ferri.anna.pk, "ids": ids, "mine": "1"})
    assert [f.owner for f in ClientFolder.objects.order_by("pk")] == [ferri.anna, ferri.bruna]


def test_the_rule_is_shown_and_kept(ferri: Cast, ugo: Client) -> None:
    (folder,) = folders(ferri, "Rossi")
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "client_folder", True)
    page = ugo.get(f"/clients/{folder.pk}/").text
    assert "Only admins can delete client folders" in page
    assert ugo.post(f"/clients/{folder.pk}/delete/").status_code == 403
    assert ugo.post("/clients/bulk/", {"delete": "1", "ids": [folder.pk]}).status_code == 403
    assert ClientFolder.objects.count() == 1


def exported(answer: object) -> list[dict[str, str]]:
    """The rows of a file."""
    text = answer.getvalue().decode("utf-8-sig")  # type: ignore[attr-defined]  # a streamed answer
    return list(csv.DictReader(io.StringIO(text)))


def test_folders_leave_with_their_contacts(ferri: Cast, ugo: Client) -> None:
    rossi, _bianchi = folders(ferri, "Rossi", "=Bianchi")
    moves.add_contact(ferri.actor(ferri.ugo), rossi, name="Ada", phone="02 555")
    email = "bea@rossi.example"
    moves.add_contact(ferri.actor(ferri.ugo), rossi, name="Bea", email=email, phone="02 556")
    sent = {"kind": "client_folder", "all": "1", "format": "csv", "dialect": "comma"}
    assert "2 client folders" in ugo.post("/exports/start/", sent).text
    rows = exported(ugo.post("/exports/start/", {**sent, "go": "1"}))
    assert [(row["name"], row["contacts"]) for row in rows] == [
        ("'=Bianchi", ""), ("Rossi", f"Ada · 02 555\nBea · {email} · 02 556"),
    ]  # fmt: skip
    assert [row["contact_emails"] for row in rows] == ["", email]
    assert [row["contact_phones"] for row in rows] == ["", "02 555, 02 556"]
    some = exported(ugo.post("/exports/start/?q=ada", {**sent, "go": "1"}))
    assert [row["name"] for row in some] == ["Rossi"]
    told = LogEntry.objects.filter(verb="export", kind="client_folder", outcome="done")
    assert list(told.order_by("seq").values_list("count", flat=True)) == [2, 1]


def test_a_rule_keeps_folders_from_leaving(ferri: Cast, ugo: Client) -> None:
    ids = [folder.pk for folder in folders(ferri, "Rossi")]
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.EXPORT, "client_folder", True)
    for sent in ({"all": "1"}, {"ids": ids}, {"ids": ids, "go": "1", "format": "xlsx"}):
        answer = ugo.post("/exports/start/", {"kind": "client_folder", **sent})
        assert answer.status_code == 403
        assert "Only admins can export client folders" in answer.text
    assert not LogEntry.objects.filter(verb="export").exclude(outcome="refused").exists()


def test_a_filter_of_folders_that_cannot_be_read_exports_nothing(ferri: Cast, ugo: Client) -> None:
    folders(ferri, "Rossi")
    sent = {"kind": "client_folder", "all": "1", "format": "csv", "go": "1"}
    assert ugo.post("/exports/start/?owner=nobody", sent).status_code == 400
    assert ugo.post("/exports/start/?owner=nobody", {**sent, "comments": "1"}).status_code == 400
    assert not LogEntry.objects.filter(verb="export").exists()
    assert ugo.post("/exports/start/", {**sent, "comments": "1"}).status_code == 302


def test_a_lead_leaves_without_the_name_of_a_folder_in_the_trash(ferri: Cast, ugo: Client) -> None:
    (rossi,) = folders(ferri, "Rossi")
    lead_moves.edit(ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Press"), client_folder=rossi)
    sent = {"all": "1", "format": "csv", "dialect": "comma", "go": "1"}
    assert [row["client_folder"] for row in exported(ugo.post("/exports/start/", sent))] == [
        "Rossi"
    ]
    ugo.post(f"/clients/{rossi.pk}/delete/")
    assert [row["client_folder"] for row in exported(ugo.post("/exports/start/", sent))] == [""]


def test_a_folder_in_the_trash_is_no_ones_and_comes_back_from_there(
    ferri: Cast, ugo: Client
) -> None:
    (folder,) = folders(ferri, "Rossi")
    lead = ferri.lead(ferri.ugo, "Press")
    lead_moves.edit(ferri.actor(ferri.ugo), lead, client_folder=folder)
    ugo.post(f"/clients/{folder.pk}/delete/")
    assert ugo.get(f"/clients/{folder.pk}/").status_code == 404
    page = ugo.get(f"/leads/{lead.pk}/").text
    assert f'href="/clients/{folder.pk}/"' not in page
    assert "1 client folder" in ugo.get("/trash/").text
    entry = folder.__class__.with_trashed.get().trash_id
    ugo.post(f"/trash/{entry}/restore/")
    assert f'href="/clients/{folder.pk}/"' in ugo.get(f"/leads/{lead.pk}/").text


def test_what_is_written_runs_nowhere(ferri: Cast, ugo: Client) -> None:
    bad = "<script>alert(1)</script>"
    ugo.post("/clients/new/", {"name": bad, "owner": ferri.ugo.pk, "description": bad})
    folder = ClientFolder.objects.get()
    ugo.post(f"/clients/{folder.pk}/contacts/", {"name": bad, "role": bad, "phone": bad})
    for path in (f"/clients/{folder.pk}/", "/clients/", f"/clients/{folder.pk}/edit/"):
        assert bad not in ugo.get(path).text
    assert bad not in ugo.get(f"/contacts/{Contact.objects.get().pk}/").text


def test_queries_do_not_grow_with_folders_leads_and_contacts(ferri: Cast, ugo: Client) -> None:
    def fill(count: int) -> ClientFolder:
        anna = ferri.actor(ferri.anna)
        made = folders(ferri, *(f"Firm {n}" for n in range(count)), owner="bruna")
        for folder in made:
            moves.add_contact(anna, folder, name="Ada")
            lead = ferri.lead(ferri.ugo, "Deal", amount_minor=1)
            lead_moves.edit(anna, lead, client_folder=folder)
        for _n in range(count):
            lead_moves.edit(anna, ferri.lead(ferri.bruna, "Deal"), client_folder=made[0])
            moves.add_contact(anna, made[0], name="Ada")
            moves.edit(anna, made[0], owner=ferri.ugo)
            moves.edit(anna, made[0], owner=ferri.bruna)
        return made[0]

    def counted(first: ClientFolder) -> list[int]:
        found = []
        for path in ("/clients/", f"/clients/{first.pk}/"):
            ugo.get(path)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                assert ugo.get(path).status_code == 200
            found.append(len(asked))
        return found

    few = counted(fill(2))
    assert counted(fill(12)) == few


def test_a_folder_has_default_fields_of_its_own(ferri: Cast, ugo: Client) -> None:
    vat = a_field(ferri, "Partita IVA", kind="client_folder", key=True)
    ugo.post("/clients/new/", {"name": "First", "owner": ferri.ugo.pk, vat.asked: "01234567897"})
    first = ClientFolder.objects.get()
    assert first.field_values == {vat.key: "01234567897"}
    sent = {"name": "Second", "owner": ferri.ugo.pk, vat.asked: "IT01234567897"}
    answer = ugo.post("/clients/new/", sent)
    assert answer.status_code == 422
    assert "“First” has the same “Partita IVA”." in answer.content.decode()
    assert f'<a href="/clients/{first.pk}/" target="_blank">Open “First”</a>' in answer.text
    ugo.post("/clients/new/", {**sent, "same": "1"})
    second = ClientFolder.objects.exclude(pk=first.pk).get()
    page = ugo.get(f"/clients/{second.pk}/").content.decode()
    assert f'The same as <a href="/clients/{first.pk}/">' in page
    ugo.post(
        f"/clients/{second.pk}/edit/", {"name": "Second", "owner": ferri.ugo.pk, vat.asked: ""}
    )
    page = ugo.get(f"/clients/{second.pk}/").content.decode()
    assert "emptied “Partita IVA”, which was “IT01234567897”" in page
