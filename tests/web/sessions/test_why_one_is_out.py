"""Who was disconnected reads why on the sign-in page; a device new to its user is marked."""

from __future__ import annotations

from datetime import timedelta

import pytest

from custode.kernel import clock, scope
from custode.signin import leaving
from custode.signin.models import Session
from tests.signin.sessions.making import a_session, days_ago


def reason(client):
    page = client.get("/leads/", follow=True).text
    return page.split('role="status">')[1].split("<")[0] if 'role="status">' in page else ""


def test_who_was_disconnected_reads_why(people, come_in):
    his, anna = come_in(people.ugo), come_in(people.anna)
    with scope.account(people.ferri.account.pk):
        pk = Session.objects.get(user=people.ugo).pk
    anna.post(f"/security/sessions/{pk}/disconnect/")
    assert reason(his) == "This device was disconnected. Sign in again to go on."


PAGE = "http://testserver/leads/?q=forno"
NEXT = "/sign-in/?next=/leads/%3Fq%3Dforno&over=disconnected"
SENT = "/sign-in/?next=/leads/1/comments/&over=disconnected"
BARE = "/sign-in/?over=disconnected"


@pytest.mark.parametrize(
    ("headers", "goal"),
    [
        ({"HX-Request": "true", "HX-Current-URL": PAGE}, NEXT),
        ({"Referer": PAGE}, NEXT),
        # What is no page of ours is nowhere to go on.
        ({"HX-Request": "true"}, BARE),
        ({"HX-Request": "true", "HX-Current-URL": "http://evil.example/leads/"}, BARE),
        ({"Referer": "http://evil.example/leads/"}, SENT),
        ({"Referer": "http://[evil"}, SENT),
        ({}, SENT),
    ],
)
def test_who_was_writing_comes_back_to_the_page_and_reads_why(people, come_in, headers, goal):
    his, anna = come_in(people.ugo), come_in(people.anna)
    with scope.account(people.ferri.account.pk):
        pk = Session.objects.get(user=people.ugo).pk
    anna.post(f"/security/sessions/{pk}/disconnect/")
    answer = his.post("/leads/1/comments/", {"text": "Wants an offer"}, headers=headers)
    told = answer.headers["HX-Redirect" if "HX-Request" in headers else "Location"]
    assert told == goal


def test_who_was_disabled_or_stayed_away_reads_why(people, come_in):
    his, hers = come_in(people.ugo), come_in(people.bruna)
    with scope.account(people.ferri.account.pk):
        leaving.disable(people.actor(people.anna), people.ugo)
    assert reason(his) == "Your access was closed. Ask an admin of your account."
    with clock.at(clock.now() + timedelta(days=400)):
        assert reason(hers).startswith("You were ")


def test_a_visitor_reads_no_reason_and_an_invented_one_says_nothing(people, come_in):
    visitor = come_in()
    assert reason(visitor) == ""
    assert 'role="status">' not in visitor.get("/sign-in/?over=x").text
    his = come_in(people.ugo)
    his.post("/sign-out/")
    assert reason(his) == ""


def test_a_device_new_to_its_user_is_marked_in_the_list(people, come_in):
    with scope.account(people.ferri.account.pk):
        a_session(people.ugo, device="old", started_at=days_ago(20), ended_at=days_ago(9))
        a_session(people.ugo, device="old", started_at=days_ago(2))
        a_session(people.ugo, device="strange", started_at=days_ago(1))
    page = come_in(people.anna).get("/security/sessions/").text
    assert page.count("New device") == 1
