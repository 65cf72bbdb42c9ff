"""Tokens: made with the password, or by a key that acts for a user; ended as sessions are."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pyotp
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from custode.accounts import moves as account_moves
from custode.guard import door, history
from custode.guard.kinds import Verb
from custode.guard.models import Change, LogEntry, LogPerson
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, names_of
from custode.signin import leaving, sealing
from custode.signin.api_keys import moves as keys
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import Ended, Session, Totp
from custode.signin.sessions import moves as session_moves
from tests.api.calling import Caller, key_for
from tests.cast import PASSWORD
from tests.signin.posting import delivered

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def login(email: str, password: str = PASSWORD, **headers: str):
    pair = base64.b64encode(f"{email}:{password}".encode()).decode()
    return Caller(Authorization=f"Basic {pair}", **headers).get("/auth/login")


def with_totp(people, who):
    with (
        scope.account(who.account_id),
        door.sensitive_act(Actor.operator(who.account_id), Verb.TWO_FACTOR),
    ):
        Totp.objects.create(account_id=who.account_id, user=who, secret=sealing.seal(SECRET))


def test_the_password_makes_a_token(people):
    answer = login(people.ugo.email)
    assert (answer.status, answer.json["user_id"]) == (200, people.ugo.pk)
    assert Caller(token=answer.json["token"]).get("/ping").status == 200


@pytest.mark.parametrize(
    ("email", "password"),
    [("ugo@conti.example", "wrong"), ("nobody@conti.example", PASSWORD), ("", ""), ("x", "y:z")],
)
def test_nobody_learns_what_was_wrong(people, email, password):
    answer = login(email, password)
    assert (answer.status, answer.kind) == (401, "unauthorized_invalid_credentials")
    assert answer.json["message"] == "The e-mail address or the password is not right."


@pytest.mark.parametrize(
    "header", ["", "Basic", "Basic !!!", "Bearer abc", "Basic " + "YQ==", "Basic YQA6Yg=="]
)
def test_without_an_address_and_a_password_it_is_told_how(people, header):
    answer = Caller(Authorization=header).get("/auth/login")
    assert (answer.status, answer.kind) == (401, "unauthorized_missing_credentials")


def test_tries_are_limited_as_on_the_screen(people):
    kinds = [login(people.ugo.email, "wrong").status for _ in range(6)]
    assert kinds == [401] * 5 + [429]
    assert login(people.ugo.email).status == 429
    assert login(people.bruna.email).status == 200


def test_a_second_factor_comes_in_its_header(people):
    with_totp(people, people.ugo)
    assert login(people.ugo.email).kind == "second_factor_required"
    assert login(people.ugo.email, **{"X-OTP": "000000"}).kind == "second_factor_invalid"
    assert login(people.ugo.email, "wrong", **{"X-OTP": "000000"}).kind == (
        "unauthorized_invalid_credentials"
    )
    code = pyotp.TOTP(SECRET).now()
    assert login(people.ugo.email, **{"X-OTP": code}).status == 200
    assert login(people.ugo.email, **{"X-OTP": code}).kind == "second_factor_invalid"


def test_codes_are_limited_too(people):
    with_totp(people, people.ugo)
    kinds = [login(people.ugo.email, **{"X-OTP": "000000"}).status for _ in range(11)]
    assert kinds == [401] * 10 + [429]


def test_who_must_set_up_a_second_factor_is_told_so(people):
    with scope.account(people.ferri.account.pk):
        account_moves.set_two_factor(people.actor(people.anna), "all", 0)
    answer = login(people.ugo.email)
    assert (answer.status, answer.kind) == (403, "two_factor_required")


def test_a_token_rests_while_its_user_lacks_the_second_factor_that_is_required(
    app, people, program
):
    one, key = program(people.ugo), app()
    as_ugo = Caller(token=key.get("/auth/log_as", user_id=people.ugo.pk).json["token"])
    with scope.account(people.ferri.account.pk):
        account_moves.set_two_factor(people.actor(people.anna), "all", 3)
    assert one.get("/ping").status == 200
    with clock.at(clock.now() + timedelta(days=3, minutes=1)):
        assert one.get("/ping").kind == "unauthorized_invalid_token"
        assert as_ugo.get("/ping").status == 200
        with_totp(people, people.ugo)
        assert one.get("/ping").status == 200


def test_a_disabled_user_gets_no_token_and_loses_theirs(people, program):
    one = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        leaving.disable(people.actor(people.anna), people.ugo)
    assert one.get("/ping").kind == "unauthorized_invalid_token"
    assert login(people.ugo.email).kind == "unauthorized_invalid_credentials"


def test_a_token_ends_by_logging_out(people, program):
    one, other = program(people.ugo), program(people.ugo)
    assert one.get("/auth/logout").json["status"] == 200
    assert one.get("/ping").kind == "unauthorized_invalid_token"
    assert other.get("/ping").status == 200
    with scope.account(people.ferri.account.pk):
        assert Session.objects.get(ended_at__isnull=False).ended_why == Ended.SIGNED_OUT


def test_an_admin_ends_it_with_the_other_sessions(people, program):
    one = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        assert session_moves.disconnect(people.actor(people.anna), Session.objects.all()) == 1
    assert one.get("/ping").kind == "unauthorized_invalid_token"


def test_a_new_password_ends_it(people, program):
    one = program(people.ugo)
    with scope.account(people.ferri.account.pk):
        people.ugo.set_password("another-long-password")
        people.ugo.save(update_fields=["password"])
    assert one.get("/ping").kind == "unauthorized_invalid_token"


def test_it_lives_for_thirty_days_used_or_not(people, program):
    one, now = program(people.ugo), clock.now()
    with clock.at(now + timedelta(days=29, hours=23)):
        assert one.get("/ping").status == 200
    with clock.at(now + timedelta(days=30, minutes=1)):
        assert one.get("/ping").kind == "unauthorized_invalid_token"
        with scope.account(people.ferri.account.pk):
            system = Actor.system(people.ferri.account.pk, "end of sessions")
            assert session_moves.end_overdue(system) == 1
            assert Session.objects.get().ended_why == Ended.EXPIRED


def test_an_account_that_ends_sessions_sooner_ends_tokens_sooner(people, program):
    now = clock.now()
    two = program(people.bruna)
    with scope.account(people.ferri.account.pk):
        account_moves.set_numbers(people.actor(people.anna), {"session_days": 2})
    with clock.at(now + timedelta(days=3)):
        assert two.get("/ping").kind == "unauthorized_invalid_token"


def test_a_token_proves_for_ten_minutes_who_its_user_is(people, program):
    one, now = program(people.anna), clock.now()
    assert one.put("/privacy_settings/export:lead", {"is_on": True}).status == 200
    with clock.at(now + timedelta(minutes=11)):
        for answer in (
            one.put("/privacy_settings/export:lead", {"is_on": False}),
            one.post("/exports"),
        ):
            assert (answer.status, answer.kind) == (403, "proof_needed")
            assert "/auth/login" in answer.json["message"]
        assert one.get("/leads").status == 200
        anew = program(people.anna)
        assert anew.put("/privacy_settings/export:lead", {"is_on": False}).status == 200


def test_a_token_of_a_key_proves_by_the_key(app, people):
    token = app().get("/auth/log_as", user_id=people.anna.pk).json["token"]
    with clock.at(clock.now() + timedelta(minutes=11)):
        answer = Caller(token=token).put("/privacy_settings/export:lead", {"is_on": True})
    assert answer.status == 200


def test_an_idle_token_is_still_a_current_session(people, program, come_in_web):
    program(people.ugo)
    with clock.at(clock.now() + timedelta(days=20)):
        page = come_in_web(people.anna).get("/security/sessions/").content.decode()
    assert "API token" in page


def test_a_key_of_an_admin_acts_as_a_user_and_both_are_named(app, people):
    key = app(name="Phones")
    answer = key.get("/auth/log_as", user_id=people.ugo.email)
    assert (answer.status, answer.json["user_id"]) == (200, people.ugo.pk)
    as_ugo = Caller(token=answer.json["token"])
    lead = people.lead(people.ugo, "L")
    assert as_ugo.delete(f"/leads/{lead.pk}").status == 200
    with scope.account(people.ferri.account.pk):
        entries = list(LogEntry.objects.order_by("seq"))
        names = [LogPerson.objects.get(seq=one.seq).data for one in entries[-2:]]
    assert (entries[-2].verb, entries[-2].actor_kind) == ("keys", "key")
    assert (entries[-1].verb, entries[-1].actor_id) == ("delete", people.ugo.pk)
    assert names_of(json.loads(names[1])["actor"]) == ("Ugo Conti", "Phones")
    brunas = people.lead(people.bruna, "B")
    assert as_ugo.put(f"/leads/{brunas.pk}", {"title": "x"}).status == 403


def test_what_is_done_as_a_user_names_the_key_where_no_erasure_takes_it(app, people, come_in_web):
    token = app(name="Phones").get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    as_ugo, lead = Caller(token=token), people.lead(people.ugo, "L")
    pk = as_ugo.post(f"/leads/{lead.pk}/comments", {"content": "Called them"}).json["id"]
    assert as_ugo.delete(f"/leads/{lead.pk}").status == 200
    with scope.account(people.ferri.account.pk):
        key = ApiKey.objects.get()
        made = Change.objects.get(kind="comment", object_id=pk, field=history.CREATED)
        entry = LogEntry.objects.latest("seq")
    assert names_of(made.actor_name) == ("Ugo Conti", "Phones")
    assert json.loads(entry.details)["as_key"] == key.pk
    page = come_in_web(people.anna).get(f"/security/actions/{entry.seq}/").content.decode()
    assert "By the API key" in page
    assert f"who=key%3A{key.pk}" in page


def test_the_key_by_which_one_acts_is_read_once(app, people):
    token = app().get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    as_ugo = Caller(token=token)
    as_ugo.get("/ping")
    with CaptureQueriesContext(connection) as asked:
        assert as_ugo.get("/ping").status == 200
    keys_read = [one for one in asked if f'FROM "{ApiKey._meta.db_table}"' in one["sql"]]
    assert len(keys_read) == 1


def test_acting_as_an_admin_goes_no_further_than_the_key(app, people):
    key = app("read", "write", "admin")
    answer = key.get("/auth/log_as", user_id=people.anna.pk)
    lead = people.lead(people.ugo, "L")
    refused = Caller(token=answer.json["token"]).delete(f"/leads/{lead.pk}")
    assert (refused.status, refused.kind) == (403, "missing_scope")


def test_acting_as_somebody_ends_with_the_key(app, people):
    key = app()
    token = key.get("/auth/log_as", user_id=people.ugo.pk).json["token"]
    assert Caller(token=token).get("/ping").status == 200
    with scope.account(people.ferri.account.pk):
        keys.revoke(people.actor(people.anna), ApiKey.objects.get())
    assert Caller(token=token).get("/ping").kind == "unauthorized_invalid_token"


def test_acting_as_somebody_ends_when_the_key_runs_out(people):
    ends = clock.now() + timedelta(minutes=5)
    key = Caller(key=key_for(people.ferri.account, expires_at=ends))
    program = Caller(token=key.get("/auth/log_as", user_id=people.ugo.pk).json["token"])
    with clock.at(ends + timedelta(seconds=1)):
        assert program.get("/ping").kind == "unauthorized_invalid_token"


def test_a_key_acts_as_nobody_of_another_account(app, people):
    for who in (people.carla.pk, people.carla.email, 999999):
        assert app().get("/auth/log_as", user_id=who).status == 422
    assert app().get("/auth/log_as").kind == "missing_parameter"


def test_a_key_that_may_not_act_for_others_learns_no_addresses_and_is_logged(app, people):
    key = app("read", "write", name="Curious")
    known = key.get("/auth/log_as", user_id=people.ugo.email)
    unknown = key.get("/auth/log_as", user_id="nobody@conti.example")
    assert (known.status, known.kind) == (403, "unauthorized_non_admin")
    assert (unknown.status, unknown.kind) == (403, "unauthorized_non_admin")
    assert known.json["message"] == unknown.json["message"]
    with scope.account(people.ferri.account.pk):
        told = LogEntry.objects.filter(verb="keys", outcome="refused", actor_kind="key")
        person = LogPerson.objects.get(seq=told.latest("seq").seq)
    assert told.count() == 2
    assert "nobody@conti.example" in person.data


def test_a_key_revokes_itself_whatever_it_is_good_for(app, people):
    one = app("read")
    assert one.post("/auth/revoke_api_key").json["status"] == 200
    assert one.get("/ping").kind == "unauthorized_disabled_token"
    with scope.account(people.ferri.account.pk):
        entry = LogEntry.objects.latest("seq")
    assert (entry.verb, entry.actor_kind, entry.outcome) == ("keys", "key", "done")


def test_the_first_token_of_a_program_is_told_by_mail(people, mailing):
    for program in ("Sync/1", "Sync/1", "Other/2"):
        login(people.ugo.email, **{"User-Agent": program})
    assert [letter.to for letter in delivered()] == [["ugo@conti.example"]] * 2
