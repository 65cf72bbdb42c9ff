"""Emptying one by one through the API is deleting too, in each place that sets several things."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.clients import moves as folder_moves
from custode.clients.models import ClientFolder
from custode.guard import door, rewriting
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads.models import Lead
from custode.leads.queries import today
from custode.prospecting import moves as list_moves
from custode.prospecting.models import ProspectingList
from tests.api.calling import Answer, Caller
from tests.cast import Cast
from tests.guard.emptied import LONG

Road = tuple[str, Callable[[Caller, int], Answer], Callable[[], list[str]]]


def of_leads(cast: Cast) -> Road:
    made = [cast.lead(cast.ugo, f"Lead number {n}", description=LONG).pk for n in range(12)]

    def empty(key: Caller, n: int) -> Answer:
        return key.put(f"/leads/{made[n]}", {"description": "", "tags": ["cold"]})

    return "lead", empty, lambda: told(Lead, made)


def of_folders(cast: Cast) -> Road:
    ugo = cast.actor(cast.ugo)
    made = [
        folder_moves.create(ugo, f"Folder number {n}", owner=cast.ugo, description=LONG).pk
        for n in range(12)
    ]

    def empty(key: Caller, n: int) -> Answer:
        return key.put(f"/clients/{made[n]}", {"description": "", "is_active": False})

    return "client_folder", empty, lambda: told(ClientFolder, made)


def of_lists(cast: Cast) -> Road:
    ugo = cast.actor(cast.ugo)
    made = [
        list_moves.create(ugo, f"List number {n}", ["Name"], description=LONG).pk for n in range(12)
    ]

    def empty(key: Caller, n: int) -> Answer:
        return key.put(f"/spreadsheets/{made[n]}", {"description": "", "privacy": "shared"})

    return "prospecting_list", empty, lambda: told(ProspectingList, made)


def told(model: type[Lead | ClientFolder | ProspectingList], ids: list[int]) -> list[str]:
    """The descriptions of some, in order."""
    rows = model.objects.in_bulk(ids)
    return [rows[pk].description for pk in ids]


@pytest.fixture(params=[of_leads, of_folders, of_lists])
def road(request, people) -> Road:
    """A way of emptying by the API, in an account that is in scope."""
    with scope.account(people.ferri.account.pk):
        made: Road = request.param(people)
    return made


def test_more_than_ten_emptied_by_a_program_are_one_act(program, people, road):
    kind, empty, said = road
    key = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        for n in range(12):
            assert empty(key, n).status == 200
        assert said() == [""] * 12
        acts = LogEntry.objects.filter(verb="change", details__contains='"way":"emptied"')
        assert [(one.kind, one.actor_kind, one.outcome) for one in acts] == [(kind, "user", "done")]


def test_where_only_admins_delete_the_eleventh_is_refused_and_that_is_in_the_log(
    program, people, road
):
    kind, empty, said = road
    key = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, kind, True)
        for n in range(10):
            assert empty(key, n).status == 200
        answer = empty(key, 10)
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert said() == [*[""] * 10, LONG, LONG]
        refused = LogEntry.objects.filter(verb="delete", outcome="refused")
        assert [(one.kind, one.actor_kind) for one in refused] == [(kind, "user")]


@pytest.mark.parametrize("field", ["remind_date", "estimated_closing_date", "probability"])
def test_reminders_closing_dates_and_probabilities_are_no_way_round(program, people, field):
    key = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
        day = today() + timedelta(days=9)
        had = {"remind_date": day, "estimated_closing_date": day, "probability": 60}
        made = [people.lead(people.ugo, f"Lead {n}", **had).pk for n in range(12)]
        for pk in made[:10]:
            assert key.put(f"/leads/{pk}", {field: None}).status == 200
        answer = key.put(f"/leads/{made[10]}", {field: None})
        assert (answer.status, answer.kind) == (403, "refused_by_rule")
        assert Lead.objects.filter(**{field: had[field]}).count() == 2
        # What went before is told, and comes back.
        (act,) = LogEntry.objects.filter(verb="change", details__contains='"way":"emptied"')
        door.undo(people.actor(people.anna), act.seq)
        assert Lead.objects.filter(**{field: had[field]}).count() == 12
        # To lose them is no emptying, though it takes the reminder off.
        for pk in made:
            assert key.put(f"/leads/{pk}", {"status": "lost"}).status == 200


def test_a_key_that_may_not_delete_empties_few_fields_by_an_undo_and_not_many(app, people):
    leads = [people.lead(people.ugo, f"Lead {n}", description="n/a").pk for n in range(12)]
    key = app("read", "write")
    for pk in leads:
        assert key.put(f"/leads/{pk}", {"description": LONG}).status == 200
    with scope.account(people.ferri.account.pk):
        rewriting.gather_left(Actor.system(people.ferri.account.pk, "x"), rests=timedelta(0))
        act = LogEntry.objects.get(verb="change")
        assert (act.actor_kind, act.count) == ("key", 12)
    address = f"/sensitive_actions/{act.seq}/undo"
    answer = key.post(address)
    assert (answer.status, answer.kind) == (403, "missing_scope")
    few = key.post(address, {"ids": [str(pk) for pk in leads[:10]]})
    assert (few.status, few.json["count"]) == (200, 10)
    assert key.post(address).kind == "missing_scope"
    with scope.account(people.ferri.account.pk):
        assert told(Lead, leads) == ["n/a"] * 10 + [LONG] * 2
