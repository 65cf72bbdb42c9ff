"""Comments and files of leads by the API, and what happened to a lead."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from custode.activities import moves as talk
from custode.activities.models import Attachment, Comment
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.errors import Refused
from tests.api.calling import Caller
from tests.api.conftest import Calling


@pytest.fixture
def key(app: Calling) -> Caller:
    """An application that may everything but what only admins may."""
    return app("read", "write", "delete")


@pytest.fixture
def path(people) -> str:
    """Where the comments of a lead of Ugo's are."""
    return f"/leads/{people.lead(people.ugo, 'Scanner').pk}/comments"


def sent(caller: Caller, path: str, **form):
    body = encode_multipart(BOUNDARY, form)
    return caller.call("POST", path, body, kind=MULTIPART_CONTENT)


def a_file(name="offer.txt", content=b"12 scanners"):
    return SimpleUploadedFile(name, content)


def test_a_comment_of_an_application_names_it(key, path):
    made = key.post(path, {"content": "Called **twice**.\n🚀"})
    assert made.status == 201
    assert made.json["content"] == made.json["raw_content"] == "Called **twice**.\n🚀"
    assert made.json["user"] == {"id": None, "firstname": "Zapp", "lastname": "", "email": None}
    assert made.json["commented_item"]["type"] == "lead"
    assert (made.json["attachments"], made.json["reactions"]) == ([], [])


def test_a_comment_can_tell_of_a_users_doing(key, path, people, program):
    made = key.post(path, {"content": "Call", "user_id": people.ugo.email, "is_pinned": "true",
                           "created_at": "2026-01-02T03:04:05.000Z"}).json  # fmt: skip
    assert (made["user"]["id"], made["is_pinned"]) == (people.ugo.pk, True)
    assert made["created_at"] == "2026-01-02T03:04:05.000Z"
    assert key.post(path, {"content": "Call", "user_id": 999999}).status == 422
    own = program(people.bruna).post(path, {"content": "Mine", "user_id": people.ugo.pk}).json
    assert own["user"]["id"] == people.bruna.pk


def test_the_history_says_which_application_wrote_in_a_users_name(key, path, people):
    made = key.post(path, {"content": "Call", "user_id": people.ugo.pk}).json
    with scope.account(people.ferri.account.pk):
        comment = Comment.objects.get(pk=made["id"])
        assert comment.lead is not None
        with pytest.raises(Refused):
            talk.write(people.actor(people.anna), comment.lead, "x", author=people.ugo)


def test_an_application_corrects_what_it_wrote_in_a_users_name_until_they_change_it(
    app, key, path, people, program
):
    made = key.post(path, {"content": "Call", "user_id": people.ugo.pk}).json
    one = f"{path}/{made['id']}"
    assert app(name="Other").put(one, {"content": "Another's"}).kind == "refused"
    for text in ("Called", "Called", "Called twice"):
        assert key.put(one, {"content": text, "activity_id": None}).json["content"] == text
    assert key.get(path).json[0]["user"]["id"] == people.ugo.pk
    assert program(people.ugo).put(one, {"content": "My own words"}).status == 200
    assert key.put(one, {"content": "Put into a mouth"}).kind == "refused"
    assert program(people.ugo).put(one, {"content": "Mine again"}).status == 200
    assert key.put(one, {"content": "Put into a mouth"}).kind == "refused"
    assert key.get(path).json[0]["content"] == "Mine again"


def test_comments_come_the_latest_first_in_pages(key, path):
    for text in "abc":
        key.post(path, {"content": text})
    assert [one["content"] for one in key.get(path).json] == ["c", "b", "a"]
    page = key.get(path, direction="asc", limit=1, offset=1)
    assert ([one["content"] for one in page.json], page.headers["X-TOTAL-COUNT"]) == (["b"], "3")


@pytest.mark.parametrize("body", [{}, {"content": None}])
def test_a_comment_needs_words_or_files(key, path, body):
    assert key.post(path, body).kind == "missing_parameter"
    assert key.post(path, {"content": " "}).status == 422
    assert key.post(path, {"content": "x", "activity_id": 999999}).json["field"] == "activity_id"


def test_an_application_changes_what_it_wrote_and_nothing_else(app, key, path, people, program):
    mine = key.post(path, {"content": "Mine"}).json["id"]
    other = app("read", "write", "delete", name="Other")
    ugos = program(people.ugo).post(path, {"content": "Ugo's"}).json["id"]
    assert key.put(f"{path}/{mine}", {"content": "Changed"}).json["content"] == "Changed"
    for caller, pk in ((other, mine), (key, ugos), (app(), ugos), (program(people.anna), mine)):
        refused = caller.put(f"{path}/{pk}", {"content": "Put into a mouth"})
        assert (refused.status, refused.kind) == (403, "refused")
    assert key.put(f"{path}/{mine}", {"is_pinned": True}).json["is_pinned"] is True
    assert key.get(path).json[-1]["content"] == "Changed"


