"""The pages for requests that never get to Django."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from custode.console.serving.turning_away import NOT_WHOLE, TOO_LONG, Pages

pytestmark = pytest.mark.once
SAME_HEAD = (
    "Content-Security-Policy", "X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy",
)  # fmt: skip


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"), ("it", "it"), ("it-IT,it;q=0.9,en;q=0.8", "it"), ("IT-ch", "it"),
        ("en-GB,it;q=0.5", "en"), ("de-DE,de;q=0.9,it;q=0.8,en;q=0.5", "it"), ("de", "en"),
        ("*", "en"), ("it;q=0", "en"), (",;q=x,\x00,=", "en"), ("x" * 100_000, "en"),
    ],
    ids=lambda text: text[:20],
)  # fmt: skip
@pytest.mark.parametrize("status", [TOO_LONG, NOT_WHOLE])
def test_each_is_in_a_language_that_the_browser_asks_for(
    status: int, accepted: str, language: str
) -> None:
    _head, body = Pages()(status, accepted)
    assert f'<html lang="{language}"' in body.decode()


def test_too_large_says_how_large_is_not(settings: Any) -> None:
    settings.UPLOAD_BYTES = 7 * 2**20
    pages = Pages()
    assert "files of up to 7 MB" in pages(TOO_LONG, "en")[1].decode()
    assert "7 MB" in pages(TOO_LONG, "it")[1].decode()
    assert pages(TOO_LONG, "it")[1] != pages(NOT_WHOLE, "it")[1]


@pytest.mark.django_db
def test_their_head_is_as_strict_as_that_of_any_page(client: Client) -> None:
    head = dict(Pages()(TOO_LONG, "")[0])
    usual = client.get("/sign-in/").headers

    def directives(policy: str) -> set[str]:
        return set(policy.split("; "))

    for name in SAME_HEAD:
        assert directives(head[name.lower()]) == directives(usual[name])
    assert "no-store" in head["cache-control"]
    assert head["content-type"] == "text/html; charset=utf-8"
