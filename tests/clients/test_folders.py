"""Client folders: what is in them, what goes with them, and what stays."""

from __future__ import annotations

import pytest

from custode.clients import moves, queries
from custode.clients.models import ClientFolder, Contact
from custode.clients.queries import Wanted
from custode.guard import door, history
from custode.guard.models import Change
from custode.kernel.errors import Gone, Invalid, Refused
from custode.leads import deals
from custode.leads import moves as lead_moves
from custode.leads.models import Lead, Status
from tests.cast import Cast


@pytest.fixture
def rossi(ferri: Cast) -> ClientFolder:
    """Ugo's folder, with a contact."""
    folder = moves.create(ferri.actor(ferri.ugo), "Rossi S.r.l.", owner=ferri.ugo)
    moves.add_contact(ferri.actor(ferri.ugo), folder, name="Ada Neri", email="ada@rossi.example")
    return folder


def lines(folder: ClientFolder) -> list[tuple[str, str | None, str | None]]:
    """A folder's history, the first line first."""
    return list(history.of(folder).order_by("id").values_list("field", "old", "new"))


def test_a_won_lead_opens_a_folder_of_its_owner(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    folder = lead_moves.start_folder(ferri.actor(ferri.anna), lead, "  Rossi \n S.r.l. ")
    lead.refresh_from_db()
    assert (folder.name, folder.owner, lead.client_folder) == ("Rossi S.r.l.", ferri.ugo, folder)


def test_nobody_opens_a_folder_for_a_lead_that_is_not_theirs(ferri: Cast) -> None:
    lead = ferri.lead(ferri.ugo, "Press")
    with pytest.raises(Refused):
        lead_moves.start_folder(ferri.actor(ferri.bruna), lead, "Mine now")
    assert not ClientFolder.objects.exists()


def test_a_name_is_needed_and_has_an_end(ferri: Cast) -> None:
    for name in ("", " \n ", "x" * 201):
        with pytest.raises(Invalid) as no:
            moves.create(ferri.actor(ferri.ugo), name)
        assert no.value.field == "name"


def test_contacts_come_and_go_and_the_history_keeps_them(ferri: Cast, rossi: ClientFolder) -> None:
    ugo, ada = ferri.actor(ferri.ugo), Contact.objects.get()
    moves.change_contact(ugo, ada, was=ada.written, name="Ada Neri", role="Buyer")
    moves.remove_contact(ugo, ada)
    assert not Contact.objects.exists()
    assert lines(rossi) == [
        ("created", None, None),
        ("contact", None, "Ada Neri · ada@rossi.example"),
        (f"contact:{ada.pk}.role", "", "Buyer"),
        (f"contact:{ada.pk}.email", "ada@rossi.example", ""),
        ("contact", "Ada Neri · Buyer", None),
    ]


def test_two_who_correct_a_contact_at_once_lose_nothing(ferri: Cast, rossi: ClientFolder) -> None:
    ugo, ada = ferri.actor(ferri.ugo), Contact.objects.get()
    seen = ada.written
    moves.change_contact(ugo, ada, was=seen, name="Ada Neri", phone="02 555")
    with pytest.raises(Invalid, match="Somebody has changed this"):
        moves.change_contact(ugo, ada, was=seen, name="Ada Bianchi")
    assert Contact.objects.get().written == "Ada Neri · 02 555"


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 121}, "name"),
        ({"name": "Ada", "role": "x" * 121}, "role"),
        ({"name": "Ada", "email": "ada at rossi"}, "email"),
        ({"name": "Ada", "email": f"{'x' * 250}@rossi.example"}, "email"),
        ({"name": "Ada", "phone": "1" * 41}, "phone"),
    ],
)
def test_a_contact_that_does_not_fit_is_named(
    ferri: Cast, rossi: ClientFolder, values: dict[str, str], field: str
) -> None:
    with pytest.raises(Invalid) as no:
        moves.add_contact(ferri.actor(ferri.ugo), rossi, **values)
    assert no.value.field == field
    assert Contact.objects.count() == 1


def test_nobody_corrects_the_contacts_of_another(ferri: Cast, rossi: ClientFolder) -> None:
    bruna, ada = ferri.actor(ferri.bruna), Contact.objects.get()
    for attempt in (
        lambda: moves.add_contact(bruna, rossi, name="Mine"),
        lambda: moves.change_contact(bruna, ada, was=None, name="Gone"),
        lambda: moves.remove_contact(bruna, ada),
        lambda: moves.deactivate(bruna, rossi, True),
    ):
        with pytest.raises(Refused):
            attempt()
    assert Contact.objects.get().written == "Ada Neri · ada@rossi.example"


def test_a_folder_has_a_hundred_contacts_at_most(ferri: Cast, rossi: ClientFolder) -> None:
    Contact.objects.bulk_create(
        Contact(account_id=rossi.account_id, folder=rossi, name=f"N{n}") for n in range(99)
    )
    with pytest.raises(Invalid, match="at most 100"):
        moves.add_contact(ferri.actor(ferri.ugo), rossi, name="One more")