def test_an_application_deletes_what_it_wrote_and_an_admins_key_all(
    app, key, path, people, program
):
    mine, next_one = (key.post(path, {"content": text}).json["id"] for text in "ab")
    ugos = program(people.ugo).post(path, {"content": "Ugo's"}).json["id"]
    other = app("read", "write", "delete", name="Other")
    assert other.delete(f"{path}/{mine}").status == 403
    assert key.delete(f"{path}/{ugos}").status == 403
    assert key.delete(f"{path}/{mine}").json == {"id": mine}
    assert key.delete(f"{path}/{mine}").status == 404
    assert app().delete(f"{path}/{ugos}").status == 200
    assert app().delete(f"{path}/{next_one}").status == 200
    with scope.account(people.ferri.account.pk):
        ends = LogEntry.objects.filter(verb="delete").order_by("seq")
        assert [one.outcome for one in ends] == ["refused", "refused", "done", "done", "done"]


def test_a_comment_of_another_lead_is_not_there(key, path, people):
    made = key.post(path, {"content": "x"}).json["id"]
    elsewhere = f"/leads/{people.lead(people.ugo, 'Other').pk}/comments/{made}"
    assert key.put(elsewhere, {"content": "y"}).status == 404
    assert key.delete(elsewhere).status == 404


def test_files_come_with_a_comment_or_alone(app, key, path, people):
    made = sent(key, path, content="See", **{"attachments[]": a_file()})
    assert (made.status, made.json["attachments"][0]["name"]) == (201, "offer.txt")
    lead = path.removesuffix("/comments")
    (alone,) = sent(key, f"{lead}/attachments", anything=a_file("b.txt")).json
    files = key.get(f"{lead}/attachments")
    assert [one["name"] for one in files.json] == ["b.txt", "offer.txt"]
    assert files.headers["X-TOTAL-COUNT"] == "2"
    assert key.get(lead).json["attachment_count"] == 2
    assert key.get(f"{lead}/attachments/{alone['id']}").json["size"] == 11
    assert key.post(f"{lead}/attachments").kind == "missing_parameter"
    (unread,) = sent(app("write"), f"{lead}/attachments", anything=a_file("c.txt")).json
    assert unread.keys() == {"id"}


def test_a_file_is_handed_out_without_a_key_for_three_minutes(key, path, people):
    sent(key, path, content="See", file=a_file("page.html", b"<script>alert(1)</script>"))
    (file,) = key.get(path.replace("comments", "attachments")).json
    url = file["url"].removeprefix("http://localhost:8000")
    response: Any = Client().get(url)
    assert b"".join(response.streaming_content) == b"<script>alert(1)</script>"
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"].startswith("attachment")
    assert response["Content-Security-Policy"] == "default-src 'none'; sandbox"
    with scope.account(people.ferri.account.pk):
        comment = Attachment.objects.get().comment_id
    assert Client().get(url + "x").status_code == 404
    assert Client().get("/api/v2/files/").status_code == 404
    key.delete(f"{path}/{comment}")
    assert Client().get(url).status_code == 404


def test_the_address_of_a_file_is_over_after_three_minutes(key, path, monkeypatch):
    sent(key, path, content="See", file=a_file())
    (file,) = key.get(path.replace("comments", "attachments")).json
    url = file["url"].removeprefix("http://localhost:8000")
    now = clock.now().timestamp()
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 170)
    assert Client().get(url).status_code == 200
    monkeypatch.setattr("django.core.signing.time.time", lambda: now + 190)
    assert Client().get(url).status_code == 404


def test_a_file_is_taken_off_its_comment_or_goes_with_it(key, path):
    files = path.replace("comments", "attachments")
    sent(key, path, content="See", a=a_file(), b=a_file("b.txt"))
    sent(key, files, c=a_file("c.txt"))
    for one in key.get(files).json:
        assert key.delete(f"{files}/{one['id']}").json == {"id": one["id"]}
    assert key.get(files).json == []
    assert [one["content"] for one in key.get(path).json] == ["See"]


def test_what_happened_to_a_lead_is_told_the_latest_first(key, path, people):
    lead = path.removesuffix("/comments")
    now = clock.now()
    changes = (
        {"step": people.ferri.steps[1].pk},
        {"amount": 5},
        {"user_id": people.bruna.pk},
        {"status": "won"},
    )
    for minute, change in enumerate(changes, start=1):
        with clock.at(now + timedelta(minutes=minute)):
            assert key.put(lead, change).status == 200
    with clock.at(now + timedelta(minutes=9)):
        key.post(path, {"content": "Done"})
    story = f"{lead}/action_histories"
    told = key.get(story)
    kinds = [one["action_type"] for one in told.json]
    assert kinds[:2] == ["comment", "status_change"]
    assert kinds[-1] == "creation"
    assert {"step_change", "assignment", "amount_change"} <= set(kinds)
    assert told.headers["X-TOTAL-COUNT"] == str(len(kinds))
    only = key.get(story, action_type="creation,comment").json
    assert [one["action_type"] for one in only] == ["comment", "creation"]
    assert [one["user_id"] for one in key.get(story, user_ids=people.ugo.pk).json] == [
        people.ugo.pk
    ]
    late = key.get(story, **{"from": (now + timedelta(minutes=8)).isoformat()}).json
    assert [one["action_type"] for one in late] == ["comment"]
    assert key.get(story, limit=1, offset=1).json[0]["action_type"] == "status_change"
    assert key.get(story, **{"from": "never"}).status == 422
