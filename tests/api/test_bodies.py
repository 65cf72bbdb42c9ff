"""What a program sends: how deep it goes, and for whom it is read at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import override_settings

from custode.api import bodies
from custode.prospecting.models import ProspectingList
from tests.api.calling import Answer, Caller

FILE = (
    '--b\r\nContent-Disposition: form-data; name="attachments[]"; filename="a.txt"\r\n'
    "Content-Type: text/plain\r\n\r\nhello\r\n--b--\r\n"
)


def nested(levels: int) -> list[Any]:
    """A list in a list, and so on."""
    found: list[Any] = []
    for _level in range(levels - 1):
        found = [found]
    return found


@pytest.mark.parametrize(
    ("method", "path", "name"),
    [
        ("POST", "/leads", "tags"),
        ("PUT", "/leads/{lead}", "fields"),
        ("DELETE", "/leads/delete_multiple", "ids"),
        ("POST", "/exports", "filter"),
        ("POST", "/exports", "ids"),
        ("POST", "/spreadsheets", "privacy"),
        ("POST", "/sensitive_actions/1/undo", "over"),
        ("POST", "/leads", "anything"),
    ],
)
def test_what_is_nested_deeper_than_anybody_means_it_is_refused_with_a_sentence(
    app, people, method, path, name
):
    lead = people.lead(people.ugo, "Scanner")
    told = {"title": "T", "content": [["A"]], name: {"a": nested(900)}}
    answer = app().call(method, path.format(lead=lead.pk), json.dumps(told))
    assert (answer.status, answer.kind) == (400, "bad_request")
    assert answer.json["message"] == "What was sent is nested deeper than 20 levels."


def test_twenty_levels_are_read_and_one_more_is_not(app):
    body = {"title": "T", "anything": nested(bodies.DEEPEST - 1)}
    assert app().post("/leads", body).status == 201
    body["anything"] = nested(bodies.DEEPEST)
    assert app().post("/leads", body).status == 400


def test_a_text_that_holds_json_goes_no_deeper(app, fair: ProspectingList):
    deep = json.dumps(nested(900))
    for method, path, told in (
        ("POST", "/spreadsheets", {"title": "T", "content": deep}),
        ("POST", f"/spreadsheets/{fair.pk}/rows", {"content": deep}),
    ):
        answer = app().call(method, path, json.dumps(told))
        assert (answer.status, answer.kind) == (400, "bad_request"), path


@pytest.fixture
def read(monkeypatch) -> list[str]:
    """The types of the bodies that were read."""
    found: list[str] = []
    reading = bodies.read

    def noted(request):
        found.append(request.content_type)
        return reading(request)

    monkeypatch.setattr(bodies, "read", noted)
    return found


def sent(caller: Caller, path: str) -> Answer:
    """A file, sent to an address."""
    return caller.call("POST", path, FILE, kind="multipart/form-data; boundary=b")


def test_nobody_reads_the_file_of_a_stranger(people, read):
    path = f"/leads/{people.lead(people.ugo).pk}/attachments"
    for caller, kind in (
        (Caller(), "unauthorized_missing_token"),
        (Caller(key="x"), "unauthorized_invalid_token"),
        (Caller(token="x"), "unauthorized_invalid_token"),
    ):
        answer = sent(caller, path)
        assert (answer.status, answer.kind) == (401, kind)
    assert read == []


@override_settings(API_HOURLY=1)
def test_nobody_reads_the_file_of_who_has_used_up_the_hour(app, people, read):
    path, one = f"/leads/{people.lead(people.ugo).pk}/attachments", app()
    assert sent(one, path).status == 201
    assert sent(one, path).status == 429
    assert read == ["multipart/form-data"]


def test_a_wrong_key_is_told_so_before_a_body_that_cannot_be_read(app):
    assert Caller(key="x").call("POST", "/leads", "{").status == 401
    unreadable = app().call("POST", "/leads", "{")
    assert (unreadable.status, unreadable.kind) == (400, "bad_request")
    assert "RateLimit-Remaining" in unreadable.headers


def test_a_body_is_read_once_where_the_key_stands_in_it(app, read):
    body = {"api_key": app().key, "title": "Old style"}
    assert Caller().post("/leads", body).status == 201
    assert read == ["application/json"]
