"""Next to nothing is left of a field: many of them within an hour are one act, or refused."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from django.db.models import CharField, TextField

from custode.accounts import moves as account_moves
from custode.guard import door, history, kinds
from custode.guard.alerts import judging
from custode.guard.alerts.models import Alert
from custode.guard.content_loss import is_line_gone, leaves_little
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry, LogPerson
from custode.kernel import clock
from custode.kernel.errors import Refused
from custode.leads import moves
from custode.leads.models import Lead
from custode.prospecting import sheet
from tests.cast import Cast
from tests.guard.emptied import LONG, ROADS, road_of
from tests.prospecting.sheets import a_list, add, edit

NOTES = (
    "Wants three lifts for the new hall, calls back after the fair in May; talk to Mrs Neri in the"
    " purchasing office, who also buys for Parma."
)
ANOTHER = (
    "This customer has no further interest in any of our machines, and nobody needs to telephone"
    " or to write again."
)

# what stood there, what is written -> whether next to nothing is left
LEFT: list[tuple[object, object, bool]] = [
    (LONG, "", True),
    (LONG, None, True),
    (LONG, ".", True),
    (LONG, "\u0301", True),
    (LONG, "\u2800", True),
    (LONG, "-- ,, --", True),
    (LONG, "x", True),
    (LONG, "ok", True),
    (LONG, "Bye now", True),
    (LONG, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx", True),
    (LONG, "Wants three lifts.", False),
    (LONG, f"{LONG} And more.", False),
    (NOTES, ANOTHER, True),
    (NOTES, f"{NOTES[:60]} {ANOTHER}", False),
    (NOTES[:90], ANOTHER, False),
    (ANOTHER, NOTES, True),
    ("Asti", ".", True),
    ("Asti", "x", True),
    ("Asti", "aaaa", True),
    ("Asti", "AT", False),
    ("Asti", "Bari", False),
    ("forse", "no", False),
    ("to call back", "no", True),
    ("no", "sì", False),
    ("A", "B", False),
    ("7", "8", False),
    ("+39 011 5555", "1", True),
    ("東京都", "京", True),
    ("***", "", True),
    ("***", "-", False),
    ("", "", False),
    (None, "x", False),
    ("\u2800", "", False),
    (12, None, True),
    (120, 3, False),
    (120, 0, True),
]


@pytest.mark.parametrize(("old", "new", "little"), LEFT)
def test_next_to_nothing_is_left(old: object, new: object, little: bool) -> None:
    assert leaves_little(old, new) is little


CARD = "Met at the fair.\nPhone: +39 011 555\nContact: Rosa Neri"

# what a description is after an edit -> whether a line that people read as a field is gone
LINES = [
    ("", True),
    ("Met at the fair.", True),
    ("Met at the fair.\nPhone: +39 011 555", True),
    ("Met at the fair.\nPhone: +39 011 555\nContact:", True),
    ("Met at the fair.\nPhone: +39 011 556\nContact: Rosa Neri", False),
    ("Met at the fair.\nPhone: x\nContact: Rosa Neri", True),
    ("Met at the fair.\nPhone: -\nContact: Rosa Neri", True),
    ("Met at the fair.\nPhone: 0\nContact: Rosa Neri", True),
    ("Met at the fair.\nPhone: +39 011 555\nContact: Rosa Bianchi", False),
    ("Met at the fair. Rosa Neri.\nPhone: +39 011 555\nContact: -", False),
    ("Phone: +39 011 555\nContact: Rosa Neri", False),
    ("Tel.: +39 011 555\nContact: Rosa Neri", False),
    ("Rosa Neri answers at +39 011 555.", False),
    (f"{CARD}\nRole: buyer", False),
]


@pytest.mark.parametrize(("new", "gone"), LINES)
def test_a_line_of_a_description_is_gone_with_its_label_and_its_value(new: str, gone: bool) -> None:
    assert is_line_gone(CARD, new) is gone


@pytest.mark.parametrize("ruled", [False, True])
def test_contact_lines_taken_out_of_many_descriptions_are_emptied(ferri: Cast, ruled: bool) -> None:
    if ruled:
        account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    ugo = ferri.actor(ferri.ugo)
    leads = [ferri.lead(ferri.ugo, f"Lead {n}") for n in range(12)]
    for lead in leads:
        moves.edit(ferri.actor(ferri.anna), lead, description=CARD)
    for lead in leads[:10]:
        moves.edit(ugo, lead, description="Met at the fair.\nContact: Rosa Neri")
    assert acts() == []
    if ruled:
        with pytest.raises(Refused, match="more than 10 fields within an hour"):
            moves.edit(ugo, leads[10], description="Met at the fair.")
        assert Lead.objects.filter(description=CARD).count() == 2
        return
    moves.edit(ugo, leads[10], description="Met at the fair.")
    (act,) = acts()
    assert (act.actor_id, act.count) == (ferri.ugo.pk, 11)
    assert '"emptied":11' in act.details
    door.undo(ferri.actor(ferri.anna), act.seq)
    assert Lead.objects.filter(description=CARD).count() == 12


def acts() -> list[LogEntry]:
    """What is noted of edits, in order."""
    return list(LogEntry.objects.filter(verb="change", outcome="done").order_by("seq"))


@pytest.mark.parametrize("text", [".", "x"])
@pytest.mark.parametrize("name", ROADS)
def test_more_than_ten_emptied_within_an_hour_are_one_act_and_all_of_it_is_undone(
    ferri: Cast, name: str, text: str
) -> None:
    road = road_of(name, ferri, ferri.actor(ferri.ugo))
    before = road.said()
    for n in range(road.few):
        road.empty(n, text)
    assert acts() == []
    road.empty(road.few, text)
    (entry,) = acts()
    # Of one folder and one list.
    objects = 1 if name in {"contacts", "column names"} else road.few + 1
    assert (entry.kind, entry.count, entry.actor_id) == (road.kind, objects, ferri.ugo.pk)
    for n in range(road.few + 1, 12):
        road.empty(n, text)
    # What follows within the hour belongs to it.
    assert acts() == [entry]
    assert not set(before).intersection(road.said())
    door.undo(ferri.actor(ferri.anna), entry.seq)
    assert road.said() == before


@pytest.mark.parametrize("name", ROADS)
def test_where_only_admins_delete_it_is_refused_and_the_log_tells(ferri: Cast, name: str) -> None:
    road = road_of(name, ferri, ferri.actor(ferri.ugo))
    ruling = kinds.rules_kind(road.kind)
    assert ruling is not None
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, ruling.name, True)
    for n in range(road.few):
        road.empty(n, ".")
    before = road.said()
    with pytest.raises(Refused, match=r"Emptying more than 10 fields.*Only admins can delete"):
        road.empty(road.few, ".")
    assert road.said() == before
    refused = LogEntry.objects.get(outcome="refused")
    assert (refused.verb, refused.kind, refused.count) == ("delete", road.kind, 1)
    # What went before has its entry: test_emptying_refused.
    assert [(one.kind, one.seq > refused.seq) for one in acts()] == [(road.kind, True)]
    if name in {"lead titles", "list titles", "column names", "cells"}:
        # To write what says as much as before is not refused.
        road.empty(road.few, "Quite another")


def test_a_refused_row_is_named_as_it_is_called_and_not_as_it_was_to_be_called(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    one, road = a_list(ugo, rows=[("Firm", "Asti", "")]), road_of("lead titles", ferri, ugo)
    for n in range(road.few):
        road.empty(n, ".")
    with pytest.raises(Refused):
        sheet.write(ugo, one, [edit(one, "Firm", "Company", "Q")])
    refused = LogEntry.objects.get(outcome="refused")
    told = json.loads(LogPerson.objects.get(seq=refused.seq).data)
    assert told["labels"] == ["Firm"]


@pytest.mark.parametrize("name", ROADS)
def test_an_admin_empties_as_many_as_they_like_and_it_is_an_act(ferri: Cast, name: str) -> None:
    road = road_of(name, ferri, ferri.actor(ferri.anna))
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "lead", True)
    for n in range(12):
        road.empty(n, ".")
    assert [entry.kind for entry in acts()] == [road.kind]


def test_what_is_emptied_adds_up_over_all_kinds_and_each_kind_has_its_entry(ferri: Cast) -> None:
    ugo = ferri.actor(ferri.ugo)
    some = [road_of(name, ferri, ugo) for name in ("lead descriptions", "folder names", "cells")]
    before = [road.said() for road in some]
    for n in range(4):
        for road in some[:2]:
            road.empty(n, ".")
    for n in range(2):
        some[2].empty(n, ".")
    assert acts() == []
    some[0].empty(4, ".")
    assert {entry.kind for entry in acts()} == {"lead", "client_folder", "prospect"}
    judging.judge(ferri.ferri.account.pk)
    assert list(Alert.objects.values_list("rule", flat=True)) == ["emptied"]
    for entry in acts():
        door.undo(ferri.actor(ferri.anna), entry.seq)
    assert [road.said() for road in some] == before


def test_what_the_account_calls_many_decides_and_only_the_last_hour_counts(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    account_moves.set_numbers(anna, {"many_count": 3})
    road = road_of("lead descriptions", ferri, ferri.actor(ferri.ugo))
    now = clock.now()
    for n in range(3):
        road.empty(n, ".")
    with clock.at(now + timedelta(minutes=61)):
        road.empty(3, ".")
        assert acts() == []
    with clock.at(now + timedelta(minutes=59)):
        road.empty(4, ".")
    assert len(acts()) == 1


def test_what_somebody_wrote_again_since_stays_unless_it_is_asked_for(ferri: Cast) -> None:
    anna = ferri.actor(ferri.anna)
    road = road_of("lead titles", ferri, ferri.actor(ferri.ugo))
    for n in range(11):
        road.empty(n, ".")
    (entry,) = acts()
    first = Lead.objects.order_by("pk").first()
    assert first is not None
    moves.edit(anna, first, title="Found again")
    back = door.undo(anna, entry.seq)
    assert (back.count, back.stayed) == (10, 1)
    assert road.said()[:2] == ["Found again", "Lead number 1"]
    # What is emptied after the undo begins an act of its own.
    road.empty(5, ".")
    assert [one.count for one in acts()] == [11, 1]


def test_an_edit_that_nobody_watches_empties_nothing(ferri: Cast) -> None:
    """The history takes no line of it: whoever writes one says who watches."""
    lead = ferri.lead(ferri.ugo, description=LONG)
    told = history.line(ferri.actor(ferri.ugo), lead, "description", LONG, "")
    with pytest.raises(RuntimeError, match="watching"):
        history.write([told])


NO_EDITS = {"comment", "email", "attachment", "call"}
"""Kinds of which nobody edits a text, but for comments, whose cutting has a rule of its own."""
NOT_SAID = {("lead", "currency")}
"""Texts that say nothing of their own."""


def test_every_text_that_people_edit_says_something_or_is_named_here(ferri: Cast) -> None:
    found = {
        (model.kind.name, field.name)
        for model in kinds.all_models()
        if model.__module__.startswith("custode.") and model.kind.name not in NO_EDITS
        for field in model._meta.concrete_fields
        if isinstance(field, CharField | TextField) and field.editable and not field.choices
        if field.name not in model.follows
        if not re.fullmatch(model.kind.content_fields, field.name)
    }
    assert found == NOT_SAID


def test_emptying_many_and_writing_over_many_rows_alert_without_anybody_asking(ferri: Cast) -> None:
    account = ferri.ferri.account.pk
    judging.judge(account)
    ugo = ferri.actor(ferri.ugo)
    road = road_of("lead descriptions", ferri, ugo)
    for n in range(11):
        road.empty(n, ".")
    one = a_list(ugo, "Cells", rows=())
    for some in range(0, 60, 10):
        add(ugo, one, [(f"Name {n}", "Torino", "") for n in range(some, some + 10)])
    sheet.write(ugo, one, [edit(one, f"Name {n}", "City", "Roma") for n in range(49)])
    judging.judge(account)
    assert list(Alert.objects.values_list("rule", flat=True)) == ["emptied"]
    sheet.write(ugo, one, [edit(one, f"Name {n}", "City", "Milano") for n in range(11)])
    judging.judge(account)
    assert sorted(Alert.objects.values_list("rule", flat=True)) == ["emptied", "overwritten"]
