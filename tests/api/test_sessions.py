"""Sessions by the API: who is in and was, and ending one, all of a user, everybody else's."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.people.models import User
from custode.signin.models import Session
from custode.signin.sessions import moves
from tests.api.calling import Caller, key_for, token_for
from tests.cast import Cast


def signed_in(user: User, ip: str = "192.0.2.7") -> tuple[Client, int]:
    """A browser of somebody's, and the number of its session."""
    client = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/130.0"})
    with scope.everywhere("a test's session"):
        client.force_login(user)
        row = Session.objects.filter(user=user).latest("pk")
        Session.objects.filter(pk=row.pk).update(ip=ip, browser="Chrome", system="Windows")
    return client, row.pk


def ended(pk: int) -> bool:
    with scope.everywhere("a test looks"):
        return Session.objects.get(pk=pk).ended_at is not None


def last_entry(people: Cast) -> LogEntry:
    with scope.account(people.ferri.account.pk):
        return LogEntry.objects.latest("seq")


def test_admins_see_everybodys_sessions_the_latest_first(app, people):
    _client, ugos = signed_in(people.ugo)
    _client, brunas = signed_in(people.bruna, "198.51.100.4")
    answer = app("read", "admin").get("/sessions")
    assert (answer.status, answer.headers["X-TOTAL-COUNT"]) == (200, "2")
    assert [row["id"] for row in answer.json] == [brunas, ugos]
    row = answer.json[1]
    assert row["user"] == {
        "id": people.ugo.pk, "firstname": "Ugo", "lastname": "Conti", "email": "ugo@conti.example",
    }  # fmt: skip
    assert (row["user_id"], row["device"], row["ip"]) == (
        people.ugo.pk, "Chrome on Windows", "192.0.2.7",
    )  # fmt: skip
    assert (row["is_current"], row["is_this"], row["ended_at"]) == (True, False, None)
    (row,) = app("read", "admin").get("/sessions", limit="1", offset="1").json
    assert row["id"] == ugos
    assert app("read", "admin").get(f"/sessions/{ugos}").json["id"] == ugos


def test_sessions_are_found_by_person_device_address_and_day(app, people):
    _client, ugos = signed_in(people.ugo)
    _client, brunas = signed_in(people.bruna, "198.51.100.4")
    _client, past = signed_in(people.bruna)
    with scope.account(people.ferri.account.pk):
        moves.end_own(people.bruna, [past])
    one = app("read", "admin")

    def ids(**query):
        return [row["id"] for row in one.get("/sessions", **query).json]

    assert ids() == [brunas, ugos]
    assert ids(state="past") == [past]
    assert ids(state="all") == [past, brunas, ugos]
    assert ids(user_id=str(people.ugo.pk)) == [ugos]
    assert ids(user_id="bruna@sala.example", state="all") == [past, brunas]
    assert ids(user_id="nobody@nowhere.example") == []
    assert ids(ip="198.51.") == [brunas]
    assert ids(device="chrome windows") == [brunas, ugos]
    assert ids(device="safari") == []
    assert ids(start_date=(clock.now() + timedelta(days=2)).date().isoformat()) == []
    over = one.get(f"/sessions/{past}").json
    assert (over["is_current"], over["ended_why"]) == (False, "disconnected")


@pytest.mark.parametrize(
    ("name", "value"), [("state", "open"), ("ip", "here"), ("start_date", "soon"),
                        ("end_date", "2026-13-01")],
)  # fmt: skip
def test_a_filter_that_cannot_be_read_is_refused(app, name, value):
    answer = app("read", "admin").get("/sessions", **{name: value})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "invalid_parameter", name)


def test_a_session_that_ran_out_is_past_before_anybody_notes_it(app, people):
    _client, pk = signed_in(people.ugo)
    with clock.at(clock.now() + timedelta(days=200)):
        row = app("read", "admin").get(f"/sessions/{pk}").json
        assert (row["is_current"], row["ended_why"]) == (False, "idle")
        assert app("read", "admin").get("/sessions").json == []


def test_a_users_program_sees_that_users_own_sessions(people, program):
    _client, mine = signed_in(people.ugo)
    _client, other = signed_in(people.bruna)
    one = program(people.ugo)
    rows = one.get("/sessions").json
    assert [(row["is_this"], row["way"]) for row in rows] == [
        (True, "api"),
        (False, rows[1]["way"]),
    ]
    assert rows[1]["id"] == mine
    assert one.get(f"/sessions/{mine}").status == 200
    hidden = one.get(f"/sessions/{other}")
    assert (hidden.status, hidden.kind) == (404, "record_not_found")
    refused = one.get("/sessions", user_id=str(people.bruna.pk))
    assert (refused.status, refused.kind) == (403, "unauthorized_non_admin")


def test_a_key_that_is_no_admins_sees_none(app, people):
    _client, pk = signed_in(people.ugo)
    for path in ("/sessions", f"/sessions/{pk}"):
        answer = app("read", "write", "delete", "export").get(path)
        assert (answer.status, answer.kind) == (403, "unauthorized_non_admin")
        answer = app("write", "admin").get(path)
        assert (answer.status, answer.kind) == (403, "missing_scope")


