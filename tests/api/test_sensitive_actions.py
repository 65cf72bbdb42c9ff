"""The log by the API: found, told as a sentence and as fields, undone whole and in part."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from custode.accounts import sharing
from custode.accounts.models import Account
from custode.accounts.sharing import Sharing
from custode.guard import door
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.leads.models import Lead
from tests.api.calling import Caller, key_for
from tests.cast import Cast


@pytest.fixture
def moved(people: Cast):
    """Three leads of Ugo's that Anna has moved to another step at once: the act, and the leads."""
    leads = [people.lead(people.ugo, title) for title in ("Scanner", "Printer", "Scales")]
    with scope.account(people.ferri.account.pk):
        rows = Lead.objects.filter(pk__in=[lead.pk for lead in leads])
    act = door.change(people.actor(people.anna), rows, "step", people.ferri.steps[1])
    return act.seq, [lead.pk for lead in leads]


def steps(people: Cast, leads: list[int]) -> list[int]:
    """In which of Ferri's steps these leads are."""
    places = [step.pk for step in people.ferri.steps]
    with scope.account(people.ferri.account.pk):
        rows = Lead.with_trashed.in_bulk(leads)
        return [places.index(rows[pk].step_id) for pk in leads]


def test_the_log_is_told_the_latest_first_with_its_total(app, people, moved):
    seq, _leads = moved
    answer = app("read", "admin").get("/sensitive_actions", limit=2)
    ids = [entry["id"] for entry in answer.json]
    assert len(ids) == 2
    assert ids == sorted(ids, reverse=True)
    assert int(answer.headers["X-TOTAL-COUNT"]) > 2
    entry = next(
        one for one in app("read", "admin").get("/sensitive_actions").json if one["id"] == seq
    )
    assert entry["sentence"] == "Anna Ferri moved 3 leads to the step Contacted at once."
    assert (entry["action"], entry["kind"], entry["outcome"]) == ("change", "lead", "done")
    assert (entry["count"], entry["user_id"]) == (3, people.anna.pk)
    assert entry["who"] == {"kind": "user", "id": people.anna.pk, "name": "Anna Ferri"}
    assert entry["names"] == ["Scanner", "Printer", "Scales"]
    assert (entry["is_undoable"], entry["ended_by"], entry["undone_count"]) == (True, None, 0)
    assert entry["details"]["field"] == "step"


def test_a_sentence_speaks_the_callers_language(app, moved):
    seq, _leads = moved
    told = app("read", "admin").call(
        "GET", f"/sensitive_actions/{seq}", headers={"Accept-Language": "it"}
    )
    assert "Anna Ferri ha spostato" in told.json["sentence"]


def test_the_log_is_narrowed_as_on_its_page(app, people, moved):
    seq, leads = moved
    gone = people.lead(people.ugo, "Gone")
    deleted = door.delete(people.actor(people.ugo), [gone]).seq
    one = app("read", "admin")

    def ids(**query):
        return [entry["id"] for entry in one.get("/sensitive_actions", **query).json]

    assert ids(action="change") == [seq]
    assert ids(action="delete", kind="lead", outcome="done") == [deleted]
    assert ids(user_id=str(people.ugo.pk)) == [deleted]
    assert ids(user_id="ugo@conti.example") == [deleted]
    assert ids(user_id="nobody@nowhere.example") == []
    assert ids(who=f"user:{people.ugo.pk}") == [deleted]
    assert ids(object=f"lead:{leads[0]}") == [seq]
    assert ids(after=str(seq), kind="lead") == [deleted]
    assert ids(before=deleted, kind="lead") == [seq]
    assert ids(kind="lead", limit="1", offset="1") == [seq]
    # Two days: in the account's zone it may be tomorrow already.
    later = (clock.now() + timedelta(days=2)).date().isoformat()
    assert ids(kind="lead", end_date=later) == [deleted, seq]
    assert ids(start_date=later) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("action", "nonsense"), ("kind", "nonsense"), ("outcome", "well"), ("who", "Ugo"),
        ("session_id", "x"), ("object", "lead"), ("alert", "x"), ("start_date", "soon"),
        ("end_date", "2026-13-01"), ("before", "x"), ("after", "-1"),
    ],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_refused(app, name, value):
    answer = app("read", "admin").get("/sensitive_actions", **{name: value})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "invalid_parameter", name)


def test_only_admins_look_and_only_where_the_edition_has_it(app, people, program, moved):
    seq, _leads = moved
    lodi = key_for(people.lodi.account)
    with scope.account(people.lodi.account.pk):
        carlas = LogEntry.objects.latest("seq").seq
    for path in ("", f"/{seq}", f"/{seq}/objects"):
        address = f"/sensitive_actions{path}"
        for caller in (program(people.ugo), app("read", "write", "delete", "export")):
            answer = caller.get(address)
            assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
        answer = app("write", "delete", "export", "admin").get(address)
        assert (answer.status, answer.kind) == (403, "missing_scope")
        assert program(people.anna).get(address).status == 200
        other = address.replace(str(seq), str(carlas))
        answer = Caller(key=lodi).get(other)
        assert (answer.status, answer.kind) == (403, "other_edition")


