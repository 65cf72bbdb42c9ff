"""Ferri's account, calm or with many leads moved at once, two of which were moved again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from custode.guard import door
from custode.kernel import scope
from custode.kernel.actor import Actor, Origin
from custode.leads import moves
from custode.leads.models import Lead
from tests.alerts.judged import forget_what_was
from tests.cast import Cast

OFFICE = Origin(
    ip="93.40.12.7",
    device="Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
    " Chrome/142.0.0.0 Safari/537.36",
    session="77",
)


@pytest.fixture
def calm(people: Cast) -> Cast:
    """The cast, with no alert open; nobody's account is in scope."""
    forget_what_was(people)
    return people


@pytest.fixture
def ferris(people: Cast) -> Iterator[Cast]:
    """The cast, with Ferri's account in scope."""
    with scope.account(people.ferri.account.pk):
        yield people


@pytest.fixture
def ugo(ferris: Cast) -> Actor:
    return replace(ferris.actor(ferris.ugo), origin=OFFICE)


@pytest.fixture
def anna(ferris: Cast) -> Actor:
    return ferris.actor(ferris.anna)


@pytest.fixture
def moved(ferris: Cast, ugo: Actor, anna: Actor) -> tuple[int, list[Lead]]:
    """Five of Ugo's leads moved at once; Anna has moved two of them since."""
    leads = [ferris.lead(ferris.ugo, f"Scanner {n}") for n in range(5)]
    act = door.change(ugo, leads, "step", ferris.ferri.steps[2])
    for lead in leads[:2]:
        lead.refresh_from_db()
        moves.edit(anna, lead, step=ferris.ferri.steps[3])
    return act.seq, leads
