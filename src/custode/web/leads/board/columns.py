"""The columns of a board: each step's first cards, its count and its value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from django.db.models import Q

from custode.kernel.actor import Actor
from custode.leads import figures, queries
from custode.leads.figures import Figure
from custode.leads.filters import Filter
from custode.leads.models import Lead, Step
from custode.web.leads.board import cards
from custode.web.leads.board.cards import Card

CARDS: Final = 30
"""The number of cards that a column shows at first, and of those added at a time."""
ON_CARDS: Final = (
    "account", "title", "starred", "amount_minor", "currency", "remind_date", "status",
    "updated_at", "owner__account", "owner__first_name", "owner__last_name",
)  # fmt: skip
"""The columns of a lead that a card needs."""


@dataclass(frozen=True, slots=True)
class Head:
    """A column's head: its step, the number of leads, and their value by currency."""

    step: Step
    count: int
    totals: list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, its cards, and the card after which there are more (None: no more)."""

    head: Head
    cards: list[Card]
    more_after: Lead | None


def sums(actor: Actor, wanted: Filter, steps: list[Step]) -> tuple[Figure, ...]:
    """Return all figures of a pipeline under a filter, for all statuses: at most one query."""
    whole = replace(_of_steps(wanted, steps), statuses=())
    return figures.by_step(actor, queries.matching(actor, whole))


def heads(found: Iterable[Figure], steps: list[Step], statuses: Iterable[str]) -> list[Head]:
    """Return the heads of all columns for some statuses."""
    wanted = set(statuses)
    shown = tuple(one for one in found if one.status in wanted)
    return [_head(step, tuple(one for one in shown if one.step == step.pk)) for step in steps]


def _head(step: Step, found: tuple[Figure, ...]) -> Head:
    totals = list(figures.totals(found).items())
    return Head(step, sum(one.count for one in found), totals)


def columns(
    actor: Actor, wanted: Filter, found: list[Head], statuses: Iterable[str]
) -> list[Column]:
    """Return the columns with their first cards: a query per non-empty step, one for all tags."""
    made = [
        (head, *_leads(actor, wanted, head.step, statuses)) if head.count else (head, [], None)
        for head in found
    ]
    by_pk = cards.of(actor, (lead for _head, leads, _more in made for lead in leads))
    return [Column(head, [by_pk[lead.pk] for lead in leads], more) for head, leads, more in made]


def more(
    actor: Actor, wanted: Filter, step: Step, statuses: Iterable[str], after: tuple[datetime, int]
) -> Column:
    """Return more cards of one column.

    Args:
        after: the time and number of the last card already shown.
    """
    leads, last = _leads(actor, wanted, step, statuses, after)
    return Column(Head(step, 0, []), list(cards.of(actor, leads).values()), last)


def _leads(
    actor: Actor,
    wanted: Filter,
    step: Step,
    statuses: Iterable[str],
    after: tuple[datetime, int] | None = None,
) -> tuple[list[Lead], Lead | None]:
    """Return a column's next leads, last changed first, and the last one if there are more."""
    of_step = queries.matching(actor, replace(_of_steps(wanted, [step]), statuses=()))
    if after is not None:
        moment, pk = after
        of_step = of_step.filter(updated_at__lte=moment).exclude(
            Q(updated_at=moment) & Q(pk__gte=pk)
        )
    found: list[Lead] = []
    # One status at a time: each is a range of one index, already in order.
    for status in statuses:
        rows = of_step.filter(status=status).select_related("owner").only(*ON_CARDS)
        found += rows.order_by("-updated_at", "-pk")[: CARDS + 1]
    found.sort(key=lambda lead: (lead.updated_at, lead.pk), reverse=True)
    return found[:CARDS], found[CARDS - 1] if len(found) > CARDS else None


def _of_steps(wanted: Filter, steps: list[Step]) -> Filter:
    ids = {step.pk for step in steps}
    kept = tuple(pk for pk in wanted.steps if pk in ids) if wanted.steps else tuple(sorted(ids))
    return replace(wanted, pipeline=None, steps=kept or (0,))
