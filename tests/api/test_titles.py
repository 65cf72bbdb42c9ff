"""Titles that programs give: one line with single blanks, by whichever call they come."""

from __future__ import annotations

from custode.kernel import scope
from custode.leads import moves
from custode.leads.models import Lead
from tests.api.conftest import Calling

GIVEN = " Scanner\n for  the\tfair "
KEPT = "Scanner for the fair"


def test_a_new_title_and_a_changed_one_are_read_alike_so_that_twins_are_found(app: Calling, people):
    key = app()
    first = key.post("/leads", {"title": GIVEN}).json
    other = key.post("/leads", {"title": "Other"}).json
    second = key.put(f"/leads/{other['id']}", {"title": GIVEN}).json
    assert (first["title"], second["title"]) == (KEPT, KEPT)
    found = key.get(f"/leads/{first['id']}/duplicates").json
    assert [one["id"] for one in found] == [second["id"]]


def test_every_move_reads_a_title_so(people):
    with scope.account(people.ferri.account.pk):
        actor = people.actor(people.ugo)
        lead = moves.create(actor, title=GIVEN, owner=people.ugo)
        assert lead.title == KEPT
        moves.edit(actor, lead, title=f"{GIVEN}\x00x")
        assert Lead.objects.get(pk=lead.pk).title == f"{KEPT} x"


def test_blanks_that_are_left_out_make_no_title_too_long(app: Calling):
    half = "x" * 100
    assert app().post("/leads", {"title": f"{half} \n{half[1:]}"}).status == 201
