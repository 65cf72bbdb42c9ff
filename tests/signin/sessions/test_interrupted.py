"""A session that ends while its request runs, a password that changes, a user who is disabled."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.base import UpdateError
from django.test import Client

from custode.guard import door
from custode.guard.kinds import Verb
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.people.models import User
from custode.signin.models import Ended, Session
from custode.signin.sessions import moves
from custode.signin.sessions.store import SessionStore
from tests.cast import Cast
from tests.signin.sessions.conftest import cookie, is_in, thief

Browser = Callable[..., Client]


@pytest.fixture(autouse=True)
def _trial_pages(settings: Any) -> None:
    settings.ROOT_URLCONF = "tests.signin.sessions.trial_pages"


WRITING = ["remembers", "gets-a-new-cookie"]


@pytest.mark.parametrize("page", WRITING)
def test_who_was_disconnected_meanwhile_is_sent_to_sign_in(
    people: Cast, browser: Browser, page: str
) -> None:
    client = browser(people.ugo)
    answer = client.get(f"/trial/{page}/")
    assert (answer.status_code, answer["Location"]) == (302, "/sign-in/")
    assert cookie(client) == ""
    assert client.get("/profile/").status_code == 302


@pytest.mark.parametrize("page", WRITING)
def test_a_script_is_told_to_load_the_page_where_one_signs_in(
    people: Cast, browser: Browser, page: str
) -> None:
    answer = browser(people.ugo).get(f"/trial/{page}/", headers={"HX-Request": "true"})
    assert (answer.status_code, answer["HX-Redirect"]) == (204, "/sign-in/")


def test_a_request_that_had_begun_before_is_answered_and_is_the_last(
    people: Cast, browser: Browser
) -> None:
    client = browser(people.ugo)
    assert client.get("/trial/changes-nothing/").status_code == 200
    assert not is_in(client)


def test_nothing_is_written_to_a_session_that_has_ended(people: Cast, browser: Browser) -> None:
    browser(people.ugo).get("/trial/remembers/")
    with scope.account(people.ferri.account.pk):
        row = Session.objects.get()
    assert (row.data, row.ended_why, row.ended_by) == ("{}", Ended.DISCONNECTED, "Anna")


def test_a_new_password_ends_the_others_but_not_this_one(people: Cast, browser: Browser) -> None:
    mine, other = browser(people.ugo), browser(people.ugo)
    stolen = thief(mine)
    assert mine.get("/trial/new-password/").status_code == 200
    assert is_in(mine)
    assert not is_in(other)
    # This session has a new cookie by now: who stole the old one has nothing.
    assert not is_in(stolen)


def set_disabled(user: User, disabled: bool) -> None:
    with door.sensitive_act(Actor.operator(user.account_id), Verb.USERS):
        user.disabled_at = clock.now() if disabled else None
        user.save(update_fields=["disabled_at"])


def test_a_disabled_user_is_out_at_once_and_enabling_brings_no_session_back(
    people: Cast, browser: Browser
) -> None:
    client = browser(people.ugo)
    set_disabled(people.ugo, True)
    assert not is_in(client)
    ferri = people.ferri.account.pk
    with scope.account(ferri):
        assert moves.end_overdue(Actor.system(ferri, "end of sessions")) == 1
        assert Session.objects.get().ended_why == Ended.DISABLED
    set_disabled(people.ugo, False)
    assert not is_in(client)


def test_who_was_disabled_between_password_and_session_gets_none(people: Cast) -> None:
    set_disabled(people.ugo, True)
    store = SessionStore()
    store[SESSION_KEY] = str(people.ugo.pk)
    with pytest.raises(UpdateError):
        store.save()
    with scope.everywhere("a test counts"):
        assert not Session.objects.exists()
