"""The frame: who is let in, how errors look, what bodies are taken, what limits say."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client, override_settings
from django.urls import reverse

from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.signin.api_keys import budgets, moves
from custode.signin.api_keys.models import ApiKey, Budget
from tests.api.calling import Caller, key_for

PONG = {"status": 200, "message": "Your API key is correct."}


def test_a_key_of_any_scope_is_told_that_it_is_good(app, people, program):
    for one in (app("read"), app("export"), app(), program(people.ugo)):
        assert one.get("/ping").json == PONG


def test_what_is_answered_is_kept_by_nobody_on_the_way(people, app):
    lead = people.lead(people.ugo)
    for path in ("/ping", f"/leads/{lead.pk}", "/leads/404404"):
        assert "no-store" in app("read").get(path).headers["Cache-Control"]


def test_without_a_key_or_a_token_nothing_is_answered(people):
    for path in ("/ping", "/leads", "/leads/1", "/nothing/there"):
        answer = Caller().get(path)
        assert (answer.status, answer.kind) == (401, "unauthorized_missing_token")
        assert answer.json["error"] == 401
        assert answer.json["message"] == "missing api_key or user token"


@pytest.mark.parametrize("wrong", ["x", "custode_1_abc", "custode_1_" + "a" * 43, "1-" + "a" * 43])
def test_a_wrong_key_or_token_is_told_so_whatever_it_asks_for(people, wrong):
    for caller in (Caller(key=wrong), Caller(token=wrong)):
        for path in ("/ping", "/leads/1", "/nothing/there"):
            answer = caller.get(path)
            assert (answer.status, answer.kind) == (401, "unauthorized_invalid_token")


def test_a_good_key_is_told_that_there_is_nothing(app):
    for path in ("/nothing/there", "/leads/999999999", "/leads/" + "9" * 40, "/leads/x"):
        answer = app().get(path)
        assert (answer.status, answer.kind) == (404, "record_not_found")


def test_an_address_that_takes_another_method_says_which(app):
    answer = app().call("PATCH", "/ping")
    assert (answer.status, answer.kind) == (405, "method_not_allowed")
    assert answer.headers["Allow"] == "GET, HEAD"


def test_headers_come_in_any_letter_case(app):
    key = app().key
    for name in ("x-api-key", "X-Api-Key", "X-API-KEY"):
        assert Caller(**{name: key}).get("/ping").status == 200


def test_the_key_may_stand_in_the_body_of_a_post_and_nowhere_else(app):
    key = app().key
    assert Caller().post("/leads", {"api_key": key, "title": "Old style"}).status == 201
    form = f"api_key={key}&title=Form"
    kind = "application/x-www-form-urlencoded"
    assert Caller().call("POST", "/leads", form, kind=kind).status == 201
    assert Caller().get("/leads", api_key=key).status == 401
    assert Caller().post(f"/leads?api_key={key}", {"title": "In the address"}).status == 401
    assert Caller().put("/leads/1", {"api_key": key}).status == 401


def test_cookies_open_nothing_and_none_is_set(people):
    client = Client()
    with scope.everywhere("a test's session"):
        client.force_login(people.anna)
    response = client.get("/api/v2/leads")
    assert response.status_code == 401
    assert not response.cookies
    assert response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


def test_a_token_opens_no_page_and_a_cookie_no_route(people, program):
    client = Client()
    client.cookies["custode_session"] = program(people.ugo).token
    assert client.get(reverse("board"))["Location"].startswith("/sign-in/")
    with scope.everywhere("a test's session"):
        client.force_login(people.ugo)
    cookie = client.cookies["custode_session"].value
    assert Caller(token=cookie).get("/ping").kind == "unauthorized_invalid_token"


@override_settings(IS_HTTPS=True)
def test_plain_http_is_not_answered_where_people_come_by_https(app):
    answer = app().get("/ping")
    assert (answer.status, answer.kind) == (403, "only_https")


def test_a_strange_host_is_not_answered(app):
    answer = app().call("GET", "/ping", headers={"Host": "evil.example"})
    assert (answer.status, answer.kind) == (400, "bad_request")


@pytest.mark.parametrize(
    "kind", ["application/json", "text/plain", "", "application/x-www-form-urlencoded"]
)
@pytest.mark.parametrize("body", ["", "{}", "null"])
def test_empty_bodies_of_any_type_are_taken(app, kind, body):
    everything = app()
    assert everything.call("GET", "/leads", body, kind=kind).status == 200
    assert everything.call("POST", "/leads?title=T", body, kind=kind).status == 201


def test_bodies_are_json_under_any_type_or_forms(app):
    for kind in ("application/json", "text/plain", "", "application/x-www-form-urlencoded"):
        made = app().call(
            "POST", "/leads", '{"title": "Béla", "tags": ["a"], "colour": 1}', kind=kind
        )
        assert (made.status, made.json["title"], made.json["tags"]) == (201, "Béla", ["a"])
    form = "title=B%C3%A9la&tags[]=a&tags[]=b&nothing=1"
    made = app().call("POST", "/leads", form, kind="application/x-www-form-urlencoded")
    assert (made.status, made.json["title"], made.json["tags"]) == (201, "Béla", ["a", "b"])
    assert app().call("POST", "/leads", "title=T", kind="").status == 201


@pytest.mark.parametrize("body", ["{", '{"title": ', "[1,", b"\xff\xfe{", '"text"', "5", "true"])
def test_json_that_cannot_be_read_is_refused(app, body):
    answer = app().call("POST", "/leads", body)
    assert (answer.status, answer.kind) == (400, "bad_request")


def test_a_form_that_cannot_be_read_is_refused(app):
    answer = app().call("POST", "/leads", "x", kind="multipart/form-data")
    assert (answer.status, answer.kind) == (400, "bad_request")


def test_a_body_nested_too_deep_to_be_told_from_another_is_refused(app):
    deep = f'{{"title": "T", "x": {"[" * 300}{"]" * 300}}}'
    answer = app().call("POST", "/leads", deep, headers={"Idempotency-Key": "deep"})
    assert (answer.status, answer.kind) == (400, "bad_request")


def test_a_missing_and_a_wrong_parameter_are_named(app):
    answer = app().post("/leads", {"description": "no title"})
    assert (answer.status, answer.kind, answer.json["field"]) == (422, "missing_parameter", "title")
    answer = app().post("/leads", {"title": "T", "probability": "much"})
    assert (answer.status, answer.kind) == (422, "invalid_parameter")
    assert answer.json["field"] == "probability"
    for body in ("[]", "[1]", '[{"title": "T"}]'):
        assert app().post("/leads", body).status == 422


def test_a_mistake_of_ours_is_logged_and_tells_nothing(app, monkeypatch, caplog):
    monkeypatch.setattr("custode.api.v2.shapes.leads.many", lambda rows: 1 / 0)
    answer = app().get("/leads")
    assert (answer.status, answer.kind) == (500, "internal_error")
    assert "division" not in answer.content.decode()
    assert "ZeroDivisionError" in caplog.text


def test_messages_speak_the_callers_language(app, people, program):
    italian = app().call("GET", "/leads/999", headers={"Accept-Language": "it"})
    assert italian.json["message"] == "Qui non c'è nulla che tu possa vedere."
    with scope.account(people.ferri.account.pk):
        people.ugo.language = "it"
        people.ugo.save(update_fields=["language"])
    assert program(people.ugo).get("/leads/999").json["message"].startswith("Qui")


def test_a_revoked_and_an_expired_key_are_over_at_once(app, people):
    one = app()
    with scope.account(people.ferri.account.pk):
        row = ApiKey.objects.get()
        moves.revoke(Actor.operator(row.account_id), row)
    assert one.get("/ping").kind == "unauthorized_disabled_token"
    soon = clock.now() + timedelta(hours=1)
    other = Caller(key=key_for(people.ferri.account, "read", expires_at=soon))
    assert other.get("/ping").status == 200
    with clock.at(soon):
        assert other.get("/ping").kind == "unauthorized_disabled_token"


def test_the_last_use_of_a_key_is_noted_at_most_once_a_minute(app, people):
    one, now = app(), clock.now()
    times = []
    for seconds in (0, 30, 70):
        with clock.at(now + timedelta(seconds=seconds)):
            one.get("/ping")
        with scope.account(people.ferri.account.pk):
            key = ApiKey.objects.get()
            assert key.used_at is not None
            times.append((key.used_at - now).total_seconds())
            assert key.used_ip == "127.0.0.1"
    assert times == [0, 0, 70]


def test_wrong_keys_are_limited_by_address(people):
    kinds = [Caller(key=f"custode_1_{n:043}").get("/ping").status for n in range(62)]
    assert kinds == [401] * 60 + [429] * 2
    assert int(Caller(key="x").get("/ping").headers["Retry-After"]) > 0


def test_a_good_key_is_answered_beside_many_wrong_ones(app):
    for n in range(62):
        Caller(key=f"custode_1_{n:043}").get("/ping")
    assert app().get("/ping").status == 200


@override_settings(API_HOURLY=3)
def test_who_has_used_up_the_hour_is_told_when_to_come_again(app):
    one, other = app(), app(name="Other")
    now = clock.now().replace(minute=50, second=0, microsecond=0)
    with clock.at(now):
        first = one.get("/ping")
        told = ("RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset")
        assert [first.headers[name] for name in told] == ["3", "2", "601"]
        assert [one.get("/ping").status for _ in range(3)] == [200, 200, 429]
        refused = one.get("/ping")
        assert (refused.kind, refused.json["error"]) == ("too_many_requests", 429)
        for name in ("Retry-After", "API-RETRY-AFTER", "API-LIMIT-RESET"):
            assert refused.headers[name] == "601"
        assert other.get("/ping").status == 200
    with clock.at(now + timedelta(minutes=10)):
        assert one.get("/ping").status == 200


@override_settings(API_HOURLY=2000)
def test_a_read_costs_no_write_but_for_one_lease_in_many(app, people, django_assert_num_queries):
    one = app("read")
    one.get("/ping")
    with django_assert_num_queries(1):
        one.get("/ping")
    now = clock.now().replace(minute=10)
    with clock.at(now), scope.account(people.ferri.account.pk):
        budgets.forget()
        for _ in range(20):
            one.get("/ping")
        assert max(Budget.objects.values_list("leased", flat=True)) <= 40


@override_settings(API_HOURLY=1000)
def test_processes_share_a_limit_and_lose_little_of_it(people):
    account_id = people.ferri.account.pk
    homes: list[Any] = [{}, {}, {}]
    done = [0, 0, 0]
    now = clock.now().replace(minute=10)
    with clock.at(now):
        turn = 0
        while True:
            budgets._leases = homes[turn % 3]
            if not budgets.spend(account_id, "key:1").ok:
                break
            done[turn % 3] += 1
            turn += 1
        for home in homes:
            budgets._leases = home
            while budgets.spend(account_id, "key:1").ok:
                done[homes.index(home)] += 1
    assert 990 <= sum(done) <= 1000


def test_an_empty_text_for_a_yes_or_no_is_none(app, people):
    lead = people.lead(people.ugo, "Scanner")
    one = app()
    assert one.get("/leads", starred="").json[0]["id"] == lead.pk
    answer = one.put(f"/leads/{lead.pk}", {"starred": "", "probability": "", "amount": ""})
    assert (answer.status, answer.json["starred"], answer.json["probability"]) == (200, False, None)
    assert one.put(f"/leads/{lead.pk}", {"starred": "1"}).json["starred"] is True
    assert one.put(f"/leads/{lead.pk}", {"starred": " "}).json["starred"] is True
    assert one.put(f"/leads/{lead.pk}", {"starred": "perhaps"}).status == 422


def test_who_may_write_and_not_read_is_told_a_number_and_nothing_else(app, people, fair):
    lead = people.lead(people.ugo, "Secret", description="Nobody's business")
    writer, both = app("write"), app("read", "write", name="Both")
    calls = [
        ("PUT", f"/leads/{lead.pk}", lead.pk),
        ("GET", f"/api/simple/leads/{lead.pk}/add_tag?tag=x", lead.pk),
        ("PUT", f"/spreadsheets/{fair.pk}", fair.pk),
    ]
    for method, path, pk in calls:
        answer = writer.call(method, path, "{}")
        assert (answer.status, answer.json) == (200, {"id": pk}), path
        assert len(both.call(method, path, "{}").json) > 5, path
    made = writer.post("/leads", {"title": "T"}, **{"Idempotency-Key": "w"})
    assert (made.status, made.json.keys()) == (201, {"id"})
    again = writer.post("/leads", {"title": "T"}, **{"Idempotency-Key": "w"})
    assert again.json == made.json
