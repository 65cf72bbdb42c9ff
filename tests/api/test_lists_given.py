"""Whose a prospecting list is that a program makes or gives, and who sees it."""

from __future__ import annotations

import pytest

from custode.accounts import sharing
from custode.accounts.sharing import Sharing
from custode.guard.models import LogEntry
from custode.prospecting import moves
from tests.api.calling import Caller

CONTENT = [["Name"], ["Rossi"]]


@pytest.fixture
def key(app) -> Caller:
    """An application that may everything but what only admins may."""
    found: Caller = app("read", "write", "delete")
    return found


def test_whose_a_new_list_is(key, people, program):
    def made(caller, **more):
        return caller.post("/spreadsheets", {"title": "T", "content": CONTENT, **more})

    assert made(key, user_id=people.ugo.email).json["user"]["id"] == people.ugo.pk
    assert made(key, user_id=str(people.ugo.pk)).json["user"]["id"] == people.ugo.pk
    assert made(key, user_id="nobody@ferri.example").status == 422
    bruna = program(people.bruna)
    assert made(bruna).json["user"]["id"] == people.bruna.pk
    assert made(bruna, user_id=people.bruna.pk).status == 201
    refused = made(bruna, user_id=people.ugo.pk)
    assert (refused.status, refused.kind) == (401, "not_api_key")


@pytest.mark.parametrize(
    ("privacy", "shared"),
    [
        (1, 1),
        ("1", 1),
        (True, 1),
        ("public", 1),
        (0, 0),
        (False, 0),
        ("private", 0),
        ("who knows", 0),
        (None, 0),
    ],
)
def test_a_list_is_shared_only_when_that_is_clearly_meant(key, privacy, shared):
    body = {"title": "T", "content": CONTENT, "privacy": privacy}
    assert key.post("/spreadsheets", body).json["privacy"] == shared


def test_a_list_is_given_to_somebody(key, people, program, fair):
    path = f"/spreadsheets/{fair.pk}/assign"
    told = key.post(path, {"user_id": people.bruna.email})
    assert (told.status, told.json["user"]["id"]) == (200, people.bruna.pk)
    (entry,) = LogEntry.objects.filter(verb="change", kind="prospecting_list")
    assert (entry.actor_kind, entry.entrance) == ("key", "api")
    assert key.post(path, {}).kind == "missing_parameter"
    assert key.post(path, {"user_id": "999999999"}).status == 422


def test_who_gives_a_list_out_of_their_sight_is_told_once_more(people, program, fair):
    sharing.change(people.actor(people.anna), Sharing("admins", False, "admins", "everybody"))
    ugo = program(people.ugo)
    told = ugo.post(f"/spreadsheets/{fair.pk}/assign", {"user_id": people.bruna.pk})
    assert (told.status, told.json["user"]["id"]) == (200, people.bruna.pk)
    assert ugo.get(f"/spreadsheets/{fair.pk}").status == 404


def test_who_sees_a_list_only_as_it_is_shared_does_not_give_it(people, program, fair):
    sharing.change(people.actor(people.anna), Sharing("admins", False, "admins", "everybody"))
    moves.share(people.actor(people.ugo), fair, True)
    bruna, path = program(people.bruna), f"/spreadsheets/{fair.pk}"
    assert bruna.get(path).json["privacy"] == 1
    refused = bruna.post(f"{path}/assign", {"user_id": people.bruna.pk})
    assert (refused.status, refused.kind) == (403, "refused")
    assert bruna.get(path).json["user"]["id"] == people.ugo.pk
