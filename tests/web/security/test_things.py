"""One object's story: who exported, changed or deleted it, at an address that can be shared."""

from __future__ import annotations

import pytest
from django.test import Client

from custode.accounts import moves as account_moves
from custode.clients import moves as folder_moves
from custode.exchange import exporting
from custode.exchange.orders import Order
from custode.guard import door
from custode.kernel import scope
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.prospecting.sheets import a_list, row_of
from tests.web.security.telling import PAGE, told


def story(client: Client, thing: str, more: str = "") -> list[str]:
    """What the log tells of an object."""
    return [sentence for sentence, _colour in told(client.get(f"{PAGE}?object={thing}{more}"))]


def test_a_leads_story_is_its_own(people, come_in):
    ugo, anna = people.actor(people.ugo), people.actor(people.anna)
    leads = [people.lead(people.ugo, f"Scanner {n}") for n in range(12)]
    other = people.lead(people.ugo, "Another")
    with scope.account(people.ferri.account.pk):
        door.change(anna, [*leads, other], "owner", people.bruna)
        deleted = door.delete(anna, leads).seq
        door.undo(anna, deleted)
        door.delete(anna, [other])
        list(door.export(ugo, Lead.objects.all(), format="csv").rows())
        list(door.export(anna, Lead.objects.filter(pk=leads[0].pk), format="csv").rows())
    client = come_in(people.anna)
    shared = [
        "Ugo Conti exported 12 leads as CSV.",
        f"Anna Ferri undid their own deletion of 12 leads (no. {deleted}).",
        "Anna Ferri deleted 12 leads.",
        "Anna Ferri assigned 13 leads to Bruna Sala at once.",
    ]
    assert story(client, f"lead:{leads[0].pk}") == ["Anna Ferri exported 1 lead as CSV.", *shared]
    assert story(client, f"lead:{leads[1].pk}") == shared
    assert story(client, f"lead:{other.pk}") == [
        "Anna Ferri deleted 1 lead.", "Anna Ferri assigned 13 leads to Bruna Sala at once.",
    ]  # fmt: skip
    assert story(client, f"lead:{leads[1].pk}", "&verb=delete") == ["Anna Ferri deleted 12 leads."]


def test_what_was_deleted_for_ever_has_its_story_still(people, come_in):
    anna = people.actor(people.anna)
    lead = people.lead(people.ugo, "Secret deal")
    act = door.delete(anna, [lead])
    assert act.entry is not None
    door.purge(anna, act.entry, reason="Asked for by the client")
    answer = come_in(people.anna).get(f"{PAGE}?object=lead:{lead.pk}")
    assert [sentence for sentence, _ in told(answer)] == [
        "Anna Ferri deleted 1 lead for ever.", "Anna Ferri deleted 1 lead.",
    ]  # fmt: skip
    assert f"lead number {lead.pk}, which is not here any more" in answer.content.decode()


def test_a_download_is_told_with_its_export(people, come_in):
    lead = people.lead(people.ugo)
    with scope.account(people.ferri.account.pk):
        leaving = door.export(people.actor(people.ugo), Lead.objects.all(), format="xlsx")
        list(leaving.rows())
        door.authorize_download(people.actor(people.ugo), leaving.seq, "lead", 1)
    assert story(come_in(people.anna), f"lead:{lead.pk}") == [
        "Ugo Conti downloaded the exported file (XLSX) with 1 lead.",
        "Ugo Conti exported 1 lead as XLSX.",
    ]


def test_a_list_left_when_its_rows_did_and_a_row_went_when_its_list_did(people, come_in):
    ugo = people.actor(people.ugo)
    with scope.account(people.ferri.account.pk):
        one, other = a_list(ugo), a_list(ugo, "Another")
        row = row_of(one, "Verdi 2000")
        order = Order(format="csv", kind="prospect", query=f"list={one.pk}")
        body = exporting.stream(people.ugo, ugo, order)
        assert body is not None
        list(body)
        body.close()
        door.delete(ugo, Prospect.objects.filter(pk=row_of(one, "Rossi S.r.l.").pk))
        door.delete(ugo, [one])
    client = come_in(people.anna)
    gone, left = "Ugo Conti deleted 1 prospecting list.", "Ugo Conti exported 3 prospects as CSV."
    assert gone in story(client, f"prospecting_list:{one.pk}")
    assert left in story(client, f"prospecting_list:{one.pk}")
    assert story(client, f"prospect:{row.pk}") == [gone, left]
    assert story(client, f"prospecting_list:{other.pk}") == []


@pytest.mark.parametrize(
    "thing", ["", "lead", "lead:", "lead:x", "lead:0", "lead:-1", "nothing:1", f"lead:{'9' * 30}"]
)
def test_what_names_no_object_asks_for_none(people, come_in, thing):
    door.delete(people.actor(people.anna), [people.lead(people.ugo)])
    assert len(story(come_in(people.anna), thing)) > 0


def test_the_filter_stays_and_can_be_taken_away(people, come_in):
    lead = people.lead(people.ugo, "Scanner")
    page = come_in(people.anna).get(f"{PAGE}?object=lead:{lead.pk}").content.decode()
    assert "Done to lead “Scanner”" in page
    assert f'name="object" value="lead:{lead.pk}"' in page
    assert f'href="/leads/{lead.pk}/"' in page
    assert "No action matches" in page


def test_another_accounts_object_has_no_name_and_no_story(people, come_in):
    lead = people.lead(people.ugo, "Secret of Ferri")
    door.delete(people.actor(people.ugo), [lead])
    account_moves.set_edition(people.actor(people.carla), "dream_team")
    page = come_in(people.carla).get(f"{PAGE}?object=lead:{lead.pk}").content.decode()
    assert "Secret" not in page
    assert "Ugo" not in page


def links(cast: Cast) -> dict[str, str]:
    """Page of an object -> the address of its story."""
    ugo = cast.actor(cast.ugo)
    with scope.account(cast.ferri.account.pk):
        lead, prospects = cast.lead(cast.ugo), a_list(ugo)
        folder, row = (
            folder_moves.create(ugo, "Rossi", owner=cast.ugo),
            row_of(prospects, "Verdi 2000"),
        )
    return {
        f"/leads/{lead.pk}/": f"{PAGE}?object=lead:{lead.pk}",
        f"/clients/{folder.pk}/": f"{PAGE}?object=client_folder:{folder.pk}",
        f"/prospecting/{prospects.pk}/settings/": f"{PAGE}?object=prospecting_list:{prospects.pk}",
        f"/prospects/{row.pk}/": f"{PAGE}?object=prospect:{row.pk}",
    }


def test_admins_get_there_from_the_objects_page_and_others_do_not(people, come_in):
    found = links(people)
    anna, ugo = come_in(people.anna), come_in(people.ugo)
    for page, address in found.items():
        assert f'href="{address}"' in anna.get(page).content.decode(), page
        assert "object=" not in ugo.get(page).content.decode(), page
        assert anna.get(address).status_code == 200
        assert ugo.get(address).status_code == 403
    account_moves.set_edition(people.actor(people.anna), "sales_essentials")
    for page in found:
        assert "object=" not in anna.get(page).content.decode(), page
