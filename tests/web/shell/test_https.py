"""Where people come by https, nothing is answered to who comes without."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tests.cast import PASSWORD, Cast

ComeIn = Callable[..., Client]


@pytest.fixture
def _https(settings: Any) -> None:
    settings.IS_HTTPS, settings.URL = True, "https://localhost"


def test_on_this_machine_alone_plain_http_is_served(come_in: ComeIn) -> None:
    assert come_in().get("/sign-in/").status_code == 200


@pytest.mark.usefixtures("_https")
@pytest.mark.parametrize("path", ["/", "/sign-in/", "/leads/", "/nowhere/", "/password/1-1-1/"])
def test_without_https_no_page_is_shown(people: Cast, come_in: ComeIn, path: str) -> None:
    for client in (come_in(), come_in(people.anna)):
        answer = client.get(path)
        assert answer.status_code == 403
        assert 'href="https://localhost"' in answer.text
        assert "X-Forwarded-Proto" in answer.text
        assert "Content-Security-Policy" in answer.headers
        assert not answer.cookies
        assert client.get(path, secure=True).status_code != 403


@pytest.mark.usefixtures("_https")
def test_without_https_a_password_is_not_even_looked_at(people: Cast, come_in: ComeIn) -> None:
    client, right = come_in(), {"email": people.ugo.email, "password": PASSWORD}
    assert client.post("/sign-in/", right).status_code == 403
    assert client.get("/leads/", secure=True).status_code == 302
    assert client.post("/sign-in/", right, secure=True).status_code == 302
    assert client.get("/leads/", secure=True).status_code == 200


@pytest.mark.usefixtures("_https")
@pytest.mark.parametrize(("told", "status"), [("https", 200), ("http", 403), ("", 403)])
def test_behind_a_proxy_the_proxy_tells(
    come_in: ComeIn, settings: Any, told: str, status: int
) -> None:
    assert come_in().get("/sign-in/", headers={"X-Forwarded-Proto": told}).status_code == 403
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    assert come_in().get("/sign-in/", headers={"X-Forwarded-Proto": told}).status_code == status


@pytest.mark.usefixtures("_https")
def test_it_says_so_in_the_browsers_language(come_in: ComeIn) -> None:
    answer = come_in().get("/", headers={"Accept-Language": "it"})
    assert '<html lang="it"' in answer.text
