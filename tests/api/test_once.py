"""`Idempotency-Key`: whose words are whose, and when a word is free again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.activities.models import Comment
from custode.api import once
from custode.exchange.webhooks import forgetting
from custode.kernel import clock, scope
from custode.kernel.actor import Actor, Scope
from custode.leads.models import Lead, Tag
from custode.people import erasing
from custode.signin import leaving, rotating
from custode.signin.api_keys.models import Answered, ApiKey
from custode.signin.api_keys.periodic import forget_answers
from tests.api.calling import Answer, Caller

WORD = {"Idempotency-Key": "w"}


@pytest.fixture
def account(people):
    """The number of Ferri's account."""
    return people.ferri.account.pk


def as_ugo(key: Caller, people) -> Caller:
    """The application as Ugo."""
    return Caller(token=key.get("/auth/log_as", user_id=people.ugo.pk).json["token"])


def test_an_application_as_somebody_is_answered_none_of_their_own_words(app, program, people):
    mine = program(people.ugo).post("/leads", {"title": "Mine"}, **WORD)
    other, third = as_ugo(app(), people), as_ugo(app(name="Else"), people)
    ids = [one.post("/leads", {"title": "Mine"}, **WORD).json["id"] for one in (other, third)]
    assert len({mine.json["id"], *ids}) == 3
    again = other.post("/leads", {"title": "Mine"}, **WORD)
    assert (again.json["id"], again.headers["Idempotent-Replayed"]) == (ids[0], "true")


def test_what_a_key_may_no_longer_ask_it_is_not_answered_again(app, monkeypatch):
    key = app("read", "write")
    assert key.post("/leads", {"title": "T"}, **WORD).status == 201
    monkeypatch.setattr(ApiKey, "good_for", frozenset({Scope.READ}))
    again = key.post("/leads", {"title": "T"}, **WORD)
    assert (again.status, again.kind) == (403, "missing_scope")


def test_after_a_mistake_of_ours_the_word_may_be_tried_again(app, account, monkeypatch):
    key = app()
    with monkeypatch.context() as broken:
        broken.setattr("custode.leads.moves.create", lambda *args, **more: 1 / 0)
        assert key.post("/leads", {"title": "T"}, **WORD).status == 500
    assert key.post("/leads", {"title": "T"}, **WORD).status == 201
    with scope.account(account):
        assert Lead.objects.count() == 1


def test_a_word_that_is_given_back_at_this_moment_is_taken(app, account, monkeypatch):
    key, taken = app(), once._taken
    key.post("/leads", {"title": "T"}, **WORD)

    def given_back(*told):
        mine = taken(*told)
        Answered.objects.all().delete()
        return mine

    monkeypatch.setattr(once, "_taken", given_back)
    with scope.account(account):
        assert key.post("/leads", {"title": "T"}, **WORD).status == 201
        assert Lead.objects.count() == 2


def test_an_answer_is_kept_sealed_and_read_with_new_keys_too(app, account, monkeypatch, tmp_path):
    monkeypatch.setattr(settings, "DATA", tmp_path)
    key, url = app(), "https://hooks.example/x"
    wanted = {"event": "lead.creation", "target_type": "url", "target": url}
    made = key.post("/webhooks", wanted, **WORD)
    assert made.status == 201
    with scope.account(account):
        body = bytes(Answered.objects.get().body)
    assert made.json["secret"].encode() not in body
    assert url.encode() not in body
    rotating.rotate()
    again = key.post("/webhooks", wanted, **WORD)
    assert (again.status, again.json) == (201, made.json)


def test_a_tag_that_two_make_at_once_is_one(app, account, monkeypatch):
    with scope.account(account):
        Tag(account_id=account, name="fair").save()
        # As whoever looked before the other one was there.
        monkeypatch.setattr(Tag.offered, "filter", lambda **wanted: Tag.objects.none())
    made = app().post("/leads", {"title": "T", "tags": ["fair"]})
    assert (made.status, made.json["tags"]) == (201, ["fair"])


def sent(key: Caller, path: str, text: str, name: str = "a.txt") -> Answer:
    """A file, sent under the word."""
    body = encode_multipart(BOUNDARY, {"file": SimpleUploadedFile(name, text.encode())})
    return key.call("POST", path, body, kind=MULTIPART_CONTENT, headers=WORD)


def handed_out(file: dict[str, Any]) -> bytes:
    """What a file's address gives."""
    response: Any = Client().get(file["url"].removeprefix(settings.URL))
    return b"".join(response.streaming_content)


def test_a_file_that_is_sent_under_a_word_arrives_whole_and_once(app, people):
    key, path = app(), f"/leads/{people.lead(people.ugo).pk}/attachments"
    first, again = sent(key, path, "hello world"), sent(key, path, "hello world")
    assert (first.status, again.status, again.json) == (201, 201, first.json)
    (file,) = key.get(path).json
    assert (file["size"], handed_out(file)) == (11, b"hello world")


def test_another_file_of_the_same_name_and_size_is_another_request(app, people):
    key, path = app(), f"/leads/{people.lead(people.ugo).pk}/attachments"
    assert sent(key, path, "hello world").status == 201
    for text, name in (("hello there", "a.txt"), ("hello world", "b.txt")):
        other = sent(key, path, text, name)
        assert (other.status, other.kind) == (422, "idempotency_key_reused")
    assert len(key.get(path).json) == 1