def test_an_act_tells_how_its_objects_stand_and_each_of_them(app, people, moved):
    seq, leads = moved
    first, second = people.ferri.steps[0].pk, people.ferri.steps[1].pk
    one = app("read", "write", "admin")
    one.put(f"/leads/{leads[1]}", {"step": people.ferri.steps[2].pk})
    act = one.get(f"/sensitive_actions/{seq}").json
    assert act["objects"] == [
        {"kind": "lead", "as_left": 2, "changed": 1, "settled": 0, "trashed": 0}
    ]
    answer = one.get(f"/sensitive_actions/{seq}/objects")
    assert answer.headers["X-TOTAL-COUNT"] == "3"
    told = answer.json
    assert [(row["id"], row["stands"]) for row in told] == list(
        zip(leads, ["as_left", "changed", "as_left"], strict=True)
    )
    assert (told[0]["before"], told[0]["after"], told[0]["now"]) == (
        str(first), str(second), str(second),
    )  # fmt: skip
    assert told[1]["now"] == str(people.ferri.steps[2].pk)
    assert told[1]["changed_by"]["kind"] == "key"
    assert told[1]["changed_at"].endswith("Z")
    (row,) = one.get(f"/sensitive_actions/{seq}/objects", stands="changed").json
    assert row["id"] == leads[1]
    assert one.get(f"/sensitive_actions/{seq}/objects", limit=1, offset=2).json[0]["id"] == leads[2]
    assert one.get(f"/sensitive_actions/{seq}/objects", kind="comment").json == []
    assert one.get(f"/sensitive_actions/{seq}/objects", stands="well").status == 422


def test_an_act_is_undone_in_part_then_what_was_changed_since(app, people, moved):
    seq, leads = moved
    one = app("read", "write", "admin")
    one.put(f"/leads/{leads[1]}", {"step": people.ferri.steps[2].pk})
    answer = one.post(f"/sensitive_actions/{seq}/undo", {"ids": [str(leads[0])], "colour": 1})
    assert (answer.status, answer.json["count"], answer.json["about"]) == (200, 1, seq)
    assert steps(people, leads) == [0, 2, 1]
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.get(seq=answer.json["id"])
    assert (entry.verb, entry.about, entry.actor_kind) == ("undo", seq, "key")
    (row,) = one.get(f"/sensitive_actions/{seq}/objects", stands="changed").json
    stale = one.post(f"/sensitive_actions/{seq}/undo", {"over": {str(leads[1]): "0"}})
    assert (stale.status, stale.kind) == (409, "nothing_to_undo")
    assert steps(people, leads) == [0, 2, 1]
    answer = one.post(f"/sensitive_actions/{seq}/undo", {"over": {str(leads[1]): row["seen"]}})
    assert (answer.status, answer.json["count"]) == (200, 1)
    assert steps(people, leads) == [0, 0, 1]
    answer = one.call("POST", f"/sensitive_actions/{seq}/undo", "", kind="")
    assert answer.json["count"] == 1
    assert steps(people, leads) == [0, 0, 0]
    again = one.post(f"/sensitive_actions/{seq}/undo")
    assert (again.status, again.kind) == (409, "nothing_to_undo")
    assert again.json["message"] == "This was undone before."
    ended = one.get(f"/sensitive_actions/{seq}").json
    assert (ended["is_undoable"], ended["ended_by"], ended["undone_count"]) == (False, "undo", 3)


def test_all_but_some_are_undone(app, people, moved):
    seq, leads = moved
    answer = app().post(f"/sensitive_actions/{seq}/undo", {"but": f"{leads[0]},{leads[2]}"})
    assert answer.json["count"] == 1
    assert steps(people, leads) == [1, 0, 1]


@pytest.mark.parametrize(
    ("name", "value"),
    [("but", ["12x"]), ("ids", ["12x"]), ("but", "x,"), ("over", {"12x": "0"}), ("ids", [-1])],
)
def test_numbers_that_cannot_be_read_undo_nothing(app, people, moved, name, value):
    seq, leads = moved
    answer = app().post(f"/sensitive_actions/{seq}/undo", {name: value})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "invalid_parameter", name)
    assert steps(people, leads) == [1, 1, 1]


def test_of_no_objects_none_is_undone(app, people, moved):
    seq, leads = moved
    answer = app().post(f"/sensitive_actions/{seq}/undo", {"ids": []})
    assert (answer.status, answer.json["field"]) == (422, "ids")
    assert steps(people, leads) == [1, 1, 1]


