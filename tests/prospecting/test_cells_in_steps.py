"""Many rows written over or emptied one by one count for the alerts what they count at once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from custode.accounts import moves as account_moves
from custode.guard import door, rewriting
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Invalid, Refused
from custode.prospecting import columns, sheet
from custode.prospecting.models import Prospect, ProspectingList
from custode.prospecting.overwriting import Edit
from custode.web.security.reading import more_concerned
from tests.alerts.judged import forget_what_was, judge, opened
from tests.cast import Cast
from tests.prospecting.sheets import a_list, add, texts
from tests.web.security.acts import text
from tests.web.security.telling import PAGE, told


@pytest.fixture
def fair(ferri: Cast) -> ProspectingList:
    """A list of Ugo's: sixty people in Asti, each with an address."""
    one = a_list(ferri.actor(ferri.ugo), "Fair", rows=())
    for n in range(0, 60, 10):
        rows = [(f"Name {k}", "Asti", f"{k}@name.example") for k in range(n, n + 10)]
        add(ferri.actor(ferri.ugo), one, rows)
    forget_what_was(ferri)
    return one


def one_by_one(
    actor: Actor, one: ProspectingList, rows: Iterable[int], text: str, column: str = "City"
) -> None:
    """Write a text into a column of some rows, one row after another."""
    key = next(c for c in columns.of(one) if c.name == column)
    found = list(Prospect.objects.filter(in_list=one).order_by("place"))
    for n in rows:
        found[n].refresh_from_db()
        was = found[n].cells.get(key.key, "")
        sheet.write(actor, one, [Edit(found[n].pk, key.pk, was, text)])


def job(cast: Cast, rests: timedelta = timedelta(0)) -> None:
    """The job has come round, after everybody has paused unless it is said otherwise."""
    rewriting.look(Actor.system(cast.ferri.account.pk, "what was written over"), rests)


def look(cast: Cast) -> list[tuple[str, int, int]]:
    """What alerts are open once the job and the judge have come round: rule, acts, objects."""
    job(cast)
    judge(cast)
    return opened()


def acts() -> list[LogEntry]:
    return list(LogEntry.objects.filter(verb="change", kind="prospect").order_by("seq"))


def told_by(entries: list[LogEntry]) -> list[int]:
    """How many rows each entry tells of."""
    return [entry.count for entry in entries]


# How many rows are written over one by one -> whether an alert tells of it, as it does at once.
ROWS = {49: False, 50: True, 60: True}


@pytest.mark.parametrize(("rows", "alerted"), ROWS.items())
def test_rows_written_over_one_by_one_are_an_alert_from_fifty_on(
    ferri: Cast, fair: ProspectingList, rows: int, alerted: bool
) -> None:
    one_by_one(ferri.actor(ferri.ugo), fair, range(rows), "Bari")
    assert look(ferri) == ([("overwritten", 2, rows)] if alerted else [])
    assert told_by(acts()) == [11, rows - 11]


def test_the_entry_tells_of_every_row_that_made_it_many(ferri: Cast, fair: ProspectingList) -> None:
    one_by_one(ferri.actor(ferri.ugo), fair, [*range(8), 0, 1, 2], "Bari")
    assert told_by(acts()) == []
    one_by_one(ferri.actor(ferri.ugo), fair, [*range(8)], "Como")
    # Eleven cells of eight rows: three of the earlier ones, and none of them twice.
    assert told_by(acts()) == [8]
    assert look(ferri) == []


def test_a_row_that_joins_again_is_no_further_row(ferri: Cast, fair: ProspectingList) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(11), "Bari")
    for city in ("Como", "Lodi", "Pisa"):
        one_by_one(ugo, fair, range(11), city)
    job(ferri)
    assert told_by(acts()) == [11]
    one_by_one(ugo, fair, [0, 30], "Roma")
    job(ferri)
    job(ferri)
    assert told_by(acts()) == [11, 1]


