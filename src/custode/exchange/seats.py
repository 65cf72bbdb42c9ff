"""A few seats per process, for work that holds a thread."""

from __future__ import annotations

import threading


class Seats:
    """So many at once; whoever finds none free is told at once, and never waits.

    Args:
        many: how many there are.
    """

    def __init__(self, many: int) -> None:
        self._seats = threading.BoundedSemaphore(many)

    def take(self) -> bool:
        """A seat, if one is free."""
        return self._seats.acquire(blocking=False)

    def free(self) -> None:
        """Give the seat back."""
        self._seats.release()
