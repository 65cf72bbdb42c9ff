"""A file comes into a prospecting list, a new one or one that is there; and is undone."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.conf import settings

from custode.accounts import moves as account_moves
from custode.accounts import sharing
from custode.exchange.importing import arrival, job, runs
from custode.exchange.importing.sheets import target
from custode.exchange.models import RefusedRow, RunState
from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry
from custode.kernel import scope
from custode.kernel.errors import Gone, Invalid, Refused
from custode.prospecting import columns
from custode.prospecting.models import Prospect, ProspectingList
from custode.web.security import reading, sentences
from tests.cast import Cast
from tests.exchange.bringing import worked
from tests.exchange.bringing_prospects import FILE, brought, checked, started
from tests.prospecting.sheets import COLUMNS, ROWS, a_list, add, texts
from tests.teams import SETTINGS


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "DATA", tmp_path)


def into(one: ProspectingList) -> str:
    return str(one.pk)


def test_a_file_becomes_a_list_of_ones_own(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.ugo))
    assert (run.state, run.imported, run.refused) == (RunState.DONE, 3, 0)
    one = ProspectingList.objects.get()
    assert (one.title, one.owner, one.created_by) == ("fair", ferri.ugo, ferri.ugo)
    assert [column.name for column in columns.of(one)] == ["company", "city", "note"]
    assert texts(one) == [
        ["Rossi S.r.l.", "Torino", "calls back"], ["Édile Bianchi", "Roma", ""],
        ["Verdi", "", "x"],
    ]  # fmt: skip
    row = Prospect.objects.get(name_folded="edile bianchi")
    assert (row.outcome, row.searched) == ("left", "edile bianchi\nroma")
    assert Change.objects.filter(kind="prospect", field="created").count() == 3


def test_nobody_sees_a_new_list_before_its_last_row_is_in(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrival, "CHUNK", 2)
    seen: list[int] = []
    run = started(ferri, ferri.ugo)
    job.work(
        run.account_id, run.pk, progress=lambda _: seen.append(ProspectingList.objects.count())
    )
    assert seen == [0, 0]
    assert ProspectingList.objects.count() == 1


def test_a_new_list_is_one_act_that_is_undone_and_restored(ferri: Cast) -> None:
    actor, run = ferri.actor(ferri.ugo), worked(started(ferri, ferri.ugo))
    entries = LogEntry.objects.filter(verb="import").order_by("seq")
    assert [(e.outcome, e.kind, e.count) for e in entries] == [
        ("started", "prospecting_list", 0), ("done", "prospecting_list", 1),
    ]  # fmt: skip
    assert '"along":{"prospect":3}' in entries[1].details.replace(" ", "")
    assert run.seq is not None
    act = door.undo(actor, run.seq)
    assert (act.count, act.along) == (1, {"prospect": 3})
    assert not ProspectingList.objects.exists()
    assert not Prospect.objects.exists()
    assert act.entry is not None
    door.restore(actor, act.entry)
    assert len(texts(ProspectingList.objects.get())) == 3


def test_a_file_goes_to_the_end_of_a_list_by_the_names_of_its_columns(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    run = worked(started(ferri, ferri.ugo, into=into(one)))
    assert (run.state, run.imported) == (RunState.DONE, 3)
    assert [column.name for column in columns.of(one)] == [*COLUMNS, "note"]
    assert texts(one)[:3] == [[*row, ""] for row in ROWS]
    assert texts(one)[3:] == [
        ["Rossi S.r.l.", "Torino", "", "calls back"], ["Édile Bianchi", "Roma", "", ""],
        ["Verdi", "", "", "x"],
    ]  # fmt: skip
    entry = LogEntry.objects.get(verb="import", outcome="done")
    assert (entry.kind, entry.count) == ("prospect", 3)
    (told,) = reading.told([entry])
    assert sentences.plain(told) == (
        f"Ugo Conti imported 3 prospects from the file {run.name} into the list {one.title}."
    )


def test_undoing_takes_what_came_and_leaves_the_list(ferri: Cast) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    run = worked(started(ferri, ferri.ugo, into=into(one)))
    add(actor, one, [("Later", "", "", "")])
    assert run.seq is not None
    assert door.undo(actor, run.seq).count == 3
    assert [row[0] for row in texts(one)] == [*(row[0] for row in ROWS), "Later"]


def test_rows_that_came_stand_behind_those_in_the_trash_and_before_those_added_since(
    ferri: Cast,
) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    act = door.delete(actor, Prospect.objects.filter(in_list=one, name="Verdi 2000"))
    worked(started(ferri, ferri.ugo, into=into(one)))
    add(actor, one, [("Last", "", "", "")])
    assert act.entry is not None
    door.restore(actor, act.entry)
    assert [row[0] for row in texts(one)] == [
        "Rossi S.r.l.", "Édile Bianchi", "Verdi 2000", "Rossi S.r.l.", "Édile Bianchi", "Verdi",
        "Last",
    ]  # fmt: skip


def test_rows_are_refused_by_line_column_and_reason(ferri: Cast) -> None:
    text = f"company;city\nRossi;Torino\n;{'x' * 2001}\nA;B;C\nVerdi;Roma\n"
    run = checked(ferri, ferri.ugo, text)
    assert (run.forecast["rows"], run.forecast["comes"]) == (4, 2)
    runs.start(run, ferri.actor(ferri.ugo))
    worked(run)
    assert (run.imported, run.refused) == (2, 2)
    refused = RefusedRow.objects.order_by("pk")
    assert [(row.line, row.column) for row in refused] == [(3, "city"), (4, "")]
    assert "at most 2,000 characters, and this has 2001" in refused[0].reason
    assert "names 2 columns, but this row has 3" in refused[1].reason


def test_a_row_without_anything_that_comes_in_is_refused(ferri: Cast) -> None:
    run = checked(ferri, ferri.ugo, "company;note\nRossi;\n;only a note\n", note="skip")
    assert (run.forecast["comes"], run.forecast["refusals"][0][0]) == (1, 3)
    assert "The imported columns are empty" in run.forecast["refusals"][0][3]


WRONG = {
    "two columns for one": (
        {"company": "{City}", "city": "{City}"}, "“company” and “city” both go to the column “City”"
    ),
    "no column": (dict.fromkeys(("company", "city", "note"), "skip"), "would be imported"),
    "another list's column": ({"company": "{other}"}, "is no longer in the list"),
    "nonsense": ({"company": "c7'--"}, "is no longer in the list"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_a_mapping_that_does_not_fit_is_sent_back(ferri: Cast, case: str) -> None:
    actor = ferri.actor(ferri.ugo)
    one, other = a_list(actor), a_list(actor, "Other")
    keys = {column.name: column.pk for column in columns.of(one)}
    keys["other"] = columns.of(other)[0].pk
    places, sentence = WRONG[case]
    run = checked(
        ferri, ferri.ugo, FILE, into(one),
        **{name: place.format(**keys) for name, place in places.items()},
    )  # fmt: skip
    assert run.state == RunState.MAPPING
    assert sentence in run.why


def test_new_columns_are_called_so_that_none_is_lost(ferri: Cast) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    columns.take_out(actor, columns.of(one)[1])
    long = "A header " + "x" * 80
    worked(started(ferri, ferri.ugo, f"City,{long}1,{long}2\na,b,c\n", into(one)))
    names = [column.name for column in columns.of(one)]
    assert names[2] == "City (2)"
    assert names[3] == long[:60]
    assert names[4] == long[:56] + " (2)"
    assert texts(one)[-1] == ["", "", "a", "b", "c"]


def test_a_list_takes_no_more_columns_and_rows_than_it_can_hold(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = ",".join(f"c{n}" for n in range(61))
    run = brought(ferri, ferri.ugo, f"{wide}\n{wide}\n")
    assert list(run.choices["places"].values()).count("new") == 60
    assert run.choices["places"]["c60"] == "skip"
    monkeypatch.setattr(target, "MOST_ROWS", 5)
    one = a_list(ferri.actor(ferri.ugo))
    run = checked(ferri, ferri.ugo, FILE, into(one))
    assert run.state == RunState.MAPPING
    assert "this one has 3, and the file brings 3" in run.why


def test_a_list_that_filled_up_meanwhile_gets_nothing(
    ferri: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(target, "MOST_ROWS", 6)
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    run = started(ferri, ferri.ugo, into=into(one))
    add(actor, one, [("Meanwhile", "", "")])
    assert worked(run).state == RunState.FAILED
    assert len(texts(one)) == 4
    assert Prospect.with_trashed.count() == 4


def test_a_list_that_was_deleted_meanwhile_gets_nothing(ferri: Cast) -> None:
    actor = ferri.actor(ferri.ugo)
    one = a_list(actor)
    run = started(ferri, ferri.ugo, into=into(one))
    act = door.delete(actor, [one])
    assert worked(run).state == RunState.FAILED
    assert act.entry is not None
    door.restore(actor, act.entry)
    assert len(texts(one)) == 3


def test_nobody_imports_into_a_list_that_they_do_not_see(ferri: Cast) -> None:
    theirs = a_list(ferri.actor(ferri.bruna))
    sharing.change(ferri.actor(ferri.anna), SETTINGS["own only, no teams"])
    run = brought(ferri, ferri.ugo, into=into(theirs))
    assert run.choices["into"] == "new"
    run.choices["into"] = into(theirs)
    runs.decide(run, {}, run.choices)
    assert worked(run).state == RunState.MAPPING
    assert run.why == "Choose one of the lists."


def test_who_lost_sight_of_the_list_meanwhile_imports_nothing(ferri: Cast) -> None:
    theirs = a_list(ferri.actor(ferri.bruna))
    run = started(ferri, ferri.ugo, into=into(theirs))
    sharing.change(ferri.actor(ferri.anna), SETTINGS["own only, no teams"])
    assert worked(run).state == RunState.FAILED
    assert len(texts(theirs)) == 3


def test_another_accounts_list_is_not_there(ferri: Cast) -> None:
    one = a_list(ferri.actor(ferri.ugo))
    with scope.account(ferri.lodi.account.pk):
        run = brought(ferri, ferri.carla, into=into(one))
        assert run.choices["into"] == "new"
        runs.decide(run, {}, {**run.choices, "into": into(one)})
        assert worked(run).why == "Choose one of the lists."
    assert len(texts(one)) == 3


def test_undoing_goes_by_the_rule_for_deleting_lists(ferri: Cast) -> None:
    run = worked(started(ferri, ferri.ugo))
    account_moves.set_privacy(ferri.actor(ferri.anna), Verb.DELETE, "prospecting_list", True)
    assert run.seq is not None
    with pytest.raises(Refused):
        door.undo(ferri.actor(ferri.ugo), run.seq)
    assert ProspectingList.objects.exists()


def test_a_file_becomes_nothing_that_has_no_importer(ferri: Cast) -> None:
    with pytest.raises(Invalid, match="cannot be imported"):
        runs.bring(ferri.ugo, ferri.actor(ferri.ugo), "x.csv", [b"a"], kind="client_folder")


def test_an_import_starts_once(ferri: Cast) -> None:
    run = started(ferri, ferri.ugo)
    with pytest.raises(Gone):
        runs.start(run, ferri.actor(ferri.ugo))
