"""What protects the account and is loosened raises the alert that nobody switches off."""

from __future__ import annotations

from typing import Any

import pytest

from custode.accounts import moves
from custode.accounts.models import Account
from tests.alerts.judged import forget_what_was, judge, opened, sent
from tests.cast import Cast

# What it was and what it becomes -> whether that is told.
DAYS = [(90, 1, True), (90, 89, True), (90, 91, False), (1, 90, False)]
REQUIRED = [
    (("all", 7), ("nobody", 7), True),
    (("all", 7), ("admins", 7), True),
    (("admins", 7), ("nobody", 0), True),
    (("all", 7), ("all", 90), True),
    (("admins", 7), ("all", 90), True),
    (("all", 7), ("all", 0), False),
    (("admins", 7), ("all", 7), False),
    (("nobody", 7), ("admins", 90), False),
    (("nobody", 7), ("nobody", 90), False),
]


@pytest.mark.parametrize(("before", "after", "told"), DAYS)
def test_fewer_days_in_the_trash_are_told(
    calm: Cast, before: int, after: int, told: bool, settings: Any
) -> None:
    anna = calm.actor(calm.anna)
    settings.HAS_MAIL = True
    moves.set_trash_days(anna, before)
    forget_what_was(calm)
    sent()
    moves.set_numbers(anna, {"trash_days": after, "idle_hours": 5})
    judge(calm)
    assert opened() == ([("watch", 1, 1)] if told else [])
    assert ["watches over the account" in one.body for one in sent()] == [True] * told


@pytest.mark.parametrize(("before", "after", "told"), REQUIRED)
def test_two_factor_that_is_required_of_fewer_or_later_is_told(
    calm: Cast, before: tuple[str, int], after: tuple[str, int], told: bool
) -> None:
    anna = calm.actor(calm.anna)
    moves.set_two_factor(anna, *before)
    forget_what_was(calm)
    moves.set_two_factor(anna, *after)
    assert Account.objects.get(pk=anna.account_id).two_factor_for == after[0]
    judge(calm)
    assert opened() == ([("watch", 1, 1)] if told else [])
