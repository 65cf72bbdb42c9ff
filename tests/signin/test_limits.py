"""How often something may be tried, and what happens when nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError
from django.test import Client

from custode.kernel import clock, scope
from custode.kernel.errors import TooMany
from custode.people.models import User
from custode.signin import limits
from custode.signin.factors import recovery, totp
from custode.signin.limits import Allowance
from custode.signin.models import Limit, RecoveryCode, Session, Totp
from tests.cast import PASSWORD, Cast

THREE = Allowance("trial", 3, timedelta(minutes=15))


@pytest.fixture
def out_of_reach(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Make the database refuse to answer about one model."""

    def break_off(model: Any) -> None:
        def refuse(*_args: object, **_options: object) -> None:
            raise OperationalError("the database does not answer")

        monkeypatch.setattr(model.objects, "filter", refuse)
        monkeypatch.setattr(model.objects, "create", refuse)

    return break_off


def test_tries_are_used_up_and_come_back_one_by_one(people: Cast) -> None:
    now = clock.now()
    with clock.at(now):
        for left in (2, 1, 0):
            limits.spend(THREE, "somebody")
            assert limits.left(THREE, "somebody") == left
        with pytest.raises(TooMany, match=r"Wait [56] minutes") as no:
            limits.spend(THREE, "somebody")
        assert 295 < no.value.wait < 305
        limits.spend(THREE, "somebody else")
        limits.spend(Allowance("another trial", 3, timedelta(minutes=15)), "somebody")
    with clock.at(now + timedelta(minutes=5)):
        limits.spend(THREE, "somebody")
        with pytest.raises(TooMany):
            limits.spend(THREE, "somebody")
    with clock.at(now + timedelta(hours=1)):
        assert limits.left(THREE, "somebody") == 3


def test_whoever_succeeded_gets_all_back(people: Cast) -> None:
    for _ in range(3):
        limits.spend(THREE, "somebody")
    limits.forgive(THREE, "somebody")
    assert limits.left(THREE, "somebody") == 3


def test_no_name_and_no_address_is_kept(people: Cast) -> None:
    limits.spend(THREE, "ugo@conti.example", "192.0.2.7")
    key = Limit.objects.get().key
    assert all(whole not in key for whole in ("ugo@conti.example", "192.0.2.7"))


def test_what_cannot_be_counted_is_not_let_through(
    people: Cast, out_of_reach: Callable[[Any], None]
) -> None:
    out_of_reach(Limit)
    with pytest.raises(OperationalError):
        limits.spend(THREE, "somebody")


def test_no_password_is_tried_while_tries_cannot_be_counted(
    people: Cast, out_of_reach: Callable[[Any], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def is_right(_user: User, raw: str) -> bool:
        asked.append(raw)
        return True

    monkeypatch.setattr(User, "check_password", is_right)
    out_of_reach(Limit)
    client = Client(raise_request_exception=False)
    answer = client.post("/sign-in/", {"email": "ugo@conti.example", "password": PASSWORD})
    assert answer.status_code == 500
    assert asked == []
    assert client.get("/leads/").status_code == 302
    with scope.everywhere("the test counts"):
        assert not Session.objects.exists()


def test_no_code_is_taken_that_cannot_be_marked_as_used(
    ferri: Cast, out_of_reach: Callable[[Any], None]
) -> None:
    out_of_reach(Totp)
    out_of_reach(RecoveryCode)
    with pytest.raises(OperationalError):
        totp.takes(ferri.ugo, "123456")
    with pytest.raises(OperationalError):
        recovery.takes(ferri.ugo, "aaaa-bbbb-cccc-dddd")
