"""The unfiltered list and the board at 100,000 leads, compared with the same pages at 1,000.

Once while nobody saves (so that counts are cached), and once with a lead saved before each request,
so that everything must be counted anew.
"""

from __future__ import annotations

import statistics
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from itertools import count

from django.test import Client

from bench.ground import company, database, seconds
from bench.judging import judging
from custode.kernel import scope
from custode.kernel.actor import Actor
from custode.leads import moves as lead_moves
from custode.leads.models import Lead
from custode.people import moves

FEW, MANY = 1_000, 100_000
ROUNDS = 40
LIMIT = 0.7


@dataclass(frozen=True)
class Ground:
    """An account, with an admin's browser in it."""

    actor: Actor
    browser: Client

    def ask(self, path: str) -> None:
        """Request a page."""
        if self.browser.get(path).status_code != 200:
            raise RuntimeError(path)


def main() -> None:
    """Judge the requests per second of each page at many leads relative to few."""
    with database(), judging() as judge:
        few, many = (_ground(leads) for leads in (FEW, MANY))
        saving = _saving()
        for path in ("/leads/", "/board/"):
            for how, before in (("nobody saves", _nothing), ("a save before each", saving)):
                rates = _rates(few, many, path, before)
                print(
                    f"{path}, {how}: {rates[0]:.1f} requests/s at {FEW:,} leads,"
                    f" {rates[1]:.1f} at {MANY:,}"
                )
                judge.at_least(f"{path}, {how}, as part of the rate", rates[1] / rates[0], LIMIT)


def _ground(leads: int) -> Ground:
    """Return an admin's browser, in an account with so many leads."""
    actor, _ = company(leads)
    user = moves.create(
        actor, first_name="Bench", email=f"bench{leads}@bench.example", role="admin"
    )
    browser = Client()
    with scope.everywhere("the benchmark signs in"):
        browser.force_login(user)
    return Ground(actor, browser)


def _nothing(_ground: Ground) -> None:
    """Save nothing."""


def _saving() -> Callable[[Ground], None]:
    """Return a function that changes the amount of another lead each time."""
    numbers = count(1)

    def save(ground: Ground) -> None:
        """Change the amount of the next lead."""
        with scope.account(ground.actor.account_id):
            number = next(numbers)
            lead = Lead.objects.order_by("pk")[number % FEW]
            if not lead_moves.edit(ground.actor, lead, amount_minor=-number):
                raise RuntimeError("nothing was saved")

    return save


def _rates(
    few: Ground, many: Ground, path: str, before: Callable[[Ground], None]
) -> tuple[float, float]:
    """Return the requests per second in both accounts, in turn, by the median of single ones."""
    times: tuple[list[float], list[float]] = ([], [])
    for _round in range(ROUNDS + 1):
        for ground, kept in zip((few, many), times, strict=True):
            before(ground)
            kept.append(seconds(partial(ground.ask, path)))
    # The first round is for what is computed only once.
    return 1 / statistics.median(times[0][1:]), 1 / statistics.median(times[1][1:])


if __name__ == "__main__":
    main()
