"""Passwords are worked on a few at a time, and whoever waits too long is told to come again."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.contrib.auth.hashers import Argon2PasswordHasher, check_password, make_password
from django.test import Client

from custode.kernel import scope
from custode.kernel.errors import TooMany
from custode.signin import hashing, links
from custode.signin.models import Session
from tests.cast import PASSWORD, Cast

SENTENCE = "Many people are signing in just now. Try again in a moment."


@pytest.fixture
def argon(settings: Any) -> None:
    """The hasher that Custode has outside its tests."""
    settings.PASSWORD_HASHERS = ["custode.signin.hashing.Argon2"]


@contextmanager
def all_seats_taken() -> Iterator[None]:
    """As when others' passwords are being worked on."""
    for _ in range(hashing.AT_ONCE):
        assert hashing._seats.acquire(timeout=5)
    try:
        yield
    finally:
        for _ in range(hashing.AT_ONCE):
            hashing._seats.release()


def test_it_is_argon2id_with_the_memory_that_is_documented(argon: None) -> None:
    kept = make_password(PASSWORD)
    assert kept.startswith("argon2$argon2id$v=19$m=47104,t=1,p=1$")
    assert check_password(PASSWORD, kept)
    assert not check_password("wrong", kept)


def test_no_more_run_at_once_than_there_are_seats(
    argon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    counting = threading.Lock()
    running: list[int] = []
    most = 0

    def slowly(_self: object, _password: str, *_rest: str) -> bool:
        nonlocal most
        with counting:
            running.append(1)
            most = max(most, len(running))
        time.sleep(0.05)
        with counting:
            running.pop()
        return True

    monkeypatch.setattr(Argon2PasswordHasher, "verify", slowly)
    monkeypatch.setattr(Argon2PasswordHasher, "encode", slowly)
    hasher = hashing.Argon2()
    with ThreadPoolExecutor(12) as pool:
        checked = [pool.submit(hasher.verify, "x", "y") for _ in range(8)]
        made = [pool.submit(hasher.encode, "x", "y") for _ in range(4)]
        assert all(one.result() for one in checked)
        assert all(one.result() for one in made)
    assert most == hashing.AT_ONCE == 2


def test_a_seat_comes_back_when_the_work_fails(argon: None) -> None:
    for _ in range(2 * hashing.AT_ONCE):
        with pytest.raises(ValueError, match="unpack"):
            hashing.Argon2().verify("x", "no such hash")
    with all_seats_taken():
        pass


def test_who_waits_too_long_is_told_so(argon: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hashing, "PATIENCE", 0.05)
    kept = make_password(PASSWORD)
    with all_seats_taken():
        with pytest.raises(TooMany, match=SENTENCE):
            check_password(PASSWORD, kept)
        with pytest.raises(TooMany, match=SENTENCE):
            make_password(PASSWORD)
    assert check_password(PASSWORD, kept)


@pytest.mark.parametrize("email", ["ugo@conti.example", "nobody@conti.example"])
def test_the_sign_in_page_says_it_to_known_and_unknown_alike(
    people: Cast, argon: None, monkeypatch: pytest.MonkeyPatch, email: str
) -> None:
    with scope.account(people.ferri.account.pk):
        people.ugo.set_password(PASSWORD)
        people.ugo.save(update_fields=["password"])
    monkeypatch.setattr(hashing, "PATIENCE", 0.05)
    client, form = Client(), {"email": email, "password": PASSWORD}
    with all_seats_taken():
        answer = client.post("/sign-in/", form)
    assert answer.status_code == 422
    assert SENTENCE in answer.text
    with scope.everywhere("the test counts"):
        assert not Session.objects.exists()
    assert client.post("/sign-in/", form).status_code == (302 if "ugo" in email else 422)


def test_the_page_of_a_link_says_it_and_the_link_still_works(
    people: Cast, argon: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hashing, "PATIENCE", 0.05)
    path = links.password_link(people.ugo).partition("/password/")[2]
    new = {"password": "quiet-river-lamp-29", "again": "quiet-river-lamp-29"}
    with all_seats_taken():
        answer = Client().post(f"/password/{path}", new)
    assert (answer.status_code, SENTENCE in answer.text) == (429, True)
    assert Client().post(f"/password/{path}", new).status_code == 200
