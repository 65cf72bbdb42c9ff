"""The shared cast. Every test speaks of the same people, in the same two companies.

Ferri S.p.A. (Dream Team): Anna is its admin, Ugo and Bruna sell. Lodi S.r.l. (Sales Essentials)
is another company: Carla is its admin, and nothing of Ferri's may ever reach her.
"""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

from django.core.management import call_command

from custode.accounts import moves as account_moves
from custode.accounts.editions import Edition
from custode.accounts.models import Account
from custode.activities import types
from custode.guard import lock_installation, scraping
from custode.kernel import scope
from custode.kernel.actor import Actor, Entrance
from custode.leads import figures, pipelines
from custode.leads import moves as lead_moves
from custode.leads.models import Lead, Pipeline, Step
from custode.people import moves as people_moves
from custode.people.models import Role, User

PASSWORD = "correct-horse-battery"


@dataclass(frozen=True)
class Company:
    """An account with its pipeline."""

    account: Account
    pipeline: Pipeline
    steps: list[Step]


@dataclass(frozen=True)
class Cast:
    """Everybody."""

    ferri: Company
    lodi: Company
    anna: User
    ugo: User
    bruna: User
    carla: User

    def actor(self, who: User, entrance: Entrance = Entrance.WEB) -> Actor:
        """The person, acting, who has just proved who they are."""
        return replace(who.actor(entrance), proved=True)

    def lead(self, who: User | None = None, title: str = "Scanner", **values: Any) -> Lead:
        """A lead of Ferri's, created by its owner (Anna creates those that nobody owns)."""
        creator = who or self.anna
        with scope.account(self.ferri.account.pk):
            return lead_moves.create(
                creator.actor(Entrance.WEB),
                title=title,
                owner=who,
                step=values.pop("step", self.ferri.steps[0]),
                **values,
            )


def company(name: str, edition: str) -> Company:
    """A company with the pipeline that every new account has."""
    account = account_moves.create(name, edition)
    with scope.account(account.pk):
        pipeline = pipelines.first_pipeline(Actor.operator(account.pk))
        types.first(Actor.operator(account.pk))
        return Company(account, pipeline, list(pipeline.steps.all()))


def person(where: Company, first: str, last: str, role: str) -> User:
    """Somebody with a password."""
    user = people_moves.create(
        Actor.operator(where.account.pk),
        first_name=first,
        last_name=last,
        email=f"{first.lower()}@{last.lower()}.example",
        role=role,
    )
    with scope.account(where.account.pk):
        user.set_password(PASSWORD)
        user.save(update_fields=["password"])
    return user


def standing() -> Cast:
    """Everybody, who stand in the tests' database from the start: what a test does is rolled back.

    They take their places anew where a test with real transactions has emptied the database.
    """
    figures.forget()  # counts of a test that was rolled back
    scraping.forget()  # and what programs were told in it
    first = _first()
    with scope.everywhere("a test looks for the cast"):
        there = User.objects.filter(pk=first.anna.pk, email=first.anna.email).exists()
    return deepcopy(first) if there else assemble()


def leave() -> None:
    """Everybody leaves, for the rest of a test that needs a database without accounts."""
    with lock_installation.lifted():
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)


@cache
def _first() -> Cast:
    """Those who took their places first in this process."""
    return assemble()


def assemble() -> Cast:
    """Everybody takes their place."""
    ferri = company("Ferri S.p.A.", Edition.DREAM_TEAM)
    lodi = company("Lodi S.r.l.", Edition.SALES_ESSENTIALS)
    return Cast(
        ferri=ferri,
        lodi=lodi,
        anna=person(ferri, "Anna", "Ferri", Role.ADMIN),
        ugo=person(ferri, "Ugo", "Conti", Role.USER),
        bruna=person(ferri, "Bruna", "Sala", Role.USER),
        carla=person(lodi, "Carla", "Lodi", Role.ADMIN),
    )