def test_nothing_new_goes_into_a_folder_that_is_deactivated(
    ferri: Cast, rossi: ClientFolder
) -> None:
    ugo, inside = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Before")
    lead_moves.edit(ugo, inside, client_folder=rossi)
    moves.deactivate(ugo, rossi, True)
    for put in (
        lambda: lead_moves.edit(ugo, ferri.lead(ferri.ugo, "After"), client_folder=rossi),
        lambda: lead_moves.create(ugo, title="New", owner=ferri.ugo, client_folder=rossi),
    ):
        with pytest.raises(Invalid, match="is deactivated"):
            put()
    lead_moves.edit(ugo, inside, title="It goes on")
    moves.deactivate(ugo, rossi, False)
    lead_moves.edit(ugo, ferri.lead(ferri.ugo, "Again"), client_folder=rossi)
    assert Lead.objects.filter(client_folder=rossi).count() == 2


def test_its_leads_stay_when_it_goes_and_are_in_it_when_it_comes_back(
    ferri: Cast, rossi: ClientFolder
) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Press")
    lead_moves.edit(ugo, lead, client_folder=rossi)
    act = door.delete(ugo, [rossi])
    assert act.along == {}
    assert Lead.objects.filter(pk=lead.pk).exists()
    assert not queries.visible(ugo).exists()
    lead_moves.edit(ugo, lead, title="It can be worked on")
    door.restore(ugo, act.entry or 0)
    lead.refresh_from_db()
    assert lead.client_folder == rossi
    assert Contact.objects.count() == 1


def test_a_purge_takes_its_contacts_and_leaves_its_leads(ferri: Cast, rossi: ClientFolder) -> None:
    ugo, lead = ferri.actor(ferri.ugo), ferri.lead(ferri.ugo, "Press")
    lead_moves.edit(ugo, lead, client_folder=rossi)
    act = door.delete(ugo, [rossi])
    door.purge(ferri.actor(ferri.anna), act.entry or 0, reason="asked by the client")
    lead.refresh_from_db()
    assert lead.client_folder_id is None
    assert not Contact.objects.exists()
    assert not Change.objects.filter(kind="client_folder").exists()


def test_a_contact_is_not_added_to_what_has_gone(ferri: Cast, rossi: ClientFolder) -> None:
    door.delete(ferri.actor(ferri.ugo), [rossi])
    with pytest.raises(Gone):
        moves.add_contact(ferri.actor(ferri.ugo), rossi, name="Late")
    with pytest.raises(Gone):
        moves.deactivate(ferri.actor(ferri.ugo), rossi, True)


def test_a_contact_is_not_changed_that_somebody_has_taken_out_at_the_same_moment(
    ferri: Cast, rossi: ClientFolder
) -> None:
    ugo, seen = ferri.actor(ferri.ugo), Contact.objects.get()
    moves.remove_contact(ferri.actor(ferri.anna), Contact.objects.get())
    before = lines(rossi)
    with pytest.raises(Gone, match="“Ada Neri” has been deleted"):
        moves.change_contact(ugo, seen, was=seen.written, name="Ada Bianchi")
    assert not Contact.objects.exists()
    assert lines(rossi) == before


def test_it_is_found_by_name_description_and_contacts_whatever_the_accents(
    ferri: Cast, rossi: ClientFolder
) -> None:
    ugo = ferri.actor(ferri.ugo)
    moves.create(ugo, "Perché S.p.A.", owner=ferri.ugo, description="Partita IVA: 01234")
    for words, names in {
        "perche": ["Perché S.p.A."],
        "PERCHÈ iva": ["Perché S.p.A."],
        "ada@rossi": ["Rossi S.r.l."],
        "neri s.r.l": ["Rossi S.r.l."],
        "s.": ["Perché S.p.A.", "Rossi S.r.l."],
        "neri iva": [],
    }.items():
        assert [f.name for f in queries.matching(ugo, Wanted(q=words))] == names
    moves.remove_contact(ugo, Contact.objects.get())
    assert not queries.matching(ugo, Wanted(q="neri")).exists()


def test_its_deals_are_counted_and_summed_as_one_sees_them(
    ferri: Cast, rossi: ClientFolder
) -> None:
    anna = ferri.actor(ferri.anna)
    for status, amount, currency in (
        (Status.TODO, 100_00, "EUR"), (Status.TODO, 50_00, "EUR"), (Status.WON, 700_00, "EUR"),
        (Status.WON, 30_00, "USD"), (Status.LOST, 9_00, "EUR"), (Status.TODO, None, "EUR"),
    ):  # fmt: skip
        lead = ferri.lead(ferri.ugo, "Deal", amount_minor=amount, currency=currency)
        lead_moves.edit(anna, lead, client_folder=rossi, status=status)
    found = deals.of_folders(anna, [rossi.pk])[rossi.pk]
    assert (found.count, found.still_open, found.won_count) == (6, 3, 2)
    assert (found.open, found.won) == ({"EUR": 150_00}, {"EUR": 700_00, "USD": 30_00})
