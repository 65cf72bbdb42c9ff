"""The panel's page of API keys: made with a proof, shown once, revoked."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.signin.api_keys.models import ApiKey
from custode.signin.models import Session
from tests.api.calling import Caller, key_for
from tests.cast import Cast

PAGE, NEW = "/admin-panel/keys/", "/admin-panel/keys/new/"
GIVEN = {"name": "Sync", "description": "Of the shop", "scopes": ["read", "write"]}


@pytest.fixture
def anna(ferri: Cast, come_in: Callable[..., Client]) -> Client:
    """Anna's browser."""
    return come_in(ferri.anna)


def text(answer: Any) -> str:
    return str(answer.content.decode())


def key_in(answer: Any) -> str:
    found = re.search(r'value="(custode_\d+_[\w-]{43})"', text(answer))
    assert found is not None
    return found[1]


def test_an_admin_makes_a_key_that_is_shown_once_and_works(ferri: Cast, anna: Client) -> None:
    made = anna.post(NEW, GIVEN)
    key = key_in(made)
    assert "no-store" in made.headers["Cache-Control"]
    assert Caller(key=key).get("/leads").status == 200
    assert Caller(key=key).post("/leads", {"title": "New"}).status == 201
    assert Caller(key=key).get("/predefined_tags").kind == "unauthorized_non_admin"
    page = text(anna.get(PAGE))
    assert key not in page
    assert key[:-39] in page
    assert "Of the shop" in page
    row = ApiKey.objects.get()
    assert (row.scopes, row.secret) == ("read,write", "")
    assert key not in str(vars(row))
    entry = LogEntry.objects.get(verb="keys")
    assert (entry.outcome, entry.actor_id, entry.entrance) == ("done", ferri.anna.pk, "web")


@pytest.mark.parametrize("expires", ["2020-01-01", "tomorrow"])
def test_all_mistakes_are_told_at_once(anna: Client, expires: str) -> None:
    answer = anna.post(NEW, {"name": " ", "description": "x" * 301, "expires": expires})
    assert answer.status_code == 422
    for name in ("name", "description", "scopes", "expires"):
        assert f'id="{name}-mistake"' in text(answer)
    assert not ApiKey.objects.exists()


def test_a_new_key_is_proposed_reading_and_writing_only(anna: Client) -> None:
    boxes = re.findall(r'<input[^>]*name="scopes"[^>]*>', text(anna.get(NEW)))
    ticked = {
        word for box in boxes if "checked" in box for word in re.findall(r'value="(\w+)"', box)
    }
    assert (len(boxes), ticked) == (5, {"read", "write"})


def test_a_key_is_kept_encrypted_only_where_that_is_chosen(anna: Client) -> None:
    key = key_in(anna.post(NEW, {**GIVEN, "recoverable": "1"}))
    row = ApiKey.objects.get()
    assert row.secret
    assert key not in row.secret
    assert "kept encrypted" in text(anna.get(PAGE))


def test_a_key_is_revoked_after_a_question_and_does_nothing_any_more(anna: Client) -> None:
    key = key_in(anna.post(NEW, {**GIVEN, "recoverable": "1"}))
    pk = ApiKey.objects.get().pk
    asked = anna.get(f"{PAGE}{pk}/revoke/")
    assert "Sync" in text(asked)
    assert Caller(key=key).get("/ping").status == 200
    assert anna.post(f"{PAGE}{pk}/revoke/").status_code == 302
    assert Caller(key=key).get("/ping").kind == "unauthorized_disabled_token"
    row = ApiKey.objects.get()
    assert (row.revoked_by, row.secret) == ("Anna Ferri", "")
    assert "Keys that no longer work" in text(anna.get(PAGE))
    assert anna.post(f"{PAGE}{pk}/revoke/").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [{"name": " "}, {"name": "x" * 81}, {"scopes": []}, {"expires": "soon"},
     {"expires": "2020-01-01"}],
)  # fmt: skip
def test_what_makes_no_sense_makes_no_key(anna: Client, wrong: dict[str, Any]) -> None:
    assert anna.post(NEW, {**GIVEN, **wrong}).status_code == 422
    assert not ApiKey.objects.exists()


def test_without_a_recent_proof_no_key_is_made_and_none_revoked(ferri: Cast, anna: Client) -> None:
    anna.post(NEW, GIVEN)
    pk = ApiKey.objects.get().pk
    with scope.everywhere("a test lets time pass"):
        Session.objects.update(proved_at=clock.now() - timedelta(minutes=11))
    for path, sent in ((NEW, {**GIVEN, "name": "Other"}), (f"{PAGE}{pk}/revoke/", {})):
        assert "Prove that it is you" in text(anna.post(path, sent))
    assert ApiKey.objects.get().revoked_at is None


def test_who_is_no_admin_makes_none_and_that_is_in_the_log(
    ferri: Cast, come_in: Callable[..., Client]
) -> None:
    ugo = come_in(ferri.ugo)
    assert ugo.post(NEW, GIVEN).status_code == 403
    assert ugo.get(PAGE).status_code == 403
    assert not ApiKey.objects.exists()
    entries = LogEntry.objects.filter(verb="keys", outcome="refused")
    assert {entry.actor_id for entry in entries} == {ferri.ugo.pk}


def test_a_comment_by_an_application_names_it_on_the_leads_page(
    ferri: Cast, anna: Client
) -> None:  # fmt: skip
    lead = ferri.lead(ferri.ugo, "Scanner")
    key = key_in(anna.post(NEW, {**GIVEN, "name": "Telephone box"}))
    assert Caller(key=key).post(f"/leads/{lead.pk}/comments", {"content": "Rang."}).status == 201
    page = text(anna.get(f"/leads/{lead.pk}/"))
    assert "Rang." in page
    assert "<b>Telephone box</b>" in page


def test_only_an_edition_with_sensitive_actions_promises_them(
    ferri: Cast, anna: Client, come_in: Callable[..., Client]
) -> None:
    promise = "The sensitive actions tell what it did."
    assert promise in text(anna.get(PAGE))
    page = text(come_in(ferri.carla).get(PAGE))
    assert "No application has a key" in page
    assert promise not in page


def test_scopes_are_called_in_the_readers_language_beside_the_word_of_programs(
    ferri: Cast, anna: Client
) -> None:
    anna.post(NEW, GIVEN)
    assert "Reading (read)" in text(anna.get(PAGE))
    assert "Administering (admin)" in text(anna.get(NEW))
    ferri.anna.language = "it"
    ferri.anna.save(update_fields=["language"])
    assert "Leggere (read)" in text(anna.get(PAGE))
    assert "Esportare (export)" in text(anna.get(NEW))


def test_who_made_a_key_by_a_command_is_told_in_words(ferri: Cast, anna: Client) -> None:
    key_for(ferri.ferri.account)
    page = text(anna.get(PAGE))
    assert "made by the operator of this installation on" in page
    assert "made by operator" not in page