def test_a_session_that_is_ended_is_over_at_its_next_request(app, people):
    browser, pk = signed_in(people.ugo)
    answer = app("read", "write", "admin").delete(f"/sessions/{pk}")
    assert (answer.status, answer.json) == (200, {"id": pk, "count": 1})
    assert browser.get("/").status_code == 302
    entry = last_entry(people)
    assert (entry.verb, entry.outcome, entry.actor_kind) == ("sessions", "done", "key")
    again = app("read", "write", "admin").delete(f"/sessions/{pk}")
    assert again.json == {"id": pk, "count": 0}
    missing = app("write", "admin").delete("/sessions/999999999")
    assert (missing.status, missing.kind) == (404, "record_not_found")


def test_a_token_is_ended_as_any_other_session(app, people, program):
    one = program(people.ugo)
    (row,) = app("read", "admin").get("/sessions", user_id=people.ugo.pk).json
    app("write", "admin").delete(f"/sessions/{row['id']}")
    assert one.get("/ping").kind == "unauthorized_invalid_token"


def test_who_may_not_end_others_sessions_is_refused_and_logged(app, people, program):
    _client, pk = signed_in(people.bruna)
    for caller, kind in (
        (program(people.ugo), "unauthorized_non_admin"),
        (app("read", "write", "delete", "export"), "unauthorized_non_admin"),
        (app("read", "delete", "export", "admin"), "missing_scope"),
    ):
        for answer in (
            caller.delete(f"/sessions/{pk}"),
            caller.delete("/sessions/999999999"),
            caller.post("/sessions/end", {"ids": [pk]}),
            caller.post("/sessions/end", {"user_id": people.bruna.pk}),
            caller.post("/sessions/end", {"others": "true"}),
        ):
            assert (answer.status, answer.kind) == (403, kind)
        entry = last_entry(people)
        assert (entry.verb, entry.outcome, entry.entrance) == ("sessions", "refused", "api")
    assert not ended(pk)


def test_a_user_ends_their_own(people, program):
    _client, pk = signed_in(people.ugo)
    _client, other = signed_in(people.ugo)
    one = program(people.ugo)
    assert one.delete(f"/sessions/{pk}").json == {"id": pk, "count": 1}
    assert ended(pk)
    assert one.post("/sessions/end", {"user_id": "ugo@conti.example"}).json == {"count": 1}
    assert ended(other)
    assert one.get("/ping").status == 200


def test_several_sessions_are_ended_by_number(app, people):
    rows = [signed_in(people.ugo)[1] for _ in range(3)]
    answer = app("write", "admin").post("/sessions/end", {"ids": [str(rows[0]), rows[2]]})
    assert answer.json == {"count": 2}
    assert [ended(pk) for pk in rows] == [True, False, True]
    assert last_entry(people).count == 2


def test_no_session_is_passed_over_in_silence(app, people):
    _client, pk = signed_in(people.ugo)
    one = app("write", "admin")
    many = one.post("/sessions/end", {"ids": [pk, *range(10**6, 10**6 + 1000)]})
    assert (many.status, many.json["field"]) == (422, "ids")
    mixed = one.post("/sessions/end", {"ids": [pk, "x"]})
    assert (mixed.status, mixed.json["field"]) == (422, "ids")
    assert not ended(pk)


def test_all_of_a_user_and_everybody_elses_are_ended(people):
    _client, ugos = signed_in(people.ugo)
    _client, brunas = signed_in(people.bruna)
    _client, annas = signed_in(people.anna)
    anna = Caller(token=token_for(people.anna))
    assert anna.post("/sessions/end", {"user_id": str(people.ugo.pk)}).json == {"count": 1}
    assert (ended(ugos), ended(brunas)) == (True, False)
    assert anna.post("/sessions/end", {"others": True}).json == {"count": 2}
    assert (ended(brunas), ended(annas)) == (True, True)
    assert anna.get("/ping").status == 200


def test_nothing_named_ends_nothing(app, people):
    _client, pk = signed_in(people.ugo)
    for body in (None, {}, {"others": False}):
        answer = app("write", "admin").post("/sessions/end", body)
        assert (answer.status, answer.kind) == (422, "missing_parameter")
    answer = app("write", "admin").post("/sessions/end", {"user_id": "nobody@nowhere.example"})
    assert (answer.status, answer.json["field"]) == (422, "user_id")
    assert app("write", "admin").post("/sessions/end", {"ids": []}).json == {"count": 0}
    assert not ended(pk)


def test_the_other_edition_has_ones_own_sessions_only(people):
    _client, pk = signed_in(people.carla)
    key = Caller(key=key_for(people.lodi.account))
    for answer in (
        key.get("/sessions"), key.get(f"/sessions/{pk}"), key.delete(f"/sessions/{pk}"),
        key.post("/sessions/end", {"others": True}), key.post("/sessions/end", {"ids": [pk]}),
    ):  # fmt: skip
        assert (answer.status, answer.kind) == (403, "other_edition")
    assert not ended(pk)
    carla = Caller(token=token_for(people.carla))
    assert carla.get("/sessions").kind == "other_edition"
    assert carla.get("/sessions", user_id=people.carla.pk).status == 200
    assert carla.delete(f"/sessions/{pk}").json == {"id": pk, "count": 1}


def test_nothing_of_another_account_is_there(app, people):
    _client, pk = signed_in(people.carla)
    one = app()
    assert one.get("/sessions", state="all").json == []
    for answer in (one.get(f"/sessions/{pk}"), one.delete(f"/sessions/{pk}")):
        assert (answer.status, answer.kind) == (404, "record_not_found")
    assert one.post("/sessions/end", {"ids": [pk]}).json == {"count": 0}
    assert one.post("/sessions/end", {"user_id": people.carla.pk}).status == 422
    assert not ended(pk)
