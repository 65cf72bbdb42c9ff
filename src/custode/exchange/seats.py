"""A fixed number of seats per process, for work that occupies a thread."""

from __future__ import annotations

import threading


class Seats:
    """A number of seats; a caller who finds none free is told at once, and never waits.

    Args:
        many: the number of seats.
    """

    def __init__(self, many: int) -> None:
        self._seats = threading.BoundedSemaphore(many)

    def take(self) -> bool:
        """Take a seat, and return whether one was free."""
        return self._seats.acquire(blocking=False)

    def free(self) -> None:
        """Give the seat back."""
        self._seats.release()
