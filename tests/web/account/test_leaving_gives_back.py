"""“Ugo leaves”: what he emptied field by field stands there too, and all of it is given back."""

from __future__ import annotations

import re

from custode.clients import moves as folders
from custode.clients.models import Contact
from custode.kernel import scope
from custode.leads.models import Lead
from custode.prospecting.models import ProspectingList
from tests.prospecting.sheets import a_list

SAID = "Wants a press for tiles by the end of May, and has seen the one of Bianchi."


def test_a_script_empties_everything_and_the_page_gives_it_back(people, come_in):
    ugo, client = people.actor(people.ugo), come_in(people.ugo)
    with scope.account(people.ferri.account.pk):
        leads = [people.lead(people.ugo, f"Press {n}", description=SAID) for n in range(30)]
        one = a_list(ugo, "Fair in Bologna")
        folder = folders.create(ugo, "Neri S.p.A.")
        ada = folders.add_contact(
            ugo, folder, name="Ada Neri", email="ada@neri.example", phone="+39 011 5551"
        )
    for lead in leads:
        answer = client.post(f"/leads/{lead.pk}/field/description/", {"description": ""})
        assert answer.status_code < 400
    client.post(f"/contacts/{ada.pk}/", {"name": ".", "role": "", "email": "", "phone": ""})
    client.post(f"/prospecting/{one.pk}/settings/", {"title": ".", "description": "", "tags": ""})
    with scope.account(people.ferri.account.pk):
        assert not Lead.objects.filter(description=SAID).exists()
        assert Contact.objects.get().parts["phone"] == ""
        assert ProspectingList.objects.get().title == "."
    anna, page = come_in(people.anna), f"/admin-panel/users/{people.ugo.pk}/leaves/"
    told = anna.get(page).content.decode()
    assert "emptied many fields one after another" in told
    ids = re.findall(r'name="ids" value="(\d+)"', told)
    anna.post(page, {"ids": ids, "heir": "stay"})
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.filter(description=SAID).count() == 30
        assert Contact.objects.get().written == "Ada Neri · ada@neri.example · +39 011 5551"
        assert ProspectingList.objects.get().title == "Fair in Bologna"
