"""“Ugo leaves”: what he did lately stands there, and what is chosen of it is undone."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Gone, Refused
from custode.leads import moves
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.cast import Cast
from tests.guard.emptied import road_of
from tests.prospecting.sheets import a_list
from tests.signin.posting import again


def page_of(user):
    return f"/admin-panel/users/{user.pk}/leaves/"


def text(answer):
    return answer.content.decode()


def ticks(answer):
    """The acts that can be ticked on the page."""
    return {int(n) for n in re.findall(r'name="ids" value="(\d+)"', text(answer))}


@pytest.fixture
def rampage(people):
    """Ugo exports, deletes two leads, gives one to Bruna, empties a list, and tries one more."""
    ugo = people.actor(people.ugo)
    with scope.account(people.ferri.account.pk):
        leads = [people.lead(people.ugo, f"Scanner {n}") for n in range(4)]
        prospects = a_list(ugo)
        list(door.export(ugo, Lead.objects.all(), format="csv").rows())
        acts = {
            "deleted": door.delete(ugo, leads[:2]).seq,
            "given": door.change(ugo, leads[2:3], "owner", people.bruna).seq,
            "emptied": door.delete(ugo, Prospect.objects.filter(in_list=prospects)).seq,
        }
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
        with pytest.raises(Refused):
            door.delete(ugo, leads[3:])
    return acts


def living(people: Cast) -> tuple[list[tuple[str, str]], int]:
    """The leads that live, each with whose it is, and how many prospects there are."""
    with scope.account(people.ferri.account.pk):
        leads = Lead.objects.select_related("owner").order_by("title")
        return [(one.title, str(one.owner)) for one in leads], Prospect.objects.count()


WHOLE = ([(f"Scanner {n}", "Ugo Conti") for n in range(4)], 3)
AFTER = ([("Scanner 2", "Bruna Sala"), ("Scanner 3", "Ugo Conti")], 0)


def test_the_page_tells_what_they_did_and_what_was_refused(people, come_in, rampage):
    answer = come_in(people.anna).get(page_of(people.ugo))
    page = text(answer).replace("<b>", "").replace("</b>", "")
    for sentence in (
        "Ugo Conti exported 4 leads as CSV.",
        "Ugo Conti deleted 2 leads.",
        "Ugo Conti assigned 1 lead to Bruna Sala at once.",
        "Ugo Conti deleted 3 prospects.",
        "Ugo Conti was not allowed to delete 1 lead.",
    ):
        assert sentence in page
    assert "Anna Ferri switched on" not in page
    assert ticks(answer) == set(rampage.values())
    sums = {one.words: (one.times, one.objects) for one in answer.context["lately"].sums}
    assert sums == {
        "Exporting": (1, 4), "Deleting": (2, 5), "Changing many at once": (1, 1), "Refused": (1, 0),
    }  # fmt: skip


def test_what_is_older_than_thirty_days_is_not_there(people, come_in):
    ugo, leads = people.actor(people.ugo), [people.lead(people.ugo) for _ in range(2)]
    for lead, days in zip(leads, (32, 29), strict=True):
        with clock.at(clock.now() - timedelta(days=days)):
            seq = door.delete(ugo, [lead]).seq
    assert ticks(come_in(people.anna).get(page_of(people.ugo))) == {seq}


def test_all_at_once_is_undone_and_the_contents_are_as_before(people, come_in, rampage):
    his = come_in(people.ugo)
    client = come_in(people.anna)
    assert living(people) == AFTER
    answer = client.post(page_of(people.ugo), {"ids": list(rampage.values()), "heir": "stay"})
    page = text(client.get(answer.url)).replace("<b>", "").replace("</b>", "")
    assert living(people) == WHOLE
    assert not again(people.ugo).is_active
    assert his.get("/leads/").status_code == 302
    assert "What has been done" in page
    assert "Anna Ferri disabled Ugo Conti and signed them out everywhere." in page
    assert "Anna Ferri undid" in page
    assert page.count("Undone since") == 3
    assert ticks(client.get(page_of(people.ugo))) == set()
    with scope.account(people.ferri.account.pk):
        undone = LogEntry.objects.filter(verb="undo").order_by("seq")
        assert [one.about for one in undone] == sorted(rampage.values(), reverse=True)
        assert {one.actor_id for one in undone} == {people.anna.pk}


def test_only_what_is_ticked_is_undone(people, come_in, rampage):
    come_in(people.anna).post(page_of(people.ugo), {"ids": [rampage["deleted"]]})
    leads, prospects = living(people)
    assert ("Scanner 2", "Bruna Sala") in leads
    assert (len(leads), prospects) == (4, 0)


def test_what_comes_back_goes_to_the_heir_too(people, come_in, rampage):
    sent = {"ids": list(rampage.values()), "heir": str(people.bruna.pk)}
    answer = come_in(people.anna).post(page_of(people.ugo), sent, follow=True)
    assert "4 leads: owner is Bruna Sala now." in text(answer)
    assert {owner for _title, owner in living(people)[0]} == {"Bruna Sala"}


def test_one_that_cannot_be_undone_holds_up_no_other(people, come_in, rampage):
    with scope.account(people.ferri.account.pk):
        door.change(
            people.actor(people.anna), Lead.objects.filter(title="Scanner 2"), "owner", None
        )
    sent = {"ids": list(rampage.values())}
    answer = come_in(people.anna).post(page_of(people.ugo), sent, follow=True)
    assert f"Entry {rampage['given']} was not undone. Nothing of this act is left" in text(answer)
    leads, prospects = living(people)
    assert (len(leads), prospects) == (4, 3)


def test_cut_off_half_way_the_page_is_sent_again(people, come_in, rampage, monkeypatch):
    real = door.undo

    def broken(actor, seq):
        if seq == rampage["given"]:
            raise RuntimeError("the machine went out")
        return real(actor, seq)

    client = come_in(people.anna)
    sent = {"ids": list(rampage.values()), "heir": str(people.bruna.pk)}
    with monkeypatch.context() as patched:
        patched.setattr(door, "undo", broken)
        with pytest.raises(RuntimeError):
            client.post(page_of(people.ugo), sent)
    assert not again(people.ugo).is_active
    answer = client.get(page_of(people.ugo))
    assert "Ugo Conti has left" in text(answer)
    assert ticks(answer) == {rampage["given"], rampage["deleted"]}
    left = {"ids": sorted(ticks(answer)), "heir": str(people.bruna.pk)}
    client.post(page_of(people.ugo), left)
    assert living(people) == ([(f"Scanner {n}", "Bruna Sala") for n in range(4)], 3)


@pytest.mark.parametrize("forged", ["x", "0", "999999", "annas", "refused"])
def test_only_acts_of_theirs_are_undone(people, come_in, rampage, forged):
    with scope.account(people.ferri.account.pk):
        annas = door.delete(people.actor(people.anna), [people.lead(None, "Anna's")]).seq
        refused = LogEntry.objects.get(outcome="refused").seq
    told = {"annas": annas, "refused": refused}.get(forged, forged)
    sent = {"ids": [rampage["deleted"], told], "heir": str(people.bruna.pk)}
    answer = come_in(people.anna).post(page_of(people.ugo), sent)
    assert answer.status_code == 422
    assert "Choose from the list what is to be undone." in text(answer)
    assert living(people) == AFTER
    assert again(people.ugo).is_active


def test_where_there_is_no_log_the_page_shows_none_and_undoes_none(people, come_in, rampage):
    account_moves.set_edition(people.actor(people.anna), "sales_essentials")
    client = come_in(people.anna)
    answer = client.get(page_of(people.ugo))
    assert "part of the Dream Team edition" in text(answer)
    assert ticks(answer) == set()
    assert "Scanner" not in text(answer)
    assert client.post(page_of(people.ugo), {"ids": [rampage["deleted"]]}).status_code == 422
    assert client.post(page_of(people.ugo), {"heir": "none"}).status_code == 302
    assert not again(people.ugo).is_active
    assert "disabled" in text(client.get(page_of(people.ugo) + "?after=0&until=999999"))


def test_nobody_else_reads_the_page(people, come_in, rampage):
    assert come_in(people.bruna).get(page_of(people.ugo)).status_code == 403
    assert come_in(people.carla).get(page_of(people.ugo)).status_code == 404


def test_what_somebody_else_did_is_not_told_as_done_just_now(people, come_in, rampage):
    page = text(come_in(people.anna).get(page_of(people.bruna) + "?after=0&until=999999"))
    assert "Ugo Conti" not in page.partition("What they did")[0]


def test_the_number_of_queries_does_not_grow_with_the_acts(people, come_in):
    client = come_in(people.anna)
    ugo = people.actor(people.ugo)

    def counted():
        with CaptureQueriesContext(connection) as seen:
            client.get(page_of(people.ugo))
        return len(seen)

    door.delete(ugo, [people.lead(people.ugo)])
    few = counted()
    for n in range(12):
        door.delete(ugo, [people.lead(people.ugo, f"Lead {n}")])
    assert counted() == few


def test_undoing_twice_is_told(people, come_in, rampage):
    with scope.account(people.ferri.account.pk):
        door.undo(people.actor(people.anna), rampage["deleted"])
        with pytest.raises(Gone):
            door.undo(people.actor(people.anna), rampage["deleted"])
    sent = {"ids": [rampage["deleted"]]}
    answer = come_in(people.anna).post(page_of(people.ugo), sent, follow=True)
    assert f"Entry {rampage['deleted']} was not undone" in text(answer)


def test_what_was_emptied_one_by_one_counts_with_what_came_after(people, come_in):
    with scope.account(people.ferri.account.pk):
        road = road_of("lead descriptions", people, people.actor(people.ugo))
        for n in range(12):
            road.empty(n, "")
        assert LogEntry.objects.get(verb=Verb.CHANGE).count == 11
    page = text(come_in(people.anna).get(page_of(people.ugo)))
    assert re.search(r"Changing many at once: 1 <span[^>]*>\(12 objects\)", page)


def test_what_they_wrote_over_just_now_is_on_the_page(people, come_in):
    with scope.account(people.ferri.account.pk):
        for n in range(11):
            lead = people.lead(people.ugo, f"Pallet scanner {n}")
            moves.edit(people.actor(people.ugo), lead, title="Qwrt plk mnb vcx.")
    page = come_in(people.anna).get(f"/admin-panel/users/{people.ugo.pk}/leaves/")
    assert "wrote over" in text(page)
    with scope.account(people.ferri.account.pk):
        assert LogEntry.objects.get(details__contains="written_over").count == 11
