"""What raises an alert, or does not: acts of the cast, done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from custode.accounts import moves as account_moves
from custode.guard import door, refusals
from custode.guard.alerts.models import Alert
from custode.guard.kinds import Verb
from custode.kernel import clock
from custode.kernel.actor import Actor
from custode.kernel.errors import Refused
from custode.leads.models import Lead
from custode.people import alerting
from custode.people import moves as people_moves
from custode.people.models import Role
from custode.signin import guessing, leaving
from custode.signin.factors import moves as factor_moves
from tests.alerts.judged import judge, set_rule
from tests.cast import Cast


def exported(who: str, rows: int) -> Callable[[Cast], None]:
    """Somebody exports so many leads."""

    def act(cast: Cast) -> None:
        for n in range(rows):
            cast.lead(cast.ugo, f"Lead {n}")
        list(door.export(cast.actor(getattr(cast, who)), Lead.objects.all(), format="csv").rows())

    return act


def broken_off(cast: Cast) -> None:
    """Ugo breaks an export off when nearly all rows have gone."""
    for n in range(7):
        cast.lead(cast.ugo, f"Lead {n}")
    rows = door.export(cast.actor(cast.ugo), Lead.objects.all(), format="csv")
    pages = rows.pages()
    next(pages)
    rows.close()
    del pages


def made_admin(cast: Cast) -> None:
    people_moves.set_role(cast.actor(cast.anna), cast.bruna, Role.ADMIN)


def added_admin(cast: Cast) -> None:
    people_moves.create(cast.actor(cast.anna), first_name="Dino", role=Role.ADMIN)


def added_user(cast: Cast) -> None:
    people_moves.create(cast.actor(cast.anna), first_name="Dino")


def took_the_role(cast: Cast) -> None:
    made_admin(cast)
    judge(cast)
    alerting.acknowledge(cast.actor(cast.anna), Alert.objects.values_list("pk", flat=True))
    people_moves.set_role(cast.actor(cast.anna), cast.bruna, Role.USER)


def disabled_admin(cast: Cast) -> None:
    made_admin(cast)
    judge(cast)
    alerting.acknowledge(cast.actor(cast.anna), Alert.objects.values_list("pk", flat=True))
    leaving.disable(cast.actor(cast.anna), cast.bruna)


def disabled_user(cast: Cast) -> None:
    leaving.disable(cast.actor(cast.anna), cast.ugo)


def ticked(cast: Cast) -> None:
    account_moves.set_privacy(cast.actor(cast.anna), Verb.EXPORT, "lead", True)


def refused(times: int) -> Callable[[Cast], None]:
    """Ugo tries so many times what he may not, each in a minute of its own."""

    def act(cast: Cast) -> None:
        start = clock.now() - timedelta(minutes=9)
        for n in range(times):
            with clock.at(start + timedelta(minutes=2 * n)), pytest.raises(Refused):
                door.delete(cast.actor(cast.ugo), [cast.lead(cast.bruna)])

    return act


def refused_and_summed_up(cast: Cast) -> None:
    """Ugo tries the same six times within a minute: one entry, and one that sums up."""
    lead = cast.lead(cast.bruna)
    for _ in range(6):
        with pytest.raises(Refused):
            door.delete(cast.actor(cast.ugo), [lead])
    with clock.at(clock.now() + timedelta(minutes=2)):
        refusals.close_windows(Actor.system(cast.ferri.account.pk, "test"))


def guessed(cast: Cast) -> None:
    guessing.tell(cast.ugo, guessing.PASSWORD, replace(cast.actor(cast.ugo).origin, ip="192.0.2.1"))


def threshold(cast: Cast) -> None:
    account_moves.set_numbers(cast.actor(cast.anna), {"many_count": 1000})


def days_of_the_trash(cast: Cast) -> None:
    account_moves.set_trash_days(cast.actor(cast.anna), 60)


def locks_put_back(cast: Cast) -> None:
    operator = Actor.operator(cast.ferri.account.pk)
    with door.sensitive_act(operator, Verb.ACCOUNT, details={"locks": ["custode_x"]}):
        pass


def switched_off(cast: Cast) -> None:
    set_rule(cast, "exports", is_on=False)


def factor_removed(cast: Cast) -> None:
    factor_moves.deactivate(cast.actor(cast.anna), cast.ugo)
