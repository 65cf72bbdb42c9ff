"""Browsers that sign in with a password, as people do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.conf import settings
from django.test import Client

from custode.people.models import User
from tests.cast import PASSWORD

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36"
)


@pytest.fixture
def browser(db: None) -> Callable[..., Client]:
    """`browser(people.ugo)` has signed in; `browser(people.ugo, planted)` had a cookie before."""

    def signed_in(user: User, planted: str = "") -> Client:
        client = Client(headers={"User-Agent": CHROME}, REMOTE_ADDR="192.0.2.7")
        if planted:
            client.cookies[settings.SESSION_COOKIE_NAME] = planted
        answer = client.post("/sign-in/", {"email": user.email, "password": PASSWORD})
        assert answer.status_code == 302
        return client

    return signed_in


def cookie(client: Client) -> str:
    """The value of a browser's session cookie; "" when it has none."""
    found = client.cookies.get(settings.SESSION_COOKIE_NAME)
    return found.value if found is not None else ""


def thief(client: Client) -> Client:
    """Another browser, with the same cookie."""
    other = Client(REMOTE_ADDR="203.0.113.9")
    other.cookies[settings.SESSION_COOKIE_NAME] = cookie(client)
    return other


def is_in(client: Client) -> bool:
    """Whether a browser gets a page that only users get."""
    answer = client.get("/profile/")
    assert answer.status_code in {200, 302}
    return answer.status_code == 200
