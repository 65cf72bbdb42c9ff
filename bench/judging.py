"""Compare figures with their limits. A program whose figures do not all hold exits with 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Judge:
    """Prints each figure with its limit and whether it holds, and remembers the failures."""

    def __init__(self) -> None:
        self.broken = 0

    def at_most(self, what: str, figure: float, limit: float) -> None:
        """Check that the figure is not larger than the limit."""
        self._say(what, f"{figure:.2f}", f"at most {limit:g}", figure <= limit)

    def at_least(self, what: str, figure: float, limit: float) -> None:
        """Check that the figure is not smaller than the limit."""
        self._say(what, f"{figure:.2f}", f"at least {limit:g}", figure >= limit)

    def same(self, what: str, figures: list[int]) -> None:
        """Check that all figures are the same."""
        told = " and ".join(map(str, figures))
        self._say(what, told, "the same", len(set(figures)) == 1)

    def _say(self, what: str, figure: str, limit: str, holds: bool) -> None:
        self.broken += not holds
        print(f"{'holds' if holds else 'DOES NOT HOLD':<14} {what}: {figure} ({limit})", flush=True)


@contextmanager
def judging() -> Iterator[Judge]:
    """Yield a judge, and exit with 1 if any figure did not hold."""
    print(f"database: {connection.vendor}", flush=True)
    judge = Judge()
    yield judge
    if judge.broken:
        sys.exit(1)
