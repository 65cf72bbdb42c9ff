"""Second factors that two tabs set up at once, and a reset that is cut off: nothing is halved."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pyotp
import pytest

from custode.guard import door
from custode.guard.kinds import Verb
from custode.guard.models import LogEntry
from custode.kernel import clock, scope
from custode.kernel.actor import Actor
from custode.kernel.errors import Gone, Invalid, Refused
from custode.people.models import User
from custode.signin import access, factors
from custode.signin.factors import moves, recovery, totp
from custode.signin.models import Passkey
from tests.cast import PASSWORD, Cast
from tests.signin.conftest import acting
from tests.signin.looking import noted, why
from tests.signin.posting import again


@pytest.fixture(autouse=True)
def _here(people: Cast) -> Iterator[None]:
    with scope.account(people.ferri.account.pk):
        yield


def by_app(user: User) -> list[str]:
    secret = totp.new_secret()
    return moves.add_totp(acting(user), user, secret, pyotp.TOTP(secret).at(clock.now()), this=0)


def by_passkey(user: User) -> list[str]:
    passkey = Passkey(
        account_id=user.account_id, user=user, name="x", credential_id="x", public_key="x"
    )
    return moves.add_passkey(acting(user), passkey, this=0)


def just_before_the_door(
    monkeypatch: pytest.MonkeyPatch, other: Callable[[], object]
) -> list[object]:
    """Have the next act come to the door only when another has passed; gives what that gave."""
    deed, gave = door.sensitive_act, list[object]()

    @contextmanager
    def later(*args: Any, **kwargs: Any) -> Iterator[Any]:
        monkeypatch.setattr(door, "sensitive_act", deed)
        gave.append(other())
        with deed(*args, **kwargs) as entry:
            yield entry

    monkeypatch.setattr(door, "sensitive_act", later)
    return gave


def test_of_two_tabs_that_set_up_an_app_one_is_told(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_the_door(monkeypatch, lambda: by_app(people.ugo))
    with pytest.raises(Invalid, match="already"):
        by_app(people.ugo)
    assert factors.of(people.ugo) == factors.Factors(True, 0, recovery.MANY)


@pytest.mark.parametrize(("first", "second"), [(by_app, by_passkey), (by_passkey, by_app)])
def test_the_recovery_codes_that_were_shown_first_are_the_ones_that_count(
    people: Cast,
    monkeypatch: pytest.MonkeyPatch,
    first: Callable[[User], list[str]],
    second: Callable[[User], list[str]],
) -> None:
    gave = just_before_the_door(monkeypatch, lambda: first(people.ugo))
    assert second(people.ugo) == []
    (codes,) = gave
    assert isinstance(codes, list)
    assert recovery.takes(people.ugo, codes[0])


def test_no_new_codes_are_made_for_who_has_just_taken_the_last_factor_away(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_app(people.ugo)
    just_before_the_door(monkeypatch, lambda: moves.remove_totp(acting(people.ugo), people.ugo))
    with pytest.raises(Invalid, match="first"):
        moves.new_codes(acting(people.ugo), people.ugo)
    assert factors.of(people.ugo).codes_left == 0


class Killed(BaseException):
    """What a killed process looks like from inside."""


def operator(user: User) -> Actor:
    return Actor.operator(user.account_id)


def test_a_reset_that_is_cut_off_leaves_no_old_password_without_its_second_factor(
    people: Cast, begin, mailing, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_app(people.ugo)
    row, before = begin(people.ugo), noted(people.ugo)

    def dying(*_: Any) -> None:
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(access, "_void", dying)
        with pytest.raises(Killed):
            access.reset(operator(people.ugo), people.ugo)
    assert factors.are_on(people.ugo)
    assert again(people.ugo).check_password(PASSWORD)
    assert (why(row), noted(people.ugo)) == ("", before)
    access.reset(operator(people.ugo), people.ugo)
    assert not factors.are_on(people.ugo)
    assert not again(people.ugo).has_usable_password()


def test_a_factor_that_is_set_up_while_access_is_reset_is_not_left_behind(
    people: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    just_before_the_door(monkeypatch, lambda: by_passkey(people.ugo))
    with pytest.raises(Gone, match="in the meantime"):
        access.reset(operator(people.ugo), people.ugo)
    assert again(people.ugo).check_password(PASSWORD)
    access.reset(operator(people.ugo), people.ugo)
    assert not factors.are_on(people.ugo)


def test_a_further_act_asks_the_rules_and_stands_in_the_log_by_itself(people: Cast) -> None:
    before = LogEntry.objects.count()
    with (
        pytest.raises(Refused),
        door.sensitive_act(acting(people.ugo), Verb.TWO_FACTOR),
        door.also(acting(people.ugo), Verb.PRIVACY),
    ):
        pass
    assert list(LogEntry.objects.values_list("verb", "outcome"))[before:] == [
        ("two_factor", "refused")
    ]
    with (
        door.sensitive_act(acting(people.anna), Verb.TWO_FACTOR),
        door.also(acting(people.anna), Verb.SIGN_IN, details={"of": "a test"}),
    ):
        pass
    told = LogEntry.objects.order_by("seq").values_list("verb", "outcome")
    assert list(told)[before + 1 :] == [("two_factor", "done"), ("sign_in", "done")]
