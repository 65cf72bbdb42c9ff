"""A sign-in on a device not seen before is told to the user; one on a known device is not."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings

from custode.signin import links
from tests.cast import PASSWORD, Cast
from tests.signin.posting import delivered, delivered_one, token_in

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)


def sign_in(client: Any, email: str = "ugo@conti.example", **headers: str) -> None:
    given = {"email": email, "password": PASSWORD}
    answer = client.post("/sign-in/", given, headers={"User-Agent": CHROME, **headers})
    assert answer.status_code == 302, answer.content.decode()


def test_the_very_first_sign_in_is_no_news(people: Cast, come_in, mailing) -> None:
    sign_in(come_in())
    assert delivered() == []


def test_a_strange_device_is_told_with_what_is_known_of_it(people: Cast, come_in, mailing) -> None:
    sign_in(come_in())
    sign_in(come_in())
    letter = delivered_one()
    assert letter.to == ["ugo@conti.example"]
    assert "Device: Chrome on Windows" in letter.body
    assert "Internet address: 127.0.0.1" in letter.body
    assert links.session_of(token_in(letter.body, "not-me")) is not None


def test_a_device_that_is_known_is_not_told(people: Cast, come_in, mailing) -> None:
    client = come_in()
    sign_in(client)
    client.post("/sign-out/")
    sign_in(client)
    assert delivered() == []


def test_it_is_known_to_its_user_only(people: Cast, come_in, mailing) -> None:
    sign_in(come_in(), "bruna@sala.example")
    client = come_in()
    sign_in(client)
    client.post("/sign-out/")
    sign_in(client, "bruna@sala.example")
    assert delivered_one().to == ["bruna@sala.example"]


def test_a_device_cannot_say_that_it_is_known(people: Cast, come_in, mailing) -> None:
    sign_in(come_in())
    client = come_in()
    client.cookies[settings.DEVICE_COOKIE_NAME] = "office"
    sign_in(client)
    assert delivered_one().subject == "A new device signed in to Custode"


def test_without_mail_one_signs_in_as_well(people: Cast, come_in) -> None:
    sign_in(come_in())
    sign_in(come_in())
    assert delivered() == []


@pytest.mark.parametrize("forged", ["203.0.113.9", "evil\r\nBcc: x@evil.example"])
def test_a_forged_forwarding_header_is_not_told_as_the_address(
    people: Cast, come_in, mailing, forged: str
) -> None:
    sign_in(come_in())
    sign_in(come_in(), **{"X-Forwarded-For": forged})
    assert "Internet address: 127.0.0.1" in delivered_one().body
