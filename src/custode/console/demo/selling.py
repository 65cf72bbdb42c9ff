"""The demo's leads: created over months, some worked on, some closed."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from custode.console.demo import inventing, writing_down
from custode.fields import moves as fields
from custode.kernel import clock
from custode.kernel.actor import Actor, Entrance
from custode.leads import moves
from custode.leads import pipelines as pipeline_moves
from custode.leads.models import Lead, Pipeline, Status, Step
from custode.people.models import User

NEAR: Final = (-9, -4, -2, -1, 0, 0, 0, 1, 2, 3, 5, 8, 13, 21)
"""Days of reminders, relative to today: overdue, today, upcoming."""


@dataclass(frozen=True, slots=True)
class Seller:
    """A person of the demo, acting as if in the browser."""

    user: User

    @property
    def actor(self) -> Actor:
        """Return the person as an actor."""
        return replace(self.user.actor(Entrance.WEB), proved=True)

    @property
    def by_command(self) -> Actor:
        """Return the person as an actor outside any session, as the log should show it."""
        return replace(self.actor, entrance=Entrance.CONSOLE)


def sell(
    chance: random.Random,
    people: Sequence[Seller],
    pipelines: Sequence[tuple[str, Sequence[str], int, str]],
) -> None:
    """Create the pipelines, and their leads in chronological order."""
    boss, today = people[0], clock.now().date()
    planned: list[tuple[datetime, Pipeline, list[Step], str]] = []
    for name, steps, count, currency in pipelines:
        pipeline = pipeline_moves.create_pipeline(
            boss.actor, name, steps, default=name == pipelines[0][0]
        )
        found = list(pipeline.steps.all())
        for _ in range(count):
            ago = timedelta(days=chance.triangular(0.2, 140, 20))
            planned.append((clock.now() - ago, pipeline, found, currency))
    for when, pipeline, steps_there, currency in sorted(planned, key=lambda plan: plan[0]):
        with clock.at(when):
            lead = _lead(chance, people, pipeline, steps_there, currency)
        with clock.at(when + (clock.now() - when) * chance.random()):
            _work_on(chance, lead, today)


def _lead(
    chance: random.Random,
    people: Sequence[Seller],
    pipeline: Pipeline,
    steps: Sequence[Step],
    currency: str,
) -> Lead:
    told = inventing.lead(chance, pipeline.name)
    description, own = writing_down.told(chance, fields.offered(Lead.kind.name), told.description)
    owner = None if chance.random() < 0.08 else chance.choice(people)
    by = owner if owner is not None and owner.user.email else people[0]
    return moves.create(
        by.actor,
        title=told.title,
        description=description,
        own=own,
        step=steps[min(int(chance.expovariate(0.6)), len(steps) - 1)],
        owner=owner.user if owner else None,
        amount_minor=told.amount_minor,
        currency=currency,
        probability=told.probability,
        starred=chance.random() < 0.06,
        tags=told.tags,
    )


def _work_on(chance: random.Random, lead: Lead, today: date) -> None:
    """Set what has become of a lead: won, lost, cancelled, on standby, or to do with a reminder."""
    seller = Seller(lead.owner) if lead.owner and lead.owner.email else None
    actor = seller.actor if seller else Actor.operator(lead.account_id)
    turn = chance.random()
    closed = ((0.14, Status.WON), (0.25, Status.LOST), (0.30, Status.CANCELLED))
    for limit, status in closed:
        if turn < limit:
            moves.close(actor, lead, status)
            return
    if turn < 0.42:
        later = today + timedelta(days=chance.randrange(20, 200))
        moves.edit(actor, lead, status=Status.STANDBY, remind_date=later)
        return
    if turn < 0.80:
        moves.edit(
            actor,
            lead,
            remind_date=today + timedelta(days=chance.choice(NEAR)),
            remind_time=time(chance.randrange(8, 18), 30) if chance.random() < 0.4 else None,
            estimated_closing_date=today + timedelta(days=chance.randrange(15, 120)),
        )
