"""Programs that write in one list at the same moment: nothing of anybody's is lost."""

from __future__ import annotations

from functools import partial

import pytest

from custode.guard.models import Change, LogEntry
from custode.leads.models import Lead
from custode.prospecting.models import Prospect
from tests.api.calling import Caller, key_for
from tests.cast import Cast
from tests.guard.test_at_once import at_once
from tests.prospecting.sheets import a_list, row_of, texts

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS = 4


@pytest.fixture
def two(transactional_db: None, ferri: Cast) -> tuple[Caller, Caller]:
    """Two applications of Ferri's."""
    one, other = (
        Caller(key=key_for(ferri.ferri.account, "read", "write", "delete", name=name))
        for name in ("Zapp", "Sync")
    )
    return one, other


def test_two_programs_that_write_in_different_cells_of_a_row_both_stand(ferri, two):
    one = a_list(ferri.actor(ferri.ugo))
    path = f"/spreadsheets/{one.pk}/rows/{row_of(one, 'Rossi S.r.l.').pk}/update_fields"
    for n in range(ROUNDS):
        city, email = f"City {n}", f"a{n}@rossi.example"
        answers = at_once(
            ferri,
            partial(two[0].put, path, {"fields": {"City": city}}),
            partial(two[1].put, path, {"fields": {"E-mail": email}}),
        )
        assert [answer.status for answer in answers] == [200, 200]
        assert texts(one)[0] == ["Rossi S.r.l.", city, email]


def test_of_two_in_the_same_cell_the_history_keeps_both(ferri, two):
    one = a_list(ferri.actor(ferri.ugo))
    row = row_of(one, "Rossi S.r.l.")
    path = f"/spreadsheets/{one.pk}/rows/{row.pk}"
    answers = at_once(
        ferri,
        partial(two[0].put, path, ["Rossi S.r.l.", "Roma"]),
        partial(two[1].put, path, ["Rossi S.r.l.", "Bari"]),
    )
    assert [answer.status for answer in answers] == [200, 200]
    lines = Change.objects.filter(object_id=row.pk, old__in=["Torino", "Roma", "Bari"])
    (first_old, first), (second_old, second) = lines.order_by("pk").values_list("old", "new")
    assert {first, second} == {"Roma", "Bari"}
    assert (first_old, second_old, texts(one)[0][1]) == ("Torino", first, second)


def test_rows_that_two_add_at_once_all_come_in_each_at_a_place_of_its_own(ferri, two):
    one = a_list(ferri.actor(ferri.ugo), rows=())
    path = f"/spreadsheets/{one.pk}/rows"
    few, many = [[f"A {n}"] for n in range(10)], [[f"B {n}"] for n in range(40)]
    for _round in range(ROUNDS):
        answers = at_once(
            ferri,
            partial(two[0].post, path, {"content": few}),
            partial(two[1].post, path, {"content": many}),
        )
        assert [answer.status for answer in answers] == [201, 201]
    places = list(Prospect.objects.filter(in_list=one).values_list("place", flat=True))
    assert len(places) == len(set(places)) == 50 * ROUNDS
    assert LogEntry.objects.filter(verb="change", kind="prospect").count() == ROUNDS


def test_of_two_that_turn_a_row_into_a_lead_at_once_one_does(ferri, two):
    one = a_list(ferri.actor(ferri.ugo))
    path = f"/spreadsheets/{one.pk}/rows/{row_of(one, 'Rossi S.r.l.').pk}/create_lead"
    answers = at_once(ferri, *(partial(program.post, path) for program in two))
    assert sorted(answer.status for answer in answers) == [201, 409]
    assert Lead.objects.count() == 1


def test_who_writes_in_a_row_that_is_deleted_at_the_same_moment_is_told(ferri, two):
    one = a_list(ferri.actor(ferri.ugo))
    row = row_of(one, "Rossi S.r.l.")
    path = f"/spreadsheets/{one.pk}/rows/{row.pk}"
    written, deleted = at_once(
        ferri, partial(two[0].put, path, ["Rossi", "Roma"]), partial(two[1].delete, path)
    )
    assert deleted.status == 200
    assert written.status in {200, 404}
    city = [*Prospect.with_trashed.get(pk=row.pk).cells.values()][1]
    assert (city == "Roma") or written.status == 404
