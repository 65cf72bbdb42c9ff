"""What an application empties in users' names adds up; each entry is in the name it was done in."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, emptying, unfinished_emptying
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, LogPerson
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.leads import moves
from custode.leads.models import Lead
from tests.api.calling import Caller
from tests.api.test_as_somebody import Calling, acting_as, alerts_of, numbers, seqs, some
from tests.cast import Cast


def empty(caller: Caller, leads: list[Lead]) -> list[int]:
    """Have the descriptions of leads emptied, one by one; gives what was answered."""
    return [caller.put(f"/leads/{lead.pk}", {"description": ""}).status for lead in leads]


def acts(people: Cast, way: str = "emptied") -> list[LogEntry]:
    """The acts into which edits were gathered, in order."""
    with scope.account(people.ferri.account.pk):
        rows = LogEntry.objects.filter(verb="change", outcome="done", details__contains=way)
        return list(rows.order_by("seq"))


def name_of(people: Cast, entry: LogEntry) -> str:
    """What an entry's personal data say."""
    with scope.account(people.ferri.account.pk):
        return LogPerson.objects.get(seq=entry.seq).data


def test_emptying_adds_up_over_all_the_names_in_which_an_application_does_it(
    app: Calling, people: Cast
) -> None:
    key = app(name="Phones")
    of_ugo, of_bruna = some(people, people.ugo, 6), some(people, people.bruna, 6)
    before = [lead.description for lead in of_ugo + of_bruna]
    assert set(empty(acting_as(key, people.ugo), of_ugo)) == {200}
    assert acts(people) == []
    assert set(empty(acting_as(key, people.bruna), of_bruna)) == {200}
    # Each entry is in the name in which it was done.
    named = [(one.actor_kind, one.actor_id) for one in acts(people)]
    assert named == [("user", people.ugo.pk), ("user", people.bruna.pk)]
    told = [name_of(people, one) for one in acts(people)]
    assert "Ugo Conti" in told[0]
    assert "Phones" in told[0]
    assert "Bruna" in told[1]
    (phones,) = numbers(people)
    assert ("emptied", "key", phones) in alerts_of(people)
    with scope.account(people.ferri.account.pk):
        for one in acts(people):
            door.undo(people.actor(people.anna), one.seq)
        ids = [lead.pk for lead in of_ugo + of_bruna]
        now = dict(Lead.objects.filter(pk__in=ids).values_list("pk", "description"))
    assert [now[pk] for pk in ids] == before


def test_where_only_admins_delete_no_change_of_names_empties_more(
    app: Calling, people: Cast
) -> None:
    account_moves.set_privacy(people.actor(people.anna), Verb.DELETE, "lead", True)
    key = app(name="Phones")
    assert set(empty(acting_as(key, people.ugo), some(people, people.ugo, 10))) == {200}
    assert empty(acting_as(key, people.bruna), some(people, people.bruna, 1)) == [403]


def test_what_a_killed_process_left_is_settled_as_the_applications_in_each_name(
    app: Calling, people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = app(name="Phones")
    with monkeypatch.context() as dying:
        dying.setattr(emptying, "settle", lambda actor: None)
        for who in (people.ugo, people.bruna):
            empty(acting_as(key, who), some(people, who, 6))
    (phones,) = numbers(people)
    account = people.ferri.account.pk
    with scope.account(account), clock.at(clock.now() + timedelta(minutes=2)):
        assert unfinished_emptying.settle_left(Actor.system(account, "what was emptied")) == 12
    assert [(one.actor_id, one.count) for one in acts(people)] == [
        (people.ugo.pk, 6), (people.bruna.pk, 6),
    ]  # fmt: skip
    assert seqs(people, f"key:{phones}", verb="change") == [one.seq for one in acts(people)][::-1]


def test_what_a_user_empties_does_not_count_as_the_applications_nor_the_other_way(
    app: Calling, people: Cast
) -> None:
    as_ugo = acting_as(app(name="Phones"), people.ugo)
    assert set(empty(as_ugo, some(people, people.ugo, 10))) == {200}
    with scope.account(people.ferri.account.pk):
        for lead in some(people, people.ugo, 10):
            moves.edit(people.actor(people.ugo), lead, description="")
    assert acts(people) == []
    with scope.account(people.ferri.account.pk):
        (last,) = some(people, people.ugo, 1)
        moves.edit(people.actor(people.ugo), last, description="")
        lines = Change.objects.filter(emptied=True).exclude(seq=None)
        assert set(lines.values_list("by_key", flat=True)) == {None}
    (one,) = acts(people)
    assert (one.count, "as_key" in one.details) == (11, False)
