"""One's own page: the devices one is signed in on, those before, and disconnecting them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from custode.guard.models import LogEntry
from custode.kernel import scope
from custode.people.models import User
from custode.signin.models import Ended, Session
from tests.cast import Cast
from tests.signin.sessions.making import a_session, days_ago

PAGE = "/profile/devices/"
ComeIn = Callable[..., Client]


def shown(answer: Any, part: str) -> list[tuple[str, str]]:
    """The devices in a part of the page, with how they ended."""
    return [(one.device, one.why) for one in answer.context[part]]


def is_current(row: Session) -> bool:
    with scope.account(row.account_id):
        return Session.objects.get(pk=row.pk).ended_at is None


def test_this_device_stands_first_and_is_marked(people: Cast, come_in: ComeIn) -> None:
    a_session(people.ugo, browser="Safari", system="iPhone", form="phone")
    answer = come_in(people.ugo).get(PAGE)
    assert [one.is_this for one in answer.context["now"]] == [True, False]
    page = answer.content.decode()
    assert page.count("This device") == 1
    assert "Safari on iPhone" in page
    assert 'title="phone"' in page


def test_a_row_tells_device_address_and_way(people: Cast, come_in: ComeIn) -> None:
    a_session(people.ugo, began=3, seen=0.1, way="password+totp")
    page = come_in(people.ugo).get(PAGE).content.decode()
    for words in ("Chrome on Windows", "192.0.2.7", "Password and code", "started", "3 days ago"):
        assert words in page
    assert "last used" in page


# How a session ended -> the words for its own user.
ENDS = {
    (Ended.SIGNED_OUT, ""): "Signed out",
    (Ended.DISCONNECTED, ""): "Disconnected by you",
    (Ended.DISCONNECTED, "Anna Ferri"): "Disconnected by Anna Ferri",
    (Ended.IDLE, ""): "Not used for too long",
    (Ended.EXPIRED, ""): "Expired",
    (Ended.PASSWORD, ""): "Password changed",
    (Ended.PASSWORD, "Anna Ferri"): "Password changed by Anna Ferri",
    (Ended.DISABLED, ""): "User disabled",
    (Ended.DISABLED, "Anna Ferri"): "User disabled by Anna Ferri",
    (Ended.TWO_FACTOR, ""): "Two-factor authentication changed",
    (Ended.TWO_FACTOR, "Anna Ferri"): "Two-factor authentication changed by Anna Ferri",
    (Ended.NOT_ME, ""): "The user said: this was not me",
    (Ended.KEY, ""): "API key expired",
    (Ended.KEY, "Anna Ferri"): "API key revoked by Anna Ferri",
}


def test_a_past_one_tells_why_and_by_whom_it_ended(people: Cast, come_in: ComeIn) -> None:
    for why, by in reversed(ENDS):
        a_session(people.ugo, ended_at=days_ago(1), ended_why=why, ended_by=by)
    past = shown(come_in(people.ugo).get(PAGE), "past")
    assert [why for _device, why in past] == list(ENDS.values())
    assert {why for why, _by in ENDS} == set(Ended)


def test_what_has_run_out_is_past_before_the_job_says_so(people: Cast, come_in: ComeIn) -> None:
    a_session(people.ugo, began=20, seen=8, browser="Firefox")
    a_session(people.ugo, began=31, seen=1, browser="Opera")
    answer = come_in(people.ugo).get(PAGE)
    assert shown(answer, "past") == [
        ("Opera on Windows", "Expired"),
        ("Firefox on Windows", "Not used for too long"),
    ]


def test_nobody_elses_device_shows(people: Cast, come_in: ComeIn) -> None:
    for other in (people.bruna, people.anna, people.carla):
        a_session(other, browser="Opera")
        a_session(other, browser="Opera", ended_at=days_ago(1), ended_why=Ended.IDLE)
    assert "Opera" not in come_in(people.ugo).get(PAGE).content.decode()


def test_one_is_disconnected_and_says_so(people: Cast, come_in: ComeIn) -> None:
    row, other = a_session(people.ugo), a_session(people.ugo)
    client = come_in(people.ugo)
    answer = client.post(f"{PAGE}{row.pk}/disconnect/", follow=True)
    assert "Disconnected: Chrome on Windows" in answer.content.decode()
    assert shown(answer, "past") == [("Chrome on Windows", "Disconnected by you")]
    assert (is_current(row), is_current(other)) == (False, True)
    answer = client.post(f"{PAGE}{row.pk}/disconnect/", follow=True)
    assert "was no longer signed in" in answer.content.decode()


def test_all_others_are_disconnected_and_this_one_stays(people: Cast, come_in: ComeIn) -> None:
    mine = [a_session(people.ugo) for _ in range(3)]
    hers = a_session(people.bruna)
    client = come_in(people.ugo)
    answer = client.post(f"{PAGE}others/", follow=True)
    assert "3 other devices were disconnected." in answer.content.decode()
    assert not any(map(is_current, mine))
    assert is_current(hers)
    assert len(answer.context["now"]) == 1
    assert "Disconnect all others" not in answer.content.decode()
    answer = client.post(f"{PAGE}others/", follow=True)
    assert "No other device was signed in." in answer.content.decode()


def test_disconnecting_this_very_device_is_signing_out(people: Cast, come_in: ComeIn) -> None:
    client = come_in(people.ugo)
    this = client.get(PAGE).context["now"][0].it.pk
    assert client.post(f"{PAGE}{this}/disconnect/").status_code == 302
    assert client.get(PAGE).status_code == 302


def test_ones_own_are_no_sensitive_actions(people: Cast, come_in: ComeIn) -> None:
    a_session(people.ugo)
    with scope.account(people.ferri.account.pk):
        before = LogEntry.objects.count()
        come_in(people.ugo).post(f"{PAGE}others/")
        assert LogEntry.objects.count() == before


# Whose session Ugo tries -> the answer.
OTHERS = {"bruna": 404, "anna": 404, "carla": 404, "nobody": 404}


@pytest.mark.parametrize(("whose", "status"), OTHERS.items())
def test_only_ones_own_can_be_disconnected_here(
    people: Cast, come_in: ComeIn, whose: str, status: int
) -> None:
    owner: User | None = getattr(people, whose, None)
    row = a_session(owner) if owner else None
    answer = come_in(people.ugo).post(f"{PAGE}{row.pk if row else 999_999}/disconnect/")
    assert answer.status_code == status
    assert row is None or is_current(row)


# Who -> what the page answers: it is in every edition and for every role.
READERS = {"anna": 200, "ugo": 200, "bruna": 200, "carla": 200, None: 302}


@pytest.mark.parametrize(("who", "status"), READERS.items())
def test_everybody_has_this_page(
    people: Cast, come_in: ComeIn, who: str | None, status: int
) -> None:
    client = come_in(getattr(people, who) if who else None)
    assert client.get(PAGE).status_code == status


@pytest.mark.parametrize("path", ["others/", "{pk}/disconnect/"])
def test_disconnecting_takes_a_post_with_the_forms_token(
    people: Cast, come_in: ComeIn, path: str
) -> None:
    row = a_session(people.ugo)
    address = PAGE + path.format(pk=row.pk)
    assert come_in(people.ugo).get(address).status_code == 405
    assert come_in(people.ugo, strict=True).post(address).status_code == 403
    assert come_in().post(address).status_code == 302
    assert is_current(row)


def test_past_ones_come_in_pages(people: Cast, come_in: ComeIn) -> None:
    for _ in range(60):
        a_session(people.ugo, ended_at=days_ago(1), ended_why=Ended.IDLE)
    client = come_in(people.ugo)
    first = client.get(PAGE)
    second = client.get(f"{PAGE}?before={first.context['more']}")
    assert (len(first.context["past"]), len(second.context["past"])) == (50, 10)
    assert "Latest" in second.content.decode()


@pytest.mark.parametrize("query", ["before=x", "before=" + "9" * 50, "before=%00"])
def test_a_nonsense_address_is_still_a_page(people: Cast, come_in: ComeIn, query: str) -> None:
    assert come_in(people.ugo).get(f"{PAGE}?{query}").status_code == 200


def test_the_number_of_queries_does_not_grow_with_the_devices(
    people: Cast, come_in: ComeIn, django_assert_max_num_queries: Any
) -> None:
    for _ in range(20):
        a_session(people.ugo)
        a_session(people.ugo, ended_at=days_ago(1), ended_why=Ended.IDLE)
    client = come_in(people.ugo)
    with django_assert_max_num_queries(4):  # one is of the side bar
        client.get(PAGE)


def test_the_profile_leads_here_and_to_nothing_that_is_not_there(
    people: Cast, come_in: ComeIn
) -> None:
    page = come_in(people.ugo).get("/profile/").content.decode()
    assert f'href="{PAGE}"' in page
    assert 'href=""' not in page


def test_names_of_devices_are_text(people: Cast, come_in: ComeIn) -> None:
    a_session(people.ugo, browser="<script>1", system="<b>x", ip="", started_ip="")
    assert "<script>1" not in come_in(people.ugo).get(PAGE).content.decode()