def test_a_deletion_is_undone(app, people):
    lead = people.lead(people.ugo, "Scanner")
    act = door.delete(people.actor(people.ugo), [lead])
    answer = app("read", "write", "delete", "admin").post(f"/sensitive_actions/{act.seq}/undo")
    assert (answer.status, answer.json["count"]) == (200, 1)
    with scope.account(people.ferri.account.pk):
        assert Lead.objects.filter(pk=lead.pk).exists()
    # That it was done before is told only to whoever may know of it.
    again = app("read", "write", "delete", "admin").post(f"/sensitive_actions/{act.seq}/undo")
    assert (again.status, again.kind) == (409, "nothing_to_undo")
    assert again.json["message"] == "This is no longer in the trash."


def test_somebody_elses_act_is_undone_only_by_an_admin_with_the_scope(app, people, program, moved):
    seq, leads = moved
    for caller, kind in (
        (program(people.ugo), "refused"),
        (app("read", "write", "delete"), "refused"),
        (app("read", "delete", "admin"), "missing_scope"),
    ):
        answer = caller.post(f"/sensitive_actions/{seq}/undo")
        assert (answer.status, answer.kind) == (403, kind)
        with scope.account(people.ferri.account.pk):
            entry = LogEntry.objects.latest("seq")
        assert (entry.verb, entry.outcome, entry.entrance) == ("undo", "refused", "api")
    assert steps(people, leads) == [1, 1, 1]
    assert program(people.anna).post(f"/sensitive_actions/{seq}/undo").json["count"] == 3


@pytest.fixture
def hidden(people: Cast):
    """What Ugo does not see, each by its number in the log: a deleted lead, a change, a user."""
    with scope.account(people.ferri.account.pk):
        account = Account.objects.get(pk=people.ferri.account.pk)
        sharing.change(people.actor(people.anna), replace(Sharing.of(account), visibility="admins"))
    leads = [people.lead(people.bruna, "Secret"), people.lead(people.bruna, "Other")]
    with scope.account(people.ferri.account.pk):
        rows = Lead.objects.filter(pk=leads[1].pk)
    deleted = door.delete(people.actor(people.bruna), leads[:1]).seq
    changed = door.change(people.actor(people.anna), rows, "step", people.ferri.steps[1]).seq
    key_for(people.ferri.account)
    with scope.account(people.ferri.account.pk):
        key = LogEntry.objects.filter(verb="keys").latest("seq").seq
    return [deleted, changed, key]


def test_an_act_that_one_does_not_see_is_not_there_to_be_undone(program, people, hidden):
    ugo = program(people.ugo)
    nothing = ugo.post("/sensitive_actions/999999/undo")
    assert (nothing.status, nothing.kind) == (404, "record_not_found")
    door.undo(people.actor(people.anna), hidden[1])
    for seq, verb in zip(hidden, ("restore", "undo", "undo"), strict=True):
        answer = ugo.post(f"/sensitive_actions/{seq}/undo")
        assert (answer.status, answer.content) == (404, nothing.content)
        with scope.account(people.ferri.account.pk):
            entry = LogEntry.objects.latest("seq")
        # To the log it is a refusal all the same.
        assert (entry.verb, entry.outcome, entry.actor_id) == (verb, "refused", people.ugo.pk)


def test_on_the_screen_too_an_act_out_of_sight_is_not_there(come_in_web, people, hidden):
    ugo = come_in_web(people.ugo)
    nothing = ugo.post("/undo/999999/")
    assert nothing.status_code == 410
    for seq in hidden:
        answer = ugo.post(f"/undo/{seq}/")
        assert (answer.status_code, "Bruna" in answer.text) == (410, False)


def test_a_key_that_may_not_undo_learns_of_no_act(app, moved):
    seq, _leads = moved
    one = app("read", "delete", "admin")
    there, not_there = (one.post(f"/sensitive_actions/{n}/undo") for n in (seq, 999999))
    assert (there.status, there.kind) == (403, "missing_scope")
    assert not_there.content == there.content


def test_who_did_it_may_undo_it(people, program):
    lead = people.lead(people.ugo, "Scanner")
    act = door.delete(people.actor(people.ugo), [lead])
    assert program(people.ugo).post(f"/sensitive_actions/{act.seq}/undo").json["count"] == 1


def test_nothing_of_another_accounts_log_is_there(app, people, moved):
    with scope.account(people.ferri.account.pk):
        last = LogEntry.objects.latest("seq").seq
    lodi = Caller(key=key_for(people.lodi.account))
    for path in (f"/sensitive_actions/{last + 1000}", f"/sensitive_actions/{last + 1000}/objects"):
        assert app().get(path).status == 404
    answer = lodi.post(f"/sensitive_actions/{last + 1000}/undo")
    assert (answer.status, answer.kind) == (404, "record_not_found")
