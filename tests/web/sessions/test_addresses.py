"""What stands in the address of the admin's page: nonsense is still a page, mistakes are told."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast

PAGE = "/security/sessions/"
ComeIn = Callable[..., Client]


@pytest.mark.parametrize(
    "query",
    ["user=x", "user=" + "9" * 50, "state=%00", "ip=%00", "ip=x", "device=%00", "since=x",
     "until=9999-12-31", "session=-1", "before=x", "before=" + "9" * 50, "device=" + "x" * 5000],
)  # fmt: skip
def test_a_nonsense_address_is_still_a_page(people: Cast, come_in: ComeIn, query: str) -> None:
    assert come_in(people.anna).get(f"{PAGE}?{query}").status_code == 200


def test_mistakes_in_the_address_are_told(people: Cast, come_in: ComeIn) -> None:
    page = come_in(people.anna).get(f"{PAGE}?ip=here&since=yesterday").content.decode()
    assert "Write an IP address like" in page
    assert "Write a date like" in page


def test_a_session_that_is_no_longer_kept_is_told(people: Cast, come_in: ComeIn) -> None:
    client = come_in(people.anna)
    page = client.get("/security/actions/?session=999999").content.decode()
    assert "a session that is no longer kept" in page
    assert "No session matches" in client.get(f"{PAGE}?session=999999").content.decode()
