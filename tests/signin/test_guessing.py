"""Guessing passwords from many addresses: who is stopped, who is not, and what they are told.

The table is written by hand: a stranger must never lock a person out of a device of theirs.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from tests.cast import PASSWORD, Cast

ANNA = "anna@ferri.example"


def try_in(client: Client, email: str, password: str, ip: str = "198.51.100.1") -> HttpResponse:
    answer: Any = client.post("/sign-in/", {"email": email, "password": password}, REMOTE_ADDR=ip)
    return answer  # type: ignore[no-any-return]  # a test client's own class


def told(answer: HttpResponse) -> str:
    """What the page says, in a word."""
    if answer.status_code == 302:
        return "in"
    words = answer.content.decode()
    return "wait" if "Too many attempts" in words else "wrong"


# who guesses: from how many addresses, how often from each, at how many people
# -> what the last guess is told; what Anna is told on her own device, and on a new one, at once
GUESSES = [
    ("one stranger, a few times", 1, 4, 1, "wrong", "in", "in"),
    ("one stranger, often", 1, 8, 1, "wait", "in", "in"),
    ("a few strangers, often", 5, 8, 1, "wait", "in", "in"),
    ("many strangers, a botnet", 60, 1, 1, "wait", "in", "wait"),
    ("one address, many people", 1, 1, 120, "wait", "in", "in"),
]


@pytest.mark.parametrize(
    ("who", "addresses", "times", "people_tried", "last", "on_own_device", "on_new_device"),
    GUESSES,
    ids=[row[0] for row in GUESSES],
)
def test_a_stranger_locks_nobody_out(
    people: Cast, come_in, who, addresses, times, people_tried, last, on_own_device, on_new_device
) -> None:
    own = come_in()
    assert told(try_in(own, ANNA, PASSWORD, "192.0.2.1")) == "in"
    own.post("/sign-out/")
    answer = None
    for number in range(addresses):
        for _time in range(times):
            for person in range(people_tried):
                email = ANNA if people_tried == 1 else f"p{person}@ferri.example"
                answer = try_in(come_in(), email, "guess", f"198.51.100.{number + 1}")
    assert answer is not None
    assert told(answer) == last
    assert told(try_in(own, ANNA, PASSWORD, "192.0.2.1")) == on_own_device
    assert told(try_in(come_in(), ANNA, PASSWORD, "203.0.113.5")) == on_new_device


def test_who_must_wait_is_told_how_long(people: Cast, come_in) -> None:
    for _time in range(6):
        answer = try_in(come_in(), ANNA, "guess")
    assert re.search(r"Wait \d+ (minute|second)s? and try again\.", answer.content.decode())


@pytest.mark.parametrize("email", ["ugo@contı.example", "UGO@CONTI.EXAMPLE", "ugo@contí.example"])
def test_another_way_to_write_an_address_gives_no_further_tries(
    people: Cast, come_in, email: str
) -> None:
    for number in range(60):
        try_in(come_in(), "ugo@conti.example", "guess", f"198.51.100.{number + 1}")
    assert told(try_in(come_in(), email, PASSWORD, "203.0.113.5")) in {"wait", "wrong"}


def test_an_unknown_address_is_stopped_just_as_a_known_one(people: Cast, come_in) -> None:
    for email in (ANNA, "nobody@ferri.example"):
        said = [told(try_in(come_in(), email, "guess", "198.51.100.9")) for _ in range(7)]
        assert said == ["wrong"] * 5 + ["wait"] * 2


def test_a_device_of_somebody_else_is_no_device_of_annas(people: Cast, come_in) -> None:
    ugos = come_in()
    assert told(try_in(ugos, "ugo@conti.example", PASSWORD)) == "in"
    mark = ugos.cookies[settings.DEVICE_COOKIE_NAME].value
    for _time in range(6):
        client = come_in()
        client.cookies[settings.DEVICE_COOKIE_NAME] = mark
        answer = try_in(client, ANNA, "guess")
    assert told(answer) == "wait"