def test_many_that_joined_are_told_at_once_and_few_when_the_actor_pauses(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo, start = ferri.actor(ferri.ugo), clock.now()
    one_by_one(ugo, fair, range(20), "Bari")
    job(ferri, rewriting.RESTS)
    assert told_by(acts()) == [11]
    one_by_one(ugo, fair, [20], "Bari")
    job(ferri, rewriting.RESTS)
    assert told_by(acts()) == [11, 10]
    one_by_one(ugo, fair, [21], "Bari")
    with clock.at(start + timedelta(minutes=2)):
        job(ferri, rewriting.RESTS)
    assert told_by(acts()) == [11, 10]
    with clock.at(start + timedelta(minutes=4)):
        job(ferri, rewriting.RESTS)
    assert told_by(acts()) == [11, 10, 1]


def test_who_never_pauses_has_it_told_ten_minutes_after_the_last_entry(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo, start = ferri.actor(ferri.ugo), clock.now()
    one_by_one(ugo, fair, range(11), "Bari")
    for minute in range(2, 13, 2):
        with clock.at(start + timedelta(minutes=minute)):
            one_by_one(ugo, fair, [10 + minute], "Bari")
            job(ferri, rewriting.RESTS)
    assert told_by(acts()) == [11, 6]


def test_the_undo_of_the_act_takes_all_of_it_back_and_what_joined_has_none_of_its_own(
    ferri: Cast, fair: ProspectingList, client: Client
) -> None:
    ugo, anna = ferri.actor(ferri.ugo), ferri.actor(ferri.anna)
    one_by_one(ugo, fair, range(50), "Bari")
    look(ferri)
    act, further = acts()
    with pytest.raises(Invalid, match="This cannot be undone"):
        door.undo(anna, further.seq)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    assert [sentence for sentence, _colour in told(client.get(PAGE))][:2] == [
        "Ugo Conti went on to write over fields of 39 prospects more.",
        "Ugo Conti wrote over more than 10 cells of prospects one after another, last in the list"
        " Fair.",
    ]
    page = client.get(PAGE).content.decode()
    assert f"See no. {act.seq}" in page
    assert reverse("undo", args=[act.seq]) in page
    assert reverse("undo", args=[further.seq]) not in page
    assert door.undo(anna, act.seq).count == 50
    assert {city for _name, city, _mail in texts(fair)} == {"Asti"}


def test_one_press_undoes_an_alert_with_what_joined_its_act(
    ferri: Cast, fair: ProspectingList, client: Client
) -> None:
    one_by_one(ferri.actor(ferri.ugo), fair, range(50), "Bari")
    look(ferri)
    (alert,) = Alert.objects.filter(acknowledged_at=None)
    with scope.everywhere("a test signs in"):
        client.force_login(ferri.anna)
    answer = client.post(f"/security/alerts/{alert.pk}/undo/", follow=True)
    assert "It was undone." in text(answer)
    assert {city for _name, city, _mail in texts(fair)} == {"Asti"}


def test_what_was_told_further_is_not_counted_twice_where_somebody_leaves(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(30), "Bari")
    assert more_concerned(acts()) == 19
    job(ferri)
    assert (told_by(acts()), more_concerned(acts())) == ([11, 19], 0)
    one_by_one(ugo, fair, range(30, 35), "Bari")
    assert more_concerned(acts()) == 5


def test_an_application_that_does_it_in_somebodys_name_answers_for_all_of_it(
    ferri: Cast, fair: ProspectingList
) -> None:
    as_ugo = replace(ferri.actor(ferri.ugo), as_key=7)
    one_by_one(as_ugo, fair, range(50), "Bari")
    assert look(ferri) == [("overwritten", 2, 50)]
    (alert,) = Alert.objects.filter(acknowledged_at=None)
    assert (alert.actor_kind, alert.actor_id) == ("key", 7)


# What Ugo writes over before he begins to empty: it was an act that took in what he emptied.
BEFORE = {"nothing": 0, "few cells": 10, "an act": 11, "much of an act": 40}


@pytest.mark.parametrize("before", BEFORE.values(), ids=BEFORE)
def test_cells_emptied_one_by_one_are_an_alert_whatever_was_written_before(
    ferri: Cast, fair: ProspectingList, before: int
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(before), "Milano")
    forget_what_was(ferri)
    one_by_one(ugo, fair, range(10), "", "E-mail")
    judge(ferri)
    assert opened() == []
    one_by_one(ugo, fair, range(10, 11), "", "E-mail")
    judge(ferri)
    assert [rule for rule, _acts, _rows in opened()] == ["emptied"]


def test_what_was_emptied_comes_back_whole_by_the_entry_that_the_alert_is_about(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(11), "Milano")
    one_by_one(ugo, fair, range(30), "", "E-mail")
    over, emptied = acts()
    assert (told_by(acts()), '"emptied":11' in emptied.details) == ([11, 11], True)
    assert door.undo(ugo, emptied.seq).count == 30
    assert [mail for _name, _city, mail in texts(fair)] == [f"{n}@name.example" for n in range(60)]
    assert door.undo(ugo, over.seq).count == 11
    assert {city for _name, city, _mail in texts(fair)} == {"Asti"}


def test_what_is_emptied_after_an_alert_was_seen_is_told_again(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(11), "", "E-mail")
    judge(ferri)
    forget_what_was(ferri)
    one_by_one(ugo, fair, range(11, 14), "", "E-mail")
    assert look(ferri) == [("emptied", 1, 3)]


def test_the_last_cell_emptied_in_a_paste_counts_with_those_before_it(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo = ferri.actor(ferri.ugo)
    one_by_one(ugo, fair, range(10), "", "E-mail")
    one_by_one(ugo, fair, [10], "Bari")
    judge(ferri)
    assert (told_by(acts()), opened()) == ([11], [])
    city, mail = columns.of(fair)[1:]
    rows = list(Prospect.objects.filter(in_list=fair).order_by("place"))[20:32]
    paste = [Edit(row.pk, city.pk, "Asti", "Bari") for row in rows]
    sheet.write(ugo, fair, [*paste, Edit(rows[0].pk, mail.pk, rows[0].cells[mail.key], "")])
    judge(ferri)
    assert [rule for rule, _acts, _rows in opened()] == ["emptied"]


def test_where_only_admins_delete_the_eleventh_is_refused_whatever_was_written_before(
    ferri: Cast, fair: ProspectingList
) -> None:
    ugo = ferri.actor(ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    one_by_one(ugo, fair, range(11), "Milano")
    one_by_one(ugo, fair, range(10), "", "E-mail")
    with pytest.raises(Refused, match="Emptying more than 10 fields"):
        one_by_one(ugo, fair, [10], "", "E-mail")
    # What went before the refusal has its entry, its alert and its way back.
    over, emptied = acts()
    judge(ferri)
    assert "emptied" in [rule for rule, _acts, _rows in opened()]
    assert door.undo(ferri.actor(ferri.anna), emptied.seq).count == 10
    assert not Change.objects.filter(seq=over.seq, emptied=True).exists()