def test_the_same_words_to_another_address_are_another_request(app, people):
    key = app()
    one, other = (f"/leads/{people.lead(people.ugo).pk}/comments" for _n in range(2))
    assert key.post(one, {"content": "Call"}, **WORD).status == 201
    refused = key.post(other, {"content": "Call"}, **WORD)
    assert (refused.status, refused.kind) == (422, "idempotency_key_reused")
    assert key.get(other).json == []


def test_who_asks_again_before_the_first_is_done_is_told_to_come_later(app, account):
    key = app()
    assert key.post("/leads", {"title": "T"}, **WORD).status == 201
    with scope.account(account):
        # As it stands while the first is being worked on.
        Answered.objects.update(status=None, body=b"")
    again = key.post("/leads", {"title": "T"}, **WORD)
    assert (again.status, again.kind) == (409, "in_progress")
    assert "Idempotent-Replayed" not in again.headers
    with scope.account(account):
        assert Lead.objects.count() == 1


def test_a_word_has_at_most_255_characters(app, account):
    key = app()
    refused = key.post("/leads", {"title": "T"}, **{"Idempotency-Key": "w" * 256})
    assert (refused.status, refused.kind) == (422, "invalid_parameter")
    with scope.account(account):
        assert not Lead.objects.exists()
    assert key.post("/leads", {"title": "T"}, **{"Idempotency-Key": "w" * 255}).status == 201


def test_a_word_says_nothing_with_what_is_no_post(app, account, people):
    key, path = app(), f"/leads/{people.lead(people.ugo, 'T').pk}"
    for title in ("A", "B"):
        changed = key.put(path, {"title": title}, **WORD)
        assert (changed.status, changed.json["title"]) == (200, title)
    read = key.call("GET", path, headers=WORD)
    assert (read.status, read.json["title"]) == (200, "B")
    with scope.account(account):
        assert not Answered.objects.exists()


def test_answers_that_are_kept_for_a_day_are_forgotten_then(app, people):
    account = people.ferri.account.pk
    for word in ("first", "second"):
        assert app().post("/leads", {"title": "T"}, **{"Idempotency-Key": word}).status == 201
    with scope.account(account):
        old = Answered.objects.earliest("pk")
        Answered.objects.filter(pk=old.pk).update(at=clock.now() - timedelta(hours=25))
        assert forget_answers(Actor.system(account, "answers to programs")) == 1
        assert Answered.objects.get().pk != old.pk


def test_an_answer_that_names_somebody_is_erased_with_them_and_nothing_is_done_twice(
    app, program, people, account
):
    key, bruna = app(name="Phones"), program(people.bruna)
    his, hers = {"content": "Called", "user_id": people.ugo.email}, {"title": "Hers"}
    talk = f"/leads/{people.lead(people.ugo, 'His').pk}/comments"
    made = key.post(talk, his, **WORD)
    assert made.json["user"]["lastname"] == "Conti"
    program(people.ugo).post("/leads", {"title": "Own"}, **WORD)
    bruna.post("/leads", hers, **WORD)
    with scope.account(account):
        leaving.disable(people.actor(people.anna), people.ugo)
        people.ugo.refresh_from_db()
        act = erasing.erase(people.actor(people.anna), people.ugo)
        assert forgetting.forget(account, act.seq)
        assert [bytes(row.body) == b"" for row in Answered.objects.order_by("pk")] == [
            True, True, False,
        ]  # fmt: skip
    again = key.post(talk, his, **WORD)
    assert (made.status, again.status, again.kind) == (201, 409, "answer_erased")
    assert bruna.post("/leads", hers, **WORD).headers["Idempotent-Replayed"] == "true"
    with scope.account(account):
        assert (Comment.objects.count(), Lead.objects.count()) == (1, 3)
        assert rotating.rotate() is not None


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("comments", {"content": "Hi"}), ("duplicate_lead", {}), ("assign", {"user_id": "bruna"}),
    ],
)  # fmt: skip
def test_of_what_is_no_longer_seen_only_the_number_is_answered_again(
    program, people, account, path, body
):
    owner = people.ugo if path == "assign" else people.bruna
    lead, ugos = people.lead(owner, "Secret of Bruna"), program(people.ugo)
    told = {name: people.bruna.pk if name == "user_id" else text for name, text in body.items()}
    made = ugos.post(f"/leads/{lead.pk}/{path}", told, **WORD)
    assert b"Secret of Bruna" in made.content
    assert ugos.post(f"/leads/{lead.pk}/{path}", told, **WORD).json == made.json
    with scope.account(account):
        sharing.change(people.actor(people.anna), Sharing("admins", False, "managers", "everybody"))
    again = ugos.post(f"/leads/{lead.pk}/{path}", told, **WORD)
    assert ugos.get(f"/leads/{lead.pk}").status == 404
    assert (again.status, again.json) == (made.status, {"id": made.json["id"]})
    assert again.headers["Idempotent-Replayed"] == "true"


def test_of_what_lies_in_the_trash_only_the_number_is_answered_again(app):
    key = app()
    made = key.post("/leads", {"title": "Secret"}, **WORD).json
    assert key.post("/leads", {"title": "Secret"}, **WORD).json == made
    key.call("DELETE", f"/leads/{made['id']}")
    assert key.post("/leads", {"title": "Secret"}, **WORD).json == {"id": made["id"]}
