"""Figures beside their limits. A program whose figures do not all hold ends with 1."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


class Judge:
    """Prints each figure with its limit and whether it holds, and remembers those that do not."""

    def __init__(self) -> None:
        self.broken = 0

    def at_most(self, what: str, figure: float, limit: float) -> None:
        """The figure must not be larger than the limit."""
        self._say(what, f"{figure:.2f}", f"at most {limit:g}", figure <= limit)

    def at_least(self, what: str, figure: float, limit: float) -> None:
        """The figure must not be smaller than the limit."""
        self._say(what, f"{figure:.2f}", f"at least {limit:g}", figure >= limit)

    def same(self, what: str, figures: list[int]) -> None:
        """The figures must be one and the same."""
        told = " and ".join(map(str, figures))
        self._say(what, told, "the same", len(set(figures)) == 1)

    def _say(self, what: str, figure: str, limit: str, holds: bool) -> None:
        self.broken += not holds
        print(f"{'holds' if holds else 'DOES NOT HOLD':<14} {what}: {figure} ({limit})", flush=True)


@contextmanager
def judging() -> Iterator[Judge]:
    """A judge for a program's figures, which ends the program with 1 when one does not hold."""
    print(f"database: {connection.vendor}", flush=True)
    judge = Judge()
    yield judge
    if judge.broken:
        sys.exit(1)
