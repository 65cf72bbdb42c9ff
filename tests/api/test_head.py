"""HEAD: what a GET would be answered, without the body."""

from __future__ import annotations

import pytest

from custode.exchange import making
from custode.kernel import scope
from tests.api.calling import Caller, key_for

ROUTES = [
    ("/ping", 200), ("/leads", 200), ("/leads/{lead}", 200), ("/leads/999999999", 404),
    ("/nothing/there", 404), ("/users", 200), ("/users/self", 403), ("/spreadsheets/{list}", 200),
    ("/spreadsheets/{list}/comments", 200), ("/trash", 200), ("/sensitive_actions", 200),
    ("/sessions", 200), ("/privacy_settings", 200), ("/exports", 200), ("/webhooks", 200),
    ("/openapi.json", 200), ("/leads?tags=" + ",".join(map(str, range(51))), 422),
    ("/api/simple/openapi.json", 200),
]  # fmt: skip
OF_THE_BODY = {"Content-Length"}
OF_THE_MOMENT = {"RateLimit-Remaining", "RateLimit-Reset"}


@pytest.mark.parametrize(("path", "status"), ROUTES)
def test_it_is_answered_as_get_is_without_a_body(app, people, fair, path, status):
    lead = people.lead(people.ugo, "Scanner")
    path = path.replace("{lead}", str(lead.pk)).replace("{list}", str(fair.pk))
    key = app()
    got, asked = key.get(path), key.call("HEAD", path)
    assert (got.status, asked.status, asked.content) == (status, status, b"")
    assert asked.headers["Content-Length"] == str(len(got.content))
    left_out = OF_THE_BODY | OF_THE_MOMENT
    ours, theirs = (
        {name: value for name, value in one.headers.items() if name not in left_out}
        for one in (asked, got)
    )
    assert ours == theirs


def test_it_takes_what_a_get_takes(app, people):
    lead = people.lead(people.ugo, "Scanner")
    nobody = Caller().call("HEAD", f"/leads/{lead.pk}")
    assert (nobody.status, nobody.content) == (401, b"")
    assert app("export").call("HEAD", f"/leads/{lead.pk}").status == 403
    key = Caller(key=key_for(people.lodi.account))
    assert key.call("HEAD", f"/leads/{lead.pk}").status == 404


def test_it_does_nothing_where_a_get_acts(app, people):
    lead = people.lead(people.ugo, "Scanner")
    for path in (f"/api/simple/leads/{lead.pk}/add_tag?tag=fair", "/auth/log_as", "/auth/login"):
        asked = app().call("HEAD", path)
        assert (asked.status, asked.content, asked.headers["Allow"]) == (405, b"", "GET")
    with scope.account(people.ferri.account.pk):
        assert not lead.tags.exists()


def test_a_file_that_is_asked_about_is_not_left_open(app, people, tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path
    key = app()
    people.lead(people.ugo, "Scanner")
    pk = key.post("/exports", {"kind": "lead"}).json["id"]
    making.make(people.ferri.account.pk, pk)
    asked = key.call("HEAD", f"/exports/{pk}/download")
    got = key.get(f"/exports/{pk}/download")
    assert (asked.status, asked.content) == (200, b"")
    assert int(asked.headers["Content-Length"]) == len(got.content)


def test_what_answers_no_get_answers_no_head_and_nobody_is_told_by_options(app):
    for method, path in (("HEAD", "/auth/revoke_api_key"), ("OPTIONS", "/leads")):
        answer = app().call(method, path)
        assert answer.status == 405
        assert "Access-Control-Allow-Origin" not in answer.headers
